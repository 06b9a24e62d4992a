//! One gate: every route of the document, with every kind of caller, on a territory that is not
//! theirs. Made from the document: a route or a parameter that this file does not know fails.

use std::collections::BTreeMap;

use frequent_api::comptes::{Droits, MotDePasse, Perimetre, Role};
use frequent_plan::{Grain, Niveau};
use serde_json::{Value, json};

use crate::annuaire::{circonscription, ecole};
use crate::banc::{Banc, Ligne, MOT_DE_PASSE};
use crate::client::{Demande, Reponse};

/// Visits of the foreign school, and the users that the bench makes of them: found in an answer,
/// they can come from nowhere else.
const VISITES: i64 = 987_654;
const UTILISATEURS: &str = "493827";

/// What a route gives.
#[derive(Clone, Copy, PartialEq)]
enum Genre {
    /// Names and figures of the territory asked.
    Territoire,
    /// What platforms sent.
    Plateforme,
    /// The same to all who are signed in, or the part of it that the caller may see.
    Commun,
    /// Something of another's, by its identifier.
    Objet,
    /// A change to something of another's, or a question about it in a body.
    Ecriture,
    /// The caller's own session.
    Session,
    /// Open to all.
    Public,
}

fn genre(operation: &str) -> Genre {
    match operation {
        "apercu_rapport"
        | "calendrier"
        | "cellules"
        | "deploiement"
        | "courbe_deploiement"
        | "mesures"
        | "moments"
        | "synthese"
        | "tableau"
        | "pairs"
        | "comparer"
        | "parcours"
        | "tournee"
        | "lire_suivi"
        | "lire_territoire"
        | "lire_enfants"
        | "lister_incidents"
        | "carte"
        | "rechercher_territoires" => Genre::Territoire,
        "integration" | "qualite" | "lire_qualite_ecoles" => Genre::Plateforme,
        "plan"
        | "lister_conventions"
        | "lister_rapports"
        | "lister_comptes"
        | "lister_perimetres"
        | "lister_incidents_declares"
        | "lister_jetons"
        | "lister_sessions"
        | "lire_moi"
        | "lire_audit"
        | "lire_certificats"
        | "lire_reglages" => Genre::Commun,
        "lire_convention" | "lire_compte" | "lire_perimetre" => Genre::Objet,
        "mesurer_ecoles"
        | "declarer_incident"
        | "modifier_incident"
        | "supprimer_incident"
        | "creer_convention"
        | "importer_conventions"
        | "modifier_convention"
        | "terminer_convention"
        | "annuler_fin_de_convention"
        | "reconduire_convention"
        | "creer_compte"
        | "modifier_compte"
        | "supprimer_compte"
        | "inviter_compte"
        | "retirer_totp_du_compte"
        | "fermer_sessions_du_compte"
        | "creer_perimetre"
        | "modifier_perimetre"
        | "supprimer_perimetre"
        | "creer_jeton"
        | "revoquer_jeton"
        | "noter_vue"
        | "oublier_vue"
        | "noter_action"
        | "corriger_action"
        | "effacer_action"
        | "creer_rapport"
        | "modifier_rapport"
        | "supprimer_rapport"
        | "envoyer_rapport"
        | "fermer_une_session" => Genre::Ecriture,
        "changer_mot_de_passe"
        | "inscrire_totp"
        | "confirmer_totp"
        | "remplacer_totp"
        | "lire_session" => Genre::Session,
        "ouvrir_session"
        | "fermer_session"
        | "lire_moyens"
        | "partir_oidc"
        | "revenir_oidc"
        | "finir_oidc"
        | "ouvrir_session_ldap"
        | "lire_invitation"
        | "accepter_invitation" => Genre::Public,
        inconnue => panic!("{inconnue}: say here what this route gives, and to whom"),
    }
}

/// The account of the foreign département.
const COMPTE: &str = "montpellierain";

/// The convention of the foreign school.
const CONVENTION: &str = "ETRANGERE-1";

fn convention(id: &str) -> Value {
    json!({
        "id": id, "autorite": "34172", "siret": "21310555400017", "fournisseur": "Édifice",
        "plateforme": "AILLEURS", "prix": "45,00", "debut": "2025-09-01", "fin": "2027-08-31",
        "ecoles": [{"uai": ecole(5), "entree": null, "sortie": null}],
    })
}

