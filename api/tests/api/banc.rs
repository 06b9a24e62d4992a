//! A server on a free port, over a lake of its own: a small directory and a few cells.

use std::fmt::Write;
use std::fs::File;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use arrow::array::{ArrayRef, DictionaryArray, Int64Array, RecordBatch};
use arrow::datatypes::Int32Type;
use frequent_api::comptes::{Comptes, MotDePasse, ReglagesComptes};
use frequent_api::{Composants, Etat};
use frequent_plan::lac::{META_ANNUAIRE, META_JOURS, schema_cumuls};
use frequent_plan::{
    Calendrier, Fuseaux, Grain, Horloge, Instant, Jour, Lac, Niveau, Periode, Plan, Uai,
};
use parquet::arrow::ArrowWriter;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use tempfile::TempDir;

use crate::client::{Demande, Reponse};

pub const MOT_DE_PASSE: &str = "un long mot de passe";

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
    _dossier: TempDir,
}

/// A cell: code, profile, axis, member, visits; the other measures follow from the visits.
pub type Ligne<'a> = (&'a str, &'a str, &'a str, &'a str, i64);

impl Banc {
    /// A server with its directory, accounts `regional` (the region), `toulousain` (département
    /// 031) and `conseiller` (one circonscription), and no figures.
    pub async fn nouveau() -> Self {
        let dossier = tempfile::tempdir().unwrap();
        let lac = Lac::new(dossier.path().join("donnees"));
        std::fs::create_dir_all(lac.racine()).unwrap();
        importer_annuaire(&lac, &dossier);
        let debut: jiff::Timestamp = VENDREDI.parse().unwrap();
        let horloge = Arc::new(Reglable(AtomicI64::new(debut.as_millisecond())));
        let comptes = Comptes::ouvrir(&lac, horloge.clone(), ReglagesComptes::default())
            .await
            .unwrap();
        let circonscription = format!("circonscription:{}", circonscription(1));
        for (identifiant, perimetre) in [
            ("regional", "region:76"),
            ("toulousain", "departement:031"),
            ("conseiller", circonscription.as_str()),
        ] {
            let mot_de_passe = MotDePasse::new(MOT_DE_PASSE);
            let perimetre = perimetre.parse().unwrap();
            comptes
                .creer(identifiant, identifiant, mot_de_passe, &perimetre)
                .await
                .unwrap();
        }
        let etat = Etat::ouvrir(Composants {
            lac: lac.clone(),
            plan: Arc::new(Plan::integre().unwrap()),
            calendrier: Calendrier::integre().unwrap(),
            fuseaux: Fuseaux::charger().unwrap(),
            comptes,
            horloge: horloge.clone(),
        })
        .unwrap();
        let ecoute = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let adresse = ecoute.local_addr().unwrap();
        let routes = frequent_api::routes(Arc::new(etat));
        tokio::spawn(async move { axum::serve(ecoute, routes).await.unwrap() });
        Self {
            adresse,
            horloge,
            lac,
            _dossier: dossier,
        }
    }

    /// Tries to sign in, from the server's own pages.
    pub async fn connecter(&self, identifiant: &str, mot_de_passe: &str) -> Reponse {
        let corps = serde_json::json!({"identifiant": identifiant, "mot_de_passe": mot_de_passe});
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

/// Schools 1, 2 and 3 are in Toulouse (031), 1 and 2 in circonscription 1, 3 in circonscription 2;
/// school 4 is in Muret (031, circonscription 2), 5 in Montpellier (034, circonscription 3), 6 is
/// closed, 7 is a collège of Toulouse.
pub fn ecole(numero: u32) -> String {
    let departement = if numero == 5 { 340_000 } else { 310_000 };
    Uai::depuis_nombre(departement + numero).to_string()
}

pub fn circonscription(numero: u32) -> String {
    Uai::depuis_nombre(319_000 + numero).to_string()
}

fn importer_annuaire(lac: &Lac, dossier: &TempDir) {
    let mut csv = String::from(
        "Identifiant_de_l_etablissement;Nom_etablissement;Type_etablissement;Statut_public_prive;\
         Code_commune;Nom_commune;Code_departement;Libelle_departement;Code_academie;\
         Libelle_academie;Code_region;Libelle_region;Nombre_d_eleves;code_circonscription;\
         nom_circonscription;latitude;longitude;etat;ministere_tutelle;libelle_nature\n",
    );
    let toulouse = "31555;Toulouse;031;Haute-Garonne;16;Toulouse;76;Occitanie";
    let muret = "31395;Muret;031;Haute-Garonne;16;Toulouse;76;Occitanie";
    let montpellier = "34172;Montpellier;034;Hérault;11;Montpellier;76;Occitanie";
    let nature = "MINISTERE DE L'EDUCATION NATIONALE;ECOLE DE NIVEAU ELEMENTAIRE";
    for (numero, nom, type_, lieu, circo, etat) in [
        (
            1,
            "Ecole élémentaire Jean Jaurès",
            "Ecole",
            toulouse,
            1,
            "OUVERT",
        ),
        (2, "=Ecole des Lilas", "Ecole", toulouse, 1, "OUVERT"),
        (
            3,
            "Ecole Étienne Billières",
            "Ecole",
            toulouse,
            2,
            "A FERMER",
        ),
        (4, "Ecole Jean Jaurès", "Ecole", muret, 2, "OUVERT"),
        (5, "Ecole Jean Jaurès", "Ecole", montpellier, 3, "OUVERT"),
        (6, "Ecole fermée", "Ecole", toulouse, 1, "FERME"),
        (
            7,
            "Collège Pierre de Fermat",
            "Collège",
            toulouse,
            0,
            "OUVERT",
        ),
    ] {
        let (code, libelle) = match circo {
            0 => (String::new(), String::new()),
            n => (circonscription(n), format!("Circonscription {n}")),
        };
        writeln!(
            csv,
            "{};{nom};{type_};Public;{lieu};120;{code};{libelle};43.6;1.44;{etat};{nature}",
            ecole(numero)
        )
        .unwrap();
    }
    let chemin = dossier.path().join("annuaire.csv");
    std::fs::write(&chemin, csv).unwrap();
    let validite = "2024-11-26".parse().unwrap();
    let rapport = frequent_territory::import::importer(lac, &chemin, validite).unwrap();
    let annuaires = frequent_territory::Annuaires::ouvrir(lac).unwrap();
    let ecoles = annuaires.courant().unwrap().ecoles().len();
    assert_eq!(ecoles, 7, "{rapport:?}");
}
