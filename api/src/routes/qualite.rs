//! `GET /api/v1/qualite`: how the tags and servers of the caller's platforms are received: what was
//! accepted, what was refused and why, by day, platform and sender.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::State;
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use frequent_plan::{Instant, Jour, Raison};
use serde::Serialize;
use utoipa::ToSchema;

use super::parametres::{Format, Parametres, refus};
use super::{Refus, tableur};
use crate::erreurs::{Erreur, ParametreInvalide};
use crate::etat::Etat;
use crate::porte::{self, Appelant};
use crate::qualite::{Bilan, Compte, Delais, Jours, Motif, Source};

/// Most days of one request: a school year and a month.
const JOURS_MAX: usize = 400;
/// Days shown when none are asked: the last week.
const JOURS_PAR_DEFAUT: i32 = 7;
/// Most examples of a reason and field.
const EXEMPLES_MAX: usize = 10;

/// Events received, and what became of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Releve {
    /// Received, well or badly formed.
    pub recus: i64,
    /// Accepted, repeated ones included.
    pub acceptes: i64,
    /// Refused.
    pub refuses: i64,
    /// Hits that tell of no access: clicks within a page.
    pub sans_acces: i64,
    /// Landed more than once, and counted once.
    pub doublons: i64,
    /// Accepted on a later day than their own.
    pub tardifs: i64,
    /// Accepted without an identifier of browser, app or session.
    pub sans_client: i64,
    /// Accepted under a name of the provider's own for its service.
    pub service_converti: i64,
    /// Accepted events by the time before their receipt.
    pub delais: Delais,
    /// The last receipt.
    #[schema(format = DateTime)]
    pub dernier: Option<String>,
}

impl From<Compte> for Releve {
    fn from(compte: Compte) -> Self {
        Self {
            recus: compte.recus,
            acceptes: compte.acceptes,
            refuses: compte.refuses,
            sans_acces: compte.sans_acces,
            doublons: compte.doublons,
            tardifs: compte.tardifs,
            sans_client: compte.sans_client,
            service_converti: compte.service_converti,
            delais: compte.delais,
            dernier: compte.dernier.map(instant),
        }
    }
}

/// A day's figures.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReleveDuJour {
    /// The day of receipt, in Paris.
    #[schema(value_type = String, format = Date)]
    pub jour: Jour,
    /// Its figures.
    #[serde(flatten)]
    pub releve: Releve,
}

/// A platform's figures.
#[derive(Debug, Serialize, ToSchema)]
pub struct RelevePlateforme {
    /// The platform; empty for what could not be read as far as its platform.
    pub plateforme: String,
    /// Its figures.
    #[serde(flatten)]
    pub releve: Releve,
}

/// A sender's figures. Repeated events are told by platform only.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReleveEmetteur {
    /// `cle`, `site`, `sites_inconnus`, `kafka` or `fichier`.
    #[schema(example = "cle")]
    pub genre: String,
    /// The key's name, the site's number, the topic…
    pub emetteur: String,
    /// The platform.
    pub plateforme: String,
    /// Its figures.
    #[serde(flatten)]
    pub releve: Releve,
}

/// A refused value, of a closed vocabulary.
#[derive(Debug, Serialize, ToSchema)]
pub struct Exemple {
    /// The value.
    pub valeur: String,
    /// How many times.
    pub nombre: i64,
}

/// A field at fault.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChampRefuse {
    /// Its name, as the sender's format has it; empty when the whole is at fault.
    pub champ: String,
    /// How many times.
    pub nombre: i64,
    /// Some of the values, the most frequent first.
    pub exemples: Vec<Exemple>,
}

/// A reason of refusals.
#[derive(Debug, Serialize, ToSchema)]
pub struct RaisonRefus {
    /// Its code.
    #[schema(example = "valeur_inconnue")]
    pub raison: String,
    /// What it means, in French.
    pub explication: &'static str,
    /// How many events.
    pub nombre: i64,
    /// By field, the most frequent first.
    pub champs: Vec<ChampRefuse>,
}

