//! The sections that templates are made of. One that has nothing to say is left out.

use crate::document::{Bloc, Chiffre, Graphique, Serie, Tableau};
use crate::donnees::{Donnees, Duree, LigneEcole, LigneService, Valeur};
use crate::francais::{INSECABLE, accorde, combien, jour_court, nombre, pourcentage};

/// The weeks of a chart.
const SEMAINES: usize = 52;

/// The figures that are read first.
pub(super) fn chiffres(donnees: &Donnees) -> Option<Bloc> {
    let ensemble = donnees.ensemble()?;
    let chiffre = |nom: &str, valeur: String, detail: String| Chiffre {
        nom: nom.to_owned(),
        valeur,
        detail,
    };
    let evolution = match ecart(ensemble.comparees, ensemble.precedentes) {
        // A blank stands in the large figure already.
        _ if ensemble.comparees.nombre().is_none() => String::new(),
        ecart if ensemble.precedentes.nombre().is_some_and(|n| n > 0) => {
            match donnees.etendue.duree {
                Duree::Semaine => format!("{ecart} en une semaine"),
                Duree::Semestre { .. } => format!("{ecart} en un an"),
            }
        }
        _ => String::new(),
    };
    let mut chiffres = vec![
        chiffre("Visites", ensemble.visites.to_string(), evolution),
        chiffre(
            "Personnes différentes",
            ensemble.utilisateurs.to_string(),
            match ensemble.taux {
                Valeur::Part(_) => format!("{} des comptes", ensemble.taux),
                _ => String::new(),
            },
        ),
    ];
    let actives = donnees.deploiement.as_ref().map(|deploiement| {
        let ouvertes = combien(deploiement.ouvertes, "ouverte", "ouvertes");
        chiffre(
            "Écoles actives",
            combien_seul(deploiement.actives),
            format!("sur {ouvertes}"),
        )
    });
    chiffres.extend(actives);
    Some(Bloc::Chiffres(chiffres))
}

fn combien_seul(n: usize) -> String {
    nombre(i64::try_from(n).unwrap_or(i64::MAX))
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

/// Who came; the user rate is a column only where there is one.
pub(super) fn profils(donnees: &Donnees) -> Vec<Bloc> {
    let mut entetes = vec!["Profil", "Visites", "Évolution", "Utilisateurs"];
    let taux = donnees.profils.iter().any(|p| p.taux != Valeur::SansObjet);
    entetes.extend(taux.then_some("Taux d’utilisateurs"));
    entetes.extend(["Visites par utilisateur", "Durée moyenne"]);
    let lignes = donnees.profils.iter().map(|profil| {
        let mut ligne = vec![
            profil.nom.clone(),
            profil.visites.to_string(),
            ecart(profil.comparees, profil.precedentes),
            profil.utilisateurs.to_string(),
        ];
        ligne.extend(taux.then(|| profil.taux.to_string()));
        let rapport = profil.visites.sur(profil.utilisateurs, Valeur::Rapport);
        ligne.extend([rapport.to_string(), profil.duree_moyenne.to_string()]);
        ligne
    });
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
        legende: match donnees.etendue.duree {
            Duree::Semaine => "Visites de chaque semaine de l’année scolaire".to_owned(),
            Duree::Semestre { .. } => "Visites de chaque semaine du semestre".to_owned(),
        },
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
    let montres = |service: &&LigneService| service.visites != Valeur::Masque;
    let masques = donnees.services.len() - donnees.services.iter().filter(montres).count();
    let lignes = donnees.services.iter().filter(montres).take(nombre);
    let lignes = lignes.map(|service| {
        vec![
            service.nom.clone(),
            service.visites.to_string(),
            service.utilisateurs.to_string(),
        ]
    });
    let entetes = ["Service", "Visites", "Utilisateurs"];
    let legende = "Services utilisés, du plus visité au moins visité";
    let lignes: Vec<Vec<String>> = lignes.collect();
    let mut blocs = Vec::new();
    if !lignes.is_empty() {
        blocs.push(tableau(legende, 1, &entetes, lignes));
    }
    if masques > 0 {
        blocs.push(Bloc::Paragraphe(format!(
            "{}\u{a0}: trop peu de personnes s’en sont servies, ou leur chiffre laisserait deviner un autre.",
            combien(masques, "service est masqué", "services sont masqués")
        )));
    }
    section("Pour quoi faire", blocs)
}

/// Every school.
pub(super) fn ecoles(donnees: &Donnees) -> Vec<Bloc> {
    if donnees.ecoles.is_empty() {
        return Vec::new();
    }
    let deployees = |ecole: &&LigneEcole| ecole.visites != Valeur::NonDeploye;
    let lignes: Vec<Vec<String>> = donnees
        .ecoles
        .iter()
        .filter(deployees)
        .map(ligne_ecole)
        .collect();
    let autres = donnees.ecoles.len() - lignes.len();
    let legende = "Écoles du territoire, par nom\u{a0}: ce n’est pas un classement";
    let entetes = ["École", "Commune", "Visites", "Évolution", "Utilisateurs"];
    let mut blocs = Vec::new();
    if !lignes.is_empty() {
        blocs.push(tableau(legende, 2, &entetes, lignes));
    }
    if autres > 0 {
        blocs.push(Bloc::Paragraphe(format!(
            "{}\u{a0}: sans convention en vigueur, et rien n’y a été compté.",
            combien(
                autres,
                "autre école n’est pas déployée",
                "autres écoles ne sont pas déployées"
            )
        )));
    }
    section("École par école", blocs)
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
    let mut rentrees: Vec<Serie> = rentrees.collect();
    // Before the first convention and after the last there is nothing to see.
    let deployee = |serie: &Serie| serie.hauteur != Some(0);
    rentrees.truncate(rentrees.iter().rposition(deployee).map_or(0, |r| r + 1));
    rentrees.drain(..rentrees.iter().position(deployee).unwrap_or(0));
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
