//! Who a person is: all of it made up, and none of it like anything real, so that it can be looked
//! for anywhere.

use super::monde::Rang;
use crate::hasard::numero;

/// Which list a person is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Registre {
    Eleves,
    Agents,
    Parents,
}

impl Registre {
    fn lettre(self) -> char {
        match self {
            Self::Eleves => '1',
            Self::Agents => '2',
            Self::Parents => '3',
        }
    }

    fn naissances(self) -> u64 {
        match self {
            Self::Eleves => 2009,
            Self::Agents | Self::Parents => 1965,
        }
    }
}

/// What the feed says of a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct EtatCivil {
    pub(super) nom: String,
    pub(super) prenom: String,
    /// `dd/mm/yyyy`.
    pub(super) naissance: String,
    pub(super) adresse: String,
    pub(super) courriel: String,
    pub(super) ine: String,
}

/// Odd and no multiple of five: each rank gives another number below [`DIX_PUISSANCE_ONZE`].
const PAS: u64 = 48_271_000_007;
const DIX_PUISSANCE_ONZE: u64 = 100_000_000_000;

/// The joining identifier of a person: twelve digits, that no figure has by chance.
pub(super) fn identifiant(registre: Registre, rang: Rang) -> String {
    let numero = (u128::from(rang) + 1) * u128::from(PAS) % u128::from(DIX_PUISSANCE_ONZE);
    format!("{}{numero:011}", registre.lettre())
}

const DEBUTS: [&str; 16] = [
    "Zorv", "Quimb", "Œlfr", "Brivaz", "Thoïx", "Gwendur", "Plouzk", "Vélimb", "Krastol", "Yzarn",
    "Fjorbel", "Hélioz", "Morvax", "Xantrel", "Drôlan", "Skelmir",
];
const MILIEUX: [&str; 16] = [
    "anot", "élisk", "ombaz", "urvène", "ixor", "aulmé", "yndra", "okvist", "embral", "usc",
    "iprel", "arzan", "ôtrem", "évik", "ulgar", "omnèz",
];
const FINS: [&str; 16] = [
    "zic", "vèrne", "douk", "lioz", "quar", "mbre", "xelle", "stov", "rânt", "gwic", "phène",
    "tzar", "brusk", "joïc", "vlad", "zulme",
];
const VOIES: [&str; 4] = ["sentier des", "impasse aux", "passage du", "venelle des"];

impl EtatCivil {
    pub(super) fn de(graine: u64, registre: Registre, rang: Rang) -> Self {
        let mut octets = [0; 5];
        octets[..4].copy_from_slice(&rang.to_be_bytes());
        octets[4] = registre.lettre() as u8;
        let sort = |objet: u64| numero(graine ^ objet, &octets);
        let mot = |objet| {
            let sort = sort(objet);
            let octets = sort.to_be_bytes();
            let choisi =
                |liste: [&'static str; 16], place: usize| liste[usize::from(octets[place] % 16)];
            [
                choisi(DEBUTS, 0),
                choisi(MILIEUX, 1),
                choisi(FINS, 2),
                choisi(MILIEUX, 3),
            ]
            .concat()
        };
        let (nom, prenom) = (mot(1).to_uppercase(), mot(2));
        let naissance = sort(3);
        let voie = VOIES[usize::from(sort(4).to_be_bytes()[0] % 4)];
        Self {
            naissance: format!(
                "{:02}/{:02}/{}",
                1 + naissance % 28,
                1 + (naissance >> 8) % 12,
                registre.naissances() + (naissance >> 16) % 13
            ),
            adresse: format!("{} {voie} {}", 1 + sort(4) % 900, mot(5)),
            courriel: format!("personne.{:016x}@messagerie.invalid", sort(6)),
            ine: format!("{:09}{}", sort(7) % 1_000_000_000, mot(8).to_uppercase()),
            nom,
            prenom,
        }
    }
}
