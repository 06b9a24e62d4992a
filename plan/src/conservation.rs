//! How long what is kept is kept, and what is due for destruction on a day: a pure function of what
//! there is, the durations and the date. Whoever destroys asks it, and destroys that and no more.

use std::fmt;

use jiff::ToSpan;
use serde::{Deserialize, Serialize};

use crate::jour::{AnneeScolaire, Grain, Jour, Periode};

/// Longest life of raw events, in months: what the CNIL allows audience measurement.
pub const PLAFOND_BRUTS_MOIS: u32 = 25;
/// Longest life of a tracer, in months: of a key since the first day of its school year, of a row
/// of presence since the days that it dates.
pub const PLAFOND_TRACEURS_MOIS: u32 = 13;
/// Months of a year.
const MOIS_DE_L_ANNEE: u32 = 12;
/// Most months that a key outlives its school year: it is then 13 months old.
const CLES_MOIS_MAX: u32 = PLAFOND_TRACEURS_MOIS - MOIS_DE_L_ANNEE;
/// Most months that the presence of a school year outlives it.
const PRESENCE_MOIS_MAX: u32 = 2;

/// How long each table is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Durees {
    /// Raw events, in days after their own.
    pub evenements_jours: u32,
    /// Presence, in months after its school year's end.
    pub presence_mois: u32,
    /// Keys, in months after their school year's end.
    pub cles_mois: u32,
    /// Cells, in years after their period's end.
    pub cumuls_annees: u32,
    /// Signed receipts, in months.
    pub recus_mois: u32,
    /// Tagging quality, in months.
    pub qualite_mois: u32,
    /// What is known of files already imported, in months.
    pub imports_mois: u32,
    /// Accounts, in months after they last served.
    pub comptes_mois: u32,
    /// The audit trail, in months.
    pub audit_mois: u32,
}

impl Durees {
    /// What is beyond what the law allows, in words for whoever wrote it.
    #[must_use]
    pub fn fautes(&self) -> Vec<String> {
        let mut fautes = Vec::new();
        // 25 months are 760 days at least.
        if !(35..=760).contains(&self.evenements_jours) {
            fautes.push(format!(
                "conservation.evenements_jours : de 35 à 760 jours ({PLAFOND_BRUTS_MOIS} mois au plus)"
            ));
        }
        if self.presence_mois > PRESENCE_MOIS_MAX {
            fautes.push(format!(
                "conservation.presence_mois : {PRESENCE_MOIS_MAX} mois au plus après l’année scolaire"
            ));
        }
        if self.cles_mois > CLES_MOIS_MAX {
            fautes.push(format!(
                "conservation.cles_mois : {CLES_MOIS_MAX} mois au plus après l’année scolaire \
                 (traceurs : {PLAFOND_TRACEURS_MOIS} mois)"
            ));
        }
        for (nom, valeur, (plancher, plafond)) in [
            ("cumuls_annees", self.cumuls_annees, (1, 30)),
            ("recus_mois", self.recus_mois, (1, 120)),
            ("qualite_mois", self.qualite_mois, (1, 60)),
            // Longer than any raw event: nothing is imported again where it could count twice.
            (
                "imports_mois",
                self.imports_mois,
                (PLAFOND_BRUTS_MOIS + 1, 60),
            ),
            ("comptes_mois", self.comptes_mois, (3, 36)),
            ("audit_mois", self.audit_mois, (6, 12)),
        ] {
            if !(plancher..=plafond).contains(&valeur) {
                fautes.push(format!("conservation.{nom} : de {plancher} à {plafond}"));
            }
        }
        fautes
    }
}

/// Something that is kept, and can be destroyed whole.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Objet {
    /// The raw events of a day.
    Evenements(Jour),
    /// The presence of a period.
    Presence(Periode),
    /// The cells of a period, at every level.
    Cumuls(Periode),
    /// The receipts of a day.
    Recus(Jour),
    /// The tagging quality of a day.
    Qualite(Jour),
    /// What is known of the files imported on a day.
    Imports(Jour),
    /// The pseudonym key of a platform and school year.
    Cle(AnneeScolaire, String),
}

