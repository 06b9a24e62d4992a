//! One event, read straight from its JSON into raw fields that borrow from it.

use std::borrow::Cow;
use std::fmt;

use frequent_plan::{Brut, Date, Origine, Raison, Refus};
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};

/// Longest field name that a refusal echoes, in bytes.
const NOM_MAX: usize = 40;

/// A native event as its sender wrote it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ligne<'a> {
    /// The fields that the plan checks.
    pub brut: Brut<'a>,
    /// The sender's own identifier of the event.
    pub id: Option<Cow<'a, str>>,
    /// The user agent, to be recognised and forgotten.
    pub agent: Option<Cow<'a, str>>,
}

impl Ligne<'_> {
    /// The platform that it names, or nothing.
    #[must_use]
    pub fn plateforme(&self) -> &str {
        self.brut.plateforme.as_deref().unwrap_or_default().trim()
    }

    /// What the event's identifier is made from: the sender's own, or the `Idempotency-Key` and
    /// the event's number, or its content.
    #[must_use]
    pub fn origine<'b>(&'b self, idempotence: Option<&'b str>, ligne: u64) -> Origine<'b> {
        match (self.id.as_deref(), idempotence) {
            (Some(id), _) if !id.is_empty() => Origine::Emetteur(id),
            (_, Some(cle)) => Origine::Idempotence { cle, ligne },
            _ => Origine::Contenu,
        }
    }
}

impl<'a> Ligne<'a> {
    /// Reads the JSON object of one event over what the line held. One line serves a whole body:
    /// it holds some 500 bytes, that moving from hand to hand would cost more than reading.
    ///
    /// # Errors
    /// The bytes are not UTF-8, not one JSON object, or hold a field that is unknown, given twice
    /// or not of its type; `ts` is missing. The line then holds what was read before the fault.
    pub fn relire(&mut self, octets: &'a [u8]) -> Result<(), Refus> {
        self.lire(octets)?;
        if self.brut.ts.is_none() {
            return Err(Refus::de("ts", Raison::ChampManquant));
        }
        Ok(())
    }

    /// Reads an event that a page sends: its time and its browser are those of the request, so it
    /// may give neither, and it has an identifier, by which a second try counts once.
    ///
    /// # Errors
    /// As for [`Self::relire`]; `ts` or `user_agent` is given; `id` is missing.
    pub fn relire_page(&mut self, octets: &'a [u8]) -> Result<(), Refus> {
        self.lire(octets)?;
        if self.brut.ts.is_some() {
            return Err(Refus::de("ts", Raison::ChampInconnu));
        }
        if self.agent.is_some() {
            return Err(Refus::de("user_agent", Raison::ChampInconnu));
        }
        if self.id.as_deref().unwrap_or_default().is_empty() {
            return Err(Refus::de("id", Raison::ChampManquant));
        }
        Ok(())
    }

    fn lire(&mut self, octets: &'a [u8]) -> Result<(), Refus> {
        *self = Self::default();
        let texte = std::str::from_utf8(octets).map_err(|_| Refus::de("", Raison::Utf8Invalide))?;
        let mut faute = None;
        let mut json = serde_json::Deserializer::from_str(texte);
        let lecture = Lecture {
            ligne: self,
            faute: &mut faute,
        };
        lecture
            .deserialize(&mut json)
            .and_then(|()| json.end())
            .map_err(|_| faute.unwrap_or_else(|| Refus::de("", Raison::JsonInvalide)))
    }
}

/// Declares the fields with their JSON names.
macro_rules! champs {
    ($($variante:ident = $nom:literal),+ $(,)?) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        pub(super) enum Champ { $($variante),+ }

        /// The names of the fields.
        pub const CHAMPS: &[&str] = &[$($nom),+];

        impl Champ {
            pub(super) fn de_nom(nom: &str) -> Option<Self> {
                match nom { $($nom => Some(Self::$variante),)+ _ => None }
            }

            pub(super) const fn nom(self) -> &'static str {
                match self { $(Self::$variante => $nom),+ }
            }
        }
    };
}

champs! {
    Id = "id", Ts = "ts", Uai = "uai", Profil = "profil", Visiteur = "visiteur",
    Client = "client", Service = "service", Type = "type", Outil = "outil",
    Plateforme = "plateforme", Projet = "projet", Exploitant = "exploitant",
    Appareil = "appareil", Os = "os", Navigateur = "navigateur", Agent = "user_agent",
}

/// Reads an object; what is wrong with it is left in `faute`, since a `serde` error only carries a
/// text, and a text could echo a value.
struct Lecture<'l, 'a> {
    ligne: &'l mut Ligne<'a>,
    faute: &'l mut Option<Refus>,
}

