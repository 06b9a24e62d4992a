//! The routes of the API, and the words its answers share.

mod administration;
mod an_dernier;
mod audit;
mod calendrier;
mod carte;
mod cellules;
mod certificats;
mod comparaison;
mod comparer;
mod comptes;
mod connexion;
mod connexion_ldap;
mod conventions;
mod couverture;
mod deploiement;
mod effectifs;
mod effet;
mod englobant;
mod etats;
mod fiches;
mod incidents;
mod integration;
mod invitations;
mod jetons;
mod mesures;
mod moi;
mod moments;
mod pairs;
mod parametres;
mod parcours;
mod perimetres;
mod plan;
mod qualite;
mod qualite_ecoles;
mod rapports;
mod reglages;
mod session;
mod situations;
mod sous_convention;
mod suivi;
mod synthese;
mod tableau;
mod tableur;
mod territoires;
mod tournee;

use std::sync::Arc;

use axum::extract::DefaultBodyLimit;
use axum::routing::{delete, get, post, put};
use axum::{Json, Router, middleware};
use frequent_plan::Niveau;
use serde::Serialize;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityScheme};
use utoipa::{IntoResponses, Modify, OpenApi, ToSchema};

use crate::erreurs::{Erreur, Probleme};
use crate::etat::Etat;
use crate::{compression, console, garde, hote};

pub use etats::{ComptesDeploiement, compter_deploiement};
use rapports::apercu;
pub(crate) use rapports::recueillir;

/// Most bodies are a sign-in's or an account's.
const CORPS_MAX: usize = 16 << 10;
/// Twenty thousand schools.
const ENSEMBLE_MAX: usize = 512 << 10;

/// A territory's level, code and name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct TerritoireNomme {
    /// Its level.
    #[schema(value_type = String, example = "departement")]
    pub niveau: Niveau,
    /// Its code at that level.
    #[schema(example = "031")]
    pub code: String,
    /// Its name.
    #[schema(example = "Haute-Garonne")]
    pub nom: String,
}

/// What any route may refuse with.
#[derive(IntoResponses)]
#[expect(dead_code, reason = "describes answers to readers of the document")]
pub(crate) enum Refus {
    /// Paramètre ou corps invalide.
    #[response(status = 400, content_type = "application/problem+json")]
    Invalide(Probleme),
    /// Non connecté.
    #[response(status = 401, content_type = "application/problem+json")]
    NonConnecte(Probleme),
    /// Hors du périmètre du compte, ou demande venue d’un autre site.
    #[response(status = 403, content_type = "application/problem+json")]
    Interdit(Probleme),
    /// Territoire inconnu.
    #[response(status = 404, content_type = "application/problem+json")]
    Inconnu(Probleme),
    /// Erreur interne.
    #[response(status = 500, content_type = "application/problem+json")]
    Interne(Probleme),
}