/// Person identifiers that look personal or reversible.
#[derive(Debug, Serialize, ToSchema)]
pub struct AlerteIdentifiant {
    /// `courriel`, `ine`, `telephone`, `nom`, `decodable` or `deux_plateformes`.
    #[schema(example = "courriel")]
    pub alerte: &'static str,
    /// What was seen, in French.
    pub explication: &'static str,
    /// The kind of sender.
    pub genre: String,
    /// The sender.
    pub emetteur: String,
    /// The platform.
    pub plateforme: String,
    /// How many of the events examined.
    pub nombre: i64,
    /// How many events of this sender were examined: a sample.
    pub examines: i64,
}

/// Schools that events were accepted for.
#[derive(Debug, Serialize, ToSchema)]
pub struct EcolesRecues {
    /// How many schools.
    pub nombre: usize,
    /// Of those, how many the directory in force does not know; null without a directory.
    pub inconnues: Option<usize>,
    /// Events of schools that it does not know.
    pub evenements_inconnus: Option<i64>,
}

/// How tags and servers are received.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReponseQualite {
    /// The first day.
    #[schema(value_type = String, format = Date)]
    pub du: Jour,
    /// The last day.
    #[schema(value_type = String, format = Date)]
    pub au: Jour,
    /// The platform asked; null for all in sight.
    pub plateforme: Option<String>,
    /// The platforms in sight.
    pub plateformes: Vec<String>,
    /// Everything together.
    pub total: Releve,
    /// The schools.
    pub ecoles: EcolesRecues,
    /// Every day of the span, in order.
    pub jours: Vec<ReleveDuJour>,
    /// By platform.
    pub par_plateforme: Vec<RelevePlateforme>,
    /// By sender and platform.
    pub emetteurs: Vec<ReleveEmetteur>,
    /// Refusals by reason, the most frequent first.
    pub refus: Vec<RaisonRefus>,
    /// Identifier warnings.
    pub identifiants: Vec<AlerteIdentifiant>,
}

const ADMIS: [&str; 4] = ["plateforme", "du", "au", "format"];

/// Tagging quality of the caller's platforms, by day of receipt.
#[utoipa::path(
    get,
    path = "/api/v1/qualite",
    tag = "marquage",
    params(
        ("plateforme" = Option<String>, Query, description = "Une plateforme ; toutes celles du compte si absente"),
        ("du" = Option<String>, Query, description = "Premier jour de réception (AAAA-MM-JJ) ; six jours avant « au » si absent"),
        ("au" = Option<String>, Query, description = "Dernier jour, aujourd’hui si absent"),
        ("format" = Option<String>, Query, description = "json, ou csv : une ligne par jour et par émetteur")
    ),
    responses(
        (status = 200, content((ReponseQualite = "application/json"), (String = "text/csv"))),
        Refus
    )
)]
pub async fn qualite(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    adresse: Uri,
) -> Result<Response, Erreur> {
    let parametres = Parametres::lire(&adresse, &ADMIS)?;
    let format = parametres.format()?;
    let jours = jours(&parametres, etat.aujourdhui_a_paris())?;
    let plateforme = parametres.texte("plateforme");
    let lecteur = Arc::clone(&etat.qualite);
    let bilan = porte::sortir_qualite(&appelant, &etat.acces, plateforme, |portee| {
        lecteur.bilan(portee, jours)
    })
    .await?;
    match format {
        Format::Json => {
            let mut plateformes = appelant.plateformes(&etat.acces);
            plateformes.extend(bilan.noms_de_plateformes().into_iter().map(str::to_owned));
            let reponse = ReponseQualite {
                du: jours.du,
                au: jours.au,
                plateforme: plateforme.map(str::to_owned),
                plateformes: plateformes.into_iter().collect(),
                ..reponse(&etat, jours, &bilan)
            };
            Ok(Json(reponse).into_response())
        }
        Format::Csv => csv(jours, plateforme, &bilan),
    }
}

