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

const AN_DERNIER: (&str, &str) = (
    "an_dernier",
    "Mêmes jours scolaires de l’année précédente : la semaine de classe de même rang depuis la rentrée, ou la même semaine des mêmes vacances, selon la zone du territoire ; sans zone commune, 52 semaines plus tôt. D’une période non finie, seuls les jours écoulés sont comparés.",
);

const ENGLOBANT: (&str, &str) = (
    "englobant",
    "Territoire dont celui-ci fait partie : on n’en donne que des rapports arrondis (visites par utilisateur, taux d’utilisateurs, durée moyenne), jamais les nombres.",
);

const INCIDENTS: (&str, &str) = (
    "incidents",
    "Incident : jours déclarés sans mesure, ou avec une mesure incomplète ; une école touchée où rien n’a été compté est « non mesurée ». Rupture de série : changement de méthode à partir d’un jour, avant et après lequel les chiffres ne se comparent pas.",
);

const DEPLOIEMENT: (&str, &str) = (
    "deploiement",
    "École ouverte : sous convention le dernier jour de la période. Active : ouverte, avec des visites sur au moins deux jours de la période, dont une d’enseignant (seuils réglables). Jamais visitée : ouverte, sans aucune visite depuis le début de sa convention.",
);

const COURBE: (&str, &str) = (
    "courbe_deploiement",
    "École déployée : sous convention le premier du mois. Visitée : déployée, avec au moins une visite dans le mois. Jamais visitée : déployée, sans aucune visite depuis le mois de son entrée sous convention.",
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

/// Ratios, and how a school is set beside its peers.
const PAIRS: &[(&str, &str)] = &[
    (
        "visites_par_utilisateur",
        "Nombre de visites divisé par le nombre d’utilisateurs de la période.",
    ),
    (
        "visites_pour_100_eleves",
        "Nombre de visites de la période pour 100 élèves de l’école, d’après l’effectif connu.",
    ),
    (
        "jours_actifs",
        "Nombre de jours de la période où l’école a eu au moins une visite.",
    ),
    (
        "ecoles_semblables",
        "Écoles ouvertes et déployées de même type, de même secteur et de même tranche d’effectif (moins de 50 élèves, 50 à 99, 100 à 199, 200 à 399, 400 et plus), dans le département ; s’il y en a moins de 8, dans l’académie, puis dans la région. Les écoles masquées sont écartées, et rien n’est dit de moins de 8 écoles.",
    ),
    (
        "quartiles",
        "Un quart des écoles semblables sont au premier quartile ou en dessous, la moitié à la médiane ou en dessous, trois quarts au troisième quartile ou en dessous. L’école elle-même n’y est pas comptée. Ce n’est pas un classement.",
    ),
];

/// The ladder, the round of visits, the support log.
const PARCOURS: (&str, &str) = (
    "parcours",
    "Étape la plus haute atteinte par l’école depuis le début de sa convention, les précédentes l’étant toutes : convention ; marqueur entendu (un accès reçu, accepté ou non) ; comptes ouverts (un effectif est connu, ou quelqu’un est venu) ; un enseignant est venu ; un parent est venu ; usage régulier : enseignants et parents sont venus au moins 3 semaines de classe sur 4. Les dates d’avant l’année scolaire précédente ne sont pas cherchées.",
);

const TOURNEE: (&str, &str) = (
    "tournee",
    "Dix écoles sous convention au plus, d’après les quatre dernières semaines de classe achevées, chacune pour une raison : jamais commencé (quatre semaines ou plus sans aucune visite) ; chute (moitié moins de visites, ou pire, que les mêmes semaines de classe l’an dernier, d’au moins 80 visites) ; sans parents (des enseignants au moins 3 semaines sur 4, aucun parent) ; exemple (enseignants et parents chaque semaine, dans le quart des écoles qui ont le plus de visites par élève). Les écoles masquées ne sont jamais dites en chute.",
);

const SUIVI: (&str, &str) = (
    "effet",
    "Visites par semaine dans les quatre semaines de classe qui précèdent la semaine de l’action et dans les quatre qui la suivent, à côté de la médiane des écoles semblables. Refusé avec moins de 8 écoles semblables, si une semaine est masquée, si un incident ou une rupture de série y est déclaré, ou si plus de deux semaines de vacances s’intercalent d’un côté. C’est un constat, pas une preuve que l’action en est la cause.",
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
        .chain([AN_DERNIER, ENGLOBANT, INCIDENTS, DEPLOIEMENT, COURBE])
        .chain(axes)
        .chain(PAIRS.iter().copied())
        .chain([PARCOURS, TOURNEE, SUIVI])
        .collect()
}

/// The definitions of cells along an axis.
pub fn de_cellules(voulu: Axe) -> Definitions {
    MESURES
        .iter()
        .copied()
        .chain([TERRITOIRE, EN_COURS, COUVERTURE, PROFIL, INCIDENTS])
        .chain([axe(voulu)])
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

/// The definitions of a territory's key figures.
pub fn de_synthese() -> Definitions {
    let mut definitions = de_comparaison();
    definitions.extend([AN_DERNIER, ENGLOBANT, INCIDENTS, DEPLOIEMENT]);
    definitions
}

/// The definitions of a school beside its peers, and of places side by side.
pub fn de_pairs() -> Definitions {
    let mesures = MESURES.iter().chain(PAIRS).copied();
    mesures.chain([EN_COURS, PROFIL]).collect()
}

/// The definition of the deployment's curve.
pub fn de_courbe() -> Definitions {
    Definitions::from([COURBE])
}

/// The definition of the ladder.
pub fn de_parcours() -> Definitions {
    Definitions::from([PARCOURS])
}

/// The definition of the round of visits.
pub fn de_tournee() -> Definitions {
    Definitions::from([TOURNEE])
}

/// The definitions of an action's effect.
pub fn de_suivi() -> Definitions {
    let semblables = PAIRS.iter().copied();
    semblables
        .filter(|(nom, _)| *nom == "ecoles_semblables")
        .chain([SUIVI])
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
            .chain(de_synthese())
            .chain(de_pairs())
            .chain(de_parcours())
            .chain(de_tournee())
            .chain(de_suivi())
            .chain(de_moments());
        for (nom, sens) in utilisees {
            assert_eq!(toutes.get(nom), Some(&sens));
            assert!(sens.ends_with('.'), "{nom}");
        }
    }
}
