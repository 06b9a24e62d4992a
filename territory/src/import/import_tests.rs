//! Whole imports, on the real extract and on every way a file has of being something else.

use std::fs;
use std::path::PathBuf;

use frequent_plan::{Jour, Lac, Niveau, Uai, Zone};
use proptest::prelude::*;
use tempfile::TempDir;

use super::*;
use crate::ecole::Etat;
use crate::tables::TERRITOIRES;

const OCCITANIE: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../demo/annuaire-occitanie.csv"
);

fn jour(texte: &str) -> Jour {
    texte.parse().unwrap()
}

/// A lake in a folder of its own, and files to import into it.
struct Essai {
    dossier: TempDir,
    lac: Lac,
}

impl Essai {
    fn nouveau() -> Self {
        let dossier = tempfile::tempdir().unwrap();
        let lac = Lac::new(dossier.path().join("donnees"));
        Self { dossier, lac }
    }

    fn fichier(&self, contenu: impl AsRef<[u8]>) -> PathBuf {
        let chemin = self.dossier.path().join("annuaire.csv");
        fs::write(&chemin, contenu).unwrap();
        chemin
    }

    fn importer(&self, contenu: impl AsRef<[u8]>, validite: &str) -> RapportImport {
        importer(&self.lac, &self.fichier(contenu), jour(validite)).unwrap()
    }

    fn erreur(&self, contenu: impl AsRef<[u8]>) -> String {
        importer(&self.lac, &self.fichier(contenu), jour("2024-11-26"))
            .unwrap_err()
            .to_string()
    }

    fn annuaires(&self) -> Annuaires {
        Annuaires::ouvrir(&self.lac).unwrap()
    }
}

fn uai(texte: &str) -> Uai {
    texte.parse().unwrap()
}

/// Lines of the current vintage: header, then one line a school.
const ENTETE: &str = "Identifiant_de_l_etablissement;Nom_etablissement;Type_etablissement;\
Statut_public_prive;Code_commune;Nom_commune;Code_departement;Code_academie;Code_region;\
Nombre_d_eleves;Libelle_departement;Libelle_academie;Libelle_region;nom_circonscription;etat;\
code_circonscription\n";
const BOULOU: &str = "0660713S;Ecole La Suberaie;Ecole;Public;66024;Le Boulou;066;11;76;212;\
Pyrénées-Orientales;Montpellier;Occitanie;Circonscription de Céret;OUVERT;0660055B\n";
const COLIBRIS: &str = "0311563F;Les colibris;Ecole;Public;31263;Lagardelle;031;16;76;208;\
Haute-Garonne;Toulouse;Occitanie;Circonscription d'Auterive;OUVERT;0313170C\n";

fn avec(lignes: &[&str]) -> String {
    ENTETE.to_owned() + &lignes.concat()
}

#[test]
fn the_real_extract_gives_its_schools_and_every_level() {
    let essai = Essai::nouveau();
    let rapport = essai.importer(fs::read(OCCITANIE).unwrap(), "2024-11-26");
    assert_eq!(rapport.version, Version::Nouvelle);
    assert_eq!(rapport.hors_champ, 185);
    // Three establishments are listed twice, for two sites.
    assert_eq!(rapport.refusees.len(), 3);
    assert_eq!(rapport.remarques, []);
    assert_eq!(rapport.ajoutees.len(), 6_240 - 185 - 3);

    let annuaires = essai.annuaires();
    let annuaire = annuaires.courant().unwrap();
    let primaires = annuaire
        .ecoles()
        .filter(|e| e.type_etablissement == "Ecole");
    assert_eq!(primaires.count(), 4_579);
    let nombre = |niveau| annuaire.enfants(Niveau::National, "FR", niveau).len();
    // 112 have primary schools, 4 only special-needs establishments, whose lines give their code.
    let circonscriptions = annuaire.enfants(Niveau::National, "FR", Niveau::Circonscription);
    assert_eq!(circonscriptions.len(), 116);
    assert!(circonscriptions.iter().all(|c| c.nom != c.code));
    assert_eq!(nombre(Niveau::Departement), 13);
    assert_eq!(nombre(Niveau::Academie), 2);
    assert_eq!(nombre(Niveau::Region), 1);

    let suberaie = uai("0660713S");
    for (niveau, code) in [
        (Niveau::Ecole, "0660713S"),
        (Niveau::Circonscription, "0660055B"),
        (Niveau::Departement, "066"),
        (Niveau::Academie, "11"),
        (Niveau::Region, "76"),
        (Niveau::National, "FR"),
    ] {
        assert_eq!(annuaire.code(suberaie, niveau), Some(code));
    }
    let circonscription = annuaire
        .territoire(Niveau::Circonscription, "0660055B")
        .unwrap();
    assert!(circonscription.nom.ends_with("de Céret"));
    assert_eq!(annuaire.ecole(suberaie).unwrap().zone(), Some(Zone::C));
}

