use frequent_plan::{Plan, Uai};

use super::*;
use crate::acces::NomConverti;

fn fichier(contenu: &[u8]) -> tempfile::NamedTempFile {
    let fichier = tempfile::NamedTempFile::new().unwrap();
    fs::write(fichier.path(), contenu).unwrap();
    fichier
}

fn numeros(contenu: &[u8]) -> Tableau<BTreeMap<String, Uai>> {
    lire_etablissements(fichier(contenu).path()).unwrap()
}

fn noms(contenu: &str) -> Tableau<Vec<NomConverti>> {
    let plan = Plan::integre().unwrap();
    lire_noms(fichier(contenu.as_bytes()).path(), &plan).unwrap()
}

fn refus<T>(tableau: &Tableau<T>) -> Vec<String> {
    tableau.refusees.iter().map(ToString::to_string).collect()
}

#[test]
fn numbers_are_read_however_the_file_was_saved() {
    let attendu = BTreeMap::from([
        ("12".to_owned(), Uai::lire(b"0660713S").unwrap()),
        ("É-3".to_owned(), Uai::lire(b"0311667U").unwrap()),
    ]);
    for texte in [
        "numero;uai\n12;0660713S\nÉ-3;0311667U\n",
        "\u{feff}uai,numero\r\n0660713s,12\r\n0311667U, É-3 \r\n",
        "Numero;UAI\n\"12\";0660713S\n\n\"É-3\";\"0311667U\"",
    ] {
        let tableau = numeros(texte.as_bytes());
        assert_eq!(tableau.contenu, attendu, "{texte}");
        assert!(tableau.refusees.is_empty());
    }
}

#[test]
fn each_line_that_cannot_be_used_is_named_and_the_others_are_kept() {
    let mut octets =
        b"numero;uai\n1;0660713S\n;0660713S\n2;\n3;0660713T\n4;066\n1;0311667U\n".to_vec();
    octets.extend_from_slice(b"5\n6;0311667U;x\n\xff;0311667U\n7;0311667U\n");
    octets.extend_from_slice(format!("{};0311667U\n", "n".repeat(101)).as_bytes());
    let tableau = numeros(&octets);
    let gardes: Vec<_> = tableau.contenu.keys().collect();
    assert_eq!(gardes, ["1", "7"]);
    assert_eq!(
        refus(&tableau),
        [
            "ligne 3, numero : la valeur manque",
            "ligne 4, uai : la valeur manque",
            "ligne 5, uai : la lettre de contrôle attendue est S",
            "ligne 6, uai : un UAI compte sept chiffres puis une lettre",
            "ligne 7, numero : déjà à la ligne 2",
            "ligne 8, numero : la ligne n’a pas autant de colonnes que la première",
            "ligne 9, numero : la ligne n’a pas autant de colonnes que la première",
            "ligne 10, numero : le texte n’est pas de l’UTF-8 valide",
            "ligne 12, numero : le texte est trop long ou contient des caractères de contrôle",
        ]
    );
}

#[test]
fn a_first_line_that_is_not_the_expected_one_says_what_is_expected() {
    for (texte, attendu) in [
        ("", "le fichier est vide"),
        ("1;0660713S\n", "la colonne 1 n’est pas connue"),
        ("numero\n1\n", "la colonne uai manque"),
        ("numero;uai;uai\n", "la colonne uai est donnée deux fois"),
    ] {
        let erreur = lire_etablissements(fichier(texte.as_bytes()).path()).unwrap_err();
        let message = erreur.to_string();
        assert!(message.contains(attendu), "{message}");
        assert!(
            message.ends_with("colonnes attendues : numero, uai"),
            "{message}"
        );
    }
}

#[test]
fn names_are_read_with_their_type_and_tool_or_without() {
    let tableau = noms("nom;service\nMon blog;ACTUALITES\n");
    assert_eq!(tableau.contenu[0].type_service, "");
    let tableau = noms("nom;service;type;outil\npronote;NOTES;TIERS;Pronote\nblog;ACTUALITES;;\n");
    assert!(tableau.refusees.is_empty());
    let lus: Vec<_> = tableau
        .contenu
        .iter()
        .map(|n| (&*n.nom, &*n.outil))
        .collect();
    assert_eq!(lus, [("blog", ""), ("pronote", "Pronote")]);
}

#[test]
fn names_that_the_plan_cannot_take_are_refused_with_the_nearest_code() {
    let tableau = noms(
        "nom;service;type;outil\nblog;cahier_de_texte;;\nNOTES;ABSENCES;;\nx;NOTES;AUTRE;\n\
         y;NOTES;NATIF;Pronote\nz;NOTES;;Pronote\nok;NOTES;TIERS;\nok;ABSENCES;;\n",
    );
    assert_eq!(tableau.contenu.len(), 1);
    assert_eq!(
        refus(&tableau),
        [
            "ligne 2, service : ce n’est pas un code du plan de marquage ; le plus proche est CAHIER_TEXTES",
            "ligne 3, nom : c’est déjà un code du plan de marquage : il garde son sens",
            "ligne 4, type : le type est NATIF, TIERS ou rien",
            "ligne 5, outil : un outil se donne avec le type TIERS",
            "ligne 6, outil : un outil se donne avec le type TIERS",
            "ligne 8, nom : déjà à la ligne 7",
        ]
    );
}
