use frequent_territory::import::importer;

use super::*;
use crate::comptes::{Compte, Perimetre};

impl Secrete for String {
    type Rendu = Self;

    fn masquer(self) -> Result<Self, LectureErreur> {
        Ok(self)
    }
}

#[tokio::test]
async fn nothing_is_read_of_what_is_outside_the_perimeter() {
    let dossier = tempfile::tempdir().unwrap();
    let lac = frequent_plan::Lac::new(dossier.path());
    let chemin = dossier.path().join("annuaire.csv");
    let entete = "Identifiant_de_l_etablissement;Nom_etablissement;Type_etablissement;Statut_public_prive;Code_commune;Nom_commune;Code_departement;Libelle_departement;Code_academie;Libelle_academie;Code_region;Libelle_region";
    let uai = Uai::depuis_nombre(310_001);
    let ligne =
        format!("{uai};A;Ecole;Public;31555;Toulouse;031;Haute-Garonne;16;Toulouse;76;Occitanie");
    std::fs::write(&chemin, format!("{entete}\n{ligne}\n")).unwrap();
    importer(&lac, &chemin, "2024-11-26".parse().unwrap()).unwrap();
    let annuaires = Arc::new(Annuaires::ouvrir(&lac).unwrap());
    let appelant = Appelant::new(Compte {
        identifiant: "a".to_owned(),
        nom: "A".to_owned(),
        droits: "commune:31555".parse::<Perimetre>().unwrap().into(),
    });
    let lire = async |niveau: Niveau, code: &str| {
        let mut lu = false;
        let chiffres = sortir(&appelant, &annuaires, (niveau, code), |portee| {
            lu = true;
            async move { Ok(Brutes::new(portee.code().to_owned())) }
        })
        .await;
        (chiffres, lu)
    };
    let (chiffres, lu) = lire(Niveau::Commune, "31555").await;
    assert_eq!((chiffres.unwrap().as_str(), lu), ("31555", true));
    // The only school of the commune is the only one of the circonscription: nothing more is told.
    let (chiffres, lu) = lire(Niveau::Departement, "031").await;
    assert_eq!((chiffres.unwrap().as_str(), lu), ("031", true));
    let (refus, lu) = lire(Niveau::National, "FR").await;
    assert!(matches!(refus, Err(Erreur::HorsPerimetre)) && !lu);
    let (refus, lu) = lire(Niveau::Commune, "99999").await;
    assert!(matches!(refus, Err(Erreur::TerritoireInconnu { .. })) && !lu);
}
