//! `GET /api/v1/tableau`: the territories inside a territory, one row each, those without any
//! visit included.

use std::sync::Arc;

use axum::extract::State;
use axum::http::Uri;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json};
use frequent_plan::{Axe, Grain, Jour, Niveau, Periode};
use frequent_territory::effectifs::Effectifs;
use frequent_territory::{Annuaire, Etat as EtatEcole, Territoire};
use rustc_hash::FxHashMap;
use serde::Serialize;
use utoipa::ToSchema;

use super::comparaison::{self, Comparaison, Etendue, PeriodeRendue, Precedente};
use super::couverture::{self, Couverture, Ecoles};
use super::effectifs::{EffectifRendu, EffectifsDuLieu};
use super::etats;
use super::fiches::{Fiches, FiltresEcole};
use super::incidents::IncidentDit;
use super::parametres::{Format, Parametres};
use super::territoires::{ecole, enfants_vus, precision};
use super::{Refus, tableur};
use crate::definitions::{self, Definitions};
use crate::donnees::{Demande, Frontieres, Lue, ProfilCellule};
use crate::erreurs::Erreur;
use crate::etat::Etat;
use crate::porte::{self, Appelant, EtatMesures, MesuresRendues};

/// A territory's row.
#[derive(Debug, Serialize, ToSchema)]
pub struct Ligne {
    /// Its code.
    pub code: String,
    /// Its name.
    pub nom: String,
    /// Where it is.
    pub precision: Option<String>,
    /// `Ecole`, `Collège`…; null above the school.
    #[serde(rename = "type")]
    pub type_etablissement: Option<String>,
    /// What else a school's row is filtered by; null above the school.
    #[serde(flatten)]
    pub filtres: Option<FiltresEcole>,
    /// The period's figures as they stand.
    pub mesures: MesuresRendues,
    /// Its figures over the compared days: the same when the period is over. Null when there is
    /// nothing to compare.
    pub comparees: Option<MesuresRendues>,
    /// The figures of the span before; null when nothing was counted then.
    pub precedentes: Option<MesuresRendues>,
    /// The head count of the profile; null where there is none.
    pub effectif: Option<EffectifRendu>,
    /// Users over the head count; null where there is none, where it lacks a school, or where users
    /// are not shown.
    pub taux_utilisateurs: Option<f64>,
    /// Visits of each of `semaines`; null where they are masked.
    pub serie: Vec<Option<i64>>,
}

/// The territories inside a territory.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReponseTableau {
    /// The period.
    pub periode: PeriodeRendue,
    /// The days compared with; null on a period's first day.
    pub precedente: Option<Precedente>,
    /// The profile.
    #[schema(value_type = String)]
    pub profil: ProfilCellule,
    /// The Mondays of the period's school year up to now.
    #[schema(value_type = Vec<String>)]
    pub semaines: Vec<Jour>,
    /// By name.
    pub lignes: Vec<Ligne>,
    /// What the figures cover.
    pub couverture: Couverture,
    /// What is declared of these schools on these days: see `/api/v1/incidents`.
    pub incidents: Vec<IncidentDit>,
    /// What they mean.
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    pub definitions: Definitions,
}

const ADMIS: [&str; 7] = [
    "niveau", "code", "enfants", "grain", "debut", "profil", "format",
];

/// Figures of the territories of a level inside a territory, with the weekly visits of the school
/// year.
#[utoipa::path(
    get,
    path = "/api/v1/tableau",
    tag = "chiffres",
    params(
        ("niveau" = String, Query, description = "Niveau du territoire"),
        ("code" = String, Query, description = "Code du territoire"),
        ("enfants" = String, Query, description = "Niveau des lignes"),
        ("grain" = String, Query, description = "jour, semaine, mois ou annee"),
        ("debut" = String, Query, description = "Premier jour de la période"),
        ("profil" = Option<String>, Query, description = "Code du profil, TOUS si absent"),
        ("format" = Option<String>, Query, description = "json ou csv")
    ),
    responses(
        (status = 200, content((ReponseTableau = "application/json"), (String = "text/csv"))),
        Refus
    )
)]
pub async fn tableau(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    adresse: Uri,
) -> Result<Response, Erreur> {
    let parametres = Parametres::lire(&adresse, &ADMIS)?;
    let format = parametres.format()?;
    let code = parametres.obligatoire("code")?;
    let voulu = Voulu {
        lieu: (parametres.niveau("niveau")?, code),
        enfants: parametres.niveau("enfants")?,
        profil: parametres.profil()?,
        periode: parametres.periode()?,
    };
    let dresse = dresser(&etat, &appelant, &voulu).await?;
    match format {
        Format::Json => Ok(Json(dresse.tableau).into_response()),
        Format::Csv => {
            let (niveau, code) = voulu.lieu;
            let (enfants, profil) = (voulu.enfants, voulu.profil);
            let debut = voulu.periode.debut();
            let nom = format!("frequent-tableau-{niveau}-{code}-{enfants}-{debut}-{profil}");
            csv(&nom, enfants, &dresse)
        }
    }
}

