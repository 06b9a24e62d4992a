use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use frequent_plan::{Fuseaux, Horloge, Instant, Lac, Plan, Raison, Refus};
use sha2::{Digest, Sha256};

use super::*;
use crate::acces::{Acces, CleFournisseur, Usage};
use crate::atterrissage::atterrir;
use crate::fabrique::{MATIN, evenement, lot};
use crate::journal::{JournalEmbarque, ReglagesJournal};
use crate::qualite::{Decompte, Emetteur, Qualite, Releveur, doublons};
use frequent_plan::hexadecimal::hexadecimal;

struct Reglable(AtomicI64);

impl Horloge for Reglable {
    fn maintenant(&self) -> Instant {
        Instant(self.0.load(Ordering::Relaxed))
    }
}

struct Banc {
    dossier: tempfile::TempDir,
    horloge: Arc<Reglable>,
    cle: CleFournisseur,
    guichet: Guichet,
}

const HEURE_MS: i64 = 3_600_000;

impl Banc {
    /// Ten events landed, two of them again; twelve accepted and one refused for the key.
    fn new() -> Self {
        let dossier = tempfile::tempdir().unwrap();
        let lac = Lac::new(dossier.path());
        let horloge = Arc::new(Reglable(AtomicI64::new(MATIN)));
        let fuseaux = Arc::new(Fuseaux::charger().unwrap());
        let acces = Arc::new(Acces::ouvrir(&lac).unwrap());
        let plateformes = ["ONE-OCC".to_owned(), "AUTRE".to_owned()];
        for (usage, nom) in [(Usage::Production, "Éditeur"), (Usage::Essai, "Essais")] {
            acces
                .creer_cle_pour(usage, nom, &plateformes, Instant(MATIN))
                .unwrap();
        }

        let journal = JournalEmbarque::ouvrir(&lac, ReglagesJournal::default()).unwrap();
        let evenements: Vec<_> = (0..10).chain(3..5).map(evenement).collect();
        let fils = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        fils.block_on(crate::Journal::from(journal.clone()).ajouter(lot(&evenements)))
            .unwrap();
        atterrir(&journal, &lac, &Plan::integre().unwrap()).unwrap();
        doublons::compter(&lac).unwrap();

        let qualite = Arc::new(Qualite::new(Arc::clone(&fuseaux)));
        let mut decompte = Decompte::new(&qualite, Instant(MATIN));
        for evenement in &evenements {
            decompte.accepter(evenement, "u");
        }
        let refus = Refus::de("uai", Raison::CleInvalide);
        decompte.refuser("ONE-OCC", None, &refus);
        decompte.verser(&Emetteur::Cle("Éditeur".to_owned()));
        let mut autre = Decompte::new(&qualite, Instant(MATIN));
        autre.accepter(&evenement(0), "u");
        autre.verser(&Emetteur::Cle("Concurrent".to_owned()));
        Releveur::new(
            qualite,
            lac.clone(),
            Arc::clone(&horloge) as Arc<dyn Horloge>,
        )
        .relever()
        .unwrap();

        let cle = acces.lister_cles().remove(0);
        let guichet = Guichet::new(
            lac,
            acces,
            fuseaux,
            Arc::clone(&horloge) as Arc<dyn Horloge>,
        );
        Self {
            dossier,
            horloge,
            cle,
            guichet,
        }
    }

    fn recu(&self) -> (String, Recu) {
        let texte = self.guichet.recu(&self.cle, jour()).unwrap().unwrap();
        let recu = verifier(&texte, &self.guichet.cle().unwrap().publique()).unwrap();
        (texte, recu)
    }

    fn avancer(&self, ms: i64) {
        self.horloge.0.fetch_add(ms, Ordering::Relaxed);
    }
}

fn jour() -> Jour {
    evenement(0).jour
}

