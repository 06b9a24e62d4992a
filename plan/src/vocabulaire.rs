//! The closed vocabularies that code names: profiles, types, devices, systems, browsers, duration
//! classes, levels. Their labels are in the plan's data file; the services, which change from one
//! plan to the next, are only there (see [`crate::plan`]).

/// Declares a closed vocabulary: an enum whose rank in the list is its bit in the presence tables,
/// with its codes as published.
macro_rules! vocabulaire {
    ($(#[$doc:meta])* $nom:ident { $($(#[$vdoc:meta])* $variante:ident = $code:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum $nom { $($(#[$vdoc])* #[doc = concat!("`", $code, "`")] $variante),+ }

        impl $nom {
            /// Every member, in the plan's order.
            pub const TOUS: &'static [Self] = &[$(Self::$variante),+];

            /// The code, as it travels and as it is stored.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variante => $code),+ }
            }

            /// The member of this code, if it is one.
            #[must_use]
            pub fn de_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variante),)+ _ => None }
            }

            /// The rank in the plan's list.
            #[must_use]
            pub const fn rang(self) -> u8 { self as u8 }

            /// The member of this rank, if there is one.
            #[must_use]
            pub fn de_rang(rang: u8) -> Option<Self> {
                Self::TOUS.get(usize::from(rang)).copied()
            }
        }

        impl std::fmt::Display for $nom {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.pad(self.code()) }
        }

        impl serde::Serialize for $nom {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(self.code())
            }
        }

        impl<'de> serde::Deserialize<'de> for $nom {
            fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let texte = <std::borrow::Cow<'de, str>>::deserialize(d)?;
                Self::de_code(&texte).ok_or_else(|| {
                    let codes: Vec<_> = Self::TOUS.iter().map(|m| m.code()).collect();
                    serde::de::Error::custom(format!(
                        "« {texte} » n’est pas dans la liste : {}", codes.join(", ")
                    ))
                })
            }
        }
    };
}

vocabulaire! {
    /// Who the person is in the school.
    Profil {
        Eleve = "ELEVE", Parent = "PARENT", Enseignant = "ENSEIGNANT",
        AdminVieScolTech = "ADMIN_VIE_SCOL_TECH", Collectivite = "COLLECTIVITE", Autre = "AUTRE",
    }
}

vocabulaire! {
    /// Whether the service belongs to the ENT itself or is a third party's tool reached from it.
    TypeService { Natif = "NATIF", Tiers = "TIERS" }
}

vocabulaire! {
    /// The kind of device.
    Appareil {
        Ordinateur = "ORDINATEUR", Smartphone = "SMARTPHONE", Tablette = "TABLETTE", Autre = "AUTRE",
    }
}

vocabulaire! {
    /// The operating system.
    Os {
        Android = "ANDROID", Windows = "WINDOWS", Ios = "IOS", Macos = "MACOS",
        Chromeos = "CHROMEOS", Linux = "LINUX", Autre = "AUTRE",
    }
}

vocabulaire! {
    /// The browser.
    Navigateur {
        Chrome = "CHROME", ChromeMobile = "CHROME_MOBILE", Safari = "SAFARI", Firefox = "FIREFOX",
        Edge = "EDGE", SamsungBrowser = "SAMSUNG_BROWSER", Opera = "OPERA",
        HuaweiBrowser = "HUAWEI_BROWSER", MiuiBrowser = "MIUI_BROWSER", Autre = "AUTRE",
    }
}

vocabulaire! {
    /// The class of a visit's duration; a class includes its lower bound.
    Tranche {
        MoinsDe1 = "<1min", De1A5 = "1-5min", De5A15 = "5-15min", De15A30 = "15-30min",
        PlusDe30 = ">=30min",
    }
}

impl Tranche {
    /// The class of a duration in milliseconds.
    #[must_use]
    pub const fn de_duree_ms(duree_ms: i64) -> Self {
        const MINUTE: i64 = 60_000;
        match duree_ms {
            d if d < MINUTE => Self::MoinsDe1,
            d if d < 5 * MINUTE => Self::De1A5,
            d if d < 15 * MINUTE => Self::De5A15,
            d if d < 30 * MINUTE => Self::De15A30,
            _ => Self::PlusDe30,
        }
    }
}

vocabulaire! {
    /// A territorial level, from the school to the country.
    Niveau {
        Ecole = "ecole", Circonscription = "circonscription", Commune = "commune",
        Departement = "departement", Academie = "academie", Region = "region",
        National = "national",
    }
}

vocabulaire! {
    /// An axis along which visits are counted.
    Axe {
        Total = "total", Service = "service", Type = "type", Outil = "outil",
        Appareil = "appareil", Os = "os", Navigateur = "navigateur", Heure = "heure",
        TrancheDuree = "tranche_duree",
    }
}

/// The profile code of a cell over all profiles.
pub const TOUS_PROFILS: &str = "TOUS";
/// The only member of the axis `total`.
pub const MEMBRE_TOTAL: &str = "TOTAL";
/// The only code of the level `national`.
pub const CODE_NATIONAL: &str = "FR";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_class_includes_its_lower_bound() {
        assert_eq!(Tranche::de_duree_ms(0), Tranche::MoinsDe1);
        assert_eq!(Tranche::de_duree_ms(59_999), Tranche::MoinsDe1);
        assert_eq!(Tranche::de_duree_ms(60_000), Tranche::De1A5);
        assert_eq!(Tranche::de_duree_ms(300_000), Tranche::De5A15);
        assert_eq!(Tranche::de_duree_ms(900_000), Tranche::De15A30);
        assert_eq!(Tranche::de_duree_ms(1_800_000), Tranche::PlusDe30);
    }

    #[test]
    fn every_code_is_read_back_as_its_member() {
        for profil in Profil::TOUS {
            assert_eq!(Profil::de_code(profil.code()), Some(*profil));
            assert_eq!(Profil::de_rang(profil.rang()), Some(*profil));
        }
    }
}
