//! Hits of the new event model (`col=2`): `events` and `context` hold JSON; the properties of the
//! hit hold for each event but those that the event gives itself.

use std::borrow::Cow;
use std::collections::BTreeMap;

use frequent_plan::{Brut, Raison, Refus};
use serde::Deserialize;
use serde_json::Value;

use super::{Contenu, Hit, propriete};

/// A tag sends one or two events at a time; far more than any page ever does.
const EVENEMENTS_MAX: usize = 200;

#[derive(Deserialize)]
struct Evenement {
    #[serde(default)]
    name: String,
    #[serde(default)]
    data: BTreeMap<String, Value>,
}

#[derive(Deserialize)]
struct Contexte {
    #[serde(default)]
    data: BTreeMap<String, Value>,
}

/// The events of a hit whose own properties are `commun`.
pub(super) fn lire<'a>(hit: &Hit<'a>, mut commun: Brut<'a>) -> Result<Contenu<'a>, Refus> {
    if commun.uai.is_none() {
        commun.uai = niveau_2(&tableau::<Contexte>("context", hit.champs.context)?);
    }
    let evenements: Vec<Evenement> = tableau("events", hit.champs.events)?;
    if evenements.is_empty() {
        return Err(Refus::de("events", Raison::ChampManquant));
    }
    if evenements.len() > EVENEMENTS_MAX {
        return Err(Refus::de("events", Raison::RequeteIllisible));
    }
    let mut lus = Vec::with_capacity(evenements.len());
    for (rang, evenement) in (0_u32..).zip(&evenements) {
        if est_un_acces(&evenement.name) {
            lus.push((rang, remplacer(commun.clone(), &evenement.data)));
        }
    }
    if lus.is_empty() {
        return Ok(Contenu::Rien);
    }
    Ok(Contenu::Plusieurs(lus))
}

fn est_un_acces(nom: &str) -> bool {
    nom.starts_with("page.") || matches!(nom, "click.navigation" | "click.exit")
}

fn tableau<T: for<'de> Deserialize<'de>>(
    nom: &str,
    valeur: Option<&[u8]>,
) -> Result<Vec<T>, Refus> {
    let Some(texte) = propriete(nom, valeur)? else {
        return Ok(Vec::new());
    };
    serde_json::from_str(&texte).map_err(|_| Refus::de(nom, Raison::JsonInvalide))
}

/// The level 2 of the page, which holds the school's identifier: `site.level2`.
fn niveau_2(contextes: &[Contexte]) -> Option<Cow<'static, str>> {
    contextes
        .iter()
        .find_map(|c| texte(c.data.get("site")?.get("level2")?))
        .map(Cow::Owned)
}

fn remplacer<'a>(mut brut: Brut<'a>, data: &BTreeMap<String, Value>) -> Result<Brut<'a>, Refus> {
    let cases = [
        ("uai", &mut brut.uai),
        ("profil", &mut brut.profil),
        ("service", &mut brut.service),
        ("type", &mut brut.type_service),
        ("outil", &mut brut.outil),
        ("plateforme", &mut brut.plateforme),
        ("projet", &mut brut.projet),
        ("exploitant", &mut brut.exploitant),
    ];
    for (nom, case) in cases {
        if let Some(valeur) = data.get(nom) {
            let texte = texte(valeur).ok_or_else(|| Refus::de(nom, Raison::TypeInvalide))?;
            *case = Some(Cow::Owned(texte));
        }
    }
    Ok(brut)
}

/// A property's text. The tag folds `service` and `service_x` into one object where the former is
/// under `$`.
fn texte(valeur: &Value) -> Option<String> {
    match valeur {
        Value::String(texte) => Some(texte.clone()),
        Value::Number(nombre) => Some(nombre.to_string()),
        Value::Object(plie) => plie.get("$").and_then(texte),
        _ => None,
    }
}