/// A table that is asked for.
pub(super) struct Voulu<'a> {
    /// The territory.
    pub(super) lieu: (Niveau, &'a str),
    /// The level of its rows.
    pub(super) enfants: Niveau,
    /// The profile.
    pub(super) profil: ProfilCellule,
    /// The period.
    pub(super) periode: Periode,
}

/// A table, and what it was made from.
pub(super) struct Dresse {
    /// The table.
    pub(super) tableau: ReponseTableau,
    annuaire: Arc<Annuaire>,
    ecoles: Ecoles,
}

/// The table of the territories inside a territory.
pub(super) async fn dresser(
    etat: &Arc<Etat>,
    appelant: &Appelant,
    voulu: &Voulu<'_>,
) -> Result<Dresse, Erreur> {
    let Voulu {
        lieu: (niveau, code),
        enfants,
        profil,
        periode,
    } = *voulu;
    let annuaire = etat.annuaire()?;
    let etendue = Etendue {
        periode,
        aujourdhui: etat.aujourdhui(&annuaire, niveau, code),
    };
    let semaines = semaines(&etendue);
    let annuaires = etat.annuaires();
    let (lectures, serie) = porte::sortir(appelant, &annuaires, (niveau, code), |portee| {
        let (lecteur, etendue) = (Arc::clone(&etat.lecteur), etendue.clone());
        let demande = Demande {
            niveau: enfants,
            periodes: semaines.clone(),
            axe: Axe::Total,
            profil: Some(profil),
            membre: None,
            aujourdhui: etendue.aujourdhui,
        };
        let voulues = (enfants, Some(profil));
        async move {
            let lectures =
                comparaison::lire(&lecteur, &portee, &etendue, voulues, Frontieres::Alors).await?;
            Ok(lectures.avec(lecteur.series(&portee, &demande).await?))
        }
    })
    .await?;
    let comparaison = Comparaison::de(lectures)?;
    let territoire = appelant.territoire(&annuaire, niveau, code)?;
    let visibles = enfants_vus(&annuaire, appelant, territoire, enfants);
    let jour = etendue.dernier_jour();
    let lieu = (&*annuaire, niveau, code);
    let periodes = vec![etendue.periode];
    let ecoles = couverture::lire(etat, appelant, lieu, periodes, jour).await?;
    let etats = match enfants {
        Niveau::Ecole => Some(etats::lire(etat, appelant, lieu, etendue.periode).await?),
        _ => None,
    };
    let effectifs = etat.effectifs();
    let fiches = Fiches {
        annuaire: &annuaire,
        effectifs: &effectifs,
        etats: etats.as_ref(),
    };
    // Users are those of the boundaries of then, and so are those they are a share of.
    let alors = annuaires.au(jour).ok_or(Erreur::SansAnnuaire)?;
    let chiffres = Chiffres {
        comparaison: &comparaison,
        serie: &serie,
        ecoles: &ecoles,
        effectifs: (&effectifs, alors),
    };
    let lignes = lignes(&fiches, visibles, profil, &chiffres);
    let tableau = ReponseTableau {
        periode: PeriodeRendue::de(&etendue),
        precedente: Precedente::de(&etendue),
        profil,
        semaines: semaines.iter().map(|s| s.debut()).collect(),
        lignes,
        couverture: Couverture::de([&comparaison.actuelle], &ecoles),
        incidents: ecoles.incidents(),
        definitions: definitions::de_comparaison(),
    };
    Ok(Dresse {
        tableau,
        annuaire: Arc::clone(&annuaire),
        ecoles,
    })
}

/// The weeks of the period's school year that have begun, from its first Monday.
pub(super) fn semaines(etendue: &Etendue) -> Vec<Periode> {
    let annee = etendue.periode.debut().annee_scolaire();
    let premiere = Periode::contenant(Grain::Semaine, annee.debut().plus(6));
    let derniere = annee.fin().min(etendue.aujourdhui);
    premiere.jusqua(derniere).collect()
}

/// What rows are made of.
struct Chiffres<'c> {
    comparaison: &'c Comparaison,
    /// Week by week.
    serie: &'c [Lue<MesuresRendues>],
    ecoles: &'c Ecoles,
    /// Head counts, and the directory by which they are added up.
    effectifs: (&'c Effectifs, &'c Annuaire),
}

