//! Reading presence and cells back.

use std::ops::Range;

use arrow::array::{ArrowPrimitiveType, AsArray};
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

/// Where, under which profile, who: the first columns of presence.
const COLONNES_PERSONNES: [&str; 3] = ["uai", "profil", "visiteur"];
pub(crate) const COLONNES_CUMULS: [&str; 8] = [
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

/// The column of presence that holds the members of an axis; the total needs none.
const fn colonne(axe: Axe) -> Option<&'static str> {
    match axe {
        Axe::Total => None,
        Axe::Service => Some("services"),
        Axe::Type => Some("types"),
        Axe::Outil => Some("outils"),
        Axe::Appareil => Some("appareils"),
        Axe::Os => Some("os"),
        Axe::Navigateur => Some("navigateurs"),
        Axe::Heure => Some("heures"),
        Axe::TrancheDuree => Some("tranches"),
    }
}

/// The values of an axis's column, if the axis is one of those read.
fn jeux<'a, T: ArrowPrimitiveType>(
    lot: &Lot<'a>,
    axes: &[Axe],
    axe: Axe,
) -> Result<Option<&'a [T::Native]>, Erreur> {
    let lue = colonne(axe).filter(|_| axes.contains(&axe));
    lue.map(|nom| lot.nombres::<T>(nom)).transpose()
}

/// The set of a row; empty for an axis that is not read.
fn jeu<T: Copy + Default>(valeurs: Option<&[T]>, rang: usize) -> T {
    valeurs.map_or_else(T::default, |valeurs| valeurs[rang])
}

