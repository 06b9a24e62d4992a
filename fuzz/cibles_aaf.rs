//! What is fuzzed of the directory feed: bytes are given to its readers as a file and as a bordereau.
//! The fuzz target calls it with bytes that the fuzzer makes up, `territory/tests/corpus_aaf.rs` with
//! those that are kept. Both call `territory` the crate that holds the readers.

use std::io::{self, Read};

use crate::territory::aaf::{Bordereau, Faute, Lecteur, NomFichier, Operation, Raison, Requete};

const INTERETS: [&str; 6] = [
    "ENTPersonStructRattach",
    "ENTPersonFonctions",
    "ENTPersonCategorieEnseignant",
    "ENTEleveAutoriteParentale",
    "ENTPersRelEleveEleve",
    "ENTStructureUAI",
];

/// A record, as it was read.
#[derive(Debug, PartialEq, Eq)]
struct Lu {
    requete: Requete,
    id: String,
    categorie: String,
    champs: Vec<(&'static str, Operation, Vec<String>)>,
    faute: Option<Faute>,
}

/// A file: its records, how many lines it has, and why it could not be read to its end.
#[derive(Debug, PartialEq, Eq)]
struct Fichier {
    lus: Vec<Lu>,
    lignes: u64,
    arret: Option<Raison>,
}

/// Gives at most so many bytes at a time.
struct Morceaux<'o>(&'o [u8], usize);

impl Read for Morceaux<'_> {
    fn read(&mut self, tampon: &mut [u8]) -> io::Result<usize> {
        let nombre = self.1.min(tampon.len());
        self.0.read(&mut tampon[..nombre])
    }
}

/// A file of the feed and, since it is any text, a bordereau.
pub fn aaf(octets: &[u8]) {
    let entier = lire(octets, &INTERETS);
    verifier(&entier, octets);
    for morceau in [1, 7] {
        let par_morceaux = lire(Morceaux(octets, morceau), &INTERETS);
        assert_eq!(par_morceaux, entier, "{morceau} octets à la fois");
    }
    // What nobody asked for changes nothing to where records are, and is not copied.
    let sans_champs = lire(octets, &[]);
    assert_eq!(sans_champs.lus.len(), entier.lus.len());
    assert_eq!(sans_champs.arret, entier.arret);
    for (sans, avec) in sans_champs.lus.iter().zip(&entier.lus) {
        assert_eq!((sans.requete, sans.champs.len()), (avec.requete, 0));
        if sans.faute.is_none() && avec.faute.is_none() {
            assert_eq!((&sans.id, &sans.categorie), (&avec.id, &avec.categorie));
        }
    }
    bordereau(octets);
}

fn lire(source: impl Read, interets: &[&'static str]) -> Fichier {
    let mut fichier = Fichier {
        lus: Vec::new(),
        lignes: 0,
        arret: None,
    };
    let mut lecteur = match Lecteur::ouvrir(source, interets) {
        Ok(lecteur) => lecteur,
        Err(faute) => {
            fichier.arret = Some(faute.raison);
            return fichier;
        }
    };
    loop {
        match lecteur.suivant() {
            Ok(Some(lu)) => fichier.lus.push(Lu {
                requete: lu.requete(),
                id: lu.id().to_owned(),
                categorie: lu.categorie().to_owned(),
                champs: lu
                    .champs()
                    .map(|(nom, operation, valeurs)| {
                        (nom, operation, valeurs.map(str::to_owned).collect())
                    })
                    .collect(),
                faute: lu.faute(),
            }),
            Ok(None) => break,
            Err(faute) => {
                assert!(faute.champ.is_empty() && faute.ligne >= 1);
                fichier.arret = Some(faute.raison);
                return fichier;
            }
        }
    }
    fichier.lignes = lecteur.lignes();
    fichier
}

/// Faults are in the file, in its order, and name nothing but fields; values come from the file.
fn verifier(fichier: &Fichier, octets: &[u8]) {
    let mut ligne = 1;
    let mut copies = 0;
    for lu in &fichier.lus {
        if let Some(faute) = lu.faute {
            assert!(faute.ligne >= ligne, "les lignes croissent");
            ligne = faute.ligne;
            let connu = ["", "identifier", "operationalAttributes"].contains(&faute.champ);
            assert!(connu || INTERETS.contains(&faute.champ));
        }
        let valeurs = lu.champs.iter().flat_map(|(_, _, valeurs)| valeurs);
        copies += lu.id.len() + lu.categorie.len() + valeurs.map(String::len).sum::<usize>();
    }
    if fichier.arret.is_none() {
        assert!(ligne <= fichier.lignes.max(1));
    }
    // A byte of a one-byte encoding takes three at most.
    assert!(copies <= 3 * octets.len(), "rien n’est lu deux fois");
}

/// What a bordereau names is named the same by who reads it again.
fn bordereau(octets: &[u8]) {
    let Some(lu) = Bordereau::lire(octets) else {
        return;
    };
    assert!(!lu.fichiers.is_empty());
    for nom in lu.fichiers.keys() {
        assert_eq!(NomFichier::lire(&nom.to_string()).as_ref(), Some(nom));
    }
    assert!(!lu.est_pour(""), "un mot n’est jamais vide");
}
