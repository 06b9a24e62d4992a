//! Reading presence and cells back, school by school.

use std::ops::Range;

use arrow::array::AsArray;
use arrow::datatypes::{Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type};
use frequent_plan::{Axe, Uai};

use crate::colonnes::Membre;
use crate::comptes::Mesures;
use crate::erreur::Erreur;
use crate::etiquettes::{Etiquettes, Outil};
use crate::lot::{Dictionnaire, INCONNU, Lot, Texte};
use crate::membres::{Membres, rang_profil};
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

fn numero(texte: &str) -> Option<u32> {
    borne(texte.as_bytes()).map(|n| n.0)
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

/// Reads the rows of presence of the schools that `garder` keeps, in pages that `retenir` keeps.
pub(crate) fn presences(
    table: &TableTriee,
    retenir: impl Fn(&Page) -> bool,
    garder: impl Fn(NumeroUai) -> bool,
    etiquettes: &Etiquettes,
    lues: &mut Vec<Presence>,
) -> Result<(), Erreur> {
    let mut dictionnaires: [Dictionnaire; 3] = Default::default();
    table.lire(&COLONNES_PRESENCE, retenir, |lignes| {
        let lot = &Lot {
            chemin: table.chemin(),
            lignes,
        };
        let [uais, profils, libelles] = &mut dictionnaires;
        let uais = lot.textes("uai", uais, numero)?;
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
            let uai = NumeroUai(connu(lot, "uai", uais, rang)?);
            if !garder(uai) {
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
            lues.push(presence);
        }
        Ok(())
    })
}

fn bornes(positions: &[i32], rang: usize) -> Range<usize> {
    let position = |i: usize| usize::try_from(positions[i]).unwrap_or_default();
    position(rang)..position(rang + 1)
}

/// Reads the cells of schools, in pages that `retenir` keeps, and gives each to `prendre`: school,
/// profile's rank (`TOUS` included), axis, member, measures.
pub(crate) fn cellules_d_ecoles(
    table: &TableTriee,
    retenir: impl Fn(&Page) -> bool,
    membres: &Membres,
    etiquettes: &Etiquettes,
    mut prendre: impl FnMut(NumeroUai, usize, Membre, Mesures),
) -> Result<(), Erreur> {
    let mut dictionnaires: [Dictionnaire; 4] = Default::default();
    // A member's text means different members on different axes (AUTRE): it is looked up once an
    // axis and text, here.
    let mut connus = rustc_hash::FxHashMap::default();
    table.lire(&COLONNES_CUMULS, retenir, |lignes| {
        let lot = &Lot {
            chemin: table.chemin(),
            lignes,
        };
        let [codes, profils, axes, textes] = &mut dictionnaires;
        let codes = lot.textes("code", codes, numero)?;
        let profils = lot.textes("profil", profils, profil)?;
        let axes = lot.textes("axe", axes, |a| Some(Axe::de_code(a)?.rang().into()))?;
        // Members are numbered like labels; numbers are those of this job, texts come back whole.
        let textes = lot.textes("membre", textes, |m| Some(etiquettes.outil(m).0))?;
        let visites = lot.nombres::<Int64Type>("visites")?;
        let utilisateurs = lot.nombres::<Int64Type>("utilisateurs")?;
        let duree_ms = lot.nombres::<Int64Type>("duree_ms")?;
        let evenements = lot.nombres::<Int64Type>("evenements")?;
        for rang in 0..lignes.num_rows() {
            let axe = connu(lot, "axe", axes, rang)?;
            let texte = Outil(textes.de(rang));
            let membre = *connus.entry((axe, texte)).or_insert_with(|| {
                let axe = u8::try_from(axe).ok().and_then(Axe::de_rang)?;
                if axe == Axe::Outil {
                    return Some(Membre::Outil(texte));
                }
                membres
                    .position(axe, &etiquettes.libelle(texte))
                    .map(Membre::Ferme)
            });
            let membre = membre.ok_or_else(|| {
                Erreur::table(lot.chemin, "membre", "valeur inconnue du plan de marquage")
            })?;
            let mesures = Mesures {
                visites: visites[rang],
                utilisateurs: utilisateurs[rang],
                duree_ms: duree_ms[rang],
                evenements: evenements[rang],
            };
            let profil = connu(lot, "profil", profils, rang)? as usize;
            let code = NumeroUai(connu(lot, "code", codes, rang)?);
            prendre(code, profil, membre, mesures);
        }
        Ok(())
    })
}
