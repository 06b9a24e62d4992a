//! A server on a free port, over a lake of its own: a small directory and a few cells.

use std::fs::File;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use arrow::array::{ArrayRef, DictionaryArray, Int64Array, RecordBatch};
use arrow::datatypes::Int32Type;
use frequent_api::base::{AdresseBase, Base};
use frequent_api::comptes::{Comptes, Droits, MotDePasse, Perimetre, ReglagesComptes};
use frequent_api::conventions::{Conventions, ReglagesConventions};
use frequent_api::porte::Seuil;
use frequent_api::rapports::{Remise, Smtp};
use frequent_api::{Composants, Etat, Reglage};
use frequent_ingest::acces::Acces;
use frequent_plan::lac::{META_ANNUAIRE, META_JOURS, schema_cumuls};
use frequent_plan::{
    Calendrier, Fuseaux, Grain, Horloge, Instant, Jour, Lac, Niveau, Periode, Plan,
};
use parquet::arrow::ArrowWriter;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::annuaire::{self, Commune, circonscription, ecole};
use crate::client::{Demande, Reponse};

pub const MOT_DE_PASSE: &str = "un long mot de passe";

/// The platform of the account `fournisseur`.
pub const PLATEFORME: &str = "ONE-OCC";

/// Friday 20 November 2026, 10:00 in Paris.
const VENDREDI: &str = "2026-11-20T09:00:00Z";

/// A clock that tests set.
pub struct Reglable(AtomicI64);

