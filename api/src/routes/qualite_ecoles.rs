//! `GET /api/v1/qualite/ecoles`: what each school of the caller's platforms received, those that
//! the directory does not know included.

use std::cmp::Ordering;
use std::sync::Arc;

use axum::extract::State;
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use frequent_plan::Uai;
use frequent_territory::{Annuaire, Ecole, plier};
use serde::Serialize;
use utoipa::ToSchema;

use super::parametres::{Format, Parametres, refus};
use super::qualite::{instant, jours};
use super::{Refus, tableur};
use crate::erreurs::{Erreur, ParametreInvalide};
use crate::etat::Etat;
use crate::porte::{self, Appelant};
use crate::qualite::CompteEcole;

const LIMITE: usize = 50;
const LIMITE_MAX: usize = 500;

/// A school's figures on a platform.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct EcoleRecue {
    /// The school.
    pub uai: String,
    /// Its name; null when the directory does not know it.
    pub nom: Option<String>,
    /// Where it is.
    pub precision: Option<String>,
    /// Whether the directory in force knows it; null without a directory.
    pub connue: Option<bool>,
    /// The platform.
    pub plateforme: String,
    /// Events received.
    pub recus: u32,
    /// Accepted.
    pub acceptes: u32,
    /// Refused.
    pub refuses: u32,
    /// Accepted on a later day than their own.
    pub tardifs: u32,
    /// Accepted without an identifier of browser, app or session.
    pub sans_client: u32,
    /// The last receipt.
    #[schema(format = DateTime)]
    pub dernier: Option<String>,
}

/// A page of schools.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReponseQualiteEcoles {
    /// How many rows there are over all pages.
    pub nombre: usize,
    /// This page, from 1.
    pub page: usize,
    /// Rows of a page.
    pub limite: usize,
    /// The rows.
    pub lignes: Vec<EcoleRecue>,
}

/// By what rows are sorted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Tri {
    Uai,
    Nom,
    Recus,
    Acceptes,
    Refuses,
    Tardifs,
    SansClient,
    Dernier,
}

impl Tri {
    const TOUS: [(&'static str, Self); 8] = [
        ("uai", Self::Uai),
        ("nom", Self::Nom),
        ("recus", Self::Recus),
        ("acceptes", Self::Acceptes),
        ("refuses", Self::Refuses),
        ("tardifs", Self::Tardifs),
        ("sans_client", Self::SansClient),
        ("dernier", Self::Dernier),
    ];

    fn comparer(self, a: &Ligne, b: &Ligne) -> Ordering {
        let (x, y) = (&a.rendue, &b.rendue);
        match self {
            Self::Uai => x.uai.cmp(&y.uai),
            Self::Nom => a.textes.cmp(&b.textes),
            Self::Recus => x.recus.cmp(&y.recus),
            Self::Acceptes => x.acceptes.cmp(&y.acceptes),
            Self::Refuses => x.refuses.cmp(&y.refuses),
            Self::Tardifs => x.tardifs.cmp(&y.tardifs),
            Self::SansClient => x.sans_client.cmp(&y.sans_client),
            Self::Dernier => x.dernier.cmp(&y.dernier),
        }
    }
}

const ADMIS: [&str; 9] = [
    "plateforme",
    "du",
    "au",
    "recherche",
    "inconnues",
    "tri",
    "page",
    "limite",
    "format",
];

/// What each school received, by platform.
#[utoipa::path(
    get,
    operation_id = "lire_qualite_ecoles",
    path = "/api/v1/qualite/ecoles",
    tag = "marquage",
    params(
        ("plateforme" = Option<String>, Query, description = "Une plateforme ; toutes celles du compte si absente"),
        ("du" = Option<String>, Query, description = "Premier jour de réception (AAAA-MM-JJ) ; six jours avant « au » si absent"),
        ("au" = Option<String>, Query, description = "Dernier jour, aujourd’hui si absent"),
        ("recherche" = Option<String>, Query, description = "Mots du nom, de la commune ou de l’UAI"),
        ("inconnues" = Option<String>, Query, description = "oui : seulement les écoles que l’annuaire ne connaît pas"),
        ("tri" = Option<String>, Query, description = "uai, nom, recus, acceptes, refuses, tardifs, sans_client ou dernier ; précédé de - pour l’ordre décroissant ; -recus si absent"),
        ("page" = Option<usize>, Query, description = "Page, à partir de 1"),
        ("limite" = Option<usize>, Query, description = "Lignes par page, 50 si absent, 500 au plus"),
        ("format" = Option<String>, Query, description = "json, ou csv : toutes les lignes")
    ),
    responses(
        (status = 200, content((ReponseQualiteEcoles = "application/json"), (String = "text/csv"))),
        Refus
    )
)]
pub async fn ecoles(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    adresse: Uri,
) -> Result<Response, Erreur> {
    let parametres = Parametres::lire(&adresse, &ADMIS)?;
    let (format, choix) = (parametres.format()?, Choix::lire(&parametres)?);
    let limite = parametres.limite(LIMITE, LIMITE_MAX)?;
    let page = page(&parametres)?;
    let jours = jours(&parametres, etat.aujourdhui_a_paris())?;
    let plateforme = parametres.texte("plateforme");
    let lecteur = Arc::clone(&etat.qualite);
    let recues = porte::sortir_qualite(&appelant, &etat.acces, plateforme, |portee| {
        lecteur.ecoles(portee, jours)
    })
    .await?;
    let annuaires = etat.annuaires();
    let annuaire = annuaires.au(jours.au).map(Arc::as_ref);
    let lignes = recues
        .into_iter()
        .map(|((uai, plateforme), compte)| Ligne::de(annuaire, uai, plateforme, compte));
    let lignes = choix.appliquer(lignes);
    match format {
        Format::Json => Ok(Json(ReponseQualiteEcoles {
            nombre: lignes.len(),
            page,
            limite,
            lignes: lignes
                .into_iter()
                .skip((page - 1).saturating_mul(limite))
                .take(limite)
                .collect(),
        })
        .into_response()),
        Format::Csv => {
            let quoi = plateforme.unwrap_or("plateformes");
            let nom = format!("frequent-qualite-ecoles-{quoi}-{}-{}", jours.du, jours.au);
            csv(&nom, &lignes)
        }
    }
}

