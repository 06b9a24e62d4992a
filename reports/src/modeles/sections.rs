//! The sections that templates are made of. One that has nothing to say is left out.

use crate::document::{Bloc, Graphique, Serie, Tableau};
use crate::donnees::{Donnees, LigneEcole, Valeur};
use crate::francais::{INSECABLE, accorde, combien, jour_court, jour_long, nombre, pourcentage};

/// The weeks of a chart.
const SEMAINES: usize = 52;

/// What must not be missed.
pub(super) fn remarques(donnees: &Donnees) -> Vec<Bloc> {
    let mut remarques = Vec::new();
    if donnees.etendue.en_cours {
        remarques.push(Bloc::Remarque(
            "La période n’est pas finie\u{a0}: ses chiffres vont encore augmenter. L’évolution compare ses seuls jours écoulés aux mêmes premiers jours de la période d’avant.".to_owned(),
        ));
    }
    if let Some(deployees) = donnees.deployees.filter(|d| *d > donnees.mesurees) {
        remarques.push(Bloc::Remarque(format!(
            "Sur {}, {} aucune donnée\u{a0}: les chiffres portent sur les autres.",
            combien(deployees, "école déployée", "écoles déployées"),
            combien(deployees - donnees.mesurees, "n’a envoyé", "n’ont envoyé"),
        )));
    }
    remarques
}

/// The figures in sentences.
pub(super) fn phrases(donnees: &Donnees) -> Vec<String> {
    let mut phrases = Vec::new();
    if let Some(ensemble) = donnees.ensemble() {
        phrases.push(match (ensemble.visites, ensemble.utilisateurs) {
            (Valeur::Nombre(0), _) => {
                "Personne n’est venu sur l’ENT pendant la période.".to_owned()
            }
            (Valeur::Nombre(visites), Valeur::Nombre(utilisateurs)) => format!(
                "{} de {}.",
                accorde(visites, "visite", "visites"),
                accorde(utilisateurs, "personne", "personnes différentes"),
            ),
            (Valeur::Nombre(visites), _) => {
                format!("{}.", accorde(visites, "visite", "visites"))
            }
            (blanc, _) => format!("Visites\u{a0}: {blanc}."),
        });
        phrases.extend(evolution(donnees, ensemble.comparees, ensemble.precedentes));
        if let Valeur::Part(_) = ensemble.taux {
            phrases.push(format!(
                "{} des personnes qui ont un compte sont venues au moins une fois.",
                ensemble.taux
            ));
        }
    }
    if let Some(deploiement) = &donnees.deploiement {
        phrases.push(format!(
            "{}, dont {}\u{a0}; {}.",
            combien(deploiement.ouvertes, "ENT ouvert", "ENT ouverts"),
            combien(deploiement.actives, "actif", "actifs"),
            combien(
                deploiement.jamais_visitees,
                "n’a jamais été visité",
                "n’ont jamais été visités"
            ),
        ));
    }
    phrases
}

fn evolution(donnees: &Donnees, comparees: Valeur, precedentes: Valeur) -> Option<String> {
    let (debut, fin) = donnees.precedente?;
    let (apres, avant) = (comparees.nombre()?, precedentes.nombre()?);
    let jours = format!("du {} au {}", jour_court(debut), jour_long(fin));
    let ecart = apres - avant;
    Some(if avant == 0 {
        format!("La période d’avant ({jours}) n’avait aucune visite.")
    } else if ecart == 0 {
        format!("Autant de visites que la période d’avant ({jours}).")
    } else {
        format!(
            "{} de visites par rapport à la période d’avant ({jours}, {}).",
            signe(ecart, avant),
            accorde(avant, "visite", "visites")
        )
    })
}

/// `+ 12,4 %`.
#[expect(clippy::cast_precision_loss, reason = "counts of visits")]
fn signe(ecart: i64, avant: i64) -> String {
    let part = ecart.unsigned_abs() as f64 / avant as f64;
    let signe = if ecart < 0 { '−' } else { '+' };
    format!("{signe}{INSECABLE}{}", pourcentage(part))
}

/// How a figure moved, in a cell.
fn ecart(comparees: Valeur, precedentes: Valeur) -> String {
    match (comparees, precedentes) {
        (Valeur::Nombre(apres), Valeur::Nombre(avant)) if avant > 0 => signe(apres - avant, avant),
        (Valeur::Nombre(_), Valeur::Nombre(_)) => Valeur::SansObjet.to_string(),
        (Valeur::Nombre(_), blanc) | (blanc, _) => blanc.to_string(),
    }
}

