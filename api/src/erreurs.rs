//! The one place where a failure becomes an answer: RFC 9457 problems, in French.
//!
//! What went wrong on our side is logged and never shown; what the caller did wrong is said with
//! the parameter's name and what would be accepted.

use std::time::Duration;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use frequent_plan::Niveau;
use serde::Serialize;
use utoipa::ToSchema;

use crate::audit::AuditErreur;
use crate::comptes::{CodeRefuse, ComptesErreur, ConnexionRefusee, DelegationRefusee};
use crate::conventions::ConventionsErreur;
use crate::donnees::LectureErreur;
use crate::identites::AttributionRefusee;

/// The media type of problems.
pub const TYPE_PROBLEME: &str = "application/problem+json";

/// All that is shown of a fault of ours.
const INTERNE: &str = "Une erreur est survenue ; elle est inscrite au journal du serveur.";

/// Why a request got no answer.
#[derive(Debug, thiserror::Error)]
pub enum Erreur {
    /// No live session.
    #[error("Connectez-vous pour consulter ces données.")]
    NonConnecte,
    /// Wrong identifier or password.
    #[error("Identifiant ou mot de passe incorrect.")]
    IdentifiantsRefuses,
    /// The password is right; a one-time code is needed.
    #[error("Saisissez le code à usage unique de votre application, ou un code de secours.")]
    CodeRequis,
    /// The password is right; the one-time code is not.
    #[error("Ce code n’est pas le bon, ou a déjà servi.")]
    CodeRefuse,
    /// The account must enrol for one-time codes before anything else.
    #[error("Ce compte doit d’abord s’inscrire aux codes à usage unique.")]
    InscriptionRequise,
    /// The account's role may not do that.
    #[error("Le rôle de ce compte ne le permet pas.")]
    DroitManquant,
    /// The token may not be used for that.
    #[error("Ce jeton ne permet pas cette demande.")]
    PorteeManquante,
    /// More is asked than may be given.
    #[error(transparent)]
    Delegation(#[from] DelegationRefusee),
    /// An account, perimeter, session, token or link that is not, or not the caller's to see.
    #[error("Rien de tel, ou plus, ou hors de votre périmètre.")]
    SansObjet,
    /// What is asked goes against what is there.
    #[error("{0}.")]
    Conflit(String),
    /// A value that does not suit.
    #[error("{0}.")]
    Valeur(String),
    /// Too many sign-ins tried.
    #[error("Trop de tentatives de connexion : réessayez dans {} s.", secondes(*.0))]
    TropDeTentatives(Duration),
    /// A change asked from another site.
    #[error("Cette demande vient d’un autre site : elle est refusée.")]
    OrigineRefusee,
    /// A body that is not JSON.
    #[error("Le corps de la demande doit être du JSON (Content-Type: application/json).")]
    TypeDeContenu,
    /// A body that cannot be read.
    #[error("Le corps de la demande est illisible : {0}.")]
    Corps(&'static str),
    /// A territory outside the caller's perimeter.
    #[error("Ce territoire est hors de votre périmètre.")]
    HorsPerimetre,
    /// Territory figures asked by an account that sees platforms only.
    #[error(
        "Ce compte voit la qualité du marquage de ses plateformes, pas les chiffres des territoires."
    )]
    SansTerritoire,
    /// The tagging quality of a platform outside the caller's perimeter.
    #[error("Cette plateforme est hors de votre périmètre.")]
    PlateformeHorsPerimetre,
    /// Tagging quality asked by an account that sees no platform.
    #[error("Ce compte voit les chiffres de son territoire, pas la qualité du marquage.")]
    SansPlateforme,
    /// A territory that the directory does not know.
    #[error("L’annuaire ne connaît pas de territoire « {niveau}:{code} ».")]
    TerritoireInconnu {
        /// The level asked.
        niveau: Niveau,
        /// The code asked.
        code: String,
    },
    /// A parameter missing, unknown or with a value that does not suit.
    #[error("{0}")]
    Parametre(#[from] ParametreInvalide),
    /// What an identity provider or a directory says of someone gives no right here.
    #[error("Accès refusé : {0}.")]
    SansDroits(#[from] AttributionRefusee),
    /// The directory that checks passwords does not answer.
    #[error("L’annuaire qui vérifie les mots de passe ne répond pas : réessayez plus tard.")]
    AnnuaireMuet,
    /// A request for another host than ours.
    #[error("Ce serveur ne répond pas sous ce nom.")]
    HoteInconnu,
    /// A path that leads nowhere.
    #[error("Il n’y a rien à cette adresse.")]
    Introuvable,
    /// A method that this path does not take.
    #[error("Cette adresse n’accepte pas cette méthode.")]
    Methode,
    /// No directory was imported yet.
    #[error("Aucun annuaire n’est encore importé : les territoires sont inconnus.")]
    SansAnnuaire,
    /// An answer of more cells than one may hold.
    #[error(
        "La réponse dépasserait {0} cellules : demandez moins de périodes, un seul profil ou un seul membre."
    )]
    TropDeCellules(usize),
    /// The accounts cannot be read or written.
    #[error("comptes : {0}")]
    Comptes(ComptesErreur),
    /// Conventions cannot be read, or written so.
    #[error("Convention : {0}.")]
    Conventions(#[from] ConventionsErreur),
    /// The lake cannot be read.
    #[error("lecture du lac : {0}")]
    Lecture(LectureErreur),
    /// A fault of ours.
    #[error("faute interne : {0}")]
    Interne(String),
}

impl From<LectureErreur> for Erreur {
    fn from(erreur: LectureErreur) -> Self {
        match erreur {
            LectureErreur::Trop(plafond) => Self::TropDeCellules(plafond),
            notre => Self::Lecture(notre),
        }
    }
}

impl From<ConnexionRefusee> for Erreur {
    fn from(refus: ConnexionRefusee) -> Self {
        match refus {
            ConnexionRefusee::Identifiants => Self::IdentifiantsRefuses,
            ConnexionRefusee::CodeRequis => Self::CodeRequis,
            ConnexionRefusee::Code => Self::CodeRefuse,
            ConnexionRefusee::Trop(attente) => Self::TropDeTentatives(attente),
            ConnexionRefusee::Comptes(erreur) => Self::Comptes(erreur),
        }
    }
}

impl From<ComptesErreur> for Erreur {
    fn from(erreur: ComptesErreur) -> Self {
        use ComptesErreur as E;
        match erreur {
            E::Inconnu(_) | E::PerimetreInconnu(_) | E::SansObjet => Self::SansObjet,
            E::Existe(_) | E::PerimetreUtilise(_) => Self::Conflit(majuscule(&erreur.to_string())),
            E::Identifiant(_) | E::Nom | E::MotDePasse(_) | E::PerimetreVide | E::Echeance => {
                Self::Valeur(majuscule(&erreur.to_string()))
            }
            notre => Self::Comptes(notre),
        }
    }
}

impl From<CodeRefuse> for Erreur {
    fn from(refus: CodeRefuse) -> Self {
        match refus {
            CodeRefuse::Faux => {
                Self::Valeur("Ce code n’est pas le bon, ou a déjà servi".to_owned())
            }
            CodeRefuse::NonInscrit => Self::SansObjet,
            CodeRefuse::Comptes(erreur) => erreur.into(),
        }
    }
}

impl From<AuditErreur> for Erreur {
    fn from(erreur: AuditErreur) -> Self {
        Self::Interne(erreur.to_string())
    }
}

/// A message as a sentence begins.
fn majuscule(message: &str) -> String {
    let mut lettres = message.chars();
    let premiere = lettres.next().map(char::to_uppercase);
    premiere.into_iter().flatten().chain(lettres).collect()
}

/// A parameter that does not suit, and what would.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("Paramètre « {nom} » : {raison}")]
pub struct ParametreInvalide {
    /// The parameter.
    pub nom: String,
    /// What is wrong, a French sentence.
    pub raison: String,
    /// The values that would be accepted, when they can be listed.
    pub valeurs: Vec<String>,
}

/// The body of every error answer (RFC 9457).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Probleme {
    /// What kind of problem, as a URI; stable, for programs.
    #[serde(rename = "type")]
    pub type_: String,
    /// The same, in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What is wrong with this request, in French.
    pub detail: String,
    /// The parameter at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parametre: Option<String>,
    /// The values that it accepts.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub valeurs: Vec<String>,
}

