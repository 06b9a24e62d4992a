//! What a free measure is asked of: the same words in an address or in a body.

use std::collections::BTreeSet;

use frequent_plan::{Axe, Jour, Niveau, Uai};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::super::parametres::{Format, Parametres, lire_niveau, refus};
use crate::donnees::{Cellule, Frontieres, ProfilCellule};
use crate::erreurs::ParametreInvalide;
use crate::porte::MesuresRendues;

/// Most days of one measure.
const JOURS_MAX: usize = 400;
/// Most schools of a measure asked by an address.
const ECOLES_ADRESSE: usize = 1_000;
/// Most schools of a measure asked by a body.
const ECOLES_CORPS: usize = 10_000;

/// What a named perimeter is asked by, in the place of a level.
const ENSEMBLE: &str = "ensemble";
/// How a perimeter is written.
const FORME: &str = "s’écrit niveau:code, par exemple departement:031, ou ensemble:identifiant.";

/// The parameters that an address may give.
pub(super) const ADMIS: [&str; 10] = [
    "perimetre",
    "ecoles",
    "du",
    "au",
    "jours",
    "axe",
    "profil",
    "membre",
    "frontieres",
    "format",
];

/// A free measure, as a body asks it: `perimetre` or `ecoles`, and `du` and `au` or `jours`.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CorpsMesures {
    /// A territory (`departement:031`) or a named perimeter (`ensemble:identifiant`).
    pub perimetre: Option<String>,
    /// Or schools, at most 10,000.
    pub ecoles: Option<Vec<String>>,
    /// First day.
    pub du: Option<String>,
    /// Last day.
    pub au: Option<String>,
    /// Or days, at most 400.
    pub jours: Option<Vec<String>>,
    /// The axis, `total` when not given.
    pub axe: Option<String>,
    /// The profile, `TOUS` when not given, `*` for each.
    pub profil: Option<String>,
    /// The member of the axis; none means all.
    pub membre: Option<String>,
    /// `alors` or `maintenant`.
    pub frontieres: Option<String>,
    /// `json` or `csv`.
    pub format: Option<String>,
}

/// The parameters as they were understood.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct RequeteMesures {
    /// The territory or the named perimeter, if one was asked.
    pub perimetre: Option<String>,
    /// How many schools were asked, if schools were.
    pub ecoles: Option<usize>,
    /// First day.
    #[schema(value_type = String, format = Date)]
    pub du: Jour,
    /// Last day.
    #[schema(value_type = String, format = Date)]
    pub au: Jour,
    /// How many days were asked.
    pub jours: usize,
    /// The axis.
    #[schema(value_type = String)]
    pub axe: Axe,
    /// The profile, `TOUS` for all together, `*` for each.
    #[schema(value_type = String)]
    pub profil: &'static str,
    /// The member of the axis asked; none means all.
    pub membre: Option<String>,
    /// Whose boundaries the territory has: those of then or of now.
    pub frontieres: Frontieres,
}

/// What is measured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::routes) enum LieuDemande {
    /// A territory.
    Territoire(Niveau, String),
    /// Some schools, taken together.
    Ecoles(BTreeSet<Uai>),
    /// The schools of a named perimeter, taken together.
    Ensemble(String),
}

/// A free measure, understood.
#[derive(Debug)]
pub(super) struct Voulu {
    pub requete: RequeteMesures,
    pub lieu: LieuDemande,
    pub jours: BTreeSet<Jour>,
    pub profil: Option<ProfilCellule>,
    pub format: Format,
}

impl Voulu {
    /// Whether a cell is of the profile and the member asked.
    pub(super) fn retient(&self, cellule: &Cellule<MesuresRendues>) -> bool {
        let membre = self.requete.membre.as_ref();
        self.profil.is_none_or(|profil| profil == cellule.profil)
            && membre.is_none_or(|membre| **membre == *cellule.membre)
    }

