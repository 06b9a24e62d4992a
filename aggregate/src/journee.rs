//! The day job: a local day's accepted events to its presence and cells.

use std::fs::File;

use frequent_plan::lac::META_EVENEMENTS;
use frequent_plan::{Grain, Jour, Lac, Niveau, Periode, Plan};
use parquet::file::reader::FileReader;
use parquet::file::serialized_reader::SerializedFileReader;

use crate::comptes::Cube;
use crate::erreur::Erreur;
use crate::lecture::{FichierEvenements, Lecteur, Lues};
use crate::ligne::Ligne;
use crate::ouvrage::{Moyens, Ouvrage, Source, Tranche};
use crate::parallele::chacune;
use crate::publication::{Marque, fichier_courant};
use crate::territoires::Rattachements;
use crate::unicite::Repetes;
use crate::visites;

/// Rows counted between two writings: enough ranges for every thread to be busy, few enough rows
/// for their cells to stay small beside the events still to count.
const LIGNES_PAR_VAGUE: usize = 1 << 19;

/// What a day is counted from, and what it must at least hold.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Attendu {
    /// Its event files.
    pub marque: Marque,
    /// The events that its results count already: there can only be more.
    pub comptes: Option<u64>,
}

/// The events that the results of a day count, if it has some that say so.
pub(crate) fn evenements_comptes(lac: &Lac, periode: Periode) -> Result<Option<u64>, Erreur> {
    let dossier = lac.cumuls_de(Niveau::Ecole, periode);
    let Some(chemin) = fichier_courant(&dossier).map_err(Erreur::disque(&dossier))? else {
        return Ok(None);
    };
    let fichier = File::open(&chemin).map_err(Erreur::disque(&chemin))?;
    // Results that cannot be read are made again, whatever they said.
    let Ok(lecteur) = SerializedFileReader::new(fichier) else {
        return Ok(None);
    };
    let metas = lecteur.metadata().file_metadata().key_value_metadata();
    Ok(metas
        .into_iter()
        .flatten()
        .find(|meta| meta.key == META_EVENEMENTS)
        .and_then(|meta| meta.value.as_deref()?.parse().ok()))
}

/// Counts a day from its event files and publishes its presence and cells. Returns the mark of
/// their contents. Fewer events than its results count already is an error: they stay.
pub(crate) fn compter(
    moyens: Moyens<'_>,
    plan: &Plan,
    jour: Jour,
    fichiers: &[FichierEvenements],
    rattachements: &Rattachements,
    attendu: Attendu,
) -> Result<Marque, Erreur> {
    let lecteur = Lecteur {
        jour,
        plan,
        etiquettes: moyens.etiquettes,
        fils: moyens.fils,
        lignes_en_memoire: moyens.lignes_en_memoire,
        debordement: moyens.debordement,
    };
    let mut lues = lecteur.lire(fichiers)?;
    let repetes = Repetes::chercher(&mut lues, moyens.membres, moyens.etiquettes, moyens.fils)?;
    let periode = Periode::contenant(Grain::Jour, jour);
    let mut ouvrage = Ouvrage::commencer(moyens, periode, rattachements)?;
    let mut evenements = 0;
    for vague in vagues(&lues.lignes.tailles()) {
        let tranches = chacune(moyens.fils, vague.clone(), |seau| {
            compter_tranche(moyens, &lues, &repetes, seau)
        })?;
        for seau in vague {
            lues.lignes.oublier(seau);
        }
        evenements += tranches
            .iter()
            .map(|(_, lignes)| *lignes as u64)
            .sum::<u64>();
        ouvrage.recevoir(tranches.into_iter().map(|(tranche, _)| tranche).collect())?;
    }
    if let Some(comptes) = attendu.comptes.filter(|comptes| *comptes > evenements) {
        return Err(Erreur::EvenementsManquants {
            jour,
            dossier: moyens.lac.evenements_du(jour),
            comptes,
            presents: evenements,
        });
    }
    let source = Source {
        marque: attendu.marque,
        entrees: None,
        evenements: Some(evenements),
    };
    ouvrage.terminer(source, &[jour])
}

/// Groups consecutive ranges of schools.
fn vagues(tailles: &[(usize, usize)]) -> Vec<Vec<usize>> {
    let mut vagues = Vec::new();
    let mut vague = Vec::new();
    let mut lignes = 0;
    for &(seau, taille) in tailles {
        vague.push(seau);
        lignes += taille;
        if lignes >= LIGNES_PAR_VAGUE {
            vagues.push(std::mem::take(&mut vague));
            lignes = 0;
        }
    }
    if !vague.is_empty() {
        vagues.push(vague);
    }
    vagues
}

/// Counts a range of schools; gives with it how many events they had.
fn compter_tranche(
    moyens: Moyens<'_>,
    lues: &Lues,
    repetes: &Repetes,
    seau: usize,
) -> Result<(Tranche, usize), Erreur> {
    let mut lignes = lues.lignes.valeurs(seau)?;
    lignes.retain(|ligne| repetes.compte(ligne));
    lignes.sort_unstable_by(Ligne::ordre);
    // What is left of a repeated identifier is one content, several times.
    lignes.dedup();
    let mut tranche = Tranche::default();
    let mut presences = Vec::new();
    for ecole in lignes.chunk_by(|a, b| a.uai == b.uai) {
        let mut cube = Cube::default();
        presences.clear();
        visites::compter(ecole, moyens.etiquettes, &mut cube, &mut presences);
        tranche.ajouter(
            ecole[0].uai,
            cube,
            &presences,
            moyens.membres,
            moyens.etiquettes,
        );
    }
    Ok((tranche, lignes.len()))
}