impl<'de> DeserializeSeed<'de> for Lecture<'_, 'de> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Lecture<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("un objet JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut objet: A) -> Result<(), A::Error> {
        let mut vus = 0_u32;
        while let Some(lu) = objet.next_key_seed(NomDeChamp)? {
            let champ = match lu {
                Ok(champ) => champ,
                Err(nom) => {
                    *self.faute = Some(Refus::de(&nom, Raison::ChampInconnu));
                    return Err(A::Error::custom("champ inconnu"));
                }
            };
            let bit = 1 << champ as u32;
            if vus & bit != 0 {
                *self.faute = Some(Refus::de(champ.nom(), Raison::ChampEnDouble));
                return Err(A::Error::custom("champ en double"));
            }
            vus |= bit;
            let lue = objet.next_value_seed(ValeurDeChamp)?;
            if self.ligne.ranger(champ, lue).is_none() {
                *self.faute = Some(Refus::de(champ.nom(), Raison::TypeInvalide));
                return Err(A::Error::custom("type invalide"));
            }
        }
        Ok(())
    }
}

impl<'a> Ligne<'a> {
    /// Puts a value in its field; none when it is not of the field's type. `null` is a field not
    /// given.
    pub(super) fn ranger(&mut self, champ: Champ, valeur: Valeur<'a>) -> Option<()> {
        let texte = match valeur {
            Valeur::Rien => return Some(()),
            Valeur::Nombre(ms) if champ == Champ::Ts => {
                self.brut.ts = Some(Date::Epoque(ms));
                return Some(());
            }
            Valeur::Texte(texte) => texte,
            Valeur::Nombre(_) | Valeur::Autre => return None,
        };
        let brut = &mut self.brut;
        let case = match champ {
            Champ::Ts => {
                brut.ts = Some(Date::Rfc3339(texte));
                return Some(());
            }
            Champ::Id => &mut self.id,
            Champ::Agent => &mut self.agent,
            Champ::Uai => &mut brut.uai,
            Champ::Profil => &mut brut.profil,
            Champ::Visiteur => &mut brut.visiteur,
            Champ::Client => &mut brut.client,
            Champ::Service => &mut brut.service,
            Champ::Type => &mut brut.type_service,
            Champ::Outil => &mut brut.outil,
            Champ::Plateforme => &mut brut.plateforme,
            Champ::Projet => &mut brut.projet,
            Champ::Exploitant => &mut brut.exploitant,
            Champ::Appareil => &mut brut.appareil,
            Champ::Os => &mut brut.os,
            Champ::Navigateur => &mut brut.navigateur,
        };
        *case = Some(texte);
        Some(())
    }
}

/// A field's name: the field, or the unknown name, echoed only when it has the shape of one.
struct NomDeChamp;

impl<'de> DeserializeSeed<'de> for NomDeChamp {
    type Value = Result<Champ, String>;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Self::Value, D::Error> {
        json.deserialize_identifier(self)
    }
}

impl Visitor<'_> for NomDeChamp {
    type Value = Result<Champ, String>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("un nom de champ")
    }

    fn visit_str<E: Error>(self, nom: &str) -> Result<Self::Value, E> {
        Ok(Champ::de_nom(nom).ok_or_else(|| nom_montrable(nom)))
    }
}

pub(crate) fn nom_montrable(nom: &str) -> String {
    let simple = nom.bytes().all(|o| o.is_ascii_alphanumeric() || o == b'_');
    let montrable = simple
        && nom.len() <= NOM_MAX
        && nom.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if montrable {
        nom.to_owned()
    } else {
        "(nom illisible)".to_owned()
    }
}

pub(super) enum Valeur<'a> {
    Rien,
    Texte(Cow<'a, str>),
    Nombre(i64),
    /// A boolean, a fraction, a number out of range, an array, an object.
    Autre,
}

struct ValeurDeChamp;

impl<'de> DeserializeSeed<'de> for ValeurDeChamp {
    type Value = Valeur<'de>;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Self::Value, D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ValeurDeChamp {
    type Value = Valeur<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("une valeur")
    }

    fn visit_borrowed_str<E: Error>(self, texte: &'de str) -> Result<Self::Value, E> {
        Ok(Valeur::Texte(Cow::Borrowed(texte)))
    }

    fn visit_str<E: Error>(self, texte: &str) -> Result<Self::Value, E> {
        Ok(Valeur::Texte(Cow::Owned(texte.to_owned())))
    }

    fn visit_i64<E: Error>(self, nombre: i64) -> Result<Self::Value, E> {
        Ok(Valeur::Nombre(nombre))
    }

    fn visit_u64<E: Error>(self, nombre: u64) -> Result<Self::Value, E> {
        Ok(i64::try_from(nombre).map_or(Valeur::Autre, Valeur::Nombre))
    }

    fn visit_f64<E: Error>(self, _: f64) -> Result<Self::Value, E> {
        Ok(Valeur::Autre)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Valeur::Autre)
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Valeur::Rien)
    }

    fn visit_seq<A: serde::de::SeqAccess<'de>>(
        self,
        mut suite: A,
    ) -> Result<Self::Value, A::Error> {
        while suite.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Valeur::Autre)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut objet: A) -> Result<Self::Value, A::Error> {
        while objet.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Valeur::Autre)
    }
}

#[cfg(test)]
#[path = "ligne_tests.rs"]
mod tests;
