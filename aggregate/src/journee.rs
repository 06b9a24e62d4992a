//! The day job: a local day's accepted events to its presence and cells.

use frequent_plan::{Grain, Jour, Periode, Plan};

use crate::comptes::Cube;
use crate::erreur::Erreur;
use crate::lecture::{FichierEvenements, Lecteur, Lues};
use crate::ligne::Ligne;
use crate::ouvrage::{Moyens, Ouvrage, Source, Tranche};
use crate::parallele::chacune;
use crate::publication::Marque;
use crate::territoires::Rattachements;
use crate::unicite::Repetes;
use crate::visites;

/// Rows counted between two writings: enough ranges for every thread to be busy, few enough rows
/// for their cells to stay small beside the events still to count.
const LIGNES_PAR_VAGUE: usize = 1 << 19;

/// Counts a day from its event files and publishes its presence and cells. Returns the mark of
/// their contents.
pub(crate) fn compter(
    moyens: Moyens<'_>,
    plan: &Plan,
    jour: Jour,
    fichiers: &[FichierEvenements],
    rattachements: &Rattachements,
    source: Marque,
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
    for vague in vagues(&lues.lignes.tailles()) {
        let tranches = chacune(moyens.fils, vague.clone(), |seau| {
            compter_tranche(moyens, &lues, &repetes, seau)
        })?;
        for seau in vague {
            lues.lignes.oublier(seau);
        }
        ouvrage.recevoir(tranches)?;
    }
    let source = Source {
        marque: source,
        entrees: None,
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

fn compter_tranche(
    moyens: Moyens<'_>,
    lues: &Lues,
    repetes: &Repetes,
    seau: usize,
) -> Result<Tranche, Erreur> {
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
    Ok(tranche)
}