impl Erreur {
    fn nature(&self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Self::NonConnecte => (StatusCode::UNAUTHORIZED, "non-connecte", "Non connecté"),
            Self::IdentifiantsRefuses => (
                StatusCode::UNAUTHORIZED,
                "identifiants-refuses",
                "Connexion refusée",
            ),
            Self::CodeRequis => (StatusCode::UNAUTHORIZED, "code-requis", "Code demandé"),
            Self::CodeRefuse => (StatusCode::UNAUTHORIZED, "code-refuse", "Code refusé"),
            Self::InscriptionRequise => (
                StatusCode::FORBIDDEN,
                "inscription-requise",
                "Inscription demandée",
            ),
            Self::DroitManquant | Self::PorteeManquante => {
                (StatusCode::FORBIDDEN, "droit-manquant", "Droit manquant")
            }
            Self::SansObjet => (StatusCode::NOT_FOUND, "sans-objet", "Sans objet"),
            Self::Conflit(_) => (StatusCode::CONFLICT, "conflit", "Conflit"),
            Self::Valeur(_) => (StatusCode::BAD_REQUEST, "valeur-refusee", "Valeur refusée"),
            Self::TropDeTentatives(_) => (
                StatusCode::TOO_MANY_REQUESTS,
                "trop-de-tentatives",
                "Trop de tentatives",
            ),
            Self::OrigineRefusee => (
                StatusCode::FORBIDDEN,
                "origine-refusee",
                "Demande venue d’ailleurs",
            ),
            Self::TypeDeContenu => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "type-de-contenu",
                "Type de contenu refusé",
            ),
            Self::Corps(_) => (
                StatusCode::BAD_REQUEST,
                "corps-illisible",
                "Corps illisible",
            ),
            Self::HorsPerimetre
            | Self::SansTerritoire
            | Self::PlateformeHorsPerimetre
            | Self::Delegation(_)
            | Self::SansPlateforme => (StatusCode::FORBIDDEN, "hors-perimetre", "Hors périmètre"),
            Self::TerritoireInconnu { .. } => (
                StatusCode::NOT_FOUND,
                "territoire-inconnu",
                "Territoire inconnu",
            ),
            Self::Parametre(_) => (
                StatusCode::BAD_REQUEST,
                "parametre-invalide",
                "Paramètre invalide",
            ),
            Self::TropDeCellules(_) => (
                StatusCode::BAD_REQUEST,
                "trop-de-cellules",
                "Réponse trop grande",
            ),
            Self::SansDroits(_) => (StatusCode::FORBIDDEN, "sans-droits", "Accès refusé"),
            Self::AnnuaireMuet => (
                StatusCode::SERVICE_UNAVAILABLE,
                "annuaire-muet",
                "Annuaire muet",
            ),
            Self::HoteInconnu => (
                StatusCode::MISDIRECTED_REQUEST,
                "hote-inconnu",
                "Hôte inconnu",
            ),
            Self::Introuvable => (StatusCode::NOT_FOUND, "introuvable", "Introuvable"),
            Self::Methode => (
                StatusCode::METHOD_NOT_ALLOWED,
                "methode-refusee",
                "Méthode refusée",
            ),
            Self::SansAnnuaire => (
                StatusCode::SERVICE_UNAVAILABLE,
                "sans-annuaire",
                "Annuaire absent",
            ),
            Self::Conventions(erreur) if !erreur.est_interne() => erreur.nature(),
            Self::Comptes(_) | Self::Conventions(_) | Self::Lecture(_) | Self::Interne(_) => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "erreur-interne",
                "Erreur interne",
            ),
        }
    }

    /// The answer's status: 4xx for the caller's faults, 5xx for ours.
    #[must_use]
    pub fn statut(&self) -> StatusCode {
        self.nature().0
    }

    /// The answer's body.
    #[must_use]
    pub fn probleme(&self) -> Probleme {
        let (statut, code, titre) = self.nature();
        let detail = match self {
            Self::Comptes(_) | Self::Lecture(_) | Self::Interne(_) => INTERNE.to_owned(),
            Self::Conventions(erreur) if erreur.est_interne() => INTERNE.to_owned(),
            montrable => montrable.to_string(),
        };
        let parametre = match self {
            Self::Parametre(invalide) => Some(invalide.clone()),
            _ => None,
        };
        Probleme {
            type_: format!("urn:frequent:probleme:{code}"),
            title: titre.to_owned(),
            status: statut.as_u16(),
            detail,
            parametre: parametre.as_ref().map(|p| p.nom.clone()),
            valeurs: parametre.map(|p| p.valeurs).unwrap_or_default(),
        }
    }
}