/// What a change to something of another's is asked with.
fn corps(operation: &str) -> Value {
    match operation {
        "mesurer_ecoles" => json!({"ecoles": [ecole(1), ecole(5)],
            "du": "2026-11-02", "au": "2026-11-08"}),
        "creer_convention" => convention("ETRANGERE-2"),
        "modifier_convention" => convention(CONVENTION),
        "importer_conventions" => json!({"essai": false, "csv": format!(
            "convention;commune;siret;editeur;plateforme;uai;debut;fin;prix\n\
             ETRANGERE-3;34172;21310555400017;Édifice;AILLEURS;{};2025-09-01;2027-08-31;45\n",
            ecole(5)
        )}),
        "terminer_convention" => json!({"date": "2026-11-10", "cumuls": "detruire"}),
        "declarer_incident" | "modifier_incident" => json!({"nature": "incident",
            "titre": "Intrus", "du": "2026-11-02", "au": "2026-11-08",
            "portee": {"genre": "ecoles", "ecoles": [ecole(5)]}}),
        "creer_compte" => json!({"identifiant": "intrus", "nom": "Intrus", "role": "directeur",
            "perimetres": ["departement:034"], "plateformes": []}),
        "modifier_compte" => json!({"nom": "Intrus", "role": "directeur",
            "perimetres": ["departement:034"], "plateformes": []}),
        "creer_perimetre" | "modifier_perimetre" => json!({"nom": "Intrus", "parent": null,
            "territoires": ["departement:034"], "ecoles": [ecole(5)]}),
        "creer_jeton" => json!({"nom": "Intrus", "portees": ["chiffres"],
            "expire_le": "2027-01-31", "perimetre": "departement:034"}),
        "noter_vue" => json!({"semaines": 4}),
        "noter_action" | "corriger_action" => json!({"uai": ecole(5), "jour": "2026-11-10",
            "genre": "appel", "note": "Intrus"}),
        "creer_rapport" | "modifier_rapport" => json!({"modele": "lettre",
            "niveau": "departement", "code": "034", "rythme": "hebdomadaire"}),
        "annuler_fin_de_convention"
        | "reconduire_convention"
        | "oublier_vue"
        | "effacer_action"
        | "supprimer_rapport"
        | "envoyer_rapport"
        | "supprimer_compte"
        | "supprimer_incident"
        | "inviter_compte"
        | "retirer_totp_du_compte"
        | "fermer_sessions_du_compte"
        | "supprimer_perimetre"
        | "revoquer_jeton"
        | "fermer_une_session" => json!({}),
        inconnue => panic!("{inconnue}: say here what a stranger would send"),
    }
}

/// A territory that no caller but the ministry may see.
#[derive(Clone)]
struct Etranger {
    niveau: Niveau,
    code: String,
}

impl Etranger {
    fn tous() -> Vec<Self> {
        let de = |niveau, code: &str| Self {
            niveau,
            code: code.to_owned(),
        };
        vec![
            de(Niveau::Ecole, &ecole(5)),
            de(Niveau::Circonscription, &circonscription(3)),
            de(Niveau::Commune, "34172"),
            de(Niveau::Departement, "034"),
            de(Niveau::Academie, "11"),
            de(Niveau::Region, "76"),
            de(Niveau::National, "FR"),
        ]
    }

    /// The value that a parameter takes to ask for this territory.
    fn valeur(&self, parametre: &str) -> String {
        let texte = match parametre {
            "niveau" => self.niveau.code(),
            "code" => &self.code,
            "dans" | "perimetre" | "lieux" => {
                return format!("{}:{}", self.niveau.code(), self.code);
            }
            "enfants" | "niveau_enfant" => "ecole",
            "grain" => "semaine",
            "du" | "debut" => "2026-11-02",
            "au" => "2026-11-08",
            "annee" => "2026-2027",
            "frontieres" => "maintenant",
            "profil" => "ELEVE",
            "axe" => "service",
            "membre" => "NOTES",
            "format" => "csv",
            "recherche" => "jaures",
            "ecoles" | "uai" => return ecole(5),
            "jour" | "jours" => "2026-11-03",
            "id" => CONVENTION,
            "identifiant" | "acteur" => COMPTE,
            "destinataire" => "ministere",
            "action" => "connexion",
            "avant" => "1000",
            "plateforme" => "AILLEURS",
            "limite" => "50",
            "modele" => "lettre",
            "page" => "1",
            "tri" => "recus",
            "inconnues" => "true",
            "retour" | "code_retour" => "/",
            "jeton" | "state" | "error" | "iss" => "x",
            inconnu => panic!("{inconnu}: say here how this parameter asks for a territory"),
        };
        texte.to_owned()
    }
}