/// Reads the rows of presence of the schools that `groupe` gives a number, in pages that `retenir`
/// keeps; that number stands for the school in what `prendre` is given. Only the members of these
/// axes are read, and the total.
pub(crate) fn presences(
    table: &TableTriee,
    retenir: impl Fn(&Page) -> bool,
    groupe: impl Fn(NumeroUai) -> Option<u32>,
    axes: &[Axe],
    etiquettes: &Etiquettes,
    mut prendre: impl FnMut(Presence),
) -> Result<(), Erreur> {
    let [mut uais, mut profils, mut libelles] = <[Dictionnaire; 3]>::default();
    let colonnes: Vec<&str> = COLONNES_PERSONNES
        .into_iter()
        .chain(axes.iter().filter_map(|&axe| colonne(axe)))
        .collect();
    table.lire(&colonnes, retenir, |lignes| {
        let lot = &Lot {
            chemin: table.chemin(),
            lignes,
        };
        let uais = lot.textes("uai", &mut uais, |t| groupe(borne(t.as_bytes())?))?;
        let profils = lot.textes("profil", &mut profils, profil)?;
        let visiteurs = lot.nombres::<UInt64Type>("visiteur")?;
        let services = jeux::<UInt32Type>(lot, axes, Axe::Service)?;
        let types = jeux::<UInt8Type>(lot, axes, Axe::Type)?;
        let appareils = jeux::<UInt8Type>(lot, axes, Axe::Appareil)?;
        let os = jeux::<UInt8Type>(lot, axes, Axe::Os)?;
        let navigateurs = jeux::<UInt16Type>(lot, axes, Axe::Navigateur)?;
        let heures = jeux::<UInt32Type>(lot, axes, Axe::Heure)?;
        let tranches = jeux::<UInt8Type>(lot, axes, Axe::TrancheDuree)?;
        let outils = if axes.contains(&Axe::Outil) {
            let colonne = lot.colonne("outils")?;
            let listes = colonne.as_list_opt::<i32>();
            let listes = listes.ok_or_else(|| lot.type_inattendu("outils", colonne))?;
            let lire = |libelle: &str| Some(etiquettes.outil(libelle).0);
            let textes = lot.textes_de("outils", listes.values(), &mut libelles, lire)?;
            Some((listes.value_offsets(), textes))
        } else {
            None
        };
        for (rang, &visiteur) in visiteurs.iter().enumerate() {
            let uai = NumeroUai(uais.de(rang));
            if uai.0 == INCONNU {
                continue;
            }
            let jeux = Jeux {
                services: jeu(services, rang),
                types: jeu(types, rang),
                appareils: jeu(appareils, rang),
                os: jeu(os, rang),
                navigateurs: jeu(navigateurs, rang),
                heures: jeu(heures, rang),
                tranches: jeu(tranches, rang),
            };
            let profil = u8::try_from(connu(lot, "profil", profils, rang)?).unwrap_or_default();
            let mut presence = Presence::new(uai, profil, visiteur, jeux.masque());
            if let Some((positions, textes)) = &outils {
                let liste = bornes(positions, rang);
                if !liste.is_empty() {
                    presence.outils =
                        etiquettes.ensemble(&mut liste.map(|i| Outil(textes.de(i))).collect());
                }
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

/// What the texts of cells mean.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Textes<'a> {
    /// The members of the closed axes.
    pub membres: &'a Membres,
    /// The tools.
    pub etiquettes: &'a Etiquettes,
}

impl Textes<'_> {
    /// The member that a text, given by its number, names on an axis.
    fn membre(&self, axe: Axe, texte: Outil) -> Option<Membre> {
        if axe == Axe::Outil {
            return Some(Membre::Outil(texte));
        }
        let position = self
            .membres
            .position(axe, &self.etiquettes.libelle(texte))?;
        Some(Membre::Ferme(position))
    }
}

/// Reads cells, in pages that `retenir` keeps, of the codes that `lire_code` gives a number and of
/// the axes wanted, and gives each to `prendre`: that number, profile's rank (`TOUS` included),
/// axis, member, measures.
pub(crate) fn cellules(
    table: &TableTriee,
    retenir: impl Fn(&Page) -> bool,
    lire_code: impl Fn(&str) -> Option<u32>,
    voulu: impl Fn(Axe) -> bool,
    lexique: Textes<'_>,
    mut prendre: impl FnMut(u32, usize, Axe, Membre, Mesures),
) -> Result<(), Erreur> {
    let mut dictionnaires: [Dictionnaire; 4] = Default::default();
    // A text names different members on different axes (AUTRE): each pair is looked up once, here.
    let mut connus: [Vec<Option<Membre>>; Axe::TOUS.len()] = Default::default();
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
        let textes = lot.textes("membre", textes, |m| Some(lexique.etiquettes.outil(m).0))?;
        let visites = lot.nombres::<Int64Type>("visites")?;
        let utilisateurs = lot.nombres::<Int64Type>("utilisateurs")?;
        let duree_ms = lot.nombres::<Int64Type>("duree_ms")?;
        let evenements = lot.nombres::<Int64Type>("evenements")?;
        for rang in 0..lignes.num_rows() {
            let code = codes.de(rang);
            if code == INCONNU {
                continue;
            }
            let inconnu = || {
                let raison = "valeur inconnue du plan de marquage";
                Erreur::table(lot.chemin, "membre", raison)
            };
            let axe = u8::try_from(connu(lot, "axe", axes, rang)?).ok();
            let axe = axe.and_then(Axe::de_rang).ok_or_else(inconnu)?;
            if !voulu(axe) {
                continue;
            }
            let texte = textes.de(rang);
            let membres = &mut connus[usize::from(axe.rang())];
            if membres.len() <= texte as usize {
                membres.resize(texte as usize + 1, None);
            }
            let membre = match membres[texte as usize] {
                Some(membre) => membre,
                None => *membres[texte as usize]
                    .insert(lexique.membre(axe, Outil(texte)).ok_or_else(inconnu)?),
            };
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

/// Who was somewhere, and under which profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Personne {
    /// The number given to the school.
    pub lieu: u32,
    /// The person.
    pub visiteur: u64,
    /// The profile's rank ([`crate::membres::code_profil`]).
    pub profil: u8,
}

/// Reads who was there, and nothing else, in the schools that `groupe` gives a number.
pub(crate) fn personnes(
    table: &TableTriee,
    retenir: impl Fn(&Page) -> bool,
    groupe: impl Fn(NumeroUai) -> Option<u32>,
    mut prendre: impl FnMut(Personne),
) -> Result<(), Erreur> {
    let [mut uais, mut profils] = <[Dictionnaire; 2]>::default();
    table.lire(&COLONNES_PERSONNES, retenir, |lignes| {
        let lot = &Lot {
            chemin: table.chemin(),
            lignes,
        };
        let uais = lot.textes("uai", &mut uais, |t| groupe(borne(t.as_bytes())?))?;
        let profils = lot.textes("profil", &mut profils, profil)?;
        let visiteurs = lot.nombres::<UInt64Type>("visiteur")?;
        for (rang, &visiteur) in visiteurs.iter().enumerate() {
            let lieu = uais.de(rang);
            if lieu != INCONNU {
                prendre(Personne {
                    lieu,
                    visiteur,
                    profil: u8::try_from(connu(lot, "profil", profils, rang)?).unwrap_or_default(),
                });
            }
        }
        Ok(())
    })
}
