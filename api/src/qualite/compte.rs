//! The figures of a sender, a platform, a day or a school.

use std::ops::AddAssign;

use frequent_ingest::qualite::Mesure as Comptee;
use frequent_plan::Instant;
use serde::Serialize;
use utoipa::ToSchema;

use super::mesure::Mesure;

/// Accepted events by the time between them and their receipt.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Delais {
    /// A minute at most.
    pub une_minute: i64,
    /// Ten minutes at most.
    pub dix_minutes: i64,
    /// An hour at most.
    pub une_heure: i64,
    /// A day at most.
    pub un_jour: i64,
    /// More than a day.
    pub plus: i64,
}

/// Events of a sender, a platform or a day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Compte {
    /// Received, well or badly formed.
    pub recus: i64,
    /// Accepted, repeated ones included.
    pub acceptes: i64,
    /// Refused.
    pub refuses: i64,
    /// Hits that tell of no access: clicks within a page.
    pub sans_acces: i64,
    /// Accepted without an identifier of browser, app or session.
    pub sans_client: i64,
    /// Accepted on a later day than their own.
    pub tardifs: i64,
    /// Accepted under a name of the provider's own for its service.
    pub service_converti: i64,
    /// Landed more than once, and counted once.
    pub doublons: i64,
    /// Accepted, and whose person identifier was looked at.
    pub examines: i64,
    /// Time before receipt.
    pub delais: Delais,
    /// The last receipt.
    pub dernier: Option<Instant>,
}

impl Compte {
    /// Adds a row of the table.
    pub(super) fn compter(&mut self, mesure: &Mesure, nombre: i64, dernier: Instant) {
        let place = match mesure {
            Mesure::Refus(_) => &mut self.refuses,
            Mesure::Doublons => &mut self.doublons,
            Mesure::Recue(comptee) => match comptee {
                Comptee::Recus => &mut self.recus,
                Comptee::Acceptes => &mut self.acceptes,
                Comptee::SansAcces => &mut self.sans_acces,
                Comptee::SansClient => &mut self.sans_client,
                Comptee::Tardifs => &mut self.tardifs,
                Comptee::ServiceConverti => &mut self.service_converti,
                Comptee::Examines => &mut self.examines,
                Comptee::DelaiMinute => &mut self.delais.une_minute,
                Comptee::DelaiDixMinutes => &mut self.delais.dix_minutes,
                Comptee::DelaiHeure => &mut self.delais.une_heure,
                Comptee::DelaiJour => &mut self.delais.un_jour,
                Comptee::DelaiPlus => &mut self.delais.plus,
                _ => return,
            },
        };
        *place += nombre;
        // What is counted in the lake afterwards is no receipt.
        if *mesure != Mesure::Doublons {
            self.dernier = self.dernier.max(Some(dernier));
        }
    }
}

impl AddAssign for Delais {
    fn add_assign(&mut self, autre: Self) {
        self.une_minute += autre.une_minute;
        self.dix_minutes += autre.dix_minutes;
        self.une_heure += autre.une_heure;
        self.un_jour += autre.un_jour;
        self.plus += autre.plus;
    }
}

impl AddAssign for Compte {
    fn add_assign(&mut self, autre: Self) {
        self.recus += autre.recus;
        self.acceptes += autre.acceptes;
        self.refuses += autre.refuses;
        self.sans_acces += autre.sans_acces;
        self.sans_client += autre.sans_client;
        self.tardifs += autre.tardifs;
        self.service_converti += autre.service_converti;
        self.doublons += autre.doublons;
        self.examines += autre.examines;
        self.delais += autre.delais;
        self.dernier = self.dernier.max(autre.dernier);
    }
}

/// Events of a school, in little room: a country's schools over a year are ten million of these.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CompteEcole {
    /// Received.
    pub recus: u32,
    /// Accepted.
    pub acceptes: u32,
    /// Refused.
    pub refuses: u32,
    /// Accepted on a later day than their own.
    pub tardifs: u32,
    /// Accepted without an identifier of browser, app or session.
    pub sans_client: u32,
    /// The last receipt, in seconds since 1970; 0 for none.
    pub derniere_seconde: u32,
}

impl CompteEcole {
    /// Adds a row of the table; measures that schools are not shown are left aside.
    pub(super) fn compter(&mut self, mesure: &Mesure, nombre: i64, dernier: Instant) {
        let place = match mesure {
            Mesure::Refus(_) => &mut self.refuses,
            Mesure::Recue(Comptee::Recus) => &mut self.recus,
            Mesure::Recue(Comptee::Acceptes) => &mut self.acceptes,
            Mesure::Recue(Comptee::Tardifs) => &mut self.tardifs,
            Mesure::Recue(Comptee::SansClient) => &mut self.sans_client,
            _ => return,
        };
        *place = place.saturating_add(u32::try_from(nombre).unwrap_or(u32::MAX));
        let seconde = u32::try_from(dernier.0 / 1_000).unwrap_or_default();
        self.derniere_seconde = self.derniere_seconde.max(seconde);
    }

    /// The last receipt.
    #[must_use]
    pub fn dernier(&self) -> Option<Instant> {
        (self.derniere_seconde > 0).then(|| Instant(i64::from(self.derniere_seconde) * 1_000))
    }
}

impl AddAssign for CompteEcole {
    fn add_assign(&mut self, autre: Self) {
        self.recus = self.recus.saturating_add(autre.recus);
        self.acceptes = self.acceptes.saturating_add(autre.acceptes);
        self.refuses = self.refuses.saturating_add(autre.refuses);
        self.tardifs = self.tardifs.saturating_add(autre.tardifs);
        self.sans_client = self.sans_client.saturating_add(autre.sans_client);
        self.derniere_seconde = self.derniere_seconde.max(autre.derniere_seconde);
    }
}
