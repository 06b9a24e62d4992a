//! What opens a report: what must not be missed, then the figures in sentences.

use crate::document::Bloc;
use crate::donnees::{AnneeEnCours, Deploiement, Donnees, Duree, LigneProfil, Valeur};
use crate::francais::{accorde, combien, decimal, du_au, jour_long, pourcentage};

/// What must not be missed.
pub(super) fn remarques(donnees: &Donnees) -> Vec<Bloc> {
    let mut remarques = Vec::new();
    let etendue = &donnees.etendue;
    if etendue.en_cours {
        remarques.push(match etendue.duree {
            Duree::Semaine => "La semaine n’est pas finie\u{a0}: ses chiffres vont encore augmenter. L’évolution compare ses seuls jours écoulés aux mêmes premiers jours de la semaine d’avant.".to_owned(),
            Duree::Semestre { .. } => format!(
                "Le semestre n’est pas fini\u{a0}: il va jusqu’au {}. Ce rapport s’arrête au {}, et l’évolution compare ses seuls jours écoulés aux mêmes semaines d’école, un an avant.",
                jour_long(etendue.fin),
                jour_long(etendue.arretee)
            ),
        });
    }
    if let Some(jour) = donnees.sans_presence {
        remarques.push(format!(
            "Les personnes différentes de ces jours ne peuvent plus être comptées\u{a0}: ce qui permettait de les reconnaître le {} est effacé, comme prévu. Les visites restent exactes.",
            jour_long(jour)
        ));
    }
    if let Some(deployees) = donnees.deployees.filter(|d| *d > donnees.mesurees) {
        remarques.push(format!(
            "Sur {}, {} aucune donnée\u{a0}: les chiffres portent sur les autres.",
            combien(deployees, "école déployée", "écoles déployées"),
            combien(deployees - donnees.mesurees, "n’a envoyé", "n’ont envoyé"),
        ));
    }
    remarques.into_iter().map(Bloc::Remarque).collect()
}

/// The figures in sentences.
pub(super) fn phrases(donnees: &Donnees) -> Vec<String> {
    let mut phrases = Vec::new();
    if let Some(ensemble) = donnees.ensemble() {
        phrases.push(venues(ensemble.visites, ensemble.utilisateurs));
        phrases.extend(evolution(donnees, ensemble));
        if let Valeur::Part(_) = ensemble.taux {
            phrases.push(format!(
                "{} des personnes qui ont un compte sont venues au moins une fois.",
                ensemble.taux
            ));
        }
    }
    phrases.extend(donnees.annee.as_ref().map(annee));
    phrases.extend(usages(donnees));
    phrases.extend(
        donnees
            .deploiement
            .as_ref()
            .map(|d| deploiement(donnees, d)),
    );
    phrases
}

