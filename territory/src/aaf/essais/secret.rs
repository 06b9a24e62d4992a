//! Nothing of a person on the disk or in a message.

use std::os::unix::fs::{MetadataExt, PermissionsExt};

use super::*;

const PLANTES: [&str; 6] = [
    "QUINTEFEUILLE",
    "Zoé-Plantée",
    "2016-07-31",
    "17 impasse du Secret",
    "0771994455K",
    "987654321012",
];

fn champs<'c>(rattachement: &'c str, lien: &'c str) -> Vec<(&'static str, &'c str)> {
    vec![
        ("ENTPersonNom", PLANTES[0]),
        ("ENTPersonPrenom", PLANTES[1]),
        ("ENTPersonDateNaissance", PLANTES[2]),
        ("ENTPersonAdresse", PLANTES[3]),
        ("ENTEleveINE", PLANTES[4]),
        ("ENTPersonStructRattach", rattachement),
        ("ENTEleveAutoriteParentale", lien),
        ("ENTPersRelEleveEleve", lien),
        ("ENTPersonFonctions", rattachement),
        ("ENTPersonCategorieEnseignant", lien),
    ]
}

fn parcourir(dossier: &Path, voir: &mut dyn FnMut(&Path, &[u8])) {
    for entree in fs::read_dir(dossier).unwrap() {
        let chemin = entree.unwrap().path();
        if chemin.is_dir() {
            parcourir(&chemin, voir);
        } else {
            voir(&chemin, &fs::read(&chemin).unwrap());
        }
    }
}

/// Parquet unfolded: every column as text.
fn deplier(chemin: &Path) -> String {
    let fichier = fs::File::open(chemin).unwrap();
    let constructeur =
        parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(fichier).unwrap();
    let mut texte = format!("{:?}", constructeur.metadata().file_metadata());
    for lot in constructeur.build().unwrap() {
        let _ = write!(texte, "{:?}", lot.unwrap());
    }
    texte
}

#[test]
fn planted_persons_are_found_nowhere_after_good_and_bad_imports() {
    let essai = Essai::avec_annuaire();
    let mut dits = String::new();
    let categories = ["Eleve", "PersRelEleve", "PersEducNat"];
    // Every planted value as identifier, attachment and link, in every category.
    let requetes: Vec<String> = PLANTES
        .iter()
        .map(|plante| ajout(plante, &champs(plante, plante)))
        .chain([ajout(PLANTES[5], &champs("52001", PLANTES[4]))])
        .collect();
    let bon = fichier(&requetes);
    let mauvais = [
        bon.clone(),
        bon.replace("</value></attr>\n</attributes>", "</attr>"),
        bon[..bon.len() - 200].to_owned(),
        bon.replace(
            "SYSTEM \"ficAlimMENESR.dtd\"",
            "[<!ENTITY a \"QUINTEFEUILLE\">]",
        ),
        bon.replace("17 impasse", "&QUINTEFEUILLE;"),
        bon.replace("addRequest", "QUINTEFEUILLE"),
    ];
    for (rang, contenu) in mauvais.iter().enumerate() {
        let etab = nom("Complet", "20261120", "EtabEducNat");
        essai.deposer(&etab, fichier(&structures()));
        for categorie in categories {
            essai.deposer(&nom("Complet", "20261120", categorie), contenu);
        }
        match essai.importer(&essai.depot()) {
            Ok(rapports) => {
                assert_eq!(rang, 0);
                let _ = write!(dits, "{} {rapports:?}", rapports[0]);
            }
            Err(faute) => {
                assert!(rang > 0, "{faute}");
                let _ = write!(dits, "{faute} {faute:?}");
            }
        }
    }
    let effectifs = Effectifs::ouvrir(&essai.lac).unwrap();
    let _ = write!(dits, "{effectifs:?}");
    let eleves = essai.nombre(Niveau::Ecole, "0660713S", Profil::Eleve);
    assert_eq!(eleves, Some(1));

    let mut vus = 0;
    parcourir(essai.lac.racine(), &mut |chemin, octets| {
        vus += 1;
        let mut texte = String::from_utf8_lossy(octets).into_owned();
        if chemin.extension().is_some_and(|e| e == "parquet") {
            texte += &deplier(chemin);
        }
        for plante in PLANTES {
            assert!(
                !texte.contains(plante),
                "{plante} dans {}",
                chemin.display()
            );
        }
    });
    assert!(vus >= 6, "{vus} fichiers lus");
    for plante in PLANTES {
        assert!(!dits.contains(plante), "{plante} dans {dits}");
    }
}

#[test]
fn the_key_and_the_persons_are_for_this_user_only() {
    let essai = Essai::avec_annuaire();
    deposer_complet(&essai, "20261120");
    essai.importer_depot();
    let droits = |chemin: &Path| fs::metadata(chemin).unwrap().mode() & 0o777;
    let cle = essai.lac.cles().join("aaf.jointures");
    assert_eq!(droits(&cle), 0o600);
    assert_eq!(droits(&essai.lac.aaf_source("ENT66")), 0o700);
    // A key that others may have read is not used.
    fs::set_permissions(&cle, fs::Permissions::from_mode(0o644)).unwrap();
    deposer_complet(&essai, "20261121");
    let faute = essai.importer(&essai.depot()).unwrap_err();
    assert!(matches!(faute, AafErreur::Cle { .. }), "{faute}");
}