#[test]
fn importing_twice_changes_nothing_and_says_so() {
    let essai = Essai::nouveau();
    let premier = essai.importer(avec(&[BOULOU, COLIBRIS]), "2024-11-26");
    assert_eq!(premier.ajoutees.len(), 2);
    let dossier = essai.lac.territoire_du(jour("2024-11-26"));
    let lire = || [ECOLES, TERRITOIRES].map(|nom| fs::read(dossier.join(nom)).unwrap());
    let avant = lire();
    let second = essai.importer(avec(&[COLIBRIS, BOULOU]), "2024-11-26");
    assert_eq!(second.version, Version::Identique);
    assert_eq!((second.inchangees, second.ajoutees.len()), (2, 0));
    assert!(second.to_string().contains("rien n’a changé"));
    assert_eq!(lire(), avant);
    assert_eq!(fs::read_dir(dossier).unwrap().count(), 2);
    assert_eq!(fs::read_dir(essai.lac.territoire()).unwrap().count(), 1);
}

#[test]
fn a_newer_file_adds_changes_closes_and_reopens() {
    let essai = Essai::nouveau();
    let autre = COLIBRIS.replace("0311563F", "0311667U");
    essai.importer(avec(&[COLIBRIS, &autre]), "2023-09-01");
    let renommee = COLIBRIS.replace("Les colibris", "Les mésanges");
    let rapport = essai.importer(avec(&[&renommee, BOULOU]), "2024-09-01");
    assert_eq!(rapport.comparee_a, Some(jour("2023-09-01")));
    assert_eq!(
        rapport.ajoutees,
        [(uai("0660713S"), "Ecole La Suberaie".into())]
    );
    assert_eq!(rapport.fermees, [(uai("0311667U"), "Les colibris".into())]);
    assert_eq!(rapport.modifiees[0].champs, ["nom"]);

    let rapport = essai.importer(avec(&[&renommee, &autre, BOULOU]), "2025-09-01");
    assert_eq!(rapport.rouvertes.len(), 1);
    assert_eq!(rapport.inchangees, 2);

    let annuaires = essai.annuaires();
    let etat = |le: &str, code: &str| Some(annuaires.au(jour(le))?.ecole(uai(code))?.etat);
    assert_eq!(etat("2024-01-01", "0311667U"), Some(Etat::Ouvert));
    assert_eq!(etat("2024-12-01", "0311667U"), Some(Etat::Ferme));
    assert_eq!(etat("2026-12-01", "0311667U"), Some(Etat::Ouvert));
    assert_eq!(etat("2024-01-01", "0660713S"), None);
    let nom = |le: &str| {
        annuaires
            .au(jour(le))
            .unwrap()
            .ecole(uai("0311563F"))
            .unwrap()
            .nom
            .clone()
    };
    assert_eq!(nom("2024-08-31"), "Les colibris");
    assert_eq!(nom("2024-09-01"), "Les mésanges");
    // Before the first version, the first one answers.
    assert_eq!(nom("2019-01-01"), "Les colibris");
}

