//! Reading a request's parameters: each fault names the parameter and what would be accepted.

use axum::extract::Query;
use axum::http::Uri;
use frequent_plan::{AnneeScolaire, Axe, Grain, Jour, Niveau, Periode};

use crate::donnees::{Frontieres, ProfilCellule};
use crate::erreurs::ParametreInvalide;

/// Longest value of a parameter, in bytes.
const VALEUR_MAX: usize = 200;
/// Longest list, in bytes: a thousand schools.
const LISTE_MAX: usize = 9_000;
/// The parameters that are lists, separated by commas.
const LISTES: [&str; 3] = ["ecoles", "jours", "lieux"];

/// The parameters of a request, each one that the route knows and given once.
pub(super) struct Parametres(Vec<(String, String)>);

/// How the answer is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    Json,
    Csv,
}

impl Parametres {
    /// The parameters of an address, which may only have these names.
    pub(super) fn lire(adresse: &Uri, admis: &[&str]) -> Result<Self, ParametreInvalide> {
        let Query(paires) = Query::<Vec<(String, String)>>::try_from_uri(adresse)
            .map_err(|_| refus("", "l’adresse est mal échappée."))?;
        for (rang, (nom, valeur)) in paires.iter().enumerate() {
            if !admis.contains(&nom.as_str()) {
                let valeurs = admis.iter().map(|a| (*a).to_owned()).collect();
                return Err(ParametreInvalide {
                    nom: nom.chars().take(40).collect(),
                    raison: format!("inconnu ; paramètres admis : {}.", admis.join(", ")),
                    valeurs,
                });
            }
            if paires[..rang].iter().any(|(deja, _)| deja == nom) {
                return Err(refus(nom, "donné deux fois."));
            }
            let liste = LISTES.contains(&nom.as_str());
            if valeur.len() > if liste { LISTE_MAX } else { VALEUR_MAX } {
                return Err(refus(nom, "trop long."));
            }
        }
        Ok(Self(paires))
    }

    /// The parameters that a body gives.
    pub(super) fn de_paires<const N: usize>(
        paires: [(&str, Option<String>); N],
    ) -> Result<Self, ParametreInvalide> {
        let donnees = paires
            .into_iter()
            .filter_map(|(nom, valeur)| Some((nom.to_owned(), valeur?)));
        let donnees: Vec<_> = donnees.collect();
        if let Some((nom, _)) = donnees.iter().find(|(_, valeur)| valeur.len() > VALEUR_MAX) {
            return Err(refus(nom, "trop long."));
        }
        Ok(Self(donnees))
    }

    /// The parts of a list; none when it is not given.
    pub(super) fn liste(&self, nom: &str) -> Option<impl Iterator<Item = &str>> {
        Some(self.texte(nom)?.split(','))
    }

    /// Whose boundaries: those of then when not given.
    pub(super) fn frontieres(&self) -> Result<Frontieres, ParametreInvalide> {
        match self.texte("frontieres") {
            None | Some("alors") => Ok(Frontieres::Alors),
            Some("maintenant") => Ok(Frontieres::Maintenant),
            Some(autre) => Err(hors_liste(
                "frontieres",
                autre,
                ["alors", "maintenant"].into_iter(),
            )),
        }
    }

    /// The value of a parameter; an empty one counts as not given.
    pub(super) fn texte(&self, nom: &str) -> Option<&str> {
        let (_, valeur) = self.0.iter().find(|(n, _)| n == nom)?;
        (!valeur.is_empty()).then_some(valeur.as_str())
    }

    pub(super) fn obligatoire(&self, nom: &str) -> Result<&str, ParametreInvalide> {
        self.texte(nom).ok_or_else(|| refus(nom, "obligatoire."))
    }

    pub(super) fn niveau(&self, nom: &str) -> Result<Niveau, ParametreInvalide> {
        lire_niveau(nom, self.obligatoire(nom)?)
    }

    pub(super) fn grain(&self) -> Result<Grain, ParametreInvalide> {
        let texte = self.obligatoire("grain")?;
        Grain::de_code(texte)
            .ok_or_else(|| hors_liste("grain", texte, Grain::TOUS.iter().map(|g| g.code())))
    }

    pub(super) fn jour(&self, nom: &str) -> Result<Jour, ParametreInvalide> {
        let texte = self.obligatoire(nom)?;
        texte
            .parse()
            .map_err(|faute| refus(nom, &format!("{faute}.")))
    }

    /// The period of `grain` whose first day is `debut`.
    pub(super) fn periode(&self) -> Result<Periode, ParametreInvalide> {
        let (grain, debut) = (self.grain()?, self.jour("debut")?);
        let periode = Periode::contenant(grain, debut);
        if periode.debut() == debut {
            return Ok(periode);
        }
        Err(ParametreInvalide {
            nom: "debut".to_owned(),
            raison: format!(
                "{debut} n’est pas le premier jour d’une période de grain « {grain} » ; celle qui le contient commence le {}.",
                periode.debut()
            ),
            valeurs: vec![periode.debut().to_string()],
        })
    }

