//! `GET /api/v1/comparer`: up to six places side by side, over the same period.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::State;
use axum::http::Uri;
use axum::{Extension, Json};
use frequent_plan::{Axe, Jour, Niveau, Periode, Uai};
use frequent_territory::{Annuaire, Etat as EtatEcole};
use serde::Serialize;
use utoipa::ToSchema;

use super::Refus;
use super::comparaison::{Etendue, PeriodeRendue};
use super::couverture::{self, Ecoles};
use super::effectifs::EffectifsDuLieu;
use super::mesures::{LieuDemande, ensemble_nomme};
use super::parametres::{Parametres, refus};
use super::tableau::semaines;
use crate::definitions::{self, Definitions};
use crate::donnees::{Demande, DemandeLibre, LieuLibre, Lue, ProfilCellule};
use crate::erreurs::Erreur;
use crate::etat::Etat;
use crate::porte::{self, Appelant, MesuresRendues, quotient};

/// Most places at once: more cannot be told apart.
const LIEUX_MAX: usize = 6;
/// How each is written.
const FORME: &str = "chaque lieu s’écrit niveau:code ou ensemble:identifiant.";

/// A place beside others.
#[derive(Debug, Serialize, ToSchema)]
pub struct LieuCompare {
    /// Its level, or `ensemble`.
    pub niveau: String,
    /// Its code, or the identifier of the set.
    pub code: String,
    /// Its name.
    pub nom: String,
    /// Its measures over the period as they stand.
    pub mesures: MesuresRendues,
    /// Visits of each of `semaines`; null where they are masked.
    pub serie: Vec<Option<i64>>,
    /// Users over the head count; null where there is none.
    pub taux_utilisateurs: Option<f64>,
    /// Visits per user.
    pub visites_par_utilisateur: Option<f64>,
    /// Mean duration of a visit, in milliseconds.
    pub duree_moyenne_ms: Option<f64>,
}

/// Places side by side.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReponseComparer {
    /// The period.
    pub periode: PeriodeRendue,
    /// The profile.
    #[schema(value_type = String)]
    pub profil: ProfilCellule,
    /// In the order asked.
    pub lieux: Vec<LieuCompare>,
    /// The Mondays of the period's school year up to now.
    #[schema(value_type = Vec<String>)]
    pub semaines: Vec<Jour>,
    /// What it means.
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    pub definitions: Definitions,
}

/// One to six territories, schools or named perimeters over the same period, with the weekly visits
/// of the school year.
#[utoipa::path(
    get,
    path = "/api/v1/comparer",
    tag = "pilotage",
    params(
        ("lieux" = String, Query, description = "De 1 à 6 lieux séparés par des virgules : niveau:code ou ensemble:identifiant"),
        ("grain" = String, Query, description = "jour, semaine, mois ou annee"),
        ("debut" = String, Query, description = "Premier jour de la période"),
        ("profil" = Option<String>, Query, description = "Code du profil, TOUS si absent")
    ),
    responses((status = 200, body = ReponseComparer), Refus)
)]
pub async fn comparer(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    adresse: Uri,
) -> Result<Json<ReponseComparer>, Erreur> {
    let parametres = Parametres::lire(&adresse, &["lieux", "grain", "debut", "profil"])?;
    parametres.obligatoire("lieux")?;
    let demandes = parametres.liste("lieux").into_iter().flatten();
    let demandes = demandes.map(|texte| LieuDemande::lire("lieux", FORME, texte));
    let demandes = demandes.collect::<Result<Vec<_>, _>>()?;
    if demandes.len() > LIEUX_MAX {
        let raison = format!("{LIEUX_MAX} lieux au plus.");
        return Err(refus("lieux", &raison).into());
    }
    let (periode, profil) = (parametres.periode()?, parametres.profil()?);
    let annuaire = etat.annuaire()?;
    let mut lieux = Vec::with_capacity(demandes.len());
    let aujourdhui = match demandes.first() {
        Some(LieuDemande::Territoire(niveau, code)) => etat.aujourdhui(&annuaire, *niveau, code),
        _ => etat.aujourdhui_a_paris(),
    };
    let etendue = Etendue {
        periode,
        aujourdhui,
    };
    let scene = Scene {
        etat: &etat,
        appelant: &appelant,
        annuaire: &annuaire,
        semaines: semaines(&etendue),
        etendue,
        profil,
    };
    for demande in &demandes {
        lieux.push(match demande {
            LieuDemande::Territoire(niveau, code) => scene.territoire(*niveau, code).await?,
            LieuDemande::Ensemble(id) => scene.ensemble(id).await?,
            LieuDemande::Ecoles(_) => return Err(Erreur::SansObjet),
        });
    }
    Ok(Json(ReponseComparer {
        periode: PeriodeRendue::de(&scene.etendue),
        profil,
        lieux,
        semaines: scene.semaines.iter().map(|s| s.debut()).collect(),
        definitions: definitions::de_pairs(),
    }))
}

struct Scene<'a> {
    etat: &'a Etat,
    appelant: &'a Appelant,
    annuaire: &'a Arc<Annuaire>,
    semaines: Vec<Periode>,
    etendue: Etendue,
    profil: ProfilCellule,
}

