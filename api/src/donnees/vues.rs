//! From which schools something was counted: what tells a school where nobody came from one of which
//! nothing is known.
//!
//! Only non-empty cells are stored, so a school that has a cell at its own level had an event. The
//! schools of a file are kept under its path, which changes with its content.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use arrow::array::AsArray;
use arrow::datatypes::Int32Type;
use frequent_aggregate::Contenu;
use frequent_aggregate::mesures::{couvrir, journees};
use frequent_aggregate::publication::fichier_courant;
use frequent_plan::{Grain, Jour, Niveau, Periode, Uai};
use parquet::arrow::ProjectionMask;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;

use super::{Lecteur, LectureErreur, REPRISES};
use crate::porte::{Annexe, Brutes};

/// Rows decoded at a time: one column of small numbers.
const LIGNES_PAR_LOT: usize = 65_536;

/// The schools from which something was counted.
pub(crate) type Vues = BTreeSet<Uai>;

impl Lecteur {
    /// The schools from which something was counted over these periods.
    ///
    /// # Errors
    /// The lake cannot be read.
    pub(crate) async fn ecoles_vues(
        self: &Arc<Self>,
        periodes: Vec<Periode>,
    ) -> Result<Brutes<Annexe<Vues>>, LectureErreur> {
        let lecteur = Arc::clone(self);
        let travail = move || lecteur.vues(&periodes);
        Ok(Brutes::new(Annexe(
            tokio::task::spawn_blocking(travail).await??,
        )))
    }

    fn vues(&self, periodes: &[Periode]) -> Result<Vues, LectureErreur> {
        let mut vues = Vues::new();
        for periode in self.tables_de(periodes)? {
            if let Some(ecoles) = self.ecoles_de(periode)? {
                vues.extend(ecoles.iter().copied());
            }
        }
        Ok(vues)
    }

    /// The fewest tables that tell of these periods: many days are read as the weeks and months that
    /// they make.
    fn tables_de(&self, periodes: &[Periode]) -> Result<Vec<Periode>, LectureErreur> {
        let courts = |p: &Periode| matches!(p.grain(), Grain::Jour | Grain::Semaine);
        if periodes.len() < 2 || !periodes.iter().all(courts) {
            return Ok(periodes.to_vec());
        }
        let jours: BTreeSet<Jour> = periodes.iter().flat_map(|p| p.jours()).collect();
        match couvrir(&self.lac, &jours) {
            Err(frequent_aggregate::Erreur::PresenceAbsente(_)) => Ok(journees(&self.lac, &jours)?),
            tables => Ok(tables?),
        }
    }

    /// The schools of a period's file; none if it has none.
    fn ecoles_de(&self, periode: Periode) -> Result<Option<Arc<[Uai]>>, LectureErreur> {
        let dossier = self.lac.cumuls_de(Niveau::Ecole, periode);
        let mut reprises = 0;
        loop {
            let courant = fichier_courant(&dossier).map_err(LectureErreur::disque(&dossier))?;
            let Some(chemin) = courant else {
                return Ok(None);
            };
            match self.vues.get_or_insert_with(&chemin, || lire(&chemin)) {
                // Replaced since its folder was listed: the folder has a newer one.
                Err(erreur) if erreur.est_disparition() && reprises < REPRISES => reprises += 1,
                ecoles => return ecoles.map(Some),
            }
        }
    }
}

/// The codes that a file of schools' cells has.
fn lire(chemin: &Path) -> Result<Arc<[Uai]>, LectureErreur> {
    let contenu = Contenu::ouvrir(chemin).map_err(LectureErreur::disque(chemin))?;
    let parquet = || LectureErreur::parquet(chemin);
    let lecture = ParquetRecordBatchReaderBuilder::try_new(contenu).map_err(parquet())?;
    let masque = ProjectionMask::columns(lecture.parquet_schema(), ["code"]);
    let lots = lecture
        .with_projection(masque)
        .with_batch_size(LIGNES_PAR_LOT)
        .build()
        .map_err(parquet())?;
    let mut ecoles: Vec<Uai> = Vec::new();
    for lot in lots {
        let lot = lot.map_err(|e| parquet()(e.into()))?;
        let absente = || LectureErreur::colonne(chemin, "code");
        let colonne = lot.column_by_name("code").ok_or_else(absente)?;
        let codes = colonne
            .as_dictionary_opt::<Int32Type>()
            .ok_or_else(absente)?;
        let textes = codes.values().as_string_opt::<i32>().ok_or_else(absente)?;
        let mut cles = codes.keys().values().to_vec();
        cles.dedup();
        let lues = cles.into_iter().filter_map(|cle| usize::try_from(cle).ok());
        ecoles.extend(lues.filter_map(|cle| textes.value(cle).parse::<Uai>().ok()));
    }
    ecoles.sort_unstable();
    ecoles.dedup();
    Ok(ecoles.into())
}
