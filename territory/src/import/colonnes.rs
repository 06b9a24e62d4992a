//! Where each useful column is in a file, whatever its vintage.

use csv::ByteRecord;

use crate::recherche::plier;

/// A column that the product reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
pub(super) enum Colonne {
    Uai,
    Nom,
    Type,
    CodeCommune,
    Commune,
    CodeDepartement,
    Departement,
    CodeAcademie,
    Academie,
    CodeRegion,
    Region,
    Secteur,
    Effectif,
    Prioritaire,
    CodeCirconscription,
    Circonscription,
    Latitude,
    Longitude,
    Position,
    Etat,
    Ministere,
    CodeNature,
    Nature,
    MiseAJour,
}

use Colonne as C;

/// A column, its published name, and whether a file without it is not the directory.
const COLONNES: [(Colonne, &str, Presence); 24] = [
    (C::Uai, "Identifiant_de_l_etablissement", Presence::Exigee),
    (C::Nom, "Nom_etablissement", Presence::Exigee),
    (C::Type, "Type_etablissement", Presence::Exigee),
    (C::CodeCommune, "Code_commune", Presence::Exigee),
    (C::Commune, "Nom_commune", Presence::Exigee),
    (C::CodeDepartement, "Code_departement", Presence::Exigee),
    (C::Departement, "Libelle_departement", Presence::Exigee),
    (C::CodeAcademie, "Code_academie", Presence::Exigee),
    (C::Academie, "Libelle_academie", Presence::Exigee),
    (C::CodeRegion, "Code_region", Presence::Exigee),
    (C::Region, "Libelle_region", Presence::Exigee),
    (C::Secteur, "Statut_public_prive", Presence::Exigee),
    (C::Effectif, "Nombre_d_eleves", Presence::Variable),
    (
        C::Prioritaire,
        "Appartenance_Education_Prioritaire",
        Presence::Variable,
    ),
    (
        C::CodeCirconscription,
        "code_circonscription",
        Presence::Variable,
    ),
    (
        C::Circonscription,
        "nom_circonscription",
        Presence::Variable,
    ),
    (C::Latitude, "latitude", Presence::Variable),
    (C::Longitude, "longitude", Presence::Variable),
    (C::Position, "position", Presence::Variable),
    (C::Etat, "etat", Presence::Variable),
    (C::Ministere, "ministere_tutelle", Presence::Variable),
    (C::CodeNature, "code_nature", Presence::Variable),
    (C::Nature, "libelle_nature", Presence::Variable),
    (C::MiseAJour, "date_maj_ligne", Presence::Variable),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Presence {
    Exigee,
    Variable,
}

impl Colonne {
    /// The name under which the directory publishes it.
    pub(super) fn nom(self) -> &'static str {
        COLONNES[self as usize].1
    }
}

/// The place of each column in a file's lines.
#[derive(Debug)]
pub(super) struct Colonnes {
    places: [Option<usize>; COLONNES.len()],
    nombre: usize,
}

impl Colonnes {
    /// Finds the columns by their names, whatever their order, case, accents and separators
    /// (`Code postal` and `Code_postal` are one name).
    ///
    /// # Errors
    /// The names of the required columns that are absent.
    pub(super) fn reperer(entete: &ByteRecord) -> Result<Self, Vec<&'static str>> {
        let noms: Vec<String> = entete
            .iter()
            .map(|nom| plier(&String::from_utf8_lossy(nom)))
            .collect();
        let mut places = [None; COLONNES.len()];
        let mut manquantes = Vec::new();
        for (colonne, nom, presence) in COLONNES {
            let place = noms.iter().position(|lu| *lu == plier(nom));
            if place.is_none() && presence == Presence::Exigee {
                manquantes.push(nom);
            }
            places[colonne as usize] = place;
        }
        if manquantes.is_empty() {
            Ok(Self {
                places,
                nombre: noms.len(),
            })
        } else {
            Err(manquantes)
        }
    }

    /// The number of columns of a whole line.
    pub(super) fn nombre(&self) -> usize {
        self.nombre
    }

    /// The bytes of a column in a line, trimmed; empty when the file has no such column.
    pub(super) fn octets<'l>(&self, ligne: &'l ByteRecord, colonne: Colonne) -> &'l [u8] {
        self.places[colonne as usize]
            .and_then(|place| ligne.get(place))
            .unwrap_or_default()
            .trim_ascii()
    }
}