impl Reglable {
    pub fn avancer(&self, duree: Duration) {
        let ms = i64::try_from(duree.as_millis()).unwrap();
        self.0.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Horloge for Reglable {
    fn maintenant(&self) -> Instant {
        Instant(self.0.load(Ordering::SeqCst))
    }
}

pub struct Banc {
    pub adresse: SocketAddr,
    pub horloge: Arc<Reglable>,
    pub lac: Lac,
    pub etat: Arc<Etat>,
    _dossier: TempDir,
}

/// A cell: code, profile, axis, member, visits; the other measures follow from the visits.
pub type Ligne<'a> = (&'a str, &'a str, &'a str, &'a str, i64);

/// The convention `T-1` of Toulouse for these schools, over two school years.
pub fn convention(ecoles: &[u32]) -> Value {
    let ecoles: Vec<Value> = ecoles
        .iter()
        .map(|numero| json!({"uai": ecole(*numero), "entree": null, "sortie": null}))
        .collect();
    json!({
        "id": "T-1", "autorite": "31555", "siret": "21310555400017", "fournisseur": "Édifice",
        "plateforme": PLATEFORME, "prix": "45,00", "debut": "2025-09-01", "fin": "2027-08-31",
        "ecoles": ecoles,
    })
}

impl Banc {
    /// A server with its directory, accounts `ministere` (the country), `regional` (the region),
    /// `toulousain` (département 031), `conseiller` (one circonscription) and `fournisseur`
    /// (platform `ONE-OCC`, no territory), and no figures.
    pub async fn nouveau() -> Self {
        Self::avec(None).await
    }

    /// The same, whose reports are mailed to this server, and left in the folder `rapports` of the
    /// data folder when they have no address.
    pub async fn avec(smtp: Option<Smtp>) -> Self {
        let dossier = tempfile::tempdir().unwrap();
        let lac = Lac::new(dossier.path().join("donnees"));
        let remise = Remise {
            smtp,
            dossier: Some(lac.racine().join("rapports")),
            domaines: vec!["exemple.fr".to_owned()],
            console: Some("https://ent.exemple.fr".to_owned()),
        };
        std::fs::create_dir_all(lac.racine()).unwrap();
        annuaire::importer(&lac, "2024-11-26", &annuaire::ECOLES);
        let debut: jiff::Timestamp = VENDREDI.parse().unwrap();
        let horloge = Arc::new(Reglable(AtomicI64::new(debut.as_millisecond())));
        let base = Base::ouvrir(&lac, &AdresseBase::Fichier).await.unwrap();
        let comptes = Comptes::new(
            base.clone(),
            &lac,
            horloge.clone(),
            ReglagesComptes::default(),
        )
        .unwrap();
        let circonscription = format!("circonscription:{}", circonscription(1));
        for (identifiant, perimetre) in [
            ("ministere", "national"),
            ("regional", "region:76"),
            ("toulousain", "departement:031"),
            ("conseiller", circonscription.as_str()),
        ] {
            let mot_de_passe = MotDePasse::new(MOT_DE_PASSE);
            let perimetre: Perimetre = perimetre.parse().unwrap();
            comptes
                .creer(identifiant, identifiant, mot_de_passe, perimetre)
                .await
                .unwrap();
        }
        let fournisseur = Droits::new(None, [PLATEFORME.to_owned()]).unwrap();
        let mot_de_passe = MotDePasse::new(MOT_DE_PASSE);
        comptes
            .creer("fournisseur", "Édifice", mot_de_passe, fournisseur)
            .await
            .unwrap();
        let reglages = ReglagesConventions::default();
        let conventions = Conventions::ouvrir(&base, reglages).await.unwrap();
        let etat = Etat::ouvrir(Composants {
            lac: lac.clone(),
            plan: Arc::new(Plan::integre().unwrap()),
            calendrier: Calendrier::integre().unwrap(),
            fuseaux: Fuseaux::charger().unwrap(),
            base,
            comptes,
            conventions,
            acces: Arc::new(Acces::ouvrir(&lac).unwrap()),
            adresse_collecte: None,
            seuil: Seuil::CONSULTATION,
            adresse_publique: None,
            oidc: None,
            ldap: None,
            reglages: vec![Reglage {
                cle: "secret.seuil".to_owned(),
                valeur: "5".to_owned(),
                defaut: true,
                explication: "Fewest users.".to_owned(),
            }],
            remise,
            horloge: horloge.clone(),
        })
        .unwrap();
        let ecoute = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let adresse = ecoute.local_addr().unwrap();
        let etat = Arc::new(etat);
        let routes = frequent_api::routes(Arc::clone(&etat));
        tokio::spawn(async move { axum::serve(ecoute, routes).await.unwrap() });
        Self {
            adresse,
            horloge,
            lac,
            etat,
            _dossier: dossier,
        }
    }

    /// The same, with twelve schools of the same kind more in Toulouse: 20 to 31, here by their
    /// identifiers.
    pub async fn avec_semblables() -> (Self, Vec<String>) {
        let banc = Self::nouveau().await;
        let mut ecoles: Vec<_> = (20..32)
            .map(|n| (n, "Ecole", "Ecole", Commune::Toulouse, 1, "OUVERT"))
            .collect();
        ecoles.extend(annuaire::ECOLES);
        annuaire::importer(&banc.lac, "2025-09-01", &ecoles);
        banc.etat.actualiser_annuaires().unwrap();
        (banc, (20..32).map(ecole).collect())
    }

    /// Tries to sign in, from the server's own pages.
    pub async fn connecter(&self, identifiant: &str, mot_de_passe: &str) -> Reponse {
        let corps = json!({"identifiant": identifiant, "mot_de_passe": mot_de_passe});
        Demande::new("POST", "/api/v1/session")
            .entete("Content-Type", "application/json")
            .entete("Origin", format!("http://{}", self.adresse))
            .corps(corps.to_string())
            .envoyer(self.adresse)
            .await
    }

    /// Signs in and gives the cookie.
    pub async fn temoin(&self, identifiant: &str) -> String {
        let reponse = self.connecter(identifiant, MOT_DE_PASSE).await;
        assert_eq!(reponse.statut, 200, "{}", reponse.texte());
        let pose = reponse.entete("set-cookie").unwrap();
        pose.split(';').next().unwrap().to_owned()
    }

    /// Asks for something with a cookie.
    pub async fn lire(&self, temoin: &str, chemin: &str) -> Reponse {
        Demande::get(chemin)
            .entete("Cookie", temoin)
            .envoyer(self.adresse)
            .await
    }

    /// Asks for a change with a cookie, from the server's own pages.
    pub async fn ecrire(
        &self,
        temoin: &str,
        (methode, chemin): (&'static str, &str),
        corps: &Value,
    ) -> Reponse {
        Demande::new(methode, chemin)
            .entete("Cookie", temoin)
            .entete("Content-Type", "application/json")
            .entete("Origin", format!("http://{}", self.adresse))
            .corps(corps.to_string())
            .envoyer(self.adresse)
            .await
    }

    /// Enters a convention, which must be taken, and gives it as recorded.
    pub async fn conventionner(&self, temoin: &str, convention: &Value) -> Value {
        let liste = ("POST", "/api/v1/conventions");
        let creee = self.ecrire(temoin, liste, convention).await;
        assert_eq!(creee.statut, 200, "{}", creee.texte());
        creee.json()
    }

    /// Waits until the server has taken these numbers of keys and sites.
    pub async fn attendre_les_acces(&self, cles: usize, sites: usize) {
        let temoin = self.temoin("ministere").await;
        let limite = std::time::Instant::now() + Duration::from_secs(20);
        loop {
            let vu = self.lire(&temoin, "/api/v1/integration").await.json();
            let nombre = |champ: &str| vu[champ].as_array().unwrap().len();
            if (nombre("cles"), nombre("sites")) == (cles, sites) {
                return;
            }
            assert!(std::time::Instant::now() < limite, "{vu}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Writes the cells of a period, sorted as the lake has them.
    pub fn cumuls(&self, niveau: Niveau, grain: Grain, jour: &str, lignes: &[Ligne<'_>]) {
        let periode = Periode::contenant(grain, jour.parse().unwrap());
        let dossier = self.lac.cumuls_de(niveau, periode);
        std::fs::create_dir_all(&dossier).unwrap();
        let mut lignes = lignes.to_vec();
        lignes.sort_unstable_by_key(|&(code, profil, axe, membre, _)| (code, axe, profil, membre));
        let texte = |choisir: fn(&Ligne<'_>) -> String| -> ArrayRef {
            let valeurs: Vec<String> = lignes.iter().map(choisir).collect();
            let valeurs = valeurs.iter().map(String::as_str);
            Arc::new(valeurs.collect::<DictionaryArray<Int32Type>>())
        };
        let nombre = |facteur: i64| -> ArrayRef {
            Arc::new(lignes.iter().map(|l| l.4 * facteur).collect::<Int64Array>())
        };
        let moitie = lignes.iter().map(|l| (l.4 + 1) / 2);
        let colonnes = vec![
            texte(|l| l.0.to_owned()),
            texte(|l| l.1.to_owned()),
            texte(|l| l.2.to_owned()),
            texte(|l| l.3.to_owned()),
            nombre(1),
            Arc::new(moitie.collect::<Int64Array>()),
            nombre(60_000),
            nombre(3),
        ];
        let lot = RecordBatch::try_new(schema_cumuls(), colonnes).unwrap();
        let jours: Vec<String> = periode.jours().map(|j| j.to_string()).collect();
        let meta = |cle: &str, valeur: String| KeyValue::new(cle.to_owned(), valeur);
        let proprietes = WriterProperties::builder()
            .set_statistics_enabled(EnabledStatistics::Page)
            .set_key_value_metadata(Some(vec![
                meta(META_JOURS, jours.join(",")),
                meta(META_ANNUAIRE, "2024-11-26".to_owned()),
            ]))
            .build();
        let fichier = File::create(dossier.join("0-0-0.parquet")).unwrap();
        let mut ecrivain = ArrowWriter::try_new(fichier, lot.schema(), Some(proprietes)).unwrap();
        ecrivain.write(&lot).unwrap();
        ecrivain.close().unwrap();
    }

    /// The same visits for each day or week of a range.
    pub fn cumuls_entre(
        &self,
        niveau: Niveau,
        grain: Grain,
        (du, au): (&str, &str),
        lignes: &[Ligne<'_>],
    ) {
        let (du, au): (Jour, Jour) = (du.parse().unwrap(), au.parse().unwrap());
        let mut periode = Periode::contenant(grain, du);
        while periode.debut() <= au {
            self.cumuls(niveau, grain, &periode.debut().to_string(), lignes);
            periode = periode.suivante();
        }
    }
}