#[test]
fn versions_give_the_same_directory_in_whatever_order_they_arrive() {
    let fichiers = [
        ("2023-09-01", avec(&[COLIBRIS])),
        (
            "2024-09-01",
            avec(&[BOULOU, &COLIBRIS.replace("0311563F", "0311667U")]),
        ),
        ("2025-09-01", avec(&[&COLIBRIS.replace("031;16", "031;17")])),
    ];
    let contenus = |ordre: [usize; 3]| -> Vec<Vec<Ecole>> {
        let essai = Essai::nouveau();
        for rang in ordre {
            let (validite, contenu) = &fichiers[rang];
            essai.importer(contenu, validite);
        }
        let annuaires = essai.annuaires();
        let ecoles = |v: &Annuaire| v.ecoles().cloned().collect();
        annuaires.versions().iter().map(|v| ecoles(v)).collect()
    };
    let attendues = contenus([0, 1, 2]);
    for ordre in [[2, 1, 0], [1, 0, 2], [2, 0, 1]] {
        assert_eq!(contenus(ordre), attendues);
    }
}

#[test]
fn a_file_closes_nothing_outside_the_departements_it_lists() {
    let essai = Essai::nouveau();
    essai.importer(avec(&[BOULOU]), "2024-09-01");
    let rapport = essai.importer(avec(&[COLIBRIS]), "2024-10-01");
    assert_eq!(rapport.fermees, []);
    let annuaires = essai.annuaires();
    let suberaie = annuaires.courant().unwrap().ecole(uai("0660713S")).unwrap();
    assert_eq!(suberaie.etat, Etat::Ouvert);
}

#[test]
fn two_extracts_of_one_date_make_one_version() {
    let essai = Essai::nouveau();
    essai.importer(avec(&[BOULOU]), "2024-09-01");
    let rapport = essai.importer(avec(&[COLIBRIS]), "2024-09-01");
    assert_eq!(rapport.version, Version::Remplacee);
    assert_eq!(essai.annuaires().courant().unwrap().ecoles().len(), 2);
    let rapport = essai.importer(avec(&[BOULOU]), "2024-09-01");
    assert_eq!(rapport.version, Version::Identique);
}

#[test]
fn an_older_vintage_has_no_circonscription_code_nor_head_count() {
    let essai = Essai::nouveau();
    let contenu = "Libellé région;coordonnee_X;Code postal;Identifiant de l etablissement;\
Nom_etablissement;Type_etablissement;Statut_public_prive;Code commune;Nom_commune;\
Code_departement;Libelle_departement;Code_academie;Libelle_academie;Code_region;\
nom_circonscription;position\n\
Occitanie;6;66160;0660713S;La Suberaie;Ecole;Public;66024;Le Boulou;66;Pyrénées-Orientales;11;\
Montpellier;76;Circonscription de Céret;\"42.52, 2.83\"\n";
    let rapport = essai.importer(contenu, "2021-01-01");
    assert_eq!((rapport.ajoutees.len(), rapport.refusees.len()), (1, 0));
    let annuaires = essai.annuaires();
    let annuaire = annuaires.courant().unwrap();
    let ecole = annuaire.ecole(uai("0660713S")).unwrap();
    assert_eq!(
        annuaire.code(ecole.uai, Niveau::Circonscription),
        Some("066Circonscription de Céret")
    );
    assert_eq!(ecole.departement.code, "066");
    assert_eq!(ecole.effectif, None);
    assert_eq!(ecole.region.nom, "Occitanie");
    assert!((ecole.position.unwrap().latitude - 42.52).abs() < 1e-9);
    assert_eq!(date_du_fichier(&essai.fichier(contenu)).unwrap(), None);
}

#[test]
fn the_date_of_a_file_is_its_latest_line() {
    let occitanie = PathBuf::from(OCCITANIE);
    assert_eq!(
        date_du_fichier(&occitanie).unwrap(),
        Some(jour("2024-11-26"))
    );
}

