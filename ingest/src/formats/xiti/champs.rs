//! The parameters that count, found in a query.

use memchr::{memchr, memmem};

/// Declares the parameters: one field each, named after the parameter but for Rust's own words.
macro_rules! champs {
    ($($champ:ident = $nom:literal),+ $(,)?) => {
        /// Escaped values of the parameters that count; the first of each name stands.
        #[derive(Debug, Clone, Default)]
        pub(super) struct Champs<'a> { $(pub $champ: Option<&'a [u8]>),+ }

        impl<'a> Champs<'a> {
            /// Finds them in a query cut of its `ref`.
            pub(super) fn lire(requete: &'a [u8]) -> Self {
                let mut champs = Self::default();
                for (nom, valeur) in parametres(requete) {
                    match nom {
                        $($nom => { champs.$champ.get_or_insert(valeur); })+
                        _ => {}
                    }
                }
                champs
            }

            /// This is the name of one of them.
            pub(super) fn connait(nom: &[u8]) -> bool {
                [$(&$nom[..]),+].contains(&nom)
            }
        }
    };
}

champs! {
    s = b"s", idclient = b"idclient", at = b"at", s2 = b"s2", r = b"r",
    service = b"service", type_service = b"type", outil = b"outil", uai = b"uai",
    projet = b"projet", exploitant = b"exploitant", plateforme = b"plateforme",
    profil = b"profil", click = b"click", col = b"col", events = b"events",
    context = b"context", mh = b"mh", mherr = b"mherr",
    x1 = b"x1", x2 = b"x2", x3 = b"x3", x4 = b"x4",
}

/// Names and escaped values, in order. A token without `=` is part of a page name that was written
/// with its `&`: it is skipped.
pub(super) fn parametres(requete: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    requete.split(|o| *o == b'&').filter_map(|jeton| {
        let egal = memchr(b'=', jeton)?;
        Some((&jeton[..egal], &jeton[egal + 1..]))
    })
}

/// The query up to `ref`, which is last, unescaped, and says nothing that is counted.
pub(super) fn sans_referent(requete: &[u8]) -> &[u8] {
    if requete.starts_with(b"ref=") {
        return &[];
    }
    memmem::find(requete, b"&ref=").map_or(requete, |debut| &requete[..debut])
}
