//! Reading presence and cells back.

use std::ops::Range;

use arrow::array::AsArray;
use arrow::datatypes::{Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type};
use frequent_plan::{Axe, Uai};
use rustc_hash::FxHashMap;

use crate::colonnes::Membre;
use crate::comptes::Mesures;
use crate::erreur::Erreur;
use crate::etiquettes::{Etiquettes, Outil};
use crate::lot::{Dictionnaire, INCONNU, Lot, Texte};
use crate::membres::{Membres, TOTAL, rang_profil};
use crate::presence::{Jeux, NumeroUai, Presence};
use crate::triee::{Page, TableTriee};

const COLONNES_PRESENCE: [&str; 11] = [
    "uai",
    "profil",
    "visiteur",
    "services",
    "types",
    "appareils",
    "os",
    "navigateurs",
    "heures",
    "tranches",
    "outils",
];
const COLONNES_CUMULS: [&str; 8] = [
    "code",
    "profil",
    "axe",
    "membre",
    "visites",
    "utilisateurs",
    "duree_ms",
    "evenements",
];

/// The school that a page's bound names: as a number, whose order is that of texts.
pub(crate) fn borne(texte: &[u8]) -> Option<NumeroUai> {
    Uai::lire(texte).ok().map(NumeroUai::from)
}

/// Whether a page may hold a school of this range.
pub(crate) fn touche(page: &Page, ecoles: &Range<NumeroUai>) -> bool {
    let avant = borne(&page.max).is_some_and(|max| max < ecoles.start);
    let apres = borne(&page.min).is_some_and(|min| min >= ecoles.end);
    !avant && !apres
}

fn profil(texte: &str) -> Option<u32> {
    rang_profil(texte).and_then(|rang| u32::try_from(rang).ok())
}

/// A text column whose every value must be known.
fn connu(lot: &Lot<'_>, nom: &'static str, texte: Texte<'_>, rang: usize) -> Result<u32, Erreur> {
    match texte.de(rang) {
        INCONNU => Err(Erreur::table(
            lot.chemin,
            nom,
            "valeur inconnue du plan de marquage",
        )),
        numero => Ok(numero),
    }
}

/// Reads the rows of presence of the schools that `groupe` gives a number, in pages that `retenir`
/// keeps; that number stands for the school in what `prendre` is given.
pub(crate) fn presences(
    table: &TableTriee,
    retenir: impl Fn(&Page) -> bool,
    groupe: impl Fn(NumeroUai) -> Option<u32>,
    etiquettes: &Etiquettes,
    mut prendre: impl FnMut(Presence),
) -> Result<(), Erreur> {
    let mut dictionnaires: [Dictionnaire; 3] = Default::default();
    table.lire(&COLONNES_PRESENCE, retenir, |lignes| {
        let lot = &Lot {
            chemin: table.chemin(),
            lignes,
        };
        let [uais, profils, libelles] = &mut dictionnaires;
        let uais = lot.textes("uai", uais, |t| groupe(borne(t.as_bytes())?))?;
        let profils = lot.textes("profil", profils, profil)?;
        let visiteurs = lot.nombres::<UInt64Type>("visiteur")?;
        let services = lot.nombres::<UInt32Type>("services")?;
        let types = lot.nombres::<UInt8Type>("types")?;
        let appareils = lot.nombres::<UInt8Type>("appareils")?;
        let os = lot.nombres::<UInt8Type>("os")?;
        let navigateurs = lot.nombres::<UInt16Type>("navigateurs")?;
        let heures = lot.nombres::<UInt32Type>("heures")?;
        let tranches = lot.nombres::<UInt8Type>("tranches")?;
        let colonne = lot.colonne("outils")?;
        let listes = colonne.as_list_opt::<i32>();
        let listes = listes.ok_or_else(|| lot.type_inattendu("outils", colonne))?;
        let outils = lot.textes_de("outils", listes.values(), libelles, |l| {
            Some(etiquettes.outil(l).0)
        })?;
        for rang in 0..lignes.num_rows() {
            let uai = NumeroUai(uais.de(rang));
            if uai.0 == INCONNU {
                continue;
            }
            let jeux = Jeux {
                services: services[rang],
                types: types[rang],
                appareils: appareils[rang],
                os: os[rang],
                navigateurs: navigateurs[rang],
                heures: heures[rang],
                tranches: tranches[rang],
            };
            let profil = u8::try_from(connu(lot, "profil", profils, rang)?).unwrap_or_default();
            let mut presence = Presence::new(uai, profil, visiteurs[rang], jeux.masque());
            let liste = bornes(listes.value_offsets(), rang);
            if !liste.is_empty() {
                presence.outils =
                    etiquettes.ensemble(&mut liste.map(|i| Outil(outils.de(i))).collect());
            }
            prendre(presence);
        }
        Ok(())
    })
}