    /// From an address.
    pub(super) fn d_adresse(parametres: &Parametres) -> Result<Self, ParametreInvalide> {
        let ecoles = parametres
            .liste("ecoles")
            .map(|e| lire_ecoles(e, ECOLES_ADRESSE));
        let jours = parametres.liste("jours").map(lire_jours);
        Self::lire(parametres, ecoles.transpose()?, jours.transpose()?)
    }

    /// From a body.
    pub(super) fn de_corps(corps: CorpsMesures) -> Result<Self, ParametreInvalide> {
        let ecoles = corps.ecoles.as_ref();
        let ecoles = ecoles.map(|e| lire_ecoles(e.iter().map(String::as_str), ECOLES_CORPS));
        let jours = corps.jours.as_ref();
        let jours = jours.map(|j| lire_jours(j.iter().map(String::as_str)));
        let (ecoles, jours) = (ecoles.transpose()?, jours.transpose()?);
        let parametres = Parametres::de_paires([
            ("perimetre", corps.perimetre),
            ("du", corps.du),
            ("au", corps.au),
            ("axe", corps.axe),
            ("profil", corps.profil),
            ("membre", corps.membre),
            ("frontieres", corps.frontieres),
            ("format", corps.format),
        ])?;
        Self::lire(&parametres, ecoles, jours)
    }

    fn lire(
        parametres: &Parametres,
        ecoles: Option<BTreeSet<Uai>>,
        jours: Option<BTreeSet<Jour>>,
    ) -> Result<Self, ParametreInvalide> {
        let perimetre = parametres.texte("perimetre");
        let nombre = ecoles.as_ref().map(BTreeSet::len);
        let lieu = match (perimetre, ecoles) {
            (Some(perimetre), None) => LieuDemande::lire("perimetre", FORME, perimetre)?,
            (None, Some(ecoles)) => LieuDemande::Ecoles(ecoles),
            _ => {
                let raison = "donnez soit « perimetre », soit « ecoles ».";
                return Err(refus("perimetre", raison));
            }
        };
        let bornes = (parametres.texte("du"), parametres.texte("au"));
        let jours = match (jours, bornes) {
            (Some(jours), (None, None)) => jours,
            (None, (Some(_), Some(_))) => entre(parametres.jour("du")?, parametres.jour("au")?)?,
            _ => return Err(refus("du", "donnez soit « du » et « au », soit « jours ».")),
        };
        let (Some(&du), Some(&au)) = (jours.first(), jours.last()) else {
            return Err(refus("jours", "au moins un jour est attendu."));
        };
        let profil = parametres.profil_ou_chacun()?;
        let requete = RequeteMesures {
            perimetre: perimetre.map(str::to_owned),
            ecoles: nombre,
            du,
            au,
            jours: jours.len(),
            axe: parametres.axe()?,
            profil: profil.map_or("*", ProfilCellule::code),
            membre: parametres.texte("membre").map(str::to_owned),
            frontieres: parametres.frontieres()?,
        };
        Ok(Self {
            requete,
            lieu,
            jours,
            profil,
            format: parametres.format()?,
        })
    }
}

impl LieuDemande {
    /// A territory or a named set, by the text of a parameter; `forme` says how it is written.
    pub(in crate::routes) fn lire(
        parametre: &str,
        forme: &str,
        texte: &str,
    ) -> Result<Self, ParametreInvalide> {
        let parts = texte.split_once(':');
        let (niveau, code) = parts.ok_or_else(|| refus(parametre, forme))?;
        Ok(match niveau {
            ENSEMBLE => Self::Ensemble(code.to_owned()),
            niveau => Self::Territoire(lire_niveau(parametre, niveau)?, code.to_owned()),
        })
    }
}

fn entre(du: Jour, au: Jour) -> Result<BTreeSet<Jour>, ParametreInvalide> {
    if au < du {
        return Err(refus("au", "précède « du »."));
    }
    let jours: BTreeSet<Jour> = du.jusqua(au).take(JOURS_MAX + 1).collect();
    borner("au", jours)
}