fn section(titre: &str, blocs: impl IntoIterator<Item = Bloc>) -> Vec<Bloc> {
    std::iter::once(Bloc::Titre(titre.to_owned()))
        .chain(blocs)
        .collect()
}

fn tableau(legende: &str, mots: usize, entetes: &[&str], lignes: Vec<Vec<String>>) -> Bloc {
    Bloc::Tableau(Tableau {
        legende: legende.to_owned(),
        entetes: entetes.iter().map(|&entete| entete.to_owned()).collect(),
        lignes,
        mots,
    })
}

/// Who came.
pub(super) fn profils(donnees: &Donnees) -> Vec<Bloc> {
    let lignes = donnees.profils.iter().map(|profil| {
        vec![
            profil.nom.clone(),
            profil.visites.to_string(),
            ecart(profil.comparees, profil.precedentes),
            profil.utilisateurs.to_string(),
            profil.taux.to_string(),
            profil
                .visites
                .sur(profil.utilisateurs, Valeur::Rapport)
                .to_string(),
            profil.duree_moyenne.to_string(),
        ]
    });
    let entetes = [
        "Profil",
        "Visites",
        "Évolution",
        "Utilisateurs",
        "Taux d’utilisateurs",
        "Visites par utilisateur",
        "Durée moyenne",
    ];
    let legende = "Fréquentation par profil";
    section(
        "Qui vient",
        [tableau(legende, 1, &entetes, lignes.collect())],
    )
}

/// How it goes, week after week.
pub(super) fn semaines(donnees: &Donnees) -> Vec<Bloc> {
    let debut = donnees.semaines.len().saturating_sub(SEMAINES);
    let semaines = &donnees.semaines[debut..];
    if semaines.is_empty() {
        return Vec::new();
    }
    let serie = semaines.iter().map(|(lundi, visites)| Serie {
        nom: jour_court(*lundi),
        hauteur: visites.nombre(),
        texte: visites.to_string(),
    });
    let graphique = Graphique {
        legende: "Visites de chaque semaine de l’année scolaire".to_owned(),
        description: decrire(semaines),
        serie: serie.collect(),
    };
    section("Semaine après semaine", [Bloc::Graphique(graphique)])
}

fn decrire(semaines: &[(frequent_plan::Jour, Valeur)]) -> String {
    let mut comptees = semaines.iter().filter_map(|(l, v)| Some((l, v.nombre()?)));
    let Some((lundi, plus_haut)) = comptees.clone().max_by_key(|(_, visites)| *visites) else {
        return "Aucune semaine n’a de chiffre qui puisse être montré.".to_owned();
    };
    if plus_haut == 0 {
        return format!(
            "Aucune visite sur {}.",
            combien(semaines.len(), "semaine", "semaines")
        );
    }
    let derniere = comptees
        .next_back()
        .map_or(String::new(), |(lundi, visites)| {
            format!(
                " Dernière semaine, celle du {}\u{a0}: {}.",
                jour_court(*lundi),
                nombre(visites)
            )
        });
    format!(
        "Barres des visites de {}. La plus haute est la semaine du {}\u{a0}: {}.{derniere}",
        combien(semaines.len(), "semaine", "semaines"),
        jour_court(*lundi),
        accorde(plus_haut, "visite", "visites"),
    )
}

/// What for.
pub(super) fn services(donnees: &Donnees, nombre: usize) -> Vec<Bloc> {
    if donnees.services.is_empty() {
        return Vec::new();
    }
    let lignes = donnees.services.iter().take(nombre).map(|service| {
        vec![
            service.nom.clone(),
            service.visites.to_string(),
            service.utilisateurs.to_string(),
        ]
    });
    let entetes = ["Service", "Visites", "Utilisateurs"];
    let legende = "Services utilisés, du plus visité au moins visité";
    section(
        "Pour quoi faire",
        [tableau(legende, 1, &entetes, lignes.collect())],
    )
}

/// Every school.
pub(super) fn ecoles(donnees: &Donnees) -> Vec<Bloc> {
    if donnees.ecoles.is_empty() {
        return Vec::new();
    }
    let lignes = donnees.ecoles.iter().map(ligne_ecole);
    let legende = "Écoles du territoire, par nom\u{a0}: ce n’est pas un classement";
    let entetes = ["École", "Commune", "Visites", "Évolution", "Utilisateurs"];
    section(
        "École par école",
        [tableau(legende, 2, &entetes, lignes.collect())],
    )
}

fn ligne_ecole(ecole: &LigneEcole) -> Vec<String> {
    vec![
        ecole.nom.clone(),
        ecole.commune.clone(),
        ecole.visites.to_string(),
        ecart(ecole.comparees, ecole.precedentes),
        ecole.utilisateurs.to_string(),
    ]
}