impl Objet {
    /// The table's name.
    #[must_use]
    pub fn table(&self) -> &'static str {
        match self {
            Self::Evenements(_) => "evenements",
            Self::Presence(_) => "presence",
            Self::Cumuls(_) => "cumuls",
            Self::Recus(_) => "recus",
            Self::Qualite(_) => "qualite",
            Self::Imports(_) => "imports",
            Self::Cle(..) => "cles",
        }
    }

    /// Which part of the table: a day, a period, a key's school year and platform.
    #[must_use]
    pub fn partie(&self) -> String {
        match self {
            Self::Evenements(jour)
            | Self::Recus(jour)
            | Self::Qualite(jour)
            | Self::Imports(jour) => jour.to_string(),
            Self::Presence(periode) | Self::Cumuls(periode) => {
                format!("{} {}", periode.grain(), periode.debut())
            }
            Self::Cle(annee, plateforme) => format!("{annee} {plateforme}"),
        }
    }
}

/// The table, then which part of it: how the audit trail names it.
impl fmt::Display for Objet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.table(), self.partie())
    }
}

/// By which rule something is destroyed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Regle {
    /// `conservation.evenements_jours`.
    EvenementsJours,
    /// `conservation.presence_mois`.
    PresenceMois,
    /// `conservation.cles_mois`.
    ClesMois,
    /// No dated row of presence is older than [`PLAFOND_TRACEURS_MOIS`].
    PlafondTraceurs,
    /// `conservation.cumuls_annees`.
    CumulsAnnees,
    /// `conservation.recus_mois`.
    RecusMois,
    /// `conservation.qualite_mois`.
    QualiteMois,
    /// `conservation.imports_mois`.
    ImportsMois,
    /// `conservation.comptes_mois`.
    ComptesMois,
    /// `conservation.audit_mois`.
    AuditMois,
    /// A convention ended.
    FinDeConvention,
    /// A school asked for it.
    Demande,
}

impl Regle {
    /// Its name, as it is written and read.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::EvenementsJours => "conservation.evenements_jours",
            Self::PresenceMois => "conservation.presence_mois",
            Self::ClesMois => "conservation.cles_mois",
            Self::PlafondTraceurs => "plafond des traceurs, 13 mois",
            Self::CumulsAnnees => "conservation.cumuls_annees",
            Self::RecusMois => "conservation.recus_mois",
            Self::QualiteMois => "conservation.qualite_mois",
            Self::ImportsMois => "conservation.imports_mois",
            Self::ComptesMois => "conservation.comptes_mois",
            Self::AuditMois => "conservation.audit_mois",
            Self::FinDeConvention => "fin de convention",
            Self::Demande => "demande",
        }
    }
}

/// Something that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fait {
    /// What.
    pub objet: Objet,
    /// Its figures do not need it any more: for events, they are counted.
    pub pret: bool,
}

/// Something to destroy.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Echu {
    /// What.
    pub objet: Objet,
    /// By which rule.
    pub regle: Regle,
    /// The first day on which it should be gone.
    pub echeance: Jour,
}

/// What is due.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Prevision {
    /// To destroy, in order.
    pub a_detruire: Vec<Echu>,
    /// Due, but kept until they are counted.
    pub retenus: Vec<Echu>,
}

/// A file from which the rows of some schools were taken out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retranchement {
    /// The table.
    pub table: String,
    /// The file, in the data folder.
    pub fichier: String,
    /// Rows taken out.
    pub lignes: u64,
    /// SHA-256 of its bytes before, in hexadecimal.
    pub avant: String,
    /// The same, after.
    pub apres: String,
}

