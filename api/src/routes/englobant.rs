//! The territory that a territory is in, as a landmark: its ratios.

use std::collections::HashMap;
use std::sync::Arc;

use frequent_plan::{Axe, Niveau};
use frequent_territory::Annuaire;

use super::TerritoireNomme;
use super::comparaison::Etendue;
use super::effectifs::EffectifsDuLieu;
use crate::donnees::{Demande, ProfilCellule};
use crate::erreurs::Erreur;
use crate::etat::Etat;
use crate::porte::{self, Appelant, RatiosRendus};

/// An enclosing territory and its ratios.
pub(super) struct Englobant {
    pub(super) territoire: TerritoireNomme,
    ratios: HashMap<ProfilCellule, RatiosRendus>,
}

impl Englobant {
    /// The ratios of a profile.
    pub(super) fn ratios(&self, profil: ProfilCellule) -> RatiosRendus {
        self.ratios.get(&profil).copied().unwrap_or_default()
    }
}

/// Reads the ratios of the nearest enclosing territory that the caller may see some of.
pub(super) async fn lire(
    etat: &Etat,
    appelant: &Appelant,
    (annuaire, niveau, code): (&Annuaire, Niveau, &str),
    etendue: &Etendue,
) -> Result<Option<Englobant>, Erreur> {
    let territoire = annuaire.territoire(niveau, code);
    let dans = territoire.into_iter().flat_map(|t| t.ancetres.iter().rev());
    let vu = dans
        .map(|(niveau, territoire)| (*niveau, &**territoire))
        .find(|(niveau, t)| appelant.voit_les_ratios(annuaire, *niveau, &t.code));
    let Some((niveau, dedans)) = vu else {
        return Ok(None);
    };
    let demande = Demande {
        niveau,
        periodes: vec![etendue.periode],
        axe: Axe::Total,
        profil: None,
        membre: None,
        aujourdhui: etendue.aujourdhui,
    };
    let effectifs = etat.effectifs();
    let effectifs = EffectifsDuLieu::de(&effectifs, (annuaire, niveau, &dedans.code));
    let annuaires = etat.annuaires();
    let lecteur = Arc::clone(&etat.lecteur);
    let ratios = porte::sortir_ratios(
        appelant,
        &annuaires,
        (niveau, &dedans.code),
        |portee| async move { lecteur.cellules(&portee, &demande).await },
        |profil, mesures| effectifs.de_profil(profil, mesures).1,
    )
    .await?;
    Ok(Some(Englobant {
        territoire: TerritoireNomme {
            niveau,
            code: dedans.code.clone(),
            nom: dedans.nom.clone(),
        },
        ratios,
    }))
}
