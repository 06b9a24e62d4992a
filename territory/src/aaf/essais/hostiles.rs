//! Archives, bordereaux, and files that are not what they should be.

use std::io::{Cursor, Write as _};

use flate2::Compression;
use flate2::write::GzEncoder;
use zip::write::SimpleFileOptions;

use super::*;

fn eleves() -> String {
    fichier(&[ajout("1", &[("ENTPersonStructRattach", "52001")])])
}

fn zip(fichiers: &[(&str, &str)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (nom, contenu) in fichiers {
        archive
            .start_file(*nom, SimpleFileOptions::default())
            .unwrap();
        archive.write_all(contenu.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn entree(nom: &str, contenu: &[u8], genre: tar::EntryType) -> (tar::Header, Vec<u8>) {
    let mut entete = tar::Header::new_gnu();
    // Written as it is: the library refuses to write what a hostile archive holds.
    let brut = &mut entete.as_gnu_mut().unwrap().name;
    brut[..nom.len()].copy_from_slice(nom.as_bytes());
    entete.set_size(contenu.len() as u64);
    entete.set_entry_type(genre);
    entete.set_mode(0o644);
    entete.set_cksum();
    (entete, contenu.to_vec())
}

fn tar_gz(entrees: &[(tar::Header, Vec<u8>)]) -> Vec<u8> {
    let compresse = GzEncoder::new(Vec::new(), Compression::fast());
    let mut archive = tar::Builder::new(compresse);
    for (entete, contenu) in entrees {
        archive.append(entete, contenu.as_slice()).unwrap();
    }
    archive.into_inner().unwrap().finish().unwrap()
}

fn complet(categorie: &str) -> String {
    nom("Complet", "20261120", categorie)
}

fn deux() -> [(String, String); 2] {
    [
        (complet("EtabEducNat"), fichier(&structures())),
        (complet("Eleve"), eleves()),
    ]
}

/// A case, the words that its refusal has, and what is done to the bordereau.
type Altere<'c> = (&'c str, &'c str, &'c dyn Fn(&str) -> String);

#[test]
fn archives_are_read_like_files() {
    let [etab, eleve] = deux();
    let ordinaire = tar::EntryType::Regular;
    let archives = [
        (
            "x.zip",
            zip(&[(&etab.0, &etab.1), (&format!("d/{}", eleve.0), &eleve.1)]),
        ),
        (
            "x.tar.gz",
            tar_gz(&[
                // Persons before structures.
                entree(&format!("./d/{}", eleve.0), eleve.1.as_bytes(), ordinaire),
                entree(&etab.0, etab.1.as_bytes(), ordinaire),
            ]),
        ),
    ];
    for (nom, octets) in archives {
        let essai = Essai::avec_annuaire();
        let chemin = essai.deposer(nom, octets);
        let rapports = essai.importer(&chemin).unwrap();
        assert_eq!(rapports[0].fichiers.len(), 2, "{nom}");
        assert_eq!(
            essai.nombre(Niveau::Ecole, "0660713S", Profil::Eleve),
            Some(1)
        );
    }
}

#[test]
fn archives_with_paths_links_or_bombs_are_refused() {
    let eleve = complet("Eleve");
    let corps = eleves();
    let zeros = vec![b' '; 64 << 20];
    let (ordinaire, lien) = (tar::EntryType::Regular, tar::EntryType::Symlink);
    let cas = [
        (
            "a.zip",
            zip(&[(&format!("../{eleve}"), &corps)]),
            EntreeRefusee::Chemin,
        ),
        (
            "b.zip",
            zip(&[(&format!("/{eleve}"), &corps)]),
            EntreeRefusee::Chemin,
        ),
        (
            "c.zip",
            zip(&[(&eleve, std::str::from_utf8(&zeros).unwrap())]),
            EntreeRefusee::Demesuree,
        ),
        (
            "d.tar.gz",
            tar_gz(&[entree(
                &format!("a/../../{eleve}"),
                corps.as_bytes(),
                ordinaire,
            )]),
            EntreeRefusee::Chemin,
        ),
        (
            "e.tgz",
            tar_gz(&[entree(&eleve, b"", lien)]),
            EntreeRefusee::PasUnFichier,
        ),
        (
            "f.tar.gz",
            tar_gz(&[entree(&eleve, &zeros, ordinaire)]),
            EntreeRefusee::Demesuree,
        ),
    ];
    for (nom, octets, attendue) in cas {
        let essai = Essai::nouveau();
        let chemin = essai.deposer(nom, octets);
        match essai.importer(&chemin) {
            Err(AafErreur::Entree {
                entree: 1, raison, ..
            }) => assert_eq!(raison, attendue),
            autre => panic!("{nom} : {autre:?}"),
        }
    }
    let essai = Essai::nouveau();
    let chemin = essai.deposer("g.tar.gz", b"pas une archive");
    assert!(matches!(
        essai.importer(&chemin),
        Err(AafErreur::Archive { .. })
    ));
}

#[test]
fn files_that_differ_from_their_bordereau_are_refused_by_name() {
    let [etab, eleve] = deux();
    let lignes = |texte: &str| texte.lines().count();
    let juste = format!(
        "ENT66\n20261120\nx.zip\n{} {}\n{} {}\n",
        etab.0,
        lignes(&etab.1),
        eleve.0,
        lignes(&eleve.1)
    );
    let cas: [Altere<'_>; 5] = [
        ("lignes", "lignes annoncées", &|b: &str| {
            b.replace(&format!(" {}\n", lignes(&eleve.1)), " 4\n")
        }),
        (
            "manquant",
            "PersEducNat_0001.xml : annoncé, absent",
            &|b: &str| format!("{b}{} 3\n", complet("PersEducNat")),
        ),
        (
            "en trop",
            "Eleve_0001.xml : présent, non annoncé",
            &|b: &str| b.lines().take(4).fold(String::new(), |t, l| t + l + "\n"),
        ),
        ("archive", "nom annoncé", &|b: &str| {
            b.replace("x.zip", "y.zip")
        }),
        ("date", "daté du 2026-11-19", &|b: &str| {
            b.replace("\n20261120\n", "\n20261119\n")
        }),
    ];
    let essai = |bordereau: &str| {
        let mut essai = Essai::nouveau();
        essai.reglages.destinataire = "ENT66".to_owned();
        let archive = zip(&[
            ("bordereau.txt", bordereau),
            (&etab.0, &etab.1),
            (&eleve.0, &eleve.1),
        ]);
        essai.deposer("x.zip", archive);
        essai
    };
    let bon = essai(&juste);
    assert!(bon.importer(&bon.depot()).unwrap()[0].bordereau);
    for (quoi, attendu, changer) in cas {
        let essai = essai(&changer(&juste));
        let faute = essai.importer(&essai.depot()).unwrap_err().to_string();
        assert!(faute.contains(attendu), "{quoi} : {faute}");
        assert!(Effectifs::ouvrir(&essai.lac).is_ok());
        assert!(!essai.lac.aaf_source("ENT66").exists(), "{quoi}");
    }
    let mut autre = essai(&juste);
    autre.reglages.destinataire = "ENT31".to_owned();
    let faute = autre.importer(&autre.depot()).unwrap_err().to_string();
    assert!(faute.contains("destinataire"), "{faute}");
}

#[test]
fn xml_that_is_not_the_feeds_is_refused_with_its_place() {
    let corps = eleves();
    let bombe = corps.replace(
        "SYSTEM \"ficAlimMENESR.dtd\"",
        "[<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]",
    );
    let profond = format!("<ficAlimMENESR><addRequest>{}", "<a>".repeat(40));
    let long = format!(
        "<ficAlimMENESR><addRequest><attributes><attr name=\"{}\"",
        "x".repeat(3 << 20)
    );
    let cas = [
        (bombe, Raison::Doctype),
        (corps.replace("52001", "&nom;"), Raison::Entite),
        (corps.replace("ficAlimMENESR>", "autre>"), Raison::Racine),
        (corps.replace("addRequest", "autreRequest"), Raison::Requete),
        (corps[..corps.len() / 2].to_owned(), Raison::Tronque),
        (
            corps.replace("</value></attr>", "</attr></value>"),
            Raison::MalForme,
        ),
        (corps.replace("UTF-8", "UTF-16"), Raison::Encodage),
        (profond, Raison::Profondeur),
        (long, Raison::Longueur),
        (String::new(), Raison::Tronque),
    ];
    for (contenu, attendue) in cas {
        let essai = Essai::nouveau();
        let chemin = essai.deposer(&complet("Eleve"), contenu);
        match essai.importer(&chemin) {
            Err(AafErreur::Fichier { faute, .. }) => {
                assert_eq!(faute.raison, attendue);
                assert!(faute.ligne >= 1);
            }
            autre => panic!("{attendue:?} : {autre:?}"),
        }
        assert!(!essai.lac.aaf_source("ENT66").exists());
    }
}

#[test]
fn a_bad_record_is_left_out_and_located_and_the_rest_is_kept() {
    let essai = Essai::avec_annuaire();
    let [etab, _] = deux();
    essai.deposer(&etab.0, etab.1);
    let requetes = [
        ajout("1", &[("ENTPersonStructRattach", "52001")]),
        ajout("", &[("ENTPersonStructRattach", "52001")]),
        ajout(&"9".repeat(200), &[("ENTPersonStructRattach", "52001")]),
        changement("1", &[("ENTPersonStructRattach", "replace", "52002")]),
        ajout("2", &[("ENTPersonStructRattach", "52001")]).replace(
            "<operationalAttributes/>",
            "<operationalAttributes><attr name=\"categoriePersonne\"><value>PersEducNat</value>\
             </attr></operationalAttributes>",
        ),
        ajout("3", &[("ENTPersonStructRattach", &"52001|".repeat(30_000))]),
        ajout(
            "4",
            &[("ENTPersonStructRattach", "  &#53;200<![CDATA[1]]>  ")],
        ),
    ];
    essai.deposer(&complet("Eleve"), fichier(&requetes));
    let rapport = essai.importer_depot().remove(0);
    let eleve = rapport
        .fichiers
        .values()
        .find(|lu| lu.ecartes.nombre > 0)
        .unwrap();
    let raisons: Vec<Raison> = eleve.ecartes.exemples.iter().map(|f| f.raison).collect();
    assert_eq!(
        raisons,
        [
            Raison::Absente,
            Raison::Invalide,
            Raison::Complet,
            Raison::Categorie,
            Raison::Grandeur
        ]
    );
    assert_eq!(eleve.ecartes.exemples[0].ligne, 8);
    assert_eq!(eleve.pris, 2);
    assert_eq!(
        essai.nombre(Niveau::Ecole, "0660713S", Profil::Eleve),
        Some(2)
    );
}

#[test]
fn the_two_encodings_give_the_same_structures() {
    let texte = fichier(&structures()).replace("CERET", "CÉRET Œ €");
    let latin = texte.replace("UTF-8", "ISO-8859-15");
    let (latin, _, perte) = encoding_rs::ISO_8859_15.encode(&latin);
    assert!(!perte);
    let lire = |octets: &[u8]| {
        let essai = Essai::avec_annuaire();
        essai.deposer(&complet("EtabEducNat"), octets);
        essai.importer_depot();
        Annuaires::conflits(&essai.lac).unwrap()
    };
    let utf8 = lire(texte.as_bytes());
    assert_eq!(utf8, lire(&latin));
    assert!(utf8.iter().any(|conflit| conflit.aaf.contains("CÉRET Œ €")));
}

#[test]
fn nothing_of_the_feed_is_said_as_such() {
    let essai = Essai::nouveau();
    let chemin = essai.deposer("notes.txt", "bonjour");
    assert!(matches!(
        essai.importer(&chemin),
        Err(AafErreur::Rien { .. })
    ));
    assert!(matches!(
        essai.importer(&essai.depot()),
        Err(AafErreur::Rien { .. })
    ));
    let absent = essai.depot().join("absent");
    assert!(matches!(
        essai.importer(&absent),
        Err(AafErreur::Lecture { .. })
    ));
}