/// The OpenAPI document, made from the routes.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "FréquENT",
        description = "Mesure d’audience des espaces numériques de travail : territoires, chiffres, calendrier.",
        license(name = "EUPL-1.2", identifier = "EUPL-1.2")
    ),
    paths(
        session::ouvrir,
        session::lire,
        session::fermer,
        moi::lire,
        moi::mot_de_passe,
        moi::inscrire_totp,
        moi::confirmer_totp,
        moi::remplacer_totp,
        moi::sessions,
        moi::fermer_session,
        jetons::lister,
        jetons::creer,
        jetons::revoquer,
        comptes::lister,
        comptes::creer,
        comptes::lire,
        comptes::modifier,
        comptes::supprimer,
        comptes::inviter,
        comptes::retirer_totp,
        comptes::fermer_sessions,
        invitations::lire,
        invitations::accepter,
        perimetres::lister,
        perimetres::creer,
        perimetres::lire,
        perimetres::modifier,
        perimetres::supprimer,
        audit::lire,
        connexion::moyens,
        connexion::partir,
        connexion::revenir,
        connexion::finir,
        connexion_ldap::ouvrir,
        certificats::lire,
        plan::plan,
        territoires::rechercher,
        territoires::lire,
        territoires::enfants,
        cellules::cellules,
        mesures::mesures,
        mesures::mesures_du_corps,
        synthese::synthese,
        moments::moments,
        tableau::tableau,
        calendrier::calendrier,
        integration::integration,
        qualite::qualite,
        qualite_ecoles::ecoles,
        conventions::lister,
        conventions::lire,
        conventions::creer,
        conventions::modifier,
        conventions::reconduire,
        conventions::terminer,
        conventions::annuler_fin,
        conventions::importer,
        deploiement::deploiement,
        deploiement::courbe::courbe,
        incidents::lister,
        incidents::declares,
        incidents::declarer,
        incidents::modifier,
        incidents::supprimer,
        carte::carte,
        pairs::pairs,
        comparer::comparer,
        parcours::parcours,
        tournee::tournee,
        tournee::noter_vue,
        tournee::oublier_vue,
        suivi::lire,
        suivi::noter,
        suivi::corriger,
        suivi::effacer,
        reglages::lire,
        rapports::lister,
        rapports::creer,
        rapports::modifier,
        rapports::supprimer,
        rapports::envoyer,
        apercu::apercu,
    ),
    modifiers(&Temoin),
    security(("session" = []))
)]
struct Document;

struct Temoin;

impl Modify for Temoin {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let cle = ApiKeyValue::with_description(
            "__Host-frequent",
            "Témoin de session remis par POST /api/v1/session (« frequent » en HTTP sur la même machine).",
        );
        let schema = SecurityScheme::ApiKey(ApiKey::Cookie(cle));
        let composants = document.components.get_or_insert_default();
        composants.add_security_scheme("session", schema);
    }
}

/// The OpenAPI document of the API, as served at `/api/openapi.json`.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    Document::openapi()
}

/// The API and the console. Everything but signing in, the document and the console's files needs
/// a live session.
pub fn routes(etat: Arc<Etat>) -> Router {
    let prive = Router::new()
        .route("/api/v1/plan", get(plan::plan))
        .route("/api/v1/territoires", get(territoires::rechercher))
        .route(
            "/api/v1/territoires/{niveau}/{code}",
            get(territoires::lire),
        )
        .route(
            "/api/v1/territoires/{niveau}/{code}/enfants/{niveau_enfant}",
            get(territoires::enfants),
        )
        .route("/api/v1/cellules", get(cellules::cellules))
        .route(
            "/api/v1/mesures",
            get(mesures::mesures)
                .post(mesures::mesures_du_corps)
                .layer(DefaultBodyLimit::max(mesures::CORPS_MAX)),
        )
        .route("/api/v1/synthese", get(synthese::synthese))
        .route("/api/v1/moments", get(moments::moments))
        .route("/api/v1/tableau", get(tableau::tableau))
        .route("/api/v1/calendrier", get(calendrier::calendrier))
        .route("/api/v1/integration", get(integration::integration))
        .route("/api/v1/qualite", get(qualite::qualite))
        .route("/api/v1/qualite/ecoles", get(qualite_ecoles::ecoles))
        .merge(deploiement::routes())
        .route("/api/v1/pairs", get(pairs::pairs))
        .route("/api/v1/comparer", get(comparer::comparer))
        .route("/api/v1/parcours", get(parcours::parcours))
        .route("/api/v1/tournee", get(tournee::tournee))
        .route(
            "/api/v1/tournee/{uai}/vue",
            post(tournee::noter_vue).delete(tournee::oublier_vue),
        )
        .route("/api/v1/suivi", get(suivi::lire).post(suivi::noter))
        .route(
            "/api/v1/suivi/{id}",
            put(suivi::corriger).delete(suivi::effacer),
        )
        .merge(conventions::routes())
        .merge(incidents::routes())
        .route("/api/v1/carte", get(carte::carte))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&etat),
            garde::tracer,
        ))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&etat),
            garde::exiger_session,
        ));
    let personnel = personnel().layer(middleware::from_fn_with_state(
        Arc::clone(&etat),
        garde::exiger_personne,
    ));
    let inscription = Router::new()
        .route("/api/v1/session", get(session::lire))
        .route("/api/v1/moi", get(moi::lire))
        .route("/api/v1/moi/totp", post(moi::inscrire_totp))
        .route("/api/v1/moi/totp/confirmation", post(moi::confirmer_totp))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&etat),
            garde::exiger_session_ouverte,
        ));
    let public = Router::new()
        .route(
            "/api/v1/session",
            post(session::ouvrir).delete(session::fermer),
        )
        .route(
            "/api/v1/invitations/{jeton}",
            get(invitations::lire).post(invitations::accepter),
        )
        .route("/api/v1/connexion", get(connexion::moyens))
        .route("/api/v1/connexion/oidc", get(connexion::partir))
        .route("/api/v1/connexion/oidc/retour", get(connexion::revenir))
        .route("/api/v1/connexion/ldap", post(connexion_ldap::ouvrir))
        .route("/api/v1/connexion/oidc/fin", get(connexion::finir))
        .route("/api/openapi.json", get(|| async { Json(document()) }));
    let api = prive
        .merge(personnel)
        .merge(inscription)
        .merge(public)
        .route("/api", get(introuvable))
        .route("/api/{*reste}", get(introuvable))
        .method_not_allowed_fallback(async || Erreur::Methode)
        .layer(DefaultBodyLimit::max(CORPS_MAX))
        .layer(middleware::from_fn(garde::exiger_meme_origine))
        .layer(middleware::from_fn(garde::ne_pas_garder))
        .layer(middleware::from_fn(compression::comprimer));
    api.merge(console::routes())
        .layer(middleware::from_fn_with_state(
            Arc::clone(&etat),
            hote::exiger_notre_hote,
        ))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&etat),
            hote::annoncer_https,
        ))
        .layer(middleware::from_fn(garde::proteger))
        .with_state(etat)
}