/// A row, and its texts folded to be searched and sorted, the name first.
struct Ligne {
    textes: String,
    rendue: EcoleRecue,
}

impl Ligne {
    fn de(annuaire: Option<&Annuaire>, uai: Uai, plateforme: String, compte: CompteEcole) -> Self {
        let ecole: Option<&Ecole> = annuaire.and_then(|annuaire| annuaire.ecole(uai));
        let nom = ecole.map(|e| e.nom.clone());
        let precision = ecole.map(|e| format!("{} ({})", e.commune.nom, e.departement.nom));
        let textes = [nom.as_deref(), precision.as_deref(), Some(uai.as_str())];
        let textes: Vec<&str> = textes.into_iter().flatten().collect();
        Self {
            textes: plier(&textes.join(" ")),
            rendue: EcoleRecue {
                uai: uai.to_string(),
                nom,
                precision,
                connue: annuaire.map(|_| ecole.is_some()),
                plateforme,
                recus: compte.recus,
                acceptes: compte.acceptes,
                refuses: compte.refuses,
                tardifs: compte.tardifs,
                sans_client: compte.sans_client,
                dernier: compte.dernier().map(instant),
            },
        }
    }
}

/// Which rows, in what order.
struct Choix {
    mots: Vec<String>,
    inconnues: bool,
    tri: Tri,
    decroissant: bool,
}

impl Choix {
    fn lire(parametres: &Parametres) -> Result<Self, ParametreInvalide> {
        let demande = parametres.texte("tri").unwrap_or("-recus");
        let nom = demande.strip_prefix('-').unwrap_or(demande);
        let tri = Tri::TOUS.iter().find(|(code, _)| *code == nom);
        let (_, tri) = tri.ok_or_else(|| {
            let admis = Tri::TOUS.map(|(code, _)| code).join(", ");
            refus(
                "tri",
                &format!("valeurs admises, précédées ou non de - : {admis}."),
            )
        })?;
        let inconnues = match parametres.texte("inconnues") {
            None | Some("non") => false,
            Some("oui") => true,
            Some(_) => return Err(refus("inconnues", "oui ou non est attendu.")),
        };
        let recherche = parametres.texte("recherche").unwrap_or_default();
        Ok(Self {
            mots: recherche.split_whitespace().map(plier).collect(),
            inconnues,
            tri: *tri,
            decroissant: demande.starts_with('-'),
        })
    }

    /// Rows that are equal stay by school and platform.
    fn appliquer(&self, lignes: impl Iterator<Item = Ligne>) -> Vec<EcoleRecue> {
        let mut lignes: Vec<Ligne> = lignes
            .filter(|ligne| !self.inconnues || ligne.rendue.connue == Some(false))
            .filter(|ligne| self.mots.iter().all(|mot| ligne.textes.contains(mot)))
            .collect();
        lignes.sort_by(|a, b| {
            let (a, b) = if self.decroissant { (b, a) } else { (a, b) };
            self.tri.comparer(a, b)
        });
        lignes.into_iter().map(|ligne| ligne.rendue).collect()
    }
}

fn page(parametres: &Parametres) -> Result<usize, ParametreInvalide> {
    let Some(texte) = parametres.texte("page") else {
        return Ok(1);
    };
    let lue = texte.parse().ok().filter(|page| *page >= 1);
    lue.ok_or_else(|| refus("page", "un nombre à partir de 1 est attendu."))
}

fn csv(nom: &str, lignes: &[EcoleRecue]) -> Result<Response, Erreur> {
    let entete = [
        "uai",
        "nom",
        "precision",
        "connue",
        "plateforme",
        "recus",
        "acceptes",
        "refuses",
        "tardifs",
        "sans_client",
        "dernier",
    ];
    let lignes = lignes.iter().map(|ligne| {
        let connue = ligne
            .connue
            .map(|connue| if connue { "oui" } else { "non" });
        vec![
            ligne.uai.clone(),
            tableur::texte(ligne.nom.as_deref().unwrap_or_default()),
            tableur::texte(ligne.precision.as_deref().unwrap_or_default()),
            connue.unwrap_or_default().to_owned(),
            tableur::texte(&ligne.plateforme),
            ligne.recus.to_string(),
            ligne.acceptes.to_string(),
            ligne.refuses.to_string(),
            ligne.tardifs.to_string(),
            ligne.sans_client.to_string(),
            ligne.dernier.clone().unwrap_or_default(),
        ]
    });
    tableur::csv(nom, &entete, lignes)
}