/// The span of days asked.
pub(super) fn jours(parametres: &Parametres, aujourdhui: Jour) -> Result<Jours, ParametreInvalide> {
    let donne = |nom| match parametres.texte(nom) {
        None => Ok(None),
        Some(_) => parametres.jour(nom).map(Some),
    };
    let au = donne("au")?.unwrap_or(aujourdhui);
    let du = donne("du")?.unwrap_or_else(|| au.plus(1 - JOURS_PAR_DEFAUT));
    if au < du {
        return Err(refus("au", "précède « du »."));
    }
    if du.jusqua(au).take(JOURS_MAX + 1).count() > JOURS_MAX {
        let raison = format!("plus de {JOURS_MAX} jours depuis « du ».");
        return Err(refus("au", &raison));
    }
    Ok(Jours { du, au })
}

/// An instant as it is written.
pub(super) fn instant(instant: Instant) -> String {
    instant.timestamp().to_string()
}

fn reponse(etat: &Etat, jours: Jours, bilan: &Bilan) -> ReponseQualite {
    let mut par_jour = bilan.jours();
    let mut releve_du = |jour: Jour| ReleveDuJour {
        jour,
        releve: par_jour.remove(&jour).unwrap_or_default().into(),
    };
    let plateformes = bilan.plateformes().into_iter();
    let emetteurs = bilan.emetteurs();
    let raisons = bilan.raisons().into_iter();
    let identifiants = bilan.identifiants.iter();
    let examines = |source: &Source| emetteurs.get(source).map_or(0, |compte| compte.examines);
    ReponseQualite {
        du: jours.du,
        au: jours.au,
        plateforme: None,
        plateformes: Vec::new(),
        total: bilan.total().into(),
        ecoles: ecoles(etat, jours, bilan),
        jours: jours.du.jusqua(jours.au).map(&mut releve_du).collect(),
        par_plateforme: plateformes
            .map(|(plateforme, compte)| RelevePlateforme {
                plateforme: plateforme.to_owned(),
                releve: compte.into(),
            })
            .collect(),
        emetteurs: emetteurs
            .iter()
            .map(|(source, compte)| ReleveEmetteur {
                genre: source.genre.clone(),
                emetteur: source.emetteur.clone(),
                plateforme: source.plateforme.clone(),
                releve: (*compte).into(),
            })
            .collect(),
        refus: raisons
            .map(|(raison, motifs)| RaisonRefus {
                raison: raison.to_owned(),
                explication: explication(raison),
                nombre: motifs.iter().map(|(_, nombre)| nombre).sum(),
                champs: champs(&motifs),
            })
            .collect(),
        identifiants: identifiants
            .map(|((source, alerte), nombre)| AlerteIdentifiant {
                alerte,
                explication: explication_identifiant(alerte),
                genre: source.genre.clone(),
                emetteur: source.emetteur.clone(),
                plateforme: source.plateforme.clone(),
                nombre: *nombre,
                examines: examines(source),
            })
            .collect(),
    }
}

fn ecoles(etat: &Etat, jours: Jours, bilan: &Bilan) -> EcolesRecues {
    let annuaires = etat.annuaires();
    let inconnues: Option<Vec<i64>> = annuaires.au(jours.au).map(|annuaire| {
        let ecoles = bilan.ecoles.iter();
        let inconnues = ecoles.filter(|(uai, _)| annuaire.ecole(**uai).is_none());
        inconnues.map(|(_, nombre)| *nombre).collect()
    });
    EcolesRecues {
        nombre: bilan.ecoles.len(),
        inconnues: inconnues.as_ref().map(Vec::len),
        evenements_inconnus: inconnues.map(|nombres| nombres.iter().sum()),
    }
}