/// What is administered, by people only: no token reaches it.
fn personnel() -> Router<Arc<Etat>> {
    Router::new()
        .route("/api/v1/moi/mot-de-passe", post(moi::mot_de_passe))
        .route("/api/v1/moi/totp/remplacement", post(moi::remplacer_totp))
        .route("/api/v1/moi/sessions", get(moi::sessions))
        .route("/api/v1/moi/sessions/{id}", delete(moi::fermer_session))
        .route("/api/v1/jetons", get(jetons::lister).post(jetons::creer))
        .route("/api/v1/jetons/{id}", delete(jetons::revoquer))
        .route("/api/v1/comptes", get(comptes::lister).post(comptes::creer))
        .route(
            "/api/v1/comptes/{identifiant}",
            get(comptes::lire)
                .put(comptes::modifier)
                .delete(comptes::supprimer),
        )
        .route(
            "/api/v1/comptes/{identifiant}/invitation",
            post(comptes::inviter),
        )
        .route(
            "/api/v1/comptes/{identifiant}/totp",
            delete(comptes::retirer_totp),
        )
        .route(
            "/api/v1/comptes/{identifiant}/sessions",
            delete(comptes::fermer_sessions),
        )
        .route(
            "/api/v1/perimetres",
            get(perimetres::lister).post(perimetres::creer),
        )
        .route(
            "/api/v1/perimetres/{id}",
            get(perimetres::lire)
                .put(perimetres::modifier)
                .delete(perimetres::supprimer),
        )
        .route("/api/v1/audit", get(audit::lire))
        .merge(rapports::routes())
        .route("/api/v1/certificats", get(certificats::lire))
        .route("/api/v1/reglages", get(reglages::lire))
        // A perimeter may name thousands of schools.
        .layer(DefaultBodyLimit::max(ENSEMBLE_MAX))
}

async fn introuvable() -> Erreur {
    Erreur::Introuvable
}