/// A method of a path, as the document describes it.
struct Operation {
    id: String,
    methode: String,
    chemin: String,
    obligatoires: Vec<(String, bool)>,
    facultatifs: Vec<String>,
}

impl Operation {
    fn toutes() -> Vec<Self> {
        let document = serde_json::to_value(frequent_api::document()).unwrap();
        let mut toutes = Vec::new();
        for (chemin, methodes) in document["paths"].as_object().unwrap() {
            for (methode, operation) in methodes.as_object().unwrap() {
                let mut trouvee = Self {
                    id: operation["operationId"].as_str().unwrap().to_owned(),
                    methode: methode.to_uppercase(),
                    chemin: chemin.clone(),
                    obligatoires: Vec::new(),
                    facultatifs: Vec::new(),
                };
                let parametres = operation["parameters"].as_array();
                for parametre in parametres.into_iter().flatten() {
                    let nom = parametre["name"].as_str().unwrap().to_owned();
                    if parametre["required"] == true {
                        let de_chemin = parametre["in"] == "path";
                        trouvee.obligatoires.push((nom, de_chemin));
                    } else {
                        trouvee.facultatifs.push(nom);
                    }
                }
                toutes.push(trouvee);
            }
        }
        toutes
    }

    /// The addresses that ask for a territory: with what is required, then with each of the rest,
    /// then with the level's code beside each of the rest.
    fn adresses(&self, etranger: &Etranger) -> Vec<String> {
        let mut chemin = self.chemin.clone();
        let mut debut = Vec::new();
        for (nom, de_chemin) in &self.obligatoires {
            let valeur = etranger.valeur(nom);
            if *de_chemin {
                chemin = chemin.replace(&format!("{{{nom}}}"), &valeur);
            } else {
                debut.push(format!("{nom}={valeur}"));
            }
        }
        let un = |nom: &String| format!("{nom}={}", etranger.valeur(nom));
        let mut suites = vec![Vec::new()];
        suites.extend(self.facultatifs.iter().map(|nom| vec![un(nom)]));
        let cibles = ["code", "dans", "perimetre", "ecoles"].map(str::to_owned);
        for cible in cibles.iter().filter(|c| self.facultatifs.contains(c)) {
            let autres = self.facultatifs.iter().filter(|nom| *nom != cible);
            suites.extend(autres.map(|nom| vec![un(cible), un(nom)]));
        }
        suites
            .into_iter()
            .map(|suite| {
                let requete = [debut.clone(), suite].concat().join("&");
                format!("{chemin}?{requete}")
            })
            .collect()
    }

    fn methode(&self) -> &'static str {
        match self.methode.as_str() {
            "GET" => "GET",
            "POST" => "POST",
            "PUT" => "PUT",
            "DELETE" => "DELETE",
            autre => panic!("{autre}"),
        }
    }

    async fn demander(&self, banc: &Banc, adresse: &str, entetes: &[(&str, String)]) -> Reponse {
        let mut demande = Demande::new(self.methode(), adresse);
        for (nom, valeur) in entetes {
            demande = demande.entete(nom, valeur.as_str());
        }
        demande.envoyer(banc.adresse).await
    }
}

/// What is another's, by the identifiers that only the bench knows.
struct Objets {
    perimetre: String,
    incident: String,
    jeton: String,
    session: String,
    rapport: String,
}

impl Objets {
    /// The address of what is another's, for a path that names such a thing.
    fn viser(&self, adresse: &str) -> String {
        let id = match adresse {
            a if a.starts_with("/api/v1/perimetres/") => &self.perimetre,
            a if a.starts_with("/api/v1/incidents/") => &self.incident,
            a if a.starts_with("/api/v1/jetons/") => &self.jeton,
            a if a.starts_with("/api/v1/moi/sessions/") => &self.session,
            a if a.starts_with("/api/v1/rapports/") => &self.rapport,
            _ => return adresse.to_owned(),
        };
        adresse.replace(CONVENTION, id)
    }
}

/// The caller that a token speaks for.
const JETON: &str = "jeton";

/// Who asks, and the header that says so.
type Appelants = BTreeMap<&'static str, (&'static str, String)>;