/// What is to be destroyed on a day. Raw events that are not counted yet wait for it, never beyond
/// their ceiling.
#[must_use]
pub fn planifier(faits: &[Fait], durees: &Durees, aujourd_hui: Jour) -> Prevision {
    let mut prevision = Prevision::default();
    for fait in faits {
        let (regle, echeance) = echeance(&fait.objet, durees);
        if aujourd_hui < echeance {
            continue;
        }
        let echu = Echu {
            objet: fait.objet.clone(),
            regle,
            echeance,
        };
        let plafond = match fait.objet {
            Objet::Evenements(jour) => mois_apres(jour, PLAFOND_BRUTS_MOIS),
            _ => aujourd_hui,
        };
        if fait.pret || aujourd_hui >= plafond {
            prevision.a_detruire.push(echu);
        } else {
            prevision.retenus.push(echu);
        }
    }
    prevision.a_detruire.sort();
    prevision.retenus.sort();
    prevision
}

/// The rule that something falls under, and the first day on which it should be gone.
fn echeance(objet: &Objet, durees: &Durees) -> (Regle, Jour) {
    match objet {
        Objet::Evenements(jour) => {
            let jours = i32::try_from(durees.evenements_jours).unwrap_or(i32::MAX);
            (Regle::EvenementsJours, jour.plus(jours.saturating_add(1)))
        }
        Objet::Presence(periode) => presence(*periode, durees),
        Objet::Cle(annee, _) => (Regle::ClesMois, mort_de_la_cle(*annee, durees)),
        Objet::Cumuls(periode) => (
            Regle::CumulsAnnees,
            mois_apres(
                periode.fin().plus(1),
                durees.cumuls_annees.saturating_mul(MOIS_DE_L_ANNEE),
            ),
        ),
        Objet::Recus(jour) => (Regle::RecusMois, mois_apres(*jour, durees.recus_mois)),
        Objet::Qualite(jour) => (Regle::QualiteMois, mois_apres(*jour, durees.qualite_mois)),
        Objet::Imports(jour) => (Regle::ImportsMois, mois_apres(*jour, durees.imports_mois)),
    }
}

/// Presence goes with its school year (a week, with that of its Monday), and sooner if its days are
/// too old: a year's names no day, so only its own end counts.
fn presence(periode: Periode, durees: &Durees) -> (Regle, Jour) {
    let annee = periode.debut().annee_scolaire().suivante().debut();
    let avec_l_annee = mois_apres(annee, durees.presence_mois);
    let plafond = mois_apres(periode.fin(), PLAFOND_TRACEURS_MOIS);
    if periode.grain() == Grain::Annee || avec_l_annee <= plafond {
        (Regle::PresenceMois, avec_l_annee)
    } else {
        (Regle::PlafondTraceurs, plafond)
    }
}

/// The first day on which the keys of a school year should be gone.
#[must_use]
pub fn mort_de_la_cle(annee: AnneeScolaire, durees: &Durees) -> Jour {
    mois_apres(annee.suivante().debut(), durees.cles_mois)
}

/// The first day that is kept, on a day, of what is kept so many months.
#[must_use]
pub fn premier_jour_garde(aujourd_hui: Jour, mois: u32) -> Jour {
    let date = aujourd_hui.date().saturating_sub(i64::from(mois).months());
    Jour::de_date(date)
}

