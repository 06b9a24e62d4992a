//! Imports of small files, made for what each test shows.

mod comptes;
mod depot;
mod fusion;
mod hostiles;
mod secret;
mod sftp;

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use frequent_plan::{Jour, Lac, Niveau, Profil};
use tempfile::TempDir;

use super::*;
use crate::effectifs::{Effectif, Effectifs};
use crate::{Annuaires, import};

const ENTETE: &str = "Identifiant_de_l_etablissement;Nom_etablissement;Type_etablissement;\
Statut_public_prive;Code_commune;Nom_commune;Code_departement;Code_academie;Code_region;\
Nombre_d_eleves;Libelle_departement;Libelle_academie;Libelle_region;nom_circonscription;etat;\
code_circonscription\n";
const BOULOU: &str = "0660713S;Ecole La Suberaie;Ecole;Public;66024;Le Boulou;066;11;76;212;\
Pyrénées-Orientales;Montpellier;Occitanie;Circonscription de Céret;OUVERT;0660055B\n";
const CERET: &str = "0660714T;Ecole de Céret;Ecole;Public;66049;Céret;066;11;76;100;\
Pyrénées-Orientales;Montpellier;Occitanie;Circonscription de Céret;OUVERT;0660055B\n";

/// A lake, and a folder of files to import.
struct Essai {
    dossier: TempDir,
    lac: Lac,
    reglages: Reglages,
}

impl Essai {
    fn nouveau() -> Self {
        let dossier = tempfile::tempdir().unwrap();
        let lac = Lac::new(dossier.path().join("donnees"));
        fs::create_dir(dossier.path().join("depot")).unwrap();
        Self {
            dossier,
            lac,
            reglages: Reglages::default(),
        }
    }

    fn avec_annuaire() -> Self {
        let essai = Self::nouveau();
        essai.annuaire(&[ENTETE, BOULOU, CERET].concat(), "2026-09-01");
        essai
    }

    fn annuaire(&self, contenu: &str, validite: &str) {
        let chemin = self.dossier.path().join("annuaire.csv");
        fs::write(&chemin, contenu).unwrap();
        import::importer(&self.lac, &chemin, validite.parse().unwrap()).unwrap();
    }

    fn depot(&self) -> PathBuf {
        self.dossier.path().join("depot")
    }

    fn deposer(&self, nom: &str, contenu: impl AsRef<[u8]>) -> PathBuf {
        let chemin = self.depot().join(nom);
        fs::write(&chemin, contenu).unwrap();
        chemin
    }

    fn importer(&self, chemin: &Path) -> Result<Vec<Rapport>, AafErreur> {
        let mut rapports = Vec::new();
        let mut noter = |rapport: &Rapport| rapports.push(rapport.clone());
        importer(&self.lac, chemin, &self.reglages, &mut noter)?;
        Ok(rapports)
    }

    /// Imports the whole folder, then empties it.
    fn importer_depot(&self) -> Vec<Rapport> {
        let rapports = self.importer(&self.depot()).unwrap();
        for entree in fs::read_dir(self.depot()).unwrap() {
            fs::remove_file(entree.unwrap().path()).unwrap();
        }
        rapports
    }

    fn effectif(&self, niveau: Niveau, code: &str, profil: Profil) -> Option<Effectif> {
        let annuaires = Annuaires::ouvrir(&self.lac).unwrap();
        let effectifs = Effectifs::ouvrir(&self.lac).unwrap();
        let annuaire = annuaires.courant().unwrap();
        effectifs.effectif(annuaire, niveau, code, Some(profil))
    }

    fn nombre(&self, niveau: Niveau, code: &str, profil: Profil) -> Option<u64> {
        self.effectif(niveau, code, profil).map(|e| e.nombre)
    }
}

fn jour(texte: &str) -> Jour {
    texte.parse().unwrap()
}

/// A whole file of these requests.
fn fichier(requetes: &[String]) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <!DOCTYPE ficAlimMENESR SYSTEM \"ficAlimMENESR.dtd\">\n\
         <ficAlimMENESR>\n{}</ficAlimMENESR>\n",
        requetes.concat()
    )
}

fn valeurs(valeurs: &str) -> String {
    valeurs.split('|').fold(String::new(), |mut texte, valeur| {
        let _ = write!(texte, "<value>{valeur}</value>");
        texte
    })
}