fn bornes(positions: &[i32], rang: usize) -> Range<usize> {
    let position = |i: usize| usize::try_from(positions[i]).unwrap_or_default();
    position(rang)..position(rang + 1)
}

/// Reads cells, in pages that `retenir` keeps, of the codes that `lire_code` gives a number, and
/// gives each to `prendre`: that number, profile's rank (`TOUS` included), axis, member, measures.
pub(crate) fn cellules(
    table: &TableTriee,
    retenir: impl Fn(&Page) -> bool,
    lire_code: impl Fn(&str) -> Option<u32>,
    membres: &Membres,
    etiquettes: &Etiquettes,
    mut prendre: impl FnMut(u32, usize, Axe, Membre, Mesures),
) -> Result<(), Erreur> {
    let mut dictionnaires: [Dictionnaire; 4] = Default::default();
    // A text names different members on different axes (AUTRE): each pair is looked up once, here.
    let mut connus = FxHashMap::default();
    table.lire(&COLONNES_CUMULS, retenir, |lignes| {
        let lot = &Lot {
            chemin: table.chemin(),
            lignes,
        };
        let [codes, profils, axes, textes] = &mut dictionnaires;
        let codes = lot.textes("code", codes, &lire_code)?;
        let profils = lot.textes("profil", profils, profil)?;
        let axes = lot.textes("axe", axes, |a| Some(Axe::de_code(a)?.rang().into()))?;
        // Members are numbered as labels are: those numbers give the texts back.
        let textes = lot.textes("membre", textes, |m| Some(etiquettes.outil(m).0))?;
        let visites = lot.nombres::<Int64Type>("visites")?;
        let utilisateurs = lot.nombres::<Int64Type>("utilisateurs")?;
        let duree_ms = lot.nombres::<Int64Type>("duree_ms")?;
        let evenements = lot.nombres::<Int64Type>("evenements")?;
        for rang in 0..lignes.num_rows() {
            let code = codes.de(rang);
            if code == INCONNU {
                continue;
            }
            let paire = (connu(lot, "axe", axes, rang)?, Outil(textes.de(rang)));
            let membre = *connus.entry(paire).or_insert_with(|| {
                let axe = u8::try_from(paire.0).ok().and_then(Axe::de_rang)?;
                if axe == Axe::Outil {
                    return Some((axe, Membre::Outil(paire.1)));
                }
                let position = membres.position(axe, &etiquettes.libelle(paire.1))?;
                Some((axe, Membre::Ferme(position)))
            });
            let (axe, membre) = membre.ok_or_else(|| {
                Erreur::table(lot.chemin, "membre", "valeur inconnue du plan de marquage")
            })?;
            let mesures = Mesures {
                visites: visites[rang],
                utilisateurs: utilisateurs[rang],
                duree_ms: duree_ms[rang],
                evenements: evenements[rang],
            };
            prendre(
                code,
                connu(lot, "profil", profils, rang)? as usize,
                axe,
                membre,
                mesures,
            );
        }
        Ok(())
    })
}

/// Reads who was there, and nothing else, in the schools that `groupe` gives a number: one row of
/// presence, of that number for a school, whose only member is the total.
pub(crate) fn personnes(
    table: &TableTriee,
    retenir: impl Fn(&Page) -> bool,
    groupe: impl Fn(NumeroUai) -> Option<u32>,
    mut prendre: impl FnMut(Presence),
) -> Result<(), Erreur> {
    let [mut uais, mut profils] = <[Dictionnaire; 2]>::default();
    table.lire(&COLONNES_PRESENCE[..3], retenir, |lignes| {
        let lot = &Lot {
            chemin: table.chemin(),
            lignes,
        };
        let uais = lot.textes("uai", &mut uais, |t| groupe(borne(t.as_bytes())?))?;
        let profils = lot.textes("profil", &mut profils, profil)?;
        let visiteurs = lot.nombres::<UInt64Type>("visiteur")?;
        for (rang, visiteur) in visiteurs.iter().enumerate() {
            if uais.de(rang) != INCONNU {
                let profil = u8::try_from(connu(lot, "profil", profils, rang)?).unwrap_or_default();
                prendre(Presence::new(
                    NumeroUai(uais.de(rang)),
                    profil,
                    *visiteur,
                    1 << TOTAL,
                ));
            }
        }
        Ok(())
    })
}
