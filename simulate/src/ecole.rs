//! A school as the simulation lives it.

use frequent_plan::{Profil, Uai, Zone};
use frequent_territory::{Ecole, plier};

use crate::hasard::{Hasard, numero};
use crate::modele::Modele;

const PROFILS: usize = Profil::TOUS.len();

/// One parent in twelve has children in several schools of the commune.
const PARENT_PARTAGE: u32 = 12;
/// One teacher in fifteen is a parent in the school.
const ENSEIGNANT_PARENT: u32 = 15;

/// The kind of a school.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Degre {
    /// Nursery and elementary schools.
    Primaire,
    /// Collèges.
    College,
    /// Lycées, EREA, classes after the baccalauréat.
    Lycee,
    /// Special-needs establishments and others, which rarely have an ENT.
    Autre,
}

impl Degre {
    /// Every kind.
    pub const TOUS: &'static [Self] = &[Self::Primaire, Self::College, Self::Lycee, Self::Autre];

    /// The kind of a school, by its type in the directory.
    #[must_use]
    pub fn de_ecole(ecole: &Ecole) -> Self {
        match plier(&ecole.type_etablissement).as_str() {
            "ecole" => Self::Primaire,
            "college" => Self::College,
            "lycee" | "erea" | "" => Self::Lycee,
            _ => Self::Autre,
        }
    }

    /// The name of this kind.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Primaire => "primaire",
            Self::College => "college",
            Self::Lycee => "lycee",
            Self::Autre => "autre",
        }
    }
}

/// What becomes of the ENT in a school, counted in days after classes began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Conduite {
    /// It never starts.
    Jamais,
    /// It starts on a day, then grows for eight weeks.
    Montee {
        /// The day.
        debut: i32,
    },
    /// It breaks off on a day: a tag removed, a platform left.
    Chute {
        /// The day.
        le: i32,
    },
    /// Part of its use is lost on a day: most of those who came come no more.
    Baisse {
        /// The day.
        le: i32,
    },
    /// It is used more from a day on: someone came and showed what it is for.
    Elan {
        /// The day.
        le: i32,
    },
    /// Those who work there come, and neither pupils nor parents: families have no accounts yet.
    SansFamilles,
    /// It goes on.
    Reguliere,
}

impl Conduite {
    /// The share of its full traffic that a school has on a day.
    #[must_use]
    pub fn part(self, depuis_rentree: i32) -> f64 {
        match self {
            Self::Jamais => 0.0,
            Self::Reguliere | Self::SansFamilles => 1.0,
            Self::Montee { debut } if depuis_rentree < debut => 0.0,
            Self::Montee { debut } => {
                (0.15 + 0.85 * f64::from(depuis_rentree - debut) / 56.0).min(1.0)
            }
            Self::Chute { le } if depuis_rentree < le => 1.0,
            Self::Chute { .. } => 0.03,
            Self::Baisse { le } => {
                if depuis_rentree < le {
                    1.0
                } else {
                    0.3
                }
            }
            Self::Elan { le } => {
                if depuis_rentree < le {
                    1.0
                } else {
                    1.5
                }
            }
        }
    }

    /// Whether anyone of this profile comes at all.
    #[must_use]
    pub const fn vient(self, profil: Profil) -> bool {
        !matches!(
            (self, profil),
            (Self::SansFamilles, Profil::Eleve | Profil::Parent)
        )
    }
}

/// A school of the simulation.
#[derive(Debug, Clone)]
pub struct EcoleSimulee {
    /// The school.
    pub uai: Uai,
    /// Its kind.
    pub degre: Degre,
    /// What becomes of its ENT.
    pub conduite: Conduite,
    /// Its holidays. Corse and overseas calendars are not published by zone: zone C stands for
    /// them.
    pub(crate) zone: Zone,
    /// Rank of its platform in the settings.
    pub(crate) plateforme: usize,
    /// Visits of each profile on a full day.
    pub(crate) visites: [f64; PROFILS],
    /// Persons of each profile.
    pub(crate) personnes: [u32; PROFILS],
    /// What the identifiers of its persons are made from: the school's, and the commune's.
    cles: (u64, u64),
}

impl EcoleSimulee {
    /// What this school is under this seed. `intensite` multiplies its persons and its visits.
    pub(crate) fn new(
        ecole: &Ecole,
        plateforme: usize,
        modele: &Modele,
        graine: u64,
        intensite: f64,
    ) -> Self {
        let mut hasard = Hasard::ecole(graine, ecole.uai);
        let degre = Degre::de_ecole(ecole);
        let fiche = modele.degre(degre);
        let taille = hasard.entre(0.6, 1.4) * f64::from(fiche.effectif);
        let eleves = ecole.effectif.map_or(taille, f64::from);
        let entrain = hasard.entre(0.35, 1.65);
        let total: f64 = fiche.parts.values().sum();
        let visites = eleves * fiche.visites_par_eleve * entrain * intensite;
        let conduite = conduite(&mut hasard, fiche.jamais, fiche.montee, fiche.chute);
        let par_profil = |profil: &Profil| {
            let part = fiche.parts.get(profil).copied().unwrap_or_default();
            visites * part / total
        };
        let personnes = |profil: &Profil| {
            let fiche = modele.profil(*profil);
            let nombre = (eleves * fiche.par_eleve + f64::from(fiche.de_plus)) * intensite;
            entier(nombre.ceil())
        };
        Self {
            uai: ecole.uai,
            degre,
            conduite,
            zone: ecole.zone().unwrap_or(Zone::C),
            plateforme,
            visites: std::array::from_fn(|rang| par_profil(&Profil::TOUS[rang])),
            personnes: std::array::from_fn(|rang| personnes(&Profil::TOUS[rang])),
            cles: (
                numero(graine, ecole.uai.octets()),
                numero(graine, ecole.commune.code.as_bytes()),
            ),
        }
    }

    /// The person of a profile and rank. Some parents are in other schools of the commune too, and
    /// some teachers are parents in the school.
    pub(crate) fn personne(&self, profil: Profil, rang: u32) -> u64 {
        let (ecole, commune) = self.cles;
        match profil {
            Profil::Parent if rang.is_multiple_of(PARENT_PARTAGE) => {
                personne(commune, Profil::Parent, rang / PARENT_PARTAGE)
            }
            Profil::Enseignant if rang % ENSEIGNANT_PARENT == 7 => {
                self.personne(Profil::Parent, rang)
            }
            autre => personne(ecole, autre, rang),
        }
    }
}

fn personne(cle: u64, profil: Profil, rang: u32) -> u64 {
    let mut octets = [profil.rang(); 5];
    octets[..4].copy_from_slice(&rang.to_be_bytes());
    numero(cle, &octets)
}

fn conduite(hasard: &mut Hasard, jamais: f64, montee: f64, chute: f64) -> Conduite {
    let sort = hasard.fraction();
    let jour = |bas, haut, hasard: &mut Hasard| -> i32 {
        i32::try_from(hasard.sous(haut - bas) + bas).unwrap_or(i32::MAX)
    };
    if sort < jamais {
        Conduite::Jamais
    } else if sort < jamais + montee {
        Conduite::Montee {
            debut: jour(7, 70, hasard),
        }
    } else if sort < jamais + montee + chute {
        Conduite::Chute {
            le: jour(25, 110, hasard),
        }
    } else {
        Conduite::Reguliere
    }
}

/// The whole number of a positive float, which a school's size never takes past 32 bits.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "saturating is what is wanted"
)]
pub(crate) fn entier(nombre: f64) -> u32 {
    nombre as u32
}