fn explication(code: &str) -> &'static str {
    let raison = Raison::TOUTES.iter().find(|raison| raison.code() == code);
    raison.map_or(
        "Ces envois ont été refusés par une autre version du serveur.",
        |raison| raison.explication(),
    )
}

fn explication_identifiant(alerte: &str) -> &'static str {
    match alerte {
        "courriel" => "Des identifiants de personnes sont des adresses de courriel.",
        "ine" => "Des identifiants de personnes ont la forme d’un INE.",
        "telephone" => "Des identifiants de personnes ont la forme d’un numéro de téléphone.",
        "nom" => "Des identifiants de personnes se lisent comme un nom.",
        "decodable" => {
            "Des identifiants de personnes cachent un texte lisible, que n’importe qui peut retrouver."
        }
        "deux_plateformes" => {
            "Les mêmes identifiants de personnes arrivent de deux plateformes différentes."
        }
        _ => "Des identifiants de personnes paraissent personnels ou réversibles.",
    }
}

fn champs(motifs: &[(&Motif, i64)]) -> Vec<ChampRefuse> {
    let mut par_champ: BTreeMap<&str, ChampRefuse> = BTreeMap::new();
    for (motif, nombre) in motifs {
        let champ = par_champ
            .entry(&motif.champ)
            .or_insert_with(|| ChampRefuse {
                champ: motif.champ.clone(),
                nombre: 0,
                exemples: Vec::new(),
            });
        champ.nombre += nombre;
        if !motif.exemple.is_empty() {
            champ.exemples.push(Exemple {
                valeur: motif.exemple.clone(),
                nombre: *nombre,
            });
        }
    }
    let mut champs: Vec<ChampRefuse> = par_champ.into_values().collect();
    champs.sort_by_key(|champ| std::cmp::Reverse(champ.nombre));
    for champ in &mut champs {
        champ.exemples.sort_by_key(|e| std::cmp::Reverse(e.nombre));
        champ.exemples.truncate(EXEMPLES_MAX);
    }
    champs
}

fn csv(jours: Jours, plateforme: Option<&str>, bilan: &Bilan) -> Result<Response, Erreur> {
    let fixes = [
        "jour",
        "genre",
        "emetteur",
        "plateforme",
        "recus",
        "acceptes",
        "refuses",
        "sans_acces",
        "doublons",
        "tardifs",
        "sans_client",
        "service_converti",
        "delai_1min",
        "delai_10min",
        "delai_1h",
        "delai_1j",
        "delai_plus",
        "dernier",
    ];
    let refus: Vec<String> = Raison::TOUTES
        .iter()
        .map(|raison| format!("refus_{raison}"))
        .collect();
    let entete: Vec<&str> = fixes
        .into_iter()
        .chain(refus.iter().map(String::as_str))
        .collect();
    let lignes = bilan.envois.iter().map(|((jour, source), envois)| {
        let compte = envois.compte;
        let delais = compte.delais;
        let mut cases = vec![
            jour.to_string(),
            source.genre.clone(),
            tableur::texte(&source.emetteur),
            tableur::texte(&source.plateforme),
        ];
        let nombres = [
            compte.recus,
            compte.acceptes,
            compte.refuses,
            compte.sans_acces,
            compte.doublons,
            compte.tardifs,
            compte.sans_client,
            compte.service_converti,
            delais.une_minute,
            delais.dix_minutes,
            delais.une_heure,
            delais.un_jour,
            delais.plus,
        ];
        cases.extend(nombres.iter().map(i64::to_string));
        cases.push(compte.dernier.map_or_else(String::new, instant));
        cases.extend(Raison::TOUTES.iter().map(|raison| {
            let nombre = envois.refus.get(raison.code());
            nombre.copied().unwrap_or_default().to_string()
        }));
        cases
    });
    let quoi = plateforme.unwrap_or("plateformes");
    let nom = format!("frequent-qualite-{quoi}-{}-{}", jours.du, jours.au);
    tableur::csv(&nom, &entete, lignes)
}