fn lignes<'a>(
    fiches: &Fiches<'_>,
    visibles: impl Iterator<Item = &'a Territoire>,
    profil: ProfilCellule,
    chiffres: &Chiffres<'_>,
) -> Vec<Ligne> {
    let &Chiffres {
        comparaison,
        serie,
        ecoles,
        effectifs: (effectifs, alors),
    } = chiffres;
    let annuaire = fiches.annuaire;
    let mut series: FxHashMap<&str, Vec<Option<i64>>> = FxHashMap::default();
    for (rang, lue) in serie.iter().enumerate() {
        for cellule in &lue.cellules {
            let visites = series
                .entry(&cellule.code)
                .or_insert_with(|| vec![Some(0); serie.len()]);
            visites[rang] = cellule.mesures.visites();
        }
    }
    let ligne = |territoire: &Territoire| {
        let code = territoire.code.as_str();
        let mesures = ecoles.qualifier(
            comparaison.actuelles.mesures(code, profil),
            annuaire,
            (territoire.niveau, code),
        );
        let effectifs = EffectifsDuLieu::de(effectifs, (alors, territoire.niveau, code));
        let (effectif, taux_utilisateurs) = effectifs.de_profil(profil, &mesures);
        Ligne {
            code: code.to_owned(),
            nom: territoire.nom.clone(),
            precision: precision(annuaire, territoire),
            type_etablissement: ecole(annuaire, territoire).map(|e| e.type_etablissement.clone()),
            filtres: fiches.filtres(territoire),
            mesures,
            effectif,
            taux_utilisateurs,
            comparees: comparaison
                .comparees
                .as_ref()
                .map(|t| t.mesures(code, profil)),
            precedentes: comparaison
                .precedentes
                .as_ref()
                .map(|t| t.mesures(code, profil)),
            serie: series
                .remove(code)
                .unwrap_or_else(|| vec![Some(0); serie.len()]),
        }
    };
    visibles
        .map(ligne)
        .filter(|ligne| ligne.a_compte() || !est_fermee(annuaire, &ligne.code))
        .collect()
}

impl Ligne {
    fn a_compte(&self) -> bool {
        self.mesures.a_compte()
            || self.precedentes.is_some_and(|m| m.a_compte())
            || self.serie.iter().any(|visites| *visites != Some(0))
    }
}

/// A closed school stays in the directory for what it did; with nothing done it is not a row.
fn est_fermee(annuaire: &Annuaire, code: &str) -> bool {
    let ecole = code.parse().ok().and_then(|uai| annuaire.ecole(uai));
    ecole.is_some_and(|ecole| ecole.etat == EtatEcole::Ferme)
}

fn csv(
    nom: &str,
    enfants: Niveau,
    Dresse {
        tableau,
        annuaire,
        ecoles,
    }: &Dresse,
) -> Result<Response, Erreur> {
    let mut entete: Vec<String> = [
        "code",
        "nom",
        "precision",
        "type",
        "visites",
        "utilisateurs",
        "duree_ms",
        "evenements",
        "visites_comparees",
        "utilisateurs_compares",
        "visites_precedentes",
        "utilisateurs_precedents",
        "effectif",
        "effectif_date",
        "taux_utilisateurs",
        "incidents",
    ]
    .map(str::to_owned)
    .to_vec();
    entete.extend(
        tableau
            .semaines
            .iter()
            .map(|lundi| format!("visites_semaine_{lundi}")),
    );
    let entete: Vec<&str> = entete.iter().map(String::as_str).collect();
    let ou_vides = |mesures: Option<MesuresRendues>| {
        let [visites, utilisateurs, ..] = mesures.map(|m| m.cases()).unwrap_or_default();
        [visites, utilisateurs]
    };
    let lignes = tableau.lignes.iter().map(|ligne| {
        let mut cases = vec![
            tableur::texte(&ligne.code),
            tableur::texte(&ligne.nom),
            tableur::texte(ligne.precision.as_deref().unwrap_or_default()),
            tableur::texte(ligne.type_etablissement.as_deref().unwrap_or_default()),
        ];
        cases.extend(ligne.mesures.cases());
        cases.extend(ou_vides(ligne.comparees));
        cases.extend(ou_vides(ligne.precedentes));
        let effectif = ligne.effectif;
        cases.push(effectif.map_or_else(String::new, |e| e.nombre.to_string()));
        cases.push(effectif.map_or_else(String::new, |e| e.date.to_string()));
        let taux = ligne.taux_utilisateurs;
        cases.push(taux.map_or_else(String::new, |taux| format!("{taux:.4}")));
        let siennes = annuaire.ecoles_de(enfants, &ligne.code).map(|e| e.uai);
        let jours = (tableau.periode.debut, tableau.periode.fin);
        cases.push(tableur::texte(&ecoles.dire_incidents(siennes, jours)));
        let serie = ligne.serie.iter();
        cases.extend(serie.map(|visites| EtatMesures::Masque.case(*visites)));
        cases
    });
    tableur::csv(nom, &entete, lignes)
}
