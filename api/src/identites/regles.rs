//! From what a provider says of someone to what they may see here.
//!
//! A rule is written `claim=value => perimeter`, where the perimeter is `niveau:code`, `national`,
//! `plateforme:NAME`, or `niveau:{claim}` whose code is another claim's only value; then it may end
//! with `dans niveau:code`, out of which that code is refused. The first rule that matches applies.

use std::collections::BTreeMap;
use std::str::FromStr;

use frequent_plan::Niveau;
use frequent_territory::{self as territoire, Annuaire};
use serde_json::{Map, Value};

use crate::comptes::{Droits, Perimetre, Role};

/// What a provider says of someone: for each claim, its values.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Revendications(BTreeMap<String, Vec<String>>);

impl Revendications {
    /// The claims of a verified token: texts, numbers, and lists of them.
    #[must_use]
    pub fn de_json(objet: &Map<String, Value>) -> Self {
        let textes = |valeur: &Value| match valeur {
            Value::String(texte) => Some(texte.clone()),
            Value::Number(nombre) => Some(nombre.to_string()),
            _ => None,
        };
        let paires = objet.iter().map(|(nom, valeur)| {
            let valeurs = match valeur {
                Value::Array(liste) => liste.iter().filter_map(textes).collect(),
                seule => textes(seule).into_iter().collect(),
            };
            (nom.clone(), valeurs)
        });
        Self(paires.collect())
    }

    /// The values of a claim.
    #[must_use]
    pub fn valeurs(&self, nom: &str) -> &[String] {
        self.0.get(nom).map_or(&[], Vec::as_slice)
    }

    /// The value of a claim that has exactly one.
    #[must_use]
    pub fn seule(&self, nom: &str) -> Option<&str> {
        match self.valeurs(nom) {
            [seule] if !seule.is_empty() => Some(seule),
            _ => None,
        }
    }
}

impl<N: Into<String>> FromIterator<(N, Vec<String>)> for Revendications {
    fn from_iter<I: IntoIterator<Item = (N, Vec<String>)>>(paires: I) -> Self {
        let paires = paires.into_iter();
        Self(paires.map(|(nom, valeurs)| (nom.into(), valeurs)).collect())
    }
}

/// What a claim's value gives the right to see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Regle {
    revendication: String,
    valeur: String,
    /// None is the role that goes with the territory's level.
    role: Option<Role>,
    etendue: Etendue,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Etendue {
    /// This territory, or these platforms.
    Fixe(Droits),
    /// The territory of this level whose code another claim gives, inside the last.
    Tiree {
        niveau: Niveau,
        revendication: String,
        plafond: Option<Perimetre>,
    },
}

/// A text that is not a rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "« {0} » n’est pas une règle : écrivez « revendication=valeur => niveau:code », « … => niveau:{{revendication}} dans niveau:code » ou « … => plateforme:NOM »"
)]
pub struct RegleInvalide(String);

/// Why someone that a provider knows may see nothing here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum AttributionRefusee {
    /// No rule names any value of their claims.
    #[error("aucune règle d’accès ne correspond à ce que dit le fournisseur d’identité")]
    SansRegle,
    /// The claim that gives the territory is missing, or has several values.
    #[error("le fournisseur d’identité ne dit pas quel territoire, ou en dit plusieurs")]
    SansTerritoire,
    /// The territory does not exist, or is outside what the rule allows.
    #[error("le territoire que dit le fournisseur d’identité est inconnu ou hors de la règle")]
    HorsRegle,
}

impl FromStr for Regle {
    type Err = RegleInvalide;

    fn from_str(texte: &str) -> Result<Self, Self::Err> {
        let lire = || {
            let (condition, etendue) = texte.split_once("=>")?;
            let (revendication, valeur) = condition.split_once('=')?;
            let (revendication, valeur) = (revendication.trim(), valeur.trim());
            if revendication.is_empty() || valeur.is_empty() {
                return None;
            }
            let etendue = etendue.trim();
            let role = etendue
                .split_once(' ')
                .and_then(|(mot, reste)| Some((mot.parse().ok()?, reste.trim())));
            let (role, etendue) = role.map_or((None, etendue), |(r, reste)| (Some(r), reste));
            Some(Self {
                revendication: revendication.to_owned(),
                valeur: valeur.to_owned(),
                role,
                etendue: lire_etendue(etendue)?,
            })
        };
        lire().ok_or_else(|| RegleInvalide(texte.to_owned()))
    }
}

fn lire_etendue(texte: &str) -> Option<Etendue> {
    if let Some(nom) = texte.strip_prefix("plateforme:") {
        return Droits::new(None, [nom.to_owned()]).ok().map(Etendue::Fixe);
    }
    let (cible, plafond) = match texte.split_once(" dans ") {
        Some((cible, plafond)) => (cible.trim(), Some(plafond.trim().parse().ok()?)),
        None => (texte, None),
    };
    let tiree = cible
        .split_once(':')
        .and_then(|(niveau, code)| Some((niveau, code.strip_prefix('{')?.strip_suffix('}')?)));
    match tiree {
        Some((niveau, revendication)) if !revendication.is_empty() => Some(Etendue::Tiree {
            niveau: Niveau::de_code(niveau).filter(|niveau| *niveau != Niveau::National)?,
            revendication: revendication.to_owned(),
            plafond,
        }),
        Some(_) => None,
        // A ceiling over what is fixed would say nothing.
        None if plafond.is_some() || cible.contains(['{', '}', ' ']) => None,
        None => Some(Etendue::Fixe(cible.parse::<Perimetre>().ok()?.into())),
    }
}