impl IntoResponse for Erreur {
    fn into_response(self) -> Response {
        if self.statut().is_server_error() {
            tracing::error!(erreur = %self, "request failed");
        }
        let corps = serde_json::to_vec(&self.probleme()).unwrap_or_default();
        let mut reponse = (self.statut(), corps).into_response();
        let entetes = reponse.headers_mut();
        entetes.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static(TYPE_PROBLEME),
        );
        entetes.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Self::TropDeTentatives(attente) = self {
            entetes.insert(header::RETRY_AFTER, HeaderValue::from(secondes(attente)));
        }
        reponse
    }
}

/// Whole seconds, rounded up and never 0: a client that waits that long may try again.
fn secondes(attente: Duration) -> u64 {
    attente
        .as_millis()
        .div_ceil(1_000)
        .max(1)
        .try_into()
        .unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn toutes() -> Vec<(Erreur, u16, &'static str)> {
        let invalide = ParametreInvalide {
            nom: "grain".to_owned(),
            raison: "« heure » n’est pas accepté.".to_owned(),
            valeurs: vec!["jour".to_owned(), "semaine".to_owned()],
        };
        vec![
            (Erreur::NonConnecte, 401, "non-connecte"),
            (Erreur::IdentifiantsRefuses, 401, "identifiants-refuses"),
            (
                Erreur::TropDeTentatives(Duration::from_millis(1_200)),
                429,
                "trop-de-tentatives",
            ),
            (Erreur::OrigineRefusee, 403, "origine-refusee"),
            (Erreur::TypeDeContenu, 415, "type-de-contenu"),
            (Erreur::Corps("JSON coupé"), 400, "corps-illisible"),
            (Erreur::CodeRequis, 401, "code-requis"),
            (Erreur::CodeRefuse, 401, "code-refuse"),
            (Erreur::InscriptionRequise, 403, "inscription-requise"),
            (Erreur::DroitManquant, 403, "droit-manquant"),
            (Erreur::PorteeManquante, 403, "droit-manquant"),
            (
                Erreur::Delegation(DelegationRefusee::Perimetre),
                403,
                "hors-perimetre",
            ),
            (Erreur::SansObjet, 404, "sans-objet"),
            (ComptesErreur::Existe("a".to_owned()).into(), 409, "conflit"),
            (ComptesErreur::Nom.into(), 400, "valeur-refusee"),
            (Erreur::HorsPerimetre, 403, "hors-perimetre"),
            (Erreur::SansTerritoire, 403, "hors-perimetre"),
            (Erreur::PlateformeHorsPerimetre, 403, "hors-perimetre"),
            (Erreur::SansPlateforme, 403, "hors-perimetre"),
            (
                Erreur::TerritoireInconnu {
                    niveau: Niveau::Commune,
                    code: "99999".to_owned(),
                },
                404,
                "territoire-inconnu",
            ),
            (Erreur::Parametre(invalide), 400, "parametre-invalide"),
            (Erreur::TropDeCellules(10), 400, "trop-de-cellules"),
            (AttributionRefusee::SansRegle.into(), 403, "sans-droits"),
            (Erreur::AnnuaireMuet, 503, "annuaire-muet"),
            (Erreur::HoteInconnu, 421, "hote-inconnu"),
            (Erreur::Introuvable, 404, "introuvable"),
            (Erreur::Methode, 405, "methode-refusee"),
            (Erreur::SansAnnuaire, 503, "sans-annuaire"),
            (
                Erreur::Comptes(ComptesErreur::Inconnu("secret".to_owned())),
                500,
                "erreur-interne",
            ),
            (
                Erreur::Lecture(LectureErreur::Colonne {
                    chemin: "secret".into(),
                    colonne: "visites",
                }),
                500,
                "erreur-interne",
            ),
            (Erreur::Interne("secret".to_owned()), 500, "erreur-interne"),
            (
                Erreur::Conventions(ConventionsErreur::Illisible("secret".to_owned())),
                500,
                "erreur-interne",
            ),
            (
                Erreur::Conventions(ConventionsErreur::Inconnue("a".to_owned())),
                404,
                "introuvable",
            ),
            (
                Erreur::Conventions(ConventionsErreur::HorsPerimetre),
                403,
                "hors-perimetre",
            ),
        ]
    }

    #[test]
    fn every_error_is_a_problem_with_its_status_and_never_a_success() {
        for (erreur, statut, code) in toutes() {
            let probleme = erreur.probleme();
            assert_eq!(probleme.status, statut, "{erreur:?}");
            assert!(statut >= 400);
            assert_eq!(probleme.type_, format!("urn:frequent:probleme:{code}"));
            assert!(!probleme.title.is_empty() && probleme.detail.ends_with('.'));
            assert_eq!(probleme.parametre.is_some(), code == "parametre-invalide");
        }
    }

    #[test]
    fn what_went_wrong_on_our_side_is_never_shown() {
        for (erreur, statut, _) in toutes() {
            if statut >= 500 {
                let probleme = erreur.probleme();
                assert!(!probleme.detail.contains("secret"), "{erreur:?}");
            }
        }
    }

    #[test]
    fn the_answer_carries_its_type_and_when_to_come_back() {
        let erreur = Erreur::TropDeTentatives(Duration::from_millis(1_200));
        let reponse = erreur.into_response();
        assert_eq!(reponse.status(), 429);
        assert_eq!(reponse.headers()["content-type"], TYPE_PROBLEME);
        assert_eq!(reponse.headers()["retry-after"], "2");
    }
}