#[test]
fn one_byte_encodings_keep_their_accents() {
    let latin: Vec<u8> = avec(&[&BOULOU.replace("La Suberaie", "Sacré-C\u{bd}ur")])
        .chars()
        .map(|c| u8::try_from(u32::from(c)).unwrap())
        .collect();
    let essai = Essai::nouveau();
    essai.importer(&latin, "2024-11-26");
    let annuaires = essai.annuaires();
    let ecole = annuaires.courant().unwrap().ecole(uai("0660713S")).unwrap();
    assert_eq!(ecole.nom, "Ecole Sacré-Cœur");
    assert_eq!(ecole.departement.nom, "Pyrénées-Orientales");
}

#[test]
fn broken_lines_are_refused_with_their_number_and_the_others_kept() {
    let essai = Essai::nouveau();
    let mut contenu = avec(&[
        &BOULOU.replace("0660713S", "0660713T"),
        &BOULOU.replace("0660713S", "66"),
        "0660714T;trop court\n",
        &COLIBRIS.replace("Les colibris", "\"Les colibris"),
        &BOULOU.replace("66024", ""),
        COLIBRIS,
        BOULOU,
        &BOULOU.replace("Suberaie", "Suberaie annexe"),
    ])
    .into_bytes();
    contenu.extend(b"0660715U;Ecole abim\xe9e;Ecole;Public;66024;;066;11;76;;;;;;OUVERT;\n");
    let rapport = essai.importer(&contenu, "2024-11-26");
    let lignes: Vec<String> = rapport.refusees.iter().map(ToString::to_string).collect();
    assert_eq!(
        lignes,
        [
            "ligne 2, Identifiant_de_l_etablissement : la lettre de contrôle attendue est S",
            "ligne 3, Identifiant_de_l_etablissement : un UAI compte sept chiffres puis une lettre",
            "ligne 4 : 2 valeurs au lieu de 16",
            "ligne 5 : un guillemet n’est jamais refermé",
            "ligne 6, Code_commune : la valeur est absente",
            "ligne 9, Identifiant_de_l_etablissement : cet UAI est déjà donné à la ligne 8, qui est gardée",
            "ligne 10, Nom_etablissement : le texte n’est pas de l’UTF-8 valide",
        ]
    );
    assert_eq!(rapport.ajoutees.len(), 2);
}

#[test]
fn an_unreadable_optional_value_is_left_out_and_its_line_kept() {
    let essai = Essai::nouveau();
    let contenu = avec(&[
        &BOULOU
            .replace(";212;", ";beaucoup;")
            .replace(";Public;", ";;"),
        &COLIBRIS.replace(";208;", ";0;"),
    ]);
    let rapport = essai.importer(&contenu, "2024-11-26");
    let remarques: Vec<String> = rapport.remarques.iter().map(ToString::to_string).collect();
    assert_eq!(
        remarques,
        [
            "ligne 2, Statut_public_prive : la valeur n’est pas de celles attendues, elle est ignorée",
            "ligne 2, Nombre_d_eleves : la valeur n’est pas de celles attendues, elle est ignorée",
        ]
    );
    let annuaires = essai.annuaires();
    assert!(
        annuaires
            .courant()
            .unwrap()
            .ecoles()
            .all(|e| e.effectif.is_none())
    );
}

#[test]
fn windows_exports_keep_their_ligatures() {
    let mut contenu = avec(&[&COLIBRIS.replace("Haute-Garonne", "")]).into_bytes();
    contenu
        .extend(b"0660713S;Sacr\xe9-C\x9cur;Ecole;Public;66024;Le Boulou;066;11;76;;;;;;OUVERT;\n");
    let essai = Essai::nouveau();
    essai.importer(contenu, "2024-11-26");
    let annuaires = essai.annuaires();
    let ecole = annuaires.courant().unwrap().ecole(uai("0660713S")).unwrap();
    assert_eq!(ecole.nom, "Sacré-Cœur");
    // No line names this département: its code does.
    assert_eq!(ecole.departement.nom, "066");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_damaged_file_never_panics_and_keeps_its_good_lines(
        degats in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..12),
    ) {
        let mut contenu = avec(&[BOULOU]).into_bytes();
        let debut = contenu.len();
        contenu.extend(avec(&[COLIBRIS, COLIBRIS]).into_bytes());
        let fin = contenu.len();
        contenu.extend(BOULOU.replace("0660713S", "0660716V").into_bytes());
        // Damage falls between two whole lines, and may hold quotes, separators or line ends.
        for (place, octet) in degats {
            contenu[debut + place.index(fin - debut - 1)] = octet;
        }
        contenu[fin - 1] = b'\n';
        let essai = Essai::nouveau();
        let rapport = essai.importer(&contenu, "2024-11-26");
        let gardees: Vec<Uai> = rapport.ajoutees.iter().map(|(uai, _)| *uai).collect();
        prop_assert!(gardees.contains(&uai("0660713S")));
        prop_assert!(gardees.contains(&uai("0660716V")));
    }

    #[test]
    fn any_bytes_at_all_are_a_clear_error(octets in prop::collection::vec(any::<u8>(), 0..400)) {
        let essai = Essai::nouveau();
        let fichier = essai.fichier(octets);
        prop_assert!(importer(&essai.lac, &fichier, jour("2024-11-26")).is_err());
    }
}