impl Regle {
    fn correspond(&self, dites: &Revendications) -> bool {
        dites.valeurs(&self.revendication).contains(&self.valeur)
    }

    /// What these claims give the right to see: by the first rule that matches, and no other.
    ///
    /// # Errors
    /// See [`AttributionRefusee`].
    pub fn attribuer(
        regles: &[Self],
        dites: &Revendications,
        annuaire: Option<&Annuaire>,
    ) -> Result<Droits, AttributionRefusee> {
        let regle = regles
            .iter()
            .find(|regle| regle.correspond(dites))
            .ok_or(AttributionRefusee::SansRegle)?;
        let droits = regle.etendue(dites, annuaire)?;
        Ok(match regle.role {
            Some(role) => droits.avec_role(role),
            None => droits,
        })
    }

    fn etendue(
        &self,
        dites: &Revendications,
        annuaire: Option<&Annuaire>,
    ) -> Result<Droits, AttributionRefusee> {
        let (niveau, revendication, plafond) = match &self.etendue {
            Etendue::Fixe(droits) => return Ok(droits.clone()),
            Etendue::Tiree {
                niveau,
                revendication,
                plafond,
            } => (*niveau, revendication, plafond),
        };
        let code = dites
            .seule(revendication)
            .ok_or(AttributionRefusee::SansTerritoire)?;
        let annuaire = annuaire.ok_or(AttributionRefusee::HorsRegle)?;
        let dedans = plafond.as_ref().is_none_or(|plafond| {
            territoire::Perimetre::from(plafond.clone()).contient(annuaire, niveau, code)
        });
        if annuaire.territoire(niveau, code).is_none() || !dedans {
            return Err(AttributionRefusee::HorsRegle);
        }
        Ok(Droits::from(Perimetre {
            niveau,
            code: code.to_owned(),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn regles(textes: &[&str]) -> Vec<Regle> {
        textes.iter().map(|texte| texte.parse().unwrap()).collect()
    }

    fn dites(paires: &[(&str, &[&str])]) -> Revendications {
        let paires = paires.iter().map(|(nom, valeurs)| {
            let valeurs = valeurs.iter().map(|v| (*v).to_owned()).collect();
            (*nom, valeurs)
        });
        paires.collect()
    }

    #[test]
    fn a_rule_that_cannot_be_understood_is_refused() {
        for faux in [
            "",
            "groupe",
            "groupe=a",
            "groupe=a => ",
            "groupe= => national",
            "=a => national",
            "groupe=a => departement",
            "groupe=a => pays:FR",
            "groupe=a => departement:{}",
            "groupe=a => departement:{x",
            "groupe=a => national:{x}",
            "groupe=a => departement:031 dans region:76",
            "groupe=a => departement:{x} dans ",
            "groupe=a => plateforme:",
        ] {
            assert!(faux.parse::<Regle>().is_err(), "{faux}");
        }
    }

    #[test]
    fn the_first_rule_that_matches_applies_and_an_unknown_value_gives_nothing() {
        let regles = regles(&[
            "groupe=ia31 => departement:031",
            "groupe=ministere => administrateur national",
            "groupe=editeur => plateforme:ONE-OCC",
        ]);
        let droits =
            |groupes: &[&str]| Regle::attribuer(&regles, &dites(&[("groupe", groupes)]), None);
        let code = |groupes| {
            let droits = droits(groupes).unwrap();
            let (_, code) = droits.territoires().first().unwrap().clone();
            code
        };
        assert_eq!(code(&["autre", "ministere", "ia31"]), "031");
        assert_eq!(code(&["ministere"]), "FR");
        let role = |groupes| droits(groupes).unwrap().role();
        assert_eq!(role(&["ia31"]), Role::Dsden);
        assert_eq!(role(&["ministere"]), Role::Administrateur);
        assert!(droits(&["editeur"]).unwrap().territoires().is_empty());
        for inconnus in [&["IA31"][..], &["ia31 "], &["autre"], &[]] {
            assert_eq!(droits(inconnus), Err(AttributionRefusee::SansRegle));
        }
    }

    #[test]
    fn a_territory_said_twice_or_not_at_all_gives_nothing() {
        let regles = regles(&["fonction=IEN => circonscription:{rne}"]);
        for rne in [&[][..], &["a", "b"], &[""]] {
            let dites = dites(&[("fonction", &["IEN"]), ("rne", rne)]);
            let refus = Regle::attribuer(&regles, &dites, None);
            assert_eq!(refus, Err(AttributionRefusee::SansTerritoire));
        }
        // Nothing is known of territories without a directory.
        let dites = dites(&[("fonction", &["IEN"]), ("rne", &["0311234X"])]);
        let refus = Regle::attribuer(&regles, &dites, None);
        assert_eq!(refus, Err(AttributionRefusee::HorsRegle));
    }

    #[test]
    fn claims_are_read_from_texts_numbers_and_lists() {
        let json = serde_json::json!({"a": "x", "b": ["y", 3, null], "c": 7, "d": {"e": 1}});
        let lues = Revendications::de_json(json.as_object().unwrap());
        assert_eq!(lues.valeurs("a"), ["x"]);
        assert_eq!(lues.valeurs("b"), ["y", "3"]);
        assert_eq!(lues.seule("c"), Some("7"));
        assert_eq!(lues.seule("b"), None);
        assert!(lues.valeurs("d").is_empty());
    }
}