#[test]
fn a_receipt_says_what_the_key_sent_and_what_the_lake_holds() {
    let banc = Banc::new();
    let (_, provisoire) = banc.recu();
    assert_eq!(provisoire.etat, Etat::Provisoire);
    assert_eq!((provisoire.recus, provisoire.acceptes), (13, 12));
    assert_eq!(provisoire.refuses["cle_invalide"], 1);
    assert_eq!(provisoire.plateformes.len(), 1);
    assert_eq!(provisoire.plateformes[0].refuses, 1);
    let lac = &provisoire.evenements_du_jour[1];
    assert_eq!(
        (lac.plateforme.as_str(), lac.distincts, lac.doublons),
        ("ONE-OCC", 10, 2)
    );
    assert_eq!(lac.empreinte, None);

    assert_eq!(banc.guichet.etablir().unwrap(), 0, "the day is not over");
    banc.avancer(20 * HEURE_MS);
    assert_eq!(banc.guichet.etablir().unwrap(), 1);
    let (_, definitif) = banc.recu();
    assert_eq!(definitif.etat, Etat::Definitif);
    let mut condense = Sha256::new();
    for numero in 0..10 {
        condense.update(evenement(numero).id.0);
    }
    let attendu = PlateformeAuLac {
        empreinte: Some(hexadecimal(&condense.finalize())),
        ..lac.clone()
    };
    assert_eq!(definitif.evenements_du_jour[1], attendu);
    assert_eq!(definitif.refuses, provisoire.refuses);
}

#[test]
fn once_established_a_receipt_is_kept_whatever_becomes_of_the_figures() {
    let banc = Banc::new();
    banc.avancer(20 * HEURE_MS);
    banc.guichet.etablir().unwrap();
    let (texte, _) = banc.recu();
    let lac = Lac::new(banc.dossier.path());
    std::fs::remove_dir_all(lac.qualite()).unwrap();
    std::fs::remove_dir_all(lac.evenements()).unwrap();
    assert_eq!(banc.guichet.etablir().unwrap(), 0);
    assert_eq!(banc.recu().0, texte);
}

#[test]
fn a_key_has_a_receipt_for_each_of_its_days_and_for_no_other() {
    let banc = Banc::new();
    banc.avancer(3 * 24 * HEURE_MS);
    assert_eq!(banc.guichet.etablir().unwrap(), 3, "none for the test key");
    let recu = |jour| banc.guichet.recu(&banc.cle, jour).unwrap();
    assert!(recu(jour().plus(-1)).is_none());
    assert!(recu(jour().plus(4)).is_none());
    let vide = recu(jour().plus(1)).unwrap();
    assert!(vide.contains("\"recus\": 0"), "{vide}");
}

#[test]
fn whatever_is_changed_in_a_receipt_its_signature_tells() {
    let banc = Banc::new();
    let (texte, recu) = banc.recu();
    let cle = banc.guichet.cle().unwrap().publique();
    let compact: serde_json::Value = serde_json::from_str(&texte).unwrap();
    assert_eq!(verifier(&compact.to_string(), &cle).unwrap(), recu);

    for (avant, apres) in [
        ("\"recus\": 13", "\"recus\": 14"),
        ("provisoire", "definitif"),
        ("2026-11-20", "2026-11-21"),
        ("cle_invalide", "uai_malforme"),
    ] {
        let faux = texte.replacen(avant, apres, 1);
        assert_ne!(faux, texte, "{avant}");
        assert_eq!(
            verifier(&faux, &cle),
            Err(RecuInvalide::Signature),
            "{avant}"
        );
    }
    let autre = tempfile::tempdir().unwrap();
    let autre = CleInstance::ouvrir(&Lac::new(autre.path())).unwrap();
    assert_eq!(
        verifier(&texte, &autre.publique()),
        Err(RecuInvalide::AutreCle)
    );
    assert_eq!(verifier(&texte, "abc"), Err(RecuInvalide::ClePublique));
    assert!(matches!(
        verifier("{}", &cle),
        Err(RecuInvalide::Illisible(_))
    ));
}

#[test]
fn the_signing_key_is_made_once_and_read_by_its_owner_only() {
    let dossier = tempfile::tempdir().unwrap();
    let lac = Lac::new(dossier.path());
    let une = CleInstance::ouvrir(&lac).unwrap().publique();
    assert_eq!(CleInstance::ouvrir(&lac).unwrap().publique(), une);
    let fichier = lac.cles().join("signature.ed25519");
    let droits = std::fs::metadata(&fichier).unwrap().permissions();
    assert_eq!(droits.mode() & 0o777, 0o600);
    std::fs::set_permissions(&fichier, std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(matches!(CleInstance::ouvrir(&lac), Err(RecuErreur::Cle(_))));
}
