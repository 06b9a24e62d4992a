//! When a report is due, and the days that it is about.

use frequent_plan::{Grain, Jour, Periode, Semestre};
use frequent_reports::Modele;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How often a report is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rythme {
    /// On Monday mornings.
    Hebdomadaire,
    /// On the first Monday of January and of July.
    Semestriel,
    /// When someone asks.
    ALaDemande,
}

impl Rythme {
    const TOUS: [Self; 3] = [Self::Hebdomadaire, Self::Semestriel, Self::ALaDemande];

    /// Its code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Hebdomadaire => "hebdomadaire",
            Self::Semestriel => "semestriel",
            Self::ALaDemande => "a_la_demande",
        }
    }

    /// The one of this code.
    #[must_use]
    pub fn de_code(code: &str) -> Option<Self> {
        Self::TOUS.into_iter().find(|rythme| rythme.code() == code)
    }

    /// The last day due, this one included; none for what is never due.
    #[must_use]
    pub fn derniere_echeance(self, jour: Jour) -> Option<Jour> {
        let lundi = jour.lundi();
        match self {
            Self::Hebdomadaire => Some(lundi),
            Self::Semestriel => lundis(lundi, -7).find(|lundi| ouvre_un_semestre(*lundi)),
            Self::ALaDemande => None,
        }
    }

    /// The next day due, this one excluded; none for what is never due.
    #[must_use]
    pub fn prochaine_echeance(self, jour: Jour) -> Option<Jour> {
        let lundi = jour.lundi().plus(7);
        match self {
            Self::Hebdomadaire => Some(lundi),
            Self::Semestriel => lundis(lundi, 7).find(|lundi| ouvre_un_semestre(*lundi)),
            Self::ALaDemande => None,
        }
    }
}

/// Mondays from this one, a year of them.
fn lundis(premier: Jour, pas: i32) -> impl Iterator<Item = Jour> {
    (0..53).map(move |rang| premier.plus(pas * rang))
}

/// Whether a Monday is the first of January or of July.
fn ouvre_un_semestre(lundi: Jour) -> bool {
    let date = lundi.date();
    date.day() <= 7 && matches!(date.month(), 1 | 7)
}

/// The days that a report is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Jours {
    /// A letter's week.
    Semaine(Periode),
    /// A committee's half of the school year.
    Semestre(Semestre),
}

impl Jours {
    /// Those that a report sent on a day is about: the week before for the letter; for the committee
    /// the half that contains the day, or, in the month that begins one, the half that has just
    /// ended.
    #[must_use]
    pub(crate) fn au(modele: Modele, jour: Jour) -> Self {
        match modele {
            Modele::Lettre => Self::contenant(modele, jour.plus(-7)),
            Modele::Comite => {
                let semestre = Semestre::contenant(jour);
                let commence = semestre.mois().next().is_some_and(|m| m.fin() >= jour);
                Self::Semestre(if commence {
                    semestre.precedent()
                } else {
                    semestre
                })
            }
        }
    }

    /// Those that contain a day.
    #[must_use]
    pub(crate) fn contenant(modele: Modele, jour: Jour) -> Self {
        match modele {
            Modele::Lettre => Self::Semaine(Periode::contenant(Grain::Semaine, jour)),
            Modele::Comite => Self::Semestre(Semestre::contenant(jour)),
        }
    }

    /// The first one.
    #[must_use]
    pub(crate) fn debut(self) -> Jour {
        match self {
            Self::Semaine(semaine) => semaine.debut(),
            Self::Semestre(semestre) => semestre.debut(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jour(texte: &str) -> Jour {
        texte.parse().unwrap()
    }

    #[test]
    fn a_letter_is_due_on_mondays_about_the_week_before() {
        let rythme = Rythme::Hebdomadaire;
        for donne in ["2026-11-23", "2026-11-26", "2026-11-29"] {
            let due = rythme.derniere_echeance(jour(donne)).unwrap();
            assert_eq!(due, jour("2026-11-23"));
            assert_eq!(Jours::au(Modele::Lettre, due).debut(), jour("2026-11-16"));
            let suite = rythme.prochaine_echeance(jour(donne));
            assert_eq!(suite, Some(jour("2026-11-30")));
        }
    }

    #[test]
    fn a_committee_is_due_on_the_first_mondays_of_january_and_july() {
        let rythme = Rythme::Semestriel;
        let cas = [
            ("2026-11-20", "2026-07-06", "2027-01-04"),
            ("2027-01-03", "2026-07-06", "2027-01-04"),
            ("2027-01-04", "2027-01-04", "2027-07-05"),
            ("2027-07-31", "2027-07-05", "2028-01-03"),
        ];
        for (donne, derniere, prochaine) in cas {
            assert_eq!(rythme.derniere_echeance(jour(donne)), Some(jour(derniere)));
            assert_eq!(
                rythme.prochaine_echeance(jour(donne)),
                Some(jour(prochaine))
            );
        }
    }

    #[test]
    fn a_committee_reads_the_half_of_its_day_or_the_one_that_has_just_ended() {
        let cas = [
            ("2027-01-04", "2026-08-01"),
            ("2027-01-31", "2026-08-01"),
            ("2027-02-01", "2026-08-01"),
            ("2027-02-28", "2026-08-01"),
            ("2027-03-01", "2027-02-01"),
            ("2027-07-05", "2027-02-01"),
            ("2027-08-31", "2027-02-01"),
            ("2027-09-01", "2027-08-01"),
        ];
        for (donne, debut) in cas {
            let jours = Jours::au(Modele::Comite, jour(donne));
            assert_eq!(jours.debut(), jour(debut), "{donne}");
        }
        let choisis = Jours::contenant(Modele::Comite, jour("2027-02-01"));
        assert_eq!(choisis.debut(), jour("2027-02-01"));
    }

    #[test]
    fn what_is_sent_on_demand_is_never_due() {
        assert_eq!(
            Rythme::ALaDemande.derniere_echeance(jour("2026-11-23")),
            None
        );
        assert_eq!(
            Rythme::ALaDemande.prochaine_echeance(jour("2026-11-23")),
            None
        );
    }
}