#[test]
fn a_school_said_closed_is_kept_as_closed() {
    let essai = Essai::nouveau();
    essai.importer(avec(&[&BOULOU.replace("OUVERT", "FERME")]), "2024-11-26");
    let annuaires = essai.annuaires();
    let ecole = annuaires.courant().unwrap().ecole(uai("0660713S")).unwrap();
    assert_eq!(ecole.etat, Etat::Ferme);
}

#[test]
fn a_file_that_is_not_the_directory_names_the_columns_it_lacks() {
    let essai = Essai::nouveau();
    let message = essai.erreur("numero;raison_sociale;Code_commune\n1;X;31000\n");
    assert!(
        message.contains("n’est pas l’annuaire de l’éducation"),
        "{message}"
    );
    assert!(
        message.contains("Identifiant_de_l_etablissement, Nom_etablissement"),
        "{message}"
    );
    assert!(!message.contains("Code_commune"), "{message}");
}

#[test]
fn an_empty_file_or_one_without_a_school_changes_nothing() {
    let essai = Essai::nouveau();
    assert!(essai.erreur("").contains("le fichier est vide"));
    assert!(essai.erreur("\u{feff}").contains("le fichier est vide"));
    assert!(
        essai
            .erreur(ENTETE)
            .contains("aucune école lisible (0 lignes refusées)")
    );
    let service = BOULOU.replace(";Ecole;", ";Service Administratif;");
    assert!(
        essai
            .erreur(avec(&[&service, "x\n"]))
            .contains("(1 lignes refusées)")
    );
    assert!(essai.annuaires().courant().is_none());
    let absent = essai.dossier.path().join("absent.csv");
    let erreur = importer(&essai.lac, &absent, jour("2024-11-26")).unwrap_err();
    assert!(matches!(erreur, ImportErreur::Lecture { .. }));
}

#[test]
fn a_version_left_half_written_is_not_seen() {
    let essai = Essai::nouveau();
    let reste = essai.lac.territoire().join(".version-en-cours");
    fs::create_dir_all(&reste).unwrap();
    fs::write(reste.join(ECOLES), b"PAR1").unwrap();
    assert!(essai.annuaires().versions().is_empty());
    essai.importer(avec(&[BOULOU]), "2024-11-26");
    assert!(!reste.exists());
    assert_eq!(essai.annuaires().versions().len(), 1);
}

#[test]
fn names_spelt_in_several_ways_take_the_most_frequent_one() {
    let essai = Essai::nouveau();
    let deuxieme = BOULOU
        .replace("0660713S", "0660716V")
        .replace("Le Boulou", "LE BOULOU");
    let troisieme = BOULOU
        .replace("0660713S", "0660717W")
        .replace("Le Boulou", "LE BOULOU");
    essai.importer(avec(&[BOULOU, &deuxieme, &troisieme]), "2024-11-26");
    let annuaires = essai.annuaires();
    let commune = annuaires
        .courant()
        .unwrap()
        .territoire(Niveau::Commune, "66024")
        .unwrap();
    assert_eq!(commune.nom, "LE BOULOU");
}