fn mois_apres(jour: Jour, mois: u32) -> Jour {
    let date = jour.date().saturating_add(i64::from(mois).months());
    Jour::de_date(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DUREES: Durees = Durees {
        evenements_jours: 60,
        presence_mois: 2,
        cles_mois: 1,
        cumuls_annees: 10,
        recus_mois: 60,
        qualite_mois: 25,
        imports_mois: 26,
        comptes_mois: 24,
        audit_mois: 12,
    };

    fn jour(texte: &str) -> Jour {
        texte.parse().unwrap()
    }

    fn periode(grain: Grain, debut: &str) -> Periode {
        Periode::contenant(grain, jour(debut))
    }

    #[test]
    fn each_table_goes_on_its_day_and_not_the_day_before() {
        let annee: AnneeScolaire = "2026-2027".parse().unwrap();
        let table = [
            (Objet::Evenements(jour("2026-11-16")), "2027-01-16"),
            (
                Objet::Presence(periode(Grain::Jour, "2026-08-01")),
                "2027-09-01",
            ),
            (
                Objet::Presence(periode(Grain::Jour, "2026-09-10")),
                "2027-10-01",
            ),
            (
                Objet::Presence(periode(Grain::Mois, "2026-08-01")),
                "2027-09-30",
            ),
            (
                Objet::Presence(periode(Grain::Mois, "2027-07-01")),
                "2027-10-01",
            ),
            (
                Objet::Presence(periode(Grain::Annee, "2026-08-01")),
                "2027-10-01",
            ),
            // A week across 1 August goes with the year of its Monday.
            (
                Objet::Presence(periode(Grain::Semaine, "2027-07-26")),
                "2027-10-01",
            ),
            (Objet::Cle(annee, "ONE-OCC".into()), "2027-09-01"),
            (
                Objet::Cumuls(periode(Grain::Jour, "2026-11-16")),
                "2036-11-17",
            ),
            (
                Objet::Cumuls(periode(Grain::Annee, "2026-08-01")),
                "2037-08-01",
            ),
            (Objet::Recus(jour("2026-11-16")), "2031-11-16"),
            (Objet::Qualite(jour("2026-11-16")), "2028-12-16"),
            (Objet::Imports(jour("2026-11-16")), "2029-01-16"),
            // The end of a short month.
            (Objet::Qualite(jour("2027-01-31")), "2029-02-28"),
        ];
        for (objet, attendue) in table {
            let fait = Fait {
                objet: objet.clone(),
                pret: true,
            };
            let echeance = jour(attendue);
            let la_veille = planifier(std::slice::from_ref(&fait), &DUREES, echeance.plus(-1));
            assert_eq!(la_veille, Prevision::default(), "{objet:?}");
            let prevus = planifier(&[fait], &DUREES, echeance).a_detruire;
            assert_eq!(prevus.len(), 1, "{objet:?}");
            assert_eq!(prevus[0].echeance, echeance);
        }
    }

    #[test]
    fn events_not_yet_counted_wait_but_never_beyond_their_ceiling() {
        let fait = [Fait {
            objet: Objet::Evenements(jour("2026-01-10")),
            pret: false,
        }];
        let tot = planifier(&fait, &DUREES, jour("2026-06-01"));
        assert_eq!((tot.a_detruire.len(), tot.retenus.len()), (0, 1));
        let tard = planifier(&fait, &DUREES, jour("2028-02-10"));
        assert_eq!((tard.a_detruire.len(), tard.retenus.len()), (1, 0));
    }

    #[test]
    fn durations_beyond_the_ceilings_are_refused_and_those_at_them_are_not() {
        assert!(DUREES.fautes().is_empty());
        let table = [
            Durees {
                evenements_jours: 761,
                ..DUREES
            },
            Durees {
                evenements_jours: 10,
                ..DUREES
            },
            Durees {
                presence_mois: 3,
                ..DUREES
            },
            Durees {
                cles_mois: 2,
                ..DUREES
            },
            Durees {
                cumuls_annees: 0,
                ..DUREES
            },
            Durees {
                recus_mois: 121,
                ..DUREES
            },
            Durees {
                qualite_mois: 0,
                ..DUREES
            },
            Durees {
                imports_mois: 25,
                ..DUREES
            },
            Durees {
                comptes_mois: 37,
                ..DUREES
            },
            Durees {
                audit_mois: 13,
                ..DUREES
            },
            Durees {
                audit_mois: 5,
                ..DUREES
            },
        ];
        for durees in table {
            assert_eq!(durees.fautes().len(), 1, "{durees:?}");
        }
        assert!(
            Durees {
                evenements_jours: 760,
                presence_mois: 0,
                ..DUREES
            }
            .fautes()
            .is_empty()
        );
    }
}
