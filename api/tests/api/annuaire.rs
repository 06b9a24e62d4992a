//! A directory of a few schools.

use std::fmt::Write;

use frequent_plan::{Lac, Uai};

/// A school: its number, name, type, commune, circonscription (0 for none) and state.
type Ecole = (u32, &'static str, &'static str, Commune, u32, &'static str);

#[derive(Clone, Copy)]
pub enum Commune {
    Toulouse,
    Muret,
    Montpellier,
}

use Commune::{Montpellier, Muret, Toulouse};

pub const ECOLES: [Ecole; 7] = [
    (
        1,
        "Ecole élémentaire Jean Jaurès",
        "Ecole",
        Toulouse,
        1,
        "OUVERT",
    ),
    (2, "=Ecole des Lilas", "Ecole", Toulouse, 1, "OUVERT"),
    (
        3,
        "Ecole Étienne Billières",
        "Ecole",
        Toulouse,
        2,
        "A FERMER",
    ),
    (4, "Ecole Jean Jaurès", "Ecole", Muret, 2, "OUVERT"),
    (5, "Ecole Jean Jaurès", "Ecole", Montpellier, 3, "OUVERT"),
    (6, "Ecole fermée", "Ecole", Toulouse, 1, "FERME"),
    (
        7,
        "Collège Pierre de Fermat",
        "Collège",
        Toulouse,
        0,
        "OUVERT",
    ),
];

/// A school that a later directory adds.
pub const ECOLE_NEUVE: Ecole = (8, "Ecole neuve", "Ecole", Muret, 2, "OUVERT");

const ENTETE: &str = "Identifiant_de_l_etablissement;Nom_etablissement;Type_etablissement;\
    Statut_public_prive;Code_commune;Nom_commune;Code_departement;Libelle_departement;\
    Code_academie;Libelle_academie;Code_region;Libelle_region;Nombre_d_eleves;\
    code_circonscription;nom_circonscription;latitude;longitude;etat;libelle_nature";

impl Commune {
    fn colonnes(self) -> &'static str {
        match self {
            Toulouse => "31555;Toulouse;031;Haute-Garonne;16;Toulouse;76;Occitanie",
            Muret => "31395;Muret;031;Haute-Garonne;16;Toulouse;76;Occitanie",
            Montpellier => "34172;Montpellier;034;Hérault;11;Montpellier;76;Occitanie",
        }
    }
}

/// The identifier of a school.
pub fn ecole(numero: u32) -> String {
    let departement = if numero == 5 { 340_000 } else { 310_000 };
    Uai::depuis_nombre(departement + numero).to_string()
}

/// The identifier of a circonscription.
pub fn circonscription(numero: u32) -> String {
    Uai::depuis_nombre(319_000 + numero).to_string()
}

/// Imports a directory of these schools, in force from a day on.
pub fn importer(lac: &Lac, validite: &str, ecoles: &[Ecole]) {
    let mut csv = format!("{ENTETE}\n");
    for &(numero, nom, type_, commune, circo, etat) in ecoles {
        let uai = ecole(numero);
        let commune = commune.colonnes();
        let circo = match circo {
            0 => ";".to_owned(),
            numero => format!("{};Circonscription {numero}", circonscription(numero)),
        };
        let fin = format!("120;{circo};43.6;1.44;{etat};ECOLE DE NIVEAU ELEMENTAIRE");
        writeln!(csv, "{uai};{nom};{type_};Public;{commune};{fin}").unwrap();
    }
    let chemin = lac.racine().join("annuaire.csv");
    std::fs::write(&chemin, csv).unwrap();
    let validite = validite.parse().unwrap();
    frequent_territory::import::importer(lac, &chemin, validite).unwrap();
}