/// A bench whose foreign school has figures at every level, and one account of each kind that may
/// not see it.
async fn terrain() -> (Banc, Appelants, Objets) {
    let banc = Banc::nouveau().await;
    for etranger in Etranger::tous() {
        let code = etranger.code.as_str();
        let axes = [("total", "TOTAL"), ("service", "NOTES"), ("heure", "10")];
        let lignes: Vec<Ligne<'_>> = ["TOUS", "ELEVE"]
            .into_iter()
            .flat_map(|profil| axes.map(|(axe, membre)| (code, profil, axe, membre, VISITES)))
            .collect();
        banc.cumuls(etranger.niveau, Grain::Semaine, "2026-11-02", &lignes);
        for jour in 2..=8 {
            let jour = format!("2026-11-{jour:02}");
            banc.cumuls(etranger.niveau, Grain::Jour, &jour, &lignes);
        }
    }
    for (identifiant, perimetre) in [
        ("academique", "academie:16".to_owned()),
        ("mairie", "commune:31395".to_owned()),
        ("directrice", format!("ecole:{}", ecole(1))),
        (COMPTE, "departement:034".to_owned()),
    ] {
        let perimetre: Perimetre = perimetre.parse().unwrap();
        let mot_de_passe = MotDePasse::new(MOT_DE_PASSE);
        let comptes = banc.etat.comptes();
        let cree = comptes.creer(identifiant, identifiant, mot_de_passe, perimetre);
        cree.await.unwrap();
    }
    for (identifiant, role) in [
        ("administrateur", Role::Administrateur),
        ("drane", Role::Drane),
    ] {
        let perimetre: Perimetre = "academie:16".parse().unwrap();
        let droits = Droits::composes(role, perimetre.into(), Vec::new(), []).unwrap();
        let mot_de_passe = MotDePasse::new(MOT_DE_PASSE);
        let comptes = banc.etat.comptes();
        let cree = comptes.creer(identifiant, identifiant, mot_de_passe, droits);
        cree.await.unwrap();
    }
    let ministere = banc.temoin("ministere").await;
    let liste = ("POST", "/api/v1/conventions");
    let creee = banc
        .ecrire(&ministere, liste, &convention(CONVENTION))
        .await;
    assert_eq!(creee.statut, 200, "{}", creee.texte());
    let perimetre = json!({"nom": "Hérault", "parent": null,
        "territoires": ["departement:034"], "ecoles": []});
    let liste = ("POST", "/api/v1/perimetres");
    let perimetre = banc.ecrire(&ministere, liste, &perimetre).await;
    let incident = json!({"nature": "incident", "titre": "Hérault", "du": "2026-11-02", "au": null,
        "portee": {"genre": "ecoles", "ecoles": [ecole(5)]}});
    let liste = ("POST", "/api/v1/incidents");
    let incident = banc.ecrire(&ministere, liste, &incident).await;
    assert_eq!(incident.statut, 201, "{}", incident.texte());
    let jeton = json!({"nom": "À soi", "portees": ["chiffres"],
        "expire_le": "2027-01-31", "perimetre": null});
    let jeton = banc
        .ecrire(&ministere, ("POST", "/api/v1/jetons"), &jeton)
        .await;
    let rapport = json!({"modele": "lettre", "niveau": "departement", "code": "034",
        "destinataire": COMPTE, "rythme": "hebdomadaire"});
    let rapport = banc
        .ecrire(&ministere, ("POST", "/api/v1/rapports"), &rapport)
        .await;
    let sessions = banc.lire(&ministere, "/api/v1/moi/sessions").await.json();
    let texte = |valeur: &Value| valeur.as_str().unwrap().to_owned();
    let objets = Objets {
        perimetre: texte(&perimetre.json()["id"]),
        incident: texte(&incident.json()["id"]),
        jeton: texte(&jeton.json()["id"]),
        session: texte(&sessions["sessions"][0]["id"]),
        rapport: texte(&rapport.json()["id"]),
    };
    let mut appelants = BTreeMap::new();
    for qui in [
        "academique",
        "toulousain",
        "conseiller",
        "mairie",
        "directrice",
        "fournisseur",
        "administrateur",
        "drane",
    ] {
        appelants.insert(qui, ("Cookie", banc.temoin(qui).await));
    }
    let jeton = json!({"nom": "Tableur", "portees": ["chiffres"],
        "expire_le": "2027-01-31", "perimetre": "departement:031"});
    let temoin = &appelants["academique"].1;
    let jeton = banc
        .ecrire(temoin, ("POST", "/api/v1/jetons"), &jeton)
        .await;
    let porteur = format!("Bearer {}", texte(&jeton.json()["jeton"]));
    appelants.insert(JETON, ("Authorization", porteur));
    (banc, appelants, objets)
}

