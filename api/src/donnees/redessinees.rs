//! The past on the boundaries of then or of now.
//!
//! Stored cells are on those of then: a school counts where the directory in force at the period's
//! end had it. On those of now, a period is counted again from its schools and their presence,
//! unless its file already has the territories that the directory of today draws.

use std::sync::Arc;

use frequent_aggregate::mesures::{Lieux, memes_frontieres};
use frequent_aggregate::publication::fichier_courant;
use frequent_plan::{Jour, Niveau, Periode};
use frequent_territory::{Annuaire, Annuaires};
use serde::Serialize;
use utoipa::ToSchema;

use super::exactes::{Libres, lieux};
use super::{
    Codes, Demande, Filtre, Lecteur, Lecture, LectureErreur, PLAFOND, ProfilCellule, Source,
};
use crate::porte::{Brutes, Portee};

/// Which boundaries the territories of the past have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Frontieres {
    /// Those of the directory in force at the period's end.
    #[default]
    Alors,
    /// Those of the directory in force today.
    Maintenant,
}

/// The cells of some periods, as they were read.
pub(crate) enum PeriodesLues {
    /// As they are stored.
    Alors(Lecture),
    /// On the boundaries of today.
    Maintenant(Vec<Redessinee>),
}

/// The cells of a period on the boundaries of today.
pub(crate) struct Redessinee {
    /// The period.
    pub periode: Periode,
    /// What the file of the period says of itself.
    pub source: Option<Source>,
    /// A day whose presence is no longer kept: see [`super::Portrait`].
    pub sans_presence: Option<Jour>,
    /// The profile wanted; none means every one.
    pub profil: Option<ProfilCellule>,
    /// The member wanted; none means every one.
    pub membre: Option<String>,
    /// Every cell of the axis.
    pub libres: Libres,
}

impl Lecteur {
    /// The wanted cells of each period, in the order given, on these boundaries.
    ///
    /// # Errors
    /// A file cannot be read, or there are more than [`PLAFOND`] cells.
    pub(crate) async fn periodes(
        self: &Arc<Self>,
        portee: &Portee,
        demande: &Demande,
        frontieres: Frontieres,
    ) -> Result<Brutes<PeriodesLues>, LectureErreur> {
        if frontieres == Frontieres::Alors {
            return Ok(self
                .cellules(portee, demande)
                .await?
                .map(PeriodesLues::Alors));
        }
        let Some(annuaire) = portee.annuaires().au(demande.aujourdhui).cloned() else {
            return Ok(Brutes::new(PeriodesLues::Maintenant(Vec::new())));
        };
        let place = Arc::clone(&self.mesures_libres).acquire_owned().await.ok();
        let codes = portee.codes(demande.niveau, demande.aujourdhui);
        let (lecteur, demande) = (Arc::clone(self), demande.clone());
        let annuaires = Arc::clone(portee.annuaires());
        let travail = move || {
            let _place = place;
            let mut total = 0;
            let mut lues = Vec::with_capacity(demande.periodes.len());
            for &periode in &demande.periodes {
                let lue = lecteur.redessinee(periode, &demande, &codes, (&annuaires, &annuaire))?;
                total += lue.libres.cellules.len();
                if total > PLAFOND {
                    return Err(LectureErreur::Trop(PLAFOND));
                }
                lues.push(lue);
            }
            Ok(lues)
        };
        let lues = tokio::task::spawn_blocking(travail).await??;
        Ok(Brutes::new(PeriodesLues::Maintenant(lues)))
    }

    fn redessinee(
        self: &Arc<Self>,
        periode: Periode,
        demande: &Demande,
        codes: &Codes,
        (annuaires, annuaire): (&Arc<Annuaires>, &Annuaire),
    ) -> Result<Redessinee, LectureErreur> {
        let niveau = demande.niveau;
        let stockees = self.periode(
            niveau,
            periode,
            &Filtre {
                codes: codes.clone(),
                axes: vec![demande.axe],
                profil: None,
                membre: None,
            },
        )?;
        let dossier = self.lac.cumuls_de(niveau, periode);
        let fichier = fichier_courant(&dossier).map_err(LectureErreur::disque(&dossier))?;
        let inchangees = niveau == Niveau::Ecole
            || fichier.is_none_or(|fichier| memes_frontieres(&fichier, annuaire));
        let jours = periode.jours().filter(|j| *j <= demande.aujourdhui);
        let jours = jours.collect();
        let (cellules, sans_presence) = if inchangees {
            (stockees.cellules, None)
        } else {
            let codes: Vec<&str> = codes.tries().iter().map(String::as_str).collect();
            let lieux = Lieux::Territoires {
                annuaire,
                niveau,
                codes: &codes,
            };
            self.compter_en(lieux, &codes, &jours, &[demande.axe])?
        };
        Ok(Redessinee {
            periode,
            source: stockees.source.map(|source| Source {
                annuaire: Some(annuaire.validite()),
                ..source
            }),
            sans_presence,
            profil: demande.profil,
            membre: demande.membre.clone(),
            libres: Libres {
                lecteur: Arc::clone(self),
                annuaires: Arc::clone(annuaires),
                lieux: lieux(annuaire, niveau, codes),
                jours,
                axes: vec![demande.axe],
                aujourdhui: demande.aujourdhui,
                cellules,
            },
        })
    }
}
