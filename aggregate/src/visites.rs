//! Visits: cutting a school's events into them, and what each counts for.
//!
//! - Visit key: (`uai`, `profil`, `visiteur`, `client`, `jour`); its events ordered by (`ts`, `id`);
//!   a gap of **more than** 1,800 s starts a new visit (`docs/definitions.md`, *Visit*).
//! - `total`, `appareil`, `os`, `navigateur`, `heure`, `tranche_duree`: the visit counts for the
//!   members of its first event (and the class of its duration) with its whole duration and all its
//!   events.
//! - `service`, `type`, `outil`: the visit counts for each member that has one of its events; the
//!   member's duration is the time from each such event to the next event of the visit, 0 after the
//!   last; its events are those of the member (`docs/definitions.md`, *Axes*).

use frequent_plan::Tranche;

use crate::comptes::{Comptes, Cube};
use crate::etiquettes::{Ensemble, Etiquettes, Outil};
use crate::ligne::Ligne;
use crate::membres::{TOTAL, TRANCHES};
use crate::presence::Presence;

/// The longest silence inside a visit, in milliseconds: 1,800 s, included.
pub const ECART_MS: u32 = 1_800_000;

/// Counts the visits of one school and day: adds to `cube` all but the users, and to `presences`
/// one row a (profile, person). `lignes` are its events, in the order of [`Ligne::ordre`], each
/// counted once.
pub(crate) fn compter(
    lignes: &[Ligne],
    etiquettes: &Etiquettes,
    cube: &mut Cube,
    presences: &mut Vec<Presence>,
) {
    let mut outils = Vec::new();
    for personne in
        lignes.chunk_by(|a, b| a.visiteur == b.visiteur && a.codes.profil() == b.codes.profil())
    {
        let profil = personne[0].codes.profil();
        let comptes = cube.profil(profil);
        let mut masque = 0;
        outils.clear();
        for visite in personne.chunk_by(|a, b| a.client == b.client && b.ts - a.ts <= ECART_MS) {
            masque |= compter_visite(visite, comptes, &mut outils);
        }
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a profile's rank is below 8"
        )]
        let mut presence =
            Presence::new(personne[0].uai, profil as u8, personne[0].visiteur, masque);
        presence.outils = match outils.as_slice() {
            [] => Ensemble::VIDE,
            _ => etiquettes.ensemble(&mut outils),
        };
        presences.push(presence);
    }
}

/// Counts one visit and returns the members it counts for; its tools are added to `outils`.
fn compter_visite(visite: &[Ligne], comptes: &mut Comptes, outils: &mut Vec<Outil>) -> u128 {
    let premiere = visite[0].codes;
    let duree_ms = i64::from(visite[visite.len() - 1].ts - visite[0].ts);
    let evenements = i64::try_from(visite.len()).unwrap_or(i64::MAX);
    let tranche = TRANCHES + usize::from(Tranche::de_duree_ms(duree_ms).rang());
    let mut masque = 0_u128;
    for position in [
        TOTAL,
        premiere.appareil(),
        premiere.os(),
        premiere.navigateur(),
        premiere.heure(),
        tranche,
    ] {
        let mesures = &mut comptes.fermes[position];
        mesures.visites += 1;
        mesures.duree_ms += duree_ms;
        mesures.evenements += evenements;
        masque |= 1 << position;
    }
    let premiers_outils = outils.len();
    for (rang, ligne) in visite.iter().enumerate() {
        let jusqu_au_suivant = visite
            .get(rang + 1)
            .map_or(0, |s| i64::from(s.ts - ligne.ts));
        for position in [ligne.codes.service(), ligne.codes.type_service()] {
            let mesures = &mut comptes.fermes[position];
            mesures.visites += i64::from((masque >> position) & 1 == 0);
            mesures.duree_ms += jusqu_au_suivant;
            mesures.evenements += 1;
            masque |= 1 << position;
        }
        if ligne.outil != Outil::AUCUN {
            let mesures = comptes.outils.entry(ligne.outil).or_default();
            if !outils[premiers_outils..].contains(&ligne.outil) {
                outils.push(ligne.outil);
                mesures.visites += 1;
            }
            mesures.duree_ms += jusqu_au_suivant;
            mesures.evenements += 1;
        }
    }
    masque
}

#[cfg(test)]
#[path = "visites_tests.rs"]
mod tests;