/// What of the foreign school stands in an answer.
fn fuite(reponse: &Reponse) -> Option<String> {
    let texte = reponse.texte();
    // A refusal may name what was asked, which the caller knew; never a figure nor a name.
    let succes = reponse.statut < 300;
    let demandes = [COMPTE.to_owned(), "ETRANGERE".to_owned()];
    let demandes = demandes.into_iter().filter(|_| succes);
    let marques = [
        VISITES.to_string(),
        UTILISATEURS.to_owned(),
        ecole(5),
        "Circonscription 3".to_owned(),
        "34172".to_owned(),
        "Hérault".to_owned(),
    ];
    marques
        .into_iter()
        .chain(demandes)
        .find(|marque| texte.contains(marque))
}

#[tokio::test]
async fn no_route_tells_any_caller_of_a_territory_that_is_not_theirs() {
    let (banc, appelants, objets) = terrain().await;
    let ministere = banc.temoin("ministere").await;
    let (mut routes, mut essais) = (0, 0);
    for operation in Operation::toutes() {
        let genre = genre(&operation.id);
        routes += 1;
        let mut vues = 0;
        for etranger in Etranger::tous() {
            for adresse in operation.adresses(&etranger) {
                let adresse = objets.viser(&adresse);
                if genre == Genre::Territoire {
                    let entetes = [("Cookie", ministere.clone())];
                    let temoin = operation.demander(&banc, &adresse, &entetes).await;
                    // What even the ministry cannot ask is badly asked, not protected.
                    if matches!(temoin.statut, 400 | 404) {
                        continue;
                    }
                    assert_eq!(temoin.statut, 200, "{adresse}: {}", temoin.texte());
                    vues += usize::from(fuite(&temoin).is_some());
                }
                for (qui, entete) in &appelants {
                    let entetes = std::slice::from_ref(entete);
                    if operation.methode != "GET" {
                        continue;
                    }
                    let reponse = operation.demander(&banc, &adresse, entetes).await;
                    let ou = format!("{qui} {adresse}: {} {}", reponse.statut, reponse.texte());
                    // Where a token's scopes do not reach, it is nobody's.
                    let sans_portee = *qui == JETON && reponse.statut == 401;
                    let admis = matches!(reponse.statut, 200 | 400 | 403 | 404);
                    assert!(admis || sans_portee, "{ou}");
                    assert_eq!(fuite(&reponse), None, "{ou}");
                    if sans_portee {
                        essais += 1;
                        continue;
                    }
                    let recherche = operation.id == "rechercher_territoires";
                    if (genre == Genre::Territoire && !recherche) || genre == Genre::Objet {
                        assert!(matches!(reponse.statut, 403 | 404), "{ou}");
                    }
                    if adresse.contains("plateforme=AILLEURS") {
                        assert_eq!(reponse.statut, 403, "{ou}");
                    }
                    essais += 1;
                }
            }
        }
        // The calendar of a territory says the dates of its holidays, and nothing of it.
        if genre == Genre::Territoire && operation.id != "calendrier" {
            assert!(
                vues > 0,
                "{}: the ministry sees nothing of it either",
                operation.id
            );
        }
    }
    println!(
        "{routes} routes × {} callers: {essais} requests",
        appelants.len()
    );
}