/// `941 personnes différentes sont venues, en 3 812 visites : 4,1 visites par personne.`
fn venues(visites: Valeur, utilisateurs: Valeur) -> String {
    match (visites, utilisateurs) {
        (Valeur::Nombre(0), _) => "Personne n’est venu sur l’ENT.".to_owned(),
        (Valeur::Nombre(n), Valeur::Nombre(personnes)) => format!(
            "{}, en {}\u{a0}: {} par personne.",
            accorde(
                personnes,
                "personne est venue",
                "personnes différentes sont venues"
            ),
            accorde(n, "visite", "visites"),
            par_personne(n, personnes),
        ),
        (Valeur::Nombre(n), _) => format!("{}.", accorde(n, "visite", "visites")),
        (Valeur::Masque, _) => {
            "Trop peu de personnes sont venues pour que leurs chiffres soient montrés.".to_owned()
        }
        (Valeur::NonMesure, _) => {
            "Aucune donnée n’est arrivée\u{a0}: on ne sait pas si quelqu’un est venu.".to_owned()
        }
        (Valeur::NonDeploye, _) => "L’ENT n’est pas déployé ici.".to_owned(),
        (blanc, _) => format!("Visites\u{a0}: {blanc}."),
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of people and visits")]
fn par_personne(visites: i64, personnes: i64) -> String {
    let rapport = visites as f64 / personnes.max(1) as f64;
    let mot = if rapport < 2.0 { "visite" } else { "visites" };
    format!("{}\u{a0}{mot}", decimal(rapport))
}

/// How visits moved, and beside which days.
fn evolution(donnees: &Donnees, ensemble: &LigneProfil) -> Option<String> {
    let semestre = matches!(donnees.etendue.duree, Duree::Semestre { .. });
    let Some(comparee) = donnees.comparee else {
        return semestre.then(|| {
            "Rien à comparer un an avant\u{a0}: les chiffres ne remontent pas jusque-là.".to_owned()
        });
    };
    let (apres, avant) = (ensemble.comparees.nombre()?, ensemble.precedentes.nombre()?);
    let jours = du_au(comparee.debut, comparee.fin);
    let quand = if semestre {
        "que les mêmes semaines d’école un an avant"
    } else if donnees.etendue.en_cours {
        "que les mêmes premiers jours de la semaine d’avant"
    } else {
        "que la semaine d’avant"
    };
    let ecart = apres - avant;
    Some(match (avant, ecart) {
        (0, _) if semestre => format!("Aucune visite un an avant ({jours})."),
        (0, _) => format!("Aucune visite la semaine d’avant ({jours})."),
        (_, 0) => format!("Autant de visites {quand} ({jours})."),
        _ => format!(
            "{} de visites {} {quand} ({jours}\u{a0}: {}).",
            part(ecart, avant),
            if ecart < 0 { "de moins" } else { "de plus" },
            accorde(avant, "visite", "visites")
        ),
    })
}

#[expect(clippy::cast_precision_loss, reason = "counts of visits")]
fn part(ecart: i64, avant: i64) -> String {
    pourcentage(ecart.unsigned_abs() as f64 / avant as f64)
}

/// The whole year, around a second half.
fn annee(annee: &AnneeEnCours) -> String {
    let depuis = jour_long(annee.debut);
    match (annee.visites, annee.utilisateurs) {
        (Valeur::Nombre(visites), Valeur::Nombre(personnes)) => format!(
            "Depuis le {depuis}, sur toute l’année scolaire\u{a0}: {} de {}.",
            accorde(visites, "visite", "visites"),
            accorde(personnes, "personne", "personnes différentes"),
        ),
        (Valeur::Nombre(visites), _) => format!(
            "Depuis le {depuis}, sur toute l’année scolaire\u{a0}: {}.",
            accorde(visites, "visite", "visites")
        ),
        (blanc, _) => format!("Depuis le {depuis}, sur toute l’année scolaire\u{a0}: {blanc}."),
    }
}

/// What people come for most.
fn usages(donnees: &Donnees) -> Option<String> {
    let vus = donnees.services.iter();
    let vus = vus.filter(|service| service.visites.nombre().is_some_and(|n| n > 0));
    let noms: Vec<String> = vus
        .take(3)
        .map(|service| format!("«\u{a0}{}\u{a0}»", service.nom))
        .collect();
    match noms.as_slice() {
        [] => None,
        [un] => Some(format!("Le service le plus visité est {un}.")),
        [debut @ .., dernier] => Some(format!(
            "Les services les plus visités sont {} et {dernier}.",
            debut.join(", ")
        )),
    }
}

/// How far the ENT is deployed, and a year before.
fn deploiement(donnees: &Donnees, deploiement: &Deploiement) -> String {
    if deploiement.ouvertes == 0 {
        return "Aucun ENT n’est ouvert.".to_owned();
    }
    let jamais = match deploiement.jamais_visitees {
        0 => "tous ont déjà été visités".to_owned(),
        n => combien(n, "n’a jamais été visité", "n’ont jamais été visités"),
    };
    let avant = donnees.comparee.and_then(|comparee| comparee.deployees);
    let avant = avant.map_or(String::new(), |n| {
        format!(
            " Un an avant, {}.",
            combien(
                n,
                "école était sous convention",
                "écoles étaient sous convention"
            )
        )
    });
    format!(
        "{}, dont {}\u{a0}; {jamais}.{avant}",
        combien(deploiement.ouvertes, "ENT ouvert", "ENT ouverts"),
        combien(deploiement.actives, "actif", "actifs"),
    )
}
