//! Landing: from the log to `evenements/jour=D/`, one Parquet file a segment and day.
//!
//! A file is named by the positions of its segment, and a sealed segment never changes: landing it
//! again writes the same bytes under the same names. The segment is removed only once all its files
//! are durable, so whatever stops the process, nothing is lost and nothing stays twice.

mod boucle;
mod rangement;

use std::collections::BTreeMap;

use frequent_plan::{Jour, Lac, Plan};

use crate::durable::creer_dossier;
use crate::evenements::{Colonnes, FichierErreur, Ligne, Redaction};
use crate::journal::{JournalEmbarque, JournalErreur, SegmentLu, SegmentScelle};
use crate::lot::{LecteurLots, LotAltere};
use crate::noms::NomFichier;

pub(crate) use rangement::Rangement;

pub(crate) use boucle::noter_le_moment;
pub use boucle::{Atterrisseur, ReglagesAtterrissage, dernier_jour_clos};

/// What a landing brought.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bilan {
    /// Events landed, by local day: the days to count again.
    pub jours: BTreeMap<Jour, u64>,
    /// Segments of the log that it emptied.
    pub segments: usize,
    /// Segments that could not be read whole: what could be read landed, the rest is kept aside in
    /// the log's folder, under a name that ends in `.altere`.
    pub alteres: usize,
}

impl Bilan {
    /// Tells whoever watches the process.
    fn mesurer(&self) {
        metrics::counter!("frequent_atterrissage_evenements_total").increment(self.evenements());
        metrics::counter!("frequent_atterrissage_segments_alteres_total")
            .increment(self.alteres as u64);
    }

    /// Events landed.
    #[must_use]
    pub fn evenements(&self) -> u64 {
        self.jours.values().sum()
    }

    fn ajouter(&mut self, atterri: Atterri) {
        self.joindre(Self {
            jours: atterri.jours,
            segments: 1,
            alteres: usize::from(!atterri.entier),
        });
    }

    pub(crate) fn joindre(&mut self, autre: Self) {
        self.segments += autre.segments;
        self.alteres += autre.alteres;
        for (jour, nombre) in autre.jours {
            *self.jours.entry(jour).or_default() += nombre;
        }
    }
}

/// Why a landing stopped; what had not landed is still in the log.
#[derive(Debug, thiserror::Error)]
pub enum AtterrissageErreur {
    /// The log.
    #[error(transparent)]
    Journal(#[from] JournalErreur),
    /// A file of events.
    #[error("atterrissage, {0}")]
    Fichier(#[from] FichierErreur),
}

/// Lands everything that the log holds now.
///
/// # Errors
/// The disk refused; nothing is lost, and the next landing goes on from there.
pub fn atterrir(
    journal: &JournalEmbarque,
    lac: &Lac,
    plan: &Plan,
) -> Result<Bilan, AtterrissageErreur> {
    journal.sceller()?;
    atterrir_scelles(journal, lac, plan)
}

/// Lands the segments that are sealed already.
pub(crate) fn atterrir_scelles(
    journal: &JournalEmbarque,
    lac: &Lac,
    plan: &Plan,
) -> Result<Bilan, AtterrissageErreur> {
    let mut bilan = Bilan::default();
    for segment in journal.scelles() {
        let atterri = atterrir_segment(&segment, lac, plan)?;
        if atterri.entier {
            journal.liberer(&segment)?;
        } else {
            tracing::error!(segment = segment.premier, "damaged segment put aside");
            journal.mettre_de_cote(&segment)?;
        }
        bilan.ajouter(atterri);
    }
    Ok(bilan)
}

struct Atterri {
    jours: BTreeMap<Jour, u64>,
    /// Every byte of the segment was understood.
    entier: bool,
}

fn atterrir_segment(
    segment: &SegmentScelle,
    lac: &Lac,
    plan: &Plan,
) -> Result<Atterri, AtterrissageErreur> {
    let lu = SegmentLu::lire(&segment.chemin).map_err(FichierErreur::disque(&segment.chemin))?;
    let parcours = lu.parcourir();
    let mut entier = parcours.perdus == 0 && lu.est_un_segment();
    let mut par_jour = BTreeMap::<Jour, Colonnes>::new();
    let mut fin = segment.premier;
    for cadre in &parcours.cadres {
        fin = fin.max(cadre.fin());
        let colonnes = &mut par_jour;
        if let Err(faute) = repartir(LecteurLots::new(cadre.lots, plan), plan, colonnes)
            .map_err(FichierErreur::parquet(&segment.chemin))?
        {
            tracing::error!(segment = segment.premier, %faute, "damaged lot in the log");
            entier = false;
        }
    }
    let nom = NomFichier::atterri(segment.premier, fin);
    let entrees = format!("journal {}..{fin}", segment.premier);
    let jours = deposer(lac, par_jour, nom, &entrees)?;
    Ok(Atterri { jours, entier })
}

/// Makes events durable in the lake: one file a day, all of this name. Gives how many each day has;
/// `entrees` says in the files' metadata what they are made from.
pub(crate) fn deposer(
    lac: &Lac,
    par_jour: BTreeMap<Jour, Colonnes>,
    nom: NomFichier,
    entrees: &str,
) -> Result<BTreeMap<Jour, u64>, FichierErreur> {
    let mut jours = BTreeMap::new();
    for (jour, mut colonnes) in par_jour {
        jours.insert(jour, colonnes.lignes() as u64);
        let dossier = lac.evenements_du(jour);
        creer_dossier(&dossier).map_err(FichierErreur::disque(&dossier))?;
        let chemin = dossier.join(nom.to_string());
        let mut redaction = Redaction::ouvrir(&chemin, jour, entrees.to_owned())?;
        redaction.ecrire(&mut colonnes)?;
        redaction.publier()?;
    }
    Ok(jours)
}

/// Shares out the events of a frame by local day; the inner error is the fault that stopped it.
fn repartir(
    evenements: LecteurLots<'_>,
    plan: &Plan,
    par_jour: &mut BTreeMap<Jour, Colonnes>,
) -> Result<Result<(), LotAltere>, arrow::error::ArrowError> {
    for evenement in evenements {
        let evenement = match evenement {
            Ok(evenement) => evenement,
            Err(faute) => return Ok(Err(faute)),
        };
        par_jour
            .entry(evenement.jour)
            .or_default()
            .pousser(&Ligne::de(&evenement, plan))?;
    }
    Ok(Ok(()))
}

#[cfg(test)]
#[path = "atterrissage_tests.rs"]
mod tests;
