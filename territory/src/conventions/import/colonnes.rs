//! The columns of a file of conventions, under the names that people give them.

use csv::ByteRecord;

use crate::recherche::plier;

/// A column that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
pub(super) enum Colonne {
    Convention,
    Autorite,
    Siret,
    Fournisseur,
    Plateforme,
    Uai,
    Entree,
    Sortie,
    Debut,
    Fin,
    Prix,
}

use Colonne as C;

const CONNUES: [(Colonne, Presence, &[&str]); 11] = [
    (
        C::Convention,
        Presence::Facultative,
        &["reference", "numero", "id"],
    ),
    (
        C::Autorite,
        Presence::Exigee,
        &["commune", "code_commune", "collectivite", "signataire"],
    ),
    (C::Siret, Presence::Facultative, &["numero_siret"]),
    (
        C::Fournisseur,
        Presence::Exigee,
        &["editeur", "exploitant", "prestataire"],
    ),
    (C::Plateforme, Presence::Exigee, &["ent", "projet"]),
    (
        C::Uai,
        Presence::Exigee,
        &["code_uai", "rne", "identifiant_de_l_etablissement"],
    ),
    (
        C::Entree,
        Presence::Facultative,
        &["date_entree", "entree_ecole"],
    ),
    (
        C::Sortie,
        Presence::Facultative,
        &["date_sortie", "sortie_ecole"],
    ),
    (C::Debut, Presence::Exigee, &["date_debut"]),
    (C::Fin, Presence::Exigee, &["date_fin", "echeance"]),
    (
        C::Prix,
        Presence::Facultative,
        &["prix_annuel", "prix_ecole", "participation", "tarif"],
    ),
];

/// The columns, under the names by which refusals call them.
pub const COLONNES: [&str; 11] = [
    "convention",
    "autorite",
    "siret",
    "fournisseur",
    "plateforme",
    "uai",
    "entree",
    "sortie",
    "debut",
    "fin",
    "prix",
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Presence {
    Exigee,
    Facultative,
}

/// A first line that does not suit.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EnteteRefusee {
    /// There is nothing in the file.
    #[error("le fichier est vide")]
    Vide,
    /// Columns are missing.
    #[error("colonnes absentes de la première ligne : {}", .0.join(", "))]
    Absentes(Vec<&'static str>),
    /// A column is there twice, under one name or two.
    #[error("la colonne {0} est donnée deux fois")]
    Double(&'static str),
}

impl Colonne {
    /// The name by which refusals call it.
    pub(super) fn nom(self) -> &'static str {
        COLONNES[self as usize]
    }
}

/// The place of each column in a file's rows.
#[derive(Debug)]
pub(super) struct Colonnes {
    places: [Option<usize>; COLONNES.len()],
    nombre: usize,
    ignorees: Vec<String>,
}

impl Colonnes {
    /// Finds the columns by their names, whatever their order, case, accents and separators.
    pub(super) fn reperer(entete: &ByteRecord) -> Result<Self, EnteteRefusee> {
        let mut colonnes = Self {
            places: [None; COLONNES.len()],
            nombre: entete.len(),
            ignorees: Vec::new(),
        };
        for (place, nom) in entete.iter().enumerate() {
            let nom = String::from_utf8_lossy(nom);
            let plie = plier(&nom);
            let connue = CONNUES.iter().find(|(colonne, _, alias)| {
                plie == plier(colonne.nom()) || alias.iter().any(|a| plie == plier(a))
            });
            let Some((colonne, ..)) = connue else {
                let nom = nom.trim().chars().take(40).collect::<String>();
                colonnes.ignorees.extend((!nom.is_empty()).then_some(nom));
                continue;
            };
            if colonnes.places[*colonne as usize].replace(place).is_some() {
                return Err(EnteteRefusee::Double(colonne.nom()));
            }
        }
        let absentes: Vec<&'static str> = CONNUES
            .iter()
            .filter(|(colonne, presence, _)| {
                *presence == Presence::Exigee && colonnes.places[*colonne as usize].is_none()
            })
            .map(|(colonne, ..)| colonne.nom())
            .collect();
        if absentes.is_empty() {
            Ok(colonnes)
        } else {
            Err(EnteteRefusee::Absentes(absentes))
        }
    }

    /// The number of columns of a whole row.
    pub(super) fn nombre(&self) -> usize {
        self.nombre
    }

    /// The names that mean nothing here.
    pub(super) fn ignorees(self) -> Vec<String> {
        self.ignorees
    }

    /// The bytes of a column in a row, trimmed; empty when the file has no such column.
    pub(super) fn octets<'l>(&self, ligne: &'l ByteRecord, colonne: Colonne) -> &'l [u8] {
        self.places[colonne as usize]
            .and_then(|place| ligne.get(place))
            .unwrap_or_default()
            .trim_ascii()
    }
}