/// The schools whose visits fell most: a hand to lend, not a ranking.
pub(super) fn mouvements(donnees: &Donnees, nombre: usize) -> Vec<Bloc> {
    let recul = |ecole: &&LigneEcole| {
        let (apres, avant) = (ecole.comparees.nombre(), ecole.precedentes.nombre());
        apres.zip(avant).map_or(0, |(apres, avant)| avant - apres)
    };
    let mut reculs: Vec<&LigneEcole> = donnees.ecoles.iter().filter(|e| recul(e) > 0).collect();
    if reculs.is_empty() {
        return Vec::new();
    }
    reculs.sort_by(|a, b| recul(b).cmp(&recul(a)).then_with(|| a.nom.cmp(&b.nom)));
    let lignes = reculs.into_iter().take(nombre).map(ligne_ecole);
    let entetes = ["École", "Commune", "Visites", "Évolution", "Utilisateurs"];
    let legende = "Écoles dont les visites ont le plus reculé";
    section(
        "À regarder de près",
        [tableau(legende, 2, &entetes, lignes.collect())],
    )
}

/// The deployment.
pub(super) fn deploiement(donnees: &Donnees) -> Vec<Bloc> {
    let Some(deploiement) = &donnees.deploiement else {
        return Vec::new();
    };
    let nombre = |n: usize| n.to_string();
    let lignes = [
        ("Sous convention pendant la période", deploiement.deployees),
        ("Ouvertes le dernier jour", deploiement.ouvertes),
        ("Actives", deploiement.actives),
        ("Jamais visitées", deploiement.jamais_visitees),
    ]
    .map(|(nom, n)| vec![nom.to_owned(), nombre(n)]);
    let etats = tableau(
        "Où en est le déploiement",
        1,
        &["État", "Écoles"],
        lignes.into(),
    );
    let rentrees = deploiement.rentrees.iter().map(|(annee, n)| Serie {
        nom: annee.clone(),
        hauteur: i64::try_from(*n).ok(),
        texte: nombre(*n),
    });
    let rentrees: Vec<Serie> = rentrees.collect();
    let mut blocs = vec![etats];
    if !rentrees.is_empty() {
        let une = |s: &Serie| format!("{} à la rentrée {}", s.texte, s.nom);
        let dites: Vec<String> = rentrees.iter().map(une).collect();
        blocs.push(Bloc::Graphique(Graphique {
            legende: "Écoles déployées à chaque rentrée".to_owned(),
            description: format!("Écoles déployées\u{a0}: {}.", dites.join(", ")),
            serie: rentrees,
        }));
    }
    section("Le déploiement", blocs)
}

/// The schools that are open and not active.
pub(super) fn a_suivre(donnees: &Donnees, nombre: usize) -> Vec<Bloc> {
    let Some(deploiement) = &donnees.deploiement else {
        return Vec::new();
    };
    if deploiement.a_suivre.is_empty() {
        return Vec::new();
    }
    let lignes = deploiement.a_suivre.iter().take(nombre).map(|ecole| {
        vec![
            ecole.nom.clone(),
            ecole.commune.clone(),
            ecole.raison.clone(),
        ]
    });
    let legende = "Écoles ouvertes qui ne sont pas actives";
    let entetes = ["École", "Commune", "Pourquoi"];
    let mut blocs = vec![tableau(legende, 3, &entetes, lignes.collect())];
    if let Some(autres) = deploiement
        .a_suivre
        .len()
        .checked_sub(nombre)
        .filter(|n| *n > 0)
    {
        blocs.push(Bloc::Paragraphe(format!(
            "Et {}.",
            combien(autres, "autre école", "autres écoles")
        )));
    }
    section("À accompagner", blocs)
}

/// What it costs.
pub(super) fn participations(donnees: &Donnees) -> Vec<Bloc> {
    let participations = donnees.deploiement.iter().flat_map(|d| &d.participations);
    let lignes: Vec<Vec<String>> = participations
        .map(|p| {
            vec![
                p.convention.clone(),
                p.autorite.clone(),
                p.ecoles.to_string(),
                format!("{}{INSECABLE}€", p.total),
            ]
        })
        .collect();
    if lignes.is_empty() {
        return Vec::new();
    }
    let entetes = ["Convention", "Collectivité", "Écoles", "Participation"];
    let legende = "Participation des collectivités pour l’année scolaire";
    section("Participations", [tableau(legende, 2, &entetes, lignes)])
}