#[tokio::test]
async fn nothing_of_anothers_is_changed_by_any_caller() {
    let (banc, appelants, objets) = terrain().await;
    let ministere = banc.temoin("ministere").await;
    let vus = async || {
        let mut vus = Vec::new();
        for liste in [
            "conventions",
            "comptes",
            "perimetres",
            "incidents/declares",
            "jetons",
            "rapports",
        ] {
            let chemin = format!("/api/v1/{liste}");
            vus.push(banc.lire(&ministere, &chemin).await.json());
        }
        vus
    };
    let avant = vus().await;
    let ecole = &Etranger::tous()[0];
    let mut essais = 0;
    for operation in Operation::toutes() {
        if genre(&operation.id) != Genre::Ecriture {
            continue;
        }
        let adresse = &operation.adresses(ecole)[0];
        let adresse = objets.viser(adresse.trim_end_matches('?'));
        for (qui, (nom, valeur)) in &appelants {
            let demande = (operation.methode(), adresse.as_str());
            let reponse = Demande::new(operation.methode(), adresse.as_str())
                .entete(nom, valeur)
                .entete("Content-Type", "application/json")
                .entete("Origin", format!("http://{}", banc.adresse))
                .corps(corps(&operation.id).to_string())
                .envoyer(banc.adresse)
                .await;
            let ou = format!("{qui} {demande:?}: {} {}", reponse.statut, reponse.texte());
            let import = operation.id == "importer_conventions";
            let refus = matches!(reponse.statut, 400 | 403 | 404 | 422)
                || (*qui == JETON && reponse.statut == 401);
            assert!(refus || (import && reponse.statut == 200), "{ou}");
            assert!(!reponse.texte().contains("Montpellier"), "{ou}");
            essais += 1;
        }
    }
    assert!(essais > 0);
    assert_eq!(vus().await, avant);
}

#[tokio::test]
async fn no_route_but_the_public_ones_answers_without_a_session() {
    let banc = Banc::nouveau().await;
    let ecole = &Etranger::tous()[0];
    for operation in Operation::toutes() {
        if genre(&operation.id) == Genre::Public {
            continue;
        }
        let faux = ("Cookie", format!("frequent={}", "0".repeat(64)));
        let porteur = ("Authorization", format!("Bearer {}", "0".repeat(64)));
        for entete in [faux, porteur, ("X-Rien", String::new())] {
            let entetes = [
                entete,
                ("Sec-Fetch-Site", "same-origin".to_owned()),
                ("Content-Type", "application/json".to_owned()),
            ];
            let adresse = &operation.adresses(ecole)[0];
            let reponse = operation.demander(&banc, adresse, &entetes).await;
            assert_eq!(reponse.statut, 401, "{} {adresse}", operation.methode);
        }
    }
}

#[tokio::test]
async fn no_change_is_taken_from_another_sites_page() {
    let banc = Banc::nouveau().await;
    let temoin = banc.temoin("ministere").await;
    let ecole = &Etranger::tous()[0];
    let ecritures = Operation::toutes();
    let ecritures = ecritures.iter().filter(|o| o.methode != "GET");
    for operation in ecritures {
        let adresse = &operation.adresses(ecole)[0];
        for (nom, valeur) in [
            ("Origin", "https://ailleurs.example"),
            ("Sec-Fetch-Site", "cross-site"),
            ("Sec-Fetch-Site", "same-site"),
            ("X-Rien", ""),
        ] {
            let entetes = [
                ("Cookie", temoin.clone()),
                ("Content-Type", "application/json".to_owned()),
                (nom, valeur.to_owned()),
            ];
            let reponse = operation.demander(&banc, adresse, &entetes).await;
            assert_eq!(reponse.statut, 403, "{} {adresse} {nom}", operation.methode);
            let probleme: Value = reponse.probleme();
            assert_eq!(probleme["type"], "urn:frequent:probleme:origine-refusee");
        }
    }
}

#[tokio::test]
async fn a_school_that_the_directory_does_not_know_is_unknown_to_every_caller() {
    let (banc, appelants, _) = terrain().await;
    let inconnue = Etranger {
        niveau: Niveau::Ecole,
        code: "0319999X".to_owned(),
    };
    let mut essais = 0;
    for operation in Operation::toutes() {
        let vise = operation.obligatoires.iter().map(|(nom, _)| nom);
        let code = vise.chain(&operation.facultatifs).any(|nom| nom == "code");
        if genre(&operation.id) != Genre::Territoire || !code {
            continue;
        }
        for adresse in operation.adresses(&inconnue) {
            if !adresse.contains(&inconnue.code) || adresse.contains("dans=") {
                continue;
            }
            for (qui, entete) in &appelants {
                let entetes = std::slice::from_ref(entete);
                let reponse = operation.demander(&banc, &adresse, entetes).await;
                let ou = format!("{qui} {adresse}: {} {}", reponse.statut, reponse.texte());
                let sans_portee = *qui == JETON && reponse.statut == 401;
                let refus = matches!(reponse.statut, 400 | 403 | 404);
                assert!(refus || sans_portee, "{ou}");
                assert_eq!(fuite(&reponse), None, "{ou}");
                essais += 1;
            }
        }
    }
    println!("{essais} requests for an unknown school");
    assert!(essais > 50);
}
