//! What each figure means, in the words given beside it.

use std::collections::BTreeMap;

use frequent_plan::Axe;

/// Name and meaning of some notions.
pub type Definitions = BTreeMap<&'static str, &'static str>;

/// The measures, which every answer with figures explains.
const MESURES: &[(&str, &str)] = &[
    (
        "visites",
        "Nombre de visites. Une visite est une suite d’accès d’une même personne, sous un même profil, dans une même école, sans interruption de plus de 30 minutes ; elle s’arrête à minuit, heure locale.",
    ),
    (
        "utilisateurs",
        "Nombre de personnes différentes venues au moins une fois dans la période. Compte exact, jamais une estimation : une personne vue dans deux écoles d’un territoire, ou sous deux profils, n’y compte qu’une fois.",
    ),
    (
        "duree_moyenne",
        "Durée moyenne d’une visite : durée totale (duree_ms, en millisecondes) divisée par le nombre de visites. La durée d’une visite va de son premier à son dernier accès ; une visite d’un seul accès dure 0.",
    ),
    (
        "evenements",
        "Nombre d’accès à une page ou à un service, chacun compté une seule fois même s’il a été envoyé plusieurs fois.",
    ),
];

const TERRITOIRE: (&str, &str) = (
    "territoire",
    "Une école compte dans le territoire que l’annuaire lui donnait à la fin de la période, ou lui donne aujourd’hui si la période n’est pas finie.",
);

const EN_COURS: (&str, &str) = (
    "en_cours",
    "Période dont le dernier jour est aujourd’hui ou plus tard : ses chiffres vont encore augmenter.",
);

/// What `precedentes` and `comparees` mean.
const COMPARAISON: (&str, &str) = (
    "comparaison",
    "L’évolution compare les mesures « comparees » et « precedentes » : la période entière et celle d’avant, ou, si la période n’est pas finie, ses jours entièrement écoulés et les mêmes premiers jours de celle d’avant.",
);

/// What the coverage of an answer means.
const COUVERTURE: (&str, &str) = (
    "couverture",
    "Écoles mesurées : un accès y a été compté dans la période, ou sa plateforme a été entendue dans une autre école conventionnée. Écoles déployées : sous une convention en vigueur le dernier jour. Sans accès ni plateforme entendue, une école est « non mesurée » ; sans convention, « non déployée » : ce n’est pas un zéro.",
);

const PROFIL: (&str, &str) = (
    "profil",
    "Profil sous lequel la personne est connue dans l’école. TOUS réunit tous les profils : une personne vue sous deux profils y compte une fois.",
);

const fn axe(axe: Axe) -> (&'static str, &'static str) {
    match axe {
        Axe::Total => ("total", "Toutes les visites."),
        Axe::Service => (
            "service",
            "Une visite compte pour chaque service où elle a au moins un accès : la somme des services dépasse le total. La durée d’un service va de chacun de ses accès à l’accès suivant de la même visite.",
        ),
        Axe::Type => (
            "type",
            "Service de l’ENT lui-même (NATIF) ou outil tiers ouvert depuis l’ENT (TIERS). Une visite compte pour chaque type où elle a au moins un accès.",
        ),
        Axe::Outil => (
            "outil",
            "Outil tiers ouvert depuis l’ENT, tel que l’exploitant le nomme. Une visite compte pour chaque outil où elle a au moins un accès.",
        ),
        Axe::Appareil => ("appareil", "Appareil du premier accès de la visite."),
        Axe::Os => (
            "os",
            "Système d’exploitation du premier accès de la visite.",
        ),
        Axe::Navigateur => ("navigateur", "Navigateur du premier accès de la visite."),
        Axe::Heure => (
            "heure",
            "Heure locale de l’école au premier accès de la visite, de 0 à 23.",
        ),
        Axe::TrancheDuree => (
            "tranche_duree",
            "Tranche de durée de la visite, borne basse comprise.",
        ),
    }
}

/// Every definition.
pub fn toutes() -> Definitions {
    let axes = Axe::TOUS.iter().map(|&a| axe(a));
    MESURES
        .iter()
        .copied()
        .chain([TERRITOIRE, EN_COURS, COMPARAISON, COUVERTURE, PROFIL])
        .chain(axes)
        .collect()
}

/// The definitions of cells along an axis.
pub fn de_cellules(voulu: Axe) -> Definitions {
    MESURES
        .iter()
        .copied()
        .chain([TERRITOIRE, EN_COURS, COUVERTURE, PROFIL, axe(voulu)])
        .collect()
}

/// The definitions of a comparison with the span before.
pub fn de_comparaison() -> Definitions {
    MESURES
        .iter()
        .copied()
        .chain([TERRITOIRE, EN_COURS, COMPARAISON, COUVERTURE, PROFIL])
        .collect()
}

/// The definitions of visits by weekday and hour.
pub fn de_moments() -> Definitions {
    MESURES
        .iter()
        .copied()
        .filter(|(nom, _)| *nom == "visites")
        .chain([TERRITOIRE, COUVERTURE, axe(Axe::Heure)])
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_notion_used_somewhere_is_in_the_whole_list_with_the_same_words() {
        let toutes = toutes();
        let utilisees = Axe::TOUS
            .iter()
            .flat_map(|&a| de_cellules(a))
            .chain(de_comparaison())
            .chain(de_moments());
        for (nom, sens) in utilisees {
            assert_eq!(toutes.get(nom), Some(&sens));
            assert!(sens.ends_with('.'), "{nom}");
        }
    }
}