fn lire_jours<'t>(
    textes: impl Iterator<Item = &'t str>,
) -> Result<BTreeSet<Jour>, ParametreInvalide> {
    let lus = textes.take(JOURS_MAX + 1).map(|texte| {
        let faute = |faute| refus("jours", &format!("{faute}."));
        texte.parse::<Jour>().map_err(faute)
    });
    borner("jours", lus.collect::<Result<_, _>>()?)
}

fn borner(nom: &str, jours: BTreeSet<Jour>) -> Result<BTreeSet<Jour>, ParametreInvalide> {
    if jours.len() > JOURS_MAX {
        return Err(refus(nom, &format!("plus de {JOURS_MAX} jours.")));
    }
    Ok(jours)
}

fn lire_ecoles<'t>(
    textes: impl Iterator<Item = &'t str>,
    limite: usize,
) -> Result<BTreeSet<Uai>, ParametreInvalide> {
    let mut ecoles = BTreeSet::new();
    for texte in textes.map(str::trim) {
        let uai = texte.parse().map_err(|_| {
            let texte: String = texte.chars().take(40).collect();
            refus("ecoles", &format!("« {texte} » n’est pas un UAI."))
        })?;
        ecoles.insert(uai);
        if ecoles.len() > limite {
            return Err(refus("ecoles", &format!("plus de {limite} écoles.")));
        }
    }
    if ecoles.is_empty() {
        return Err(refus("ecoles", "au moins un UAI est attendu."));
    }
    Ok(ecoles)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn voulu(requete: &str) -> Result<Voulu, ParametreInvalide> {
        let adresse = format!("/x?{requete}").parse().unwrap();
        Voulu::d_adresse(&Parametres::lire(&adresse, &ADMIS)?)
    }

    fn faute(requete: &str) -> String {
        voulu(requete).unwrap_err().nom
    }

    #[test]
    fn days_are_a_range_or_a_list_and_schools_a_territory_or_a_list() {
        let uai = Uai::depuis_nombre(310_001);
        let lu = voulu(&format!("ecoles={uai},{uai}&jours=2026-11-02,2026-11-05")).unwrap();
        assert_eq!(lu.lieu, LieuDemande::Ecoles(BTreeSet::from([uai])));
        assert_eq!(
            (lu.requete.jours, lu.requete.du.to_string()),
            (2, "2026-11-02".to_owned())
        );
        let lu = voulu("perimetre=departement:031&du=2026-09-14&au=2026-12-14").unwrap();
        assert_eq!(lu.jours.len(), 92);
        let jours = "du=2026-09-14&au=2026-12-14";
        assert_eq!(faute(jours), "perimetre");
        assert_eq!(
            faute(&format!("perimetre=departement:031&ecoles={uai}&{jours}")),
            "perimetre"
        );
        assert_eq!(faute("perimetre=departement:031&du=2026-09-14"), "du");
        assert_eq!(
            faute(&format!("perimetre=commune:1&jours=2026-11-02&{jours}")),
            "du"
        );
    }

    #[test]
    fn too_many_days_or_something_else_than_a_school_is_refused_by_name() {
        assert_eq!(
            faute("perimetre=departement:031&du=2020-01-01&au=2026-12-14"),
            "au"
        );
        assert_eq!(
            faute("perimetre=departement:031&du=2026-01-02&au=2026-01-01"),
            "au"
        );
        assert_eq!(
            faute("ecoles=0310001A&du=2026-01-02&au=2026-01-03"),
            "ecoles"
        );
        assert_eq!(
            faute("perimetre=031&du=2026-01-02&au=2026-01-03"),
            "perimetre"
        );
        assert_eq!(
            faute("perimetre=ville:1&du=2026-01-02&au=2026-01-03"),
            "perimetre"
        );
    }
}