    pub(super) fn annee(&self) -> Result<AnneeScolaire, ParametreInvalide> {
        let texte = self.obligatoire("annee")?;
        texte
            .parse()
            .map_err(|_| refus("annee", "une année scolaire s’écrit par exemple 2026-2027."))
    }

    /// One profile, `TOUS` when not given.
    pub(super) fn profil(&self) -> Result<ProfilCellule, ParametreInvalide> {
        match self.texte("profil") {
            None => Ok(ProfilCellule::Tous),
            Some(code) => ProfilCellule::de_code(code).ok_or_else(|| {
                hors_liste(
                    "profil",
                    code,
                    ProfilCellule::tous().map(ProfilCellule::code),
                )
            }),
        }
    }

    /// One profile, `TOUS` when not given, or none for `*`: every profile.
    pub(super) fn profil_ou_chacun(&self) -> Result<Option<ProfilCellule>, ParametreInvalide> {
        match self.texte("profil") {
            Some("*") => Ok(None),
            Some(code) if ProfilCellule::de_code(code).is_none() => {
                let codes = ProfilCellule::tous().map(ProfilCellule::code);
                Err(hors_liste("profil", code, codes.chain(["*"])))
            }
            _ => self.profil().map(Some),
        }
    }

    /// The axis, `total` when not given.
    pub(super) fn axe(&self) -> Result<Axe, ParametreInvalide> {
        match self.texte("axe") {
            None => Ok(Axe::Total),
            Some(code) => Axe::de_code(code)
                .ok_or_else(|| hors_liste("axe", code, Axe::TOUS.iter().map(|a| a.code()))),
        }
    }

    pub(super) fn format(&self) -> Result<Format, ParametreInvalide> {
        match self.texte("format") {
            None | Some("json") => Ok(Format::Json),
            Some("csv") => Ok(Format::Csv),
            Some(autre) => Err(hors_liste("format", autre, ["json", "csv"].into_iter())),
        }
    }

    pub(super) fn limite(&self, defaut: usize, max: usize) -> Result<usize, ParametreInvalide> {
        let Some(texte) = self.texte("limite") else {
            return Ok(defaut);
        };
        texte
            .parse()
            .ok()
            .filter(|n| (1..=max).contains(n))
            .ok_or_else(|| refus("limite", &format!("un nombre de 1 à {max} est attendu.")))
    }
}

/// The level of this code, for the parameter or path segment of this name.
pub(super) fn lire_niveau(nom: &str, texte: &str) -> Result<Niveau, ParametreInvalide> {
    Niveau::de_code(texte)
        .ok_or_else(|| hors_liste(nom, texte, Niveau::TOUS.iter().map(|n| n.code())))
}

/// A parameter that does not suit.
pub(super) fn refus(nom: &str, raison: &str) -> ParametreInvalide {
    ParametreInvalide {
        nom: nom.to_owned(),
        raison: raison.to_owned(),
        valeurs: Vec::new(),
    }
}

fn hors_liste(
    nom: &str,
    texte: &str,
    admises: impl Iterator<Item = &'static str>,
) -> ParametreInvalide {
    let valeurs: Vec<String> = admises.map(str::to_owned).collect();
    let texte: String = texte.chars().take(40).collect();
    ParametreInvalide {
        nom: nom.to_owned(),
        raison: format!(
            "« {texte} » n’est pas accepté ; valeurs admises : {}.",
            valeurs.join(", ")
        ),
        valeurs,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lire(requete: &str) -> Result<Parametres, ParametreInvalide> {
        let adresse = format!("/x?{requete}").parse().unwrap();
        Parametres::lire(&adresse, &["niveau", "grain", "debut", "profil", "limite"])
    }

    #[test]
    fn an_unknown_parameter_is_named_with_those_that_are_known() {
        let faute = lire("niveau=ecole&graine=jour").err().unwrap();
        assert_eq!(faute.nom, "graine");
        assert!(faute.valeurs.contains(&"grain".to_owned()));
    }

    #[test]
    fn a_parameter_given_twice_is_refused() {
        assert_eq!(lire("niveau=a&niveau=b").err().unwrap().nom, "niveau");
    }

    #[test]
    fn a_value_out_of_the_list_is_refused_with_the_list() {
        let faute = lire("grain=heure").unwrap().grain().unwrap_err();
        assert_eq!(faute.valeurs, ["jour", "semaine", "mois", "annee"]);
        assert_eq!(faute.nom, "grain");
    }

    #[test]
    fn a_period_must_be_named_by_its_first_day() {
        let lu = |requete| lire(requete).unwrap().periode();
        assert!(lu("grain=semaine&debut=2026-11-16").is_ok());
        let faute = lu("grain=semaine&debut=2026-11-17").unwrap_err();
        assert_eq!(faute.valeurs, ["2026-11-16"]);
        assert_eq!(lu("grain=semaine&debut=17/11").unwrap_err().nom, "debut");
    }

    #[test]
    fn a_star_is_every_profile_only_where_it_is_accepted() {
        let parametres = lire("profil=*").unwrap();
        assert_eq!(parametres.profil_ou_chacun().unwrap(), None);
        assert!(parametres.profil().is_err());
        assert_eq!(lire("").unwrap().profil().unwrap(), ProfilCellule::Tous);
    }
}