impl Scene<'_> {
    fn demande(&self, niveau: Niveau, periodes: Vec<Periode>) -> Demande {
        Demande {
            niveau,
            periodes,
            axe: Axe::Total,
            profil: Some(self.profil),
            membre: None,
            aujourdhui: self.etendue.aujourdhui,
        }
    }

    async fn territoire(&self, niveau: Niveau, code: &str) -> Result<LieuCompare, Erreur> {
        let annuaires = self.etat.annuaires();
        let mut periodes = vec![self.etendue.periode];
        periodes.extend(&self.semaines);
        let demande = self.demande(niveau, periodes);
        let lecteur = Arc::clone(&self.etat.lecteur);
        let lues = porte::sortir(
            self.appelant,
            &annuaires,
            (niveau, code),
            |portee| async move { lecteur.cellules(&portee, &demande).await },
        )
        .await?;
        let mut visites = lues
            .iter()
            .map(|lue| lue.cellules.first().map(|c| c.mesures));
        let mesures = visites.next().flatten();
        let serie = visites
            .map(|m| m.map_or(Some(0), |m| m.visites()))
            .collect();
        let lieu = (&**self.annuaire, niveau, code);
        let (periodes, jour) = (vec![self.etendue.periode], self.etendue.dernier_jour());
        let ecoles = couverture::lire(self.etat, self.appelant, lieu, periodes, jour).await?;
        let mesures = mesures.unwrap_or_else(MesuresRendues::nulles);
        let mesures = ecoles.qualifier(mesures, self.annuaire, (niveau, code));
        let effectifs = self.etat.effectifs();
        let (_, taux) = EffectifsDuLieu::de(&effectifs, lieu).de_profil(self.profil, &mesures);
        let nomme = (niveau.to_string(), code, self.etat.nom(niveau, code));
        Ok(compare(nomme, mesures, serie, taux))
    }

    async fn ensemble(&self, id: &str) -> Result<LieuCompare, Erreur> {
        let (nom, ecoles) = ensemble_nomme(self.etat, self.appelant, id, self.annuaire).await?;
        let annuaires = self.etat.annuaires();
        let (lecteur, aujourdhui) = (Arc::clone(&self.etat.lecteur), self.etendue.aujourdhui);
        let jours = self.etendue.periode.jours();
        let demande = DemandeLibre {
            lieu: LieuLibre::Ecoles(ecoles.clone()),
            jours: jours.take_while(|jour| *jour <= aujourdhui).collect(),
            axe: Axe::Total,
            aujourdhui,
        };
        let periode = self.etendue.periode;
        let ((cellules, portrait), vues) =
            porte::sortir_libre(self.appelant, &annuaires, ecoles.clone(), |portee| {
                let annuaires = Arc::clone(portee.annuaires());
                async move {
                    let libres = lecteur.libres(&annuaires, demande).await?;
                    Ok(libres.avec(lecteur.ecoles_vues(vec![periode]).await?))
                }
            })
            .await?;
        let sienne = cellules.iter().find(|c| c.profil == self.profil);
        let mesures = sienne.map_or_else(MesuresRendues::nulles, |c| c.mesures);
        let mesures = match portrait.sans_presence {
            Some(_) => mesures.sans_utilisateurs(),
            None => mesures,
        };
        let registre = self.etat.conventions.registre();
        let jour = self.etendue.dernier_jour();
        let connues = Ecoles::de(&ecoles, &vues, registre.deploiement(), jour);
        let mesures = connues.qualifier_ensemble(mesures, || ecoles.iter().copied());
        let serie = self.serie(&ecoles).await?;
        let taux = self.taux(&ecoles, &mesures);
        Ok(compare(
            ("ensemble".to_owned(), id, nom),
            mesures,
            serie,
            taux,
        ))
    }

    /// The weekly visits of some schools, whose visits add up; a week is masked when one of them is.
    async fn serie(&self, ecoles: &BTreeSet<Uai>) -> Result<Vec<Option<i64>>, Erreur> {
        let annuaires = self.etat.annuaires();
        let demande = self.demande(Niveau::Ecole, self.semaines.clone());
        let lecteur = Arc::clone(&self.etat.lecteur);
        let ecoles = ecoles.iter().copied();
        let lues = porte::sortir_ecoles(self.appelant, &annuaires, ecoles, |portee| async move {
            lecteur.cellules(&portee, &demande).await
        })
        .await?;
        let somme = |lue: &Lue<MesuresRendues>| {
            let visites = lue.cellules.iter().map(|c| c.mesures.visites());
            visites.sum::<Option<i64>>()
        };
        Ok(lues.iter().map(somme).collect())
    }

    /// Users over the head count, where each open school has one.
    fn taux(&self, ecoles: &BTreeSet<Uai>, mesures: &MesuresRendues) -> Option<f64> {
        let effectifs = self.etat.effectifs();
        let effectif = effectifs.de_ecoles(self.annuaire, ecoles, self.profil.seul())?;
        let ouvertes = ecoles.iter().filter(|uai| {
            let ecole = self.annuaire.ecole(**uai);
            ecole.is_some_and(|e| e.etat != EtatEcole::Ferme)
        });
        let entier = usize::try_from(effectif.ecoles) == Ok(ouvertes.count());
        let nombre = i64::try_from(effectif.nombre).ok().filter(|_| entier);
        quotient(mesures.utilisateurs(), nombre)
    }
}

fn compare(
    (niveau, code, nom): (String, &str, String),
    mesures: MesuresRendues,
    serie: Vec<Option<i64>>,
    taux_utilisateurs: Option<f64>,
) -> LieuCompare {
    LieuCompare {
        niveau,
        code: code.to_owned(),
        nom,
        mesures,
        serie,
        taux_utilisateurs,
        visites_par_utilisateur: mesures.visites_par_utilisateur(),
        duree_moyenne_ms: mesures.duree_moyenne_ms(),
    }
}