/// A request that adds; several values of a field are separated by `|`.
fn ajout(id: &str, champs: &[(&str, &str)]) -> String {
    let mut attributs = String::new();
    for (nom, lues) in champs {
        let _ = writeln!(attributs, "<attr name=\"{nom}\">{}</attr>", valeurs(lues));
    }
    format!(
        "<addRequest><operationalAttributes/><identifier><id>{id}</id></identifier>\n\
         <attributes>\n{attributs}</attributes></addRequest>\n"
    )
}

/// A request that changes: field, operation, values.
fn changement(id: &str, champs: &[(&str, &str, &str)]) -> String {
    let mut modifications = String::new();
    for (nom, operation, lues) in champs {
        let _ = writeln!(
            modifications,
            "<modification name=\"{nom}\" operation=\"{operation}\">{}</modification>",
            valeurs(lues)
        );
    }
    format!(
        "<modifyRequest><identifier><id>{id}</id></identifier>\n\
         <modifications>\n{modifications}</modifications></modifyRequest>\n"
    )
}

fn suppression(id: &str) -> String {
    format!("<deleteRequest><identifier><id>{id}</id></identifier></deleteRequest>\n")
}

/// Two schools, their circonscription and the DSDEN.
fn structures() -> Vec<String> {
    vec![
        ajout(
            "52001",
            &[
                ("ENTStructureUAI", "0660713S"),
                ("ENTStructureNomCourant", "E.E.PU$LA SUBERAIE$LE BOULOU"),
                ("ENTStructureTypeStruct", "ECOLE ELEMENTAIRE"),
                ("ENTEcoleCirconscription", "52900"),
                ("ENTServAcAcademie", "MONTPELLIER"),
            ],
        ),
        ajout(
            "52002",
            &[
                ("ENTStructureUAI", "0660714T"),
                ("ENTStructureNomCourant", "E.E.PU$CERET"),
                ("ENTStructureTypeStruct", "ECOLE ELEMENTAIRE"),
                ("ENTEcoleCirconscription", "52900"),
                ("ENTServAcAcademie", "MONTPELLIER"),
            ],
        ),
        ajout(
            "52900",
            &[
                ("ENTStructureUAI", "0660055B"),
                ("ENTStructureNomCourant", "CIRC$IEN$CERET"),
                ("ENTStructureTypeStruct", "CIRCONSCRIPTION"),
            ],
        ),
        ajout("52999", &[("ENTStructureTypeStruct", "DSDEN")]),
    ]
}

fn nom(genre: &str, date: &str, categorie: &str) -> String {
    format!("ENT66_{genre}_{date}_{categorie}_0001.xml")
}

/// A family of two schools, a teacher of two schools, a head and an inspector.
fn deposer_complet(essai: &Essai, date: &str) {
    let eleves = [
        ajout(
            "1",
            &[
                ("ENTPersonStructRattach", "52001"),
                ("ENTEleveAutoriteParentale", "10|11"),
            ],
        ),
        ajout("2", &[("ENTPersonStructRattach", "52002")]),
        ajout("3", &[("ENTPersonStructRattach", "52001|52002")]),
    ];
    let parents = [
        ajout("10", &[("ENTPersRelEleveEleve", "1|2$PERE")]),
        ajout("11", &[("ENTPersRelEleveEleve", "")]),
        ajout("12", &[("ENTPersRelEleveEleve", "999")]),
    ];
    let personnels = [
        ajout(
            "20",
            &[
                ("ENTPersonStructRattach", "52001"),
                (
                    "ENTPersonFonctions",
                    "52001$ENS$ENSEIGNEMENT$X|52002$ENS$ENSEIGNEMENT$X",
                ),
                ("ENTPersonCategorieEnseignant", "O"),
            ],
        ),
        ajout(
            "21",
            &[
                ("ENTPersonStructRattach", "52002"),
                ("ENTPersonFonctions", "52002$DIR$DIRECTION"),
                ("ENTPersonCategorieEnseignant", "N"),
            ],
        ),
        ajout("22", &[("ENTPersonStructRattach", "52900")]),
    ];
    for (categorie, requetes) in [
        ("EtabEducNat", structures().as_slice()),
        ("Eleve", &eleves),
        ("PersRelEleve", &parents),
        ("PersEducNat", &personnels),
    ] {
        essai.deposer(&nom("Complet", date, categorie), fichier(requetes));
    }
}
