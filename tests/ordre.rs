//! The same events give the same cells, whatever the order and the batches they arrive in.

// A test that cannot go on is a test that fails.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod banc;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use banc::trafic::{Hasard, journee, lundi_dernier};
use banc::{Banc, fichiers};

#[test]
fn a_day_sent_in_ten_random_orders_and_batches_gives_identical_cells() {
    let lignes = journee(1, lundi_dernier(), 600);
    let reference = Banc::avec_annuaire();
    let cles = envoyer(&reference, &lignes, 1_000, None);
    let attendus = cellules(&reference);
    assert!(
        attendus.len() > 20,
        "{} fichiers de cellules",
        attendus.len()
    );

    for graine in 0..10 {
        let mut hasard = Hasard(graine);
        let mut melange = lignes.clone();
        hasard.melanger(&mut melange);
        let banc = Banc::avec_annuaire();
        let taille = usize::try_from(1 + hasard.sous(200)).unwrap();
        // The pseudonym keys are random: the same ones make the same bytes comparable.
        envoyer(&banc, &melange, taille, Some(&cles));
        assert!(
            cellules(&banc) == attendus,
            "ordre {graine}, lots de {taille}"
        );
    }
}

/// The bytes of every file of cells, by level and period: a file's own name tells which event files
/// it was made from, and those do depend on the batches.
fn cellules(banc: &Banc) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut par_dossier = BTreeMap::new();
    for (chemin, octets) in fichiers(&banc.donnees().join("lake/cumuls")) {
        let dossier = chemin.parent().unwrap().to_owned();
        assert!(
            par_dossier.insert(dossier, octets).is_none(),
            "deux fichiers : {}",
            chemin.display()
        );
    }
    par_dossier
}

/// Sends every line in batches of this size, then counts; gives the folder of the pseudonym keys.
fn envoyer(banc: &Banc, lignes: &[String], taille: usize, cles: Option<&Path>) -> PathBuf {
    let dossier = banc.donnees().join("cles");
    if let Some(cles) = cles {
        copier_cles(cles, &dossier);
    }
    let cle = banc.cle();
    let serveur = banc.servir();
    for lot in lignes.chunks(taille) {
        let (statut, reponse) = serveur.envoyer(&cle, lot.concat());
        assert_eq!(statut, 202, "{reponse}");
    }
    serveur.tuer();
    banc.reussir(&["aggregate"]);
    dossier
}

fn copier_cles(de: &Path, vers: &Path) {
    use std::os::unix::fs::DirBuilderExt;
    std::fs::DirBuilder::new()
        .mode(0o700)
        .recursive(true)
        .create(vers)
        .unwrap();
    for entree in std::fs::read_dir(de).unwrap() {
        let entree = entree.unwrap();
        std::fs::copy(entree.path(), vers.join(entree.file_name())).unwrap();
    }
}
