use std::time::Duration;

use frequent_plan::{Lac, Raison};
use rdkafka::message::{Header, OwnedHeaders, OwnedMessage, Timestamp};
use tempfile::TempDir;

use super::*;
use crate::TrousseauDisque;
use crate::fabrique::{MATIN, evenement, lot, tout_le_lac};
use crate::kafka::forme::par_ecole;
use crate::qualite::Emetteur;

struct HorlogeFixe;

impl Horloge for HorlogeFixe {
    fn maintenant(&self) -> Instant {
        Instant(MATIN)
    }
}

const JOUR_MS: i64 = 24 * 3_600_000;

struct Banc {
    dossier: TempDir,
    lecteur: Lecteur,
    sceau: Sceau,
    qualite: Arc<Qualite>,
}

impl Banc {
    fn new() -> Self {
        let dossier = TempDir::new().unwrap();
        let trousseau = TrousseauDisque::ouvrir(&Lac::new(dossier.path())).unwrap();
        let sceau = Sceau::ouvrir(&trousseau).unwrap();
        let fuseaux = Arc::new(Fuseaux::charger().unwrap());
        let qualite = Arc::new(Qualite::new(Arc::clone(&fuseaux)));
        let moyens = MoyensLecture {
            plan: Arc::new(Plan::integre().unwrap()),
            qualite: Arc::clone(&qualite),
            fuseaux,
            acces: Arc::new(Acces::ouvrir(&Lac::new(dossier.path())).unwrap()),
            trousseau: Arc::new(trousseau),
            sceau: sceau.clone(),
            horloge: Arc::new(HorlogeFixe),
            fenetre: FenetreTemps::default(),
        };
        let fournisseurs = [SujetFournisseur {
            sujet: "ent.editeur".to_owned(),
            plateformes: vec!["ONE-OCC".to_owned()],
        }];
        let conservation = Duration::from_hours(14 * 24).as_millis();
        let conservation = i64::try_from(conservation).unwrap();
        Self {
            dossier,
            lecteur: Lecteur::new(moyens, &fournisseurs, conservation).unwrap(),
            sceau,
            qualite,
        }
    }

    /// The reason why a record gives nothing, or the instants of the events that it gives.
    fn lire(&self, message: &OwnedMessage) -> Result<Vec<i64>, Rebut> {
        let mut tampon = Tampon::default();
        let issue = self.lecteur.lire(message, &mut tampon);
        let lac = Lac::new(self.dossier.path());
        let _ = std::fs::remove_dir_all(lac.lake());
        tampon.atterrir(&lac).unwrap();
        let lues: Vec<i64> = tout_le_lac(&lac).iter().map(|l| l.ts).collect();
        let mis_de_cote = |rebut| {
            assert_eq!(lues, [0; 0], "half of a record was kept");
            Err(rebut)
        };
        match issue {
            Ok(()) => Ok(lues),
            Err(NonLu::Rebut(rebut)) => mis_de_cote(rebut),
            Err(NonLu::Refus(refus)) => mis_de_cote(Rebut::Refuse(refus.raison)),
            Err(NonLu::Cle(erreur)) => panic!("{erreur}"),
            Err(NonLu::Colonnes(erreur)) => panic!("{erreur}"),
        }
    }
}

fn message(sujet: &str, valeur: &[u8], entetes: Option<OwnedHeaders>) -> OwnedMessage {
    a_l_instant(sujet, valeur, entetes, Timestamp::NotAvailable)
}

fn a_l_instant(
    sujet: &str,
    valeur: &[u8],
    entetes: Option<OwnedHeaders>,
    instant: Timestamp,
) -> OwnedMessage {
    OwnedMessage::new(
        Some(valeur.to_vec()),
        None,
        sujet.to_owned(),
        instant,
        0,
        0,
        entetes,
    )
}

fn natif(ts: i64) -> String {
    format!(
        r#"{{"id":"a","ts":{ts},"uai":"0660713S","profil":"ELEVE","visiteur":"u-7f3a","service":"NOTES","plateforme":"ONE-OCC","user_agent":"Mozilla/5.0"}}"#
    )
}

fn lot_scelle(banc: &Banc) -> (Vec<u8>, OwnedHeaders) {
    let plan = Plan::integre().unwrap();
    let evenements = [evenement(1), evenement(2)];
    let (_, valeur) = par_ecole(lot(&evenements), &plan).unwrap().remove(0);
    let entetes = banc.sceau.entetes(&valeur);
    (valeur, entetes)
}

#[test]
fn a_sealed_lot_gives_its_events_on_any_topic() {
    let banc = Banc::new();
    let (valeur, entetes) = lot_scelle(&banc);
    let recu = message("ent.evenements", &valeur, Some(entetes));
    assert_eq!(banc.lire(&recu), Ok(vec![MATIN + 1, MATIN + 2]));
}

#[test]
fn a_lot_that_is_forged_or_altered_gives_nothing() {
    let banc = Banc::new();
    let (valeur, entetes) = lot_scelle(&banc);
    for octet in [0, 20, valeur.len() - 1] {
        let mut altere = valeur.clone();
        altere[octet] ^= 1;
        let recu = message("ent.evenements", &altere, Some(entetes.clone()));
        assert_eq!(banc.lire(&recu), Err(Rebut::SceauFaux));
    }
    let (etrangere, entetes) = lot_scelle(&Banc::new());
    let recu = message("ent.evenements", &etrangere, Some(entetes));
    assert_eq!(banc.lire(&recu), Err(Rebut::SceauEtranger));
    let tronque = &valeur[..valeur.len() - 3];
    let recu = message("ent.evenements", tronque, Some(banc.sceau.entetes(tronque)));
    assert_eq!(banc.lire(&recu), Err(Rebut::LotIllisible));
}

#[test]
fn a_native_event_counts_on_the_topic_of_its_provider_for_its_platforms_only() {
    let banc = Banc::new();
    let bon = natif(MATIN);
    let lu = |sujet: &str, texte: &str| banc.lire(&message(sujet, texte.as_bytes(), None));
    assert_eq!(lu("ent.editeur", &bon), Ok(vec![MATIN]));
    assert_eq!(lu("ent.evenements", &bon), Err(Rebut::NatifNonAdmis));
    assert_eq!(
        lu("ent.editeur", &bon.replace("ONE-OCC", "ONE-IDF")),
        Err(Rebut::Refuse(Raison::PlateformeRefusee))
    );
}

#[test]
fn a_record_that_is_no_event_is_put_aside_for_its_reason() {
    let banc = Banc::new();
    let bon = natif(MATIN);
    let gros = format!("{}{bon}", " ".repeat(NATIF_MAX));
    for (valeur, rebut) in [
        (&b""[..], Rebut::Refuse(Raison::JsonInvalide)),
        (b"\xff\xfe", Rebut::Refuse(Raison::Utf8Invalide)),
        (b"[1,2]", Rebut::Refuse(Raison::JsonInvalide)),
        (b"{\"nom\":\"Marie\"}", Rebut::Refuse(Raison::ChampInconnu)),
        (gros.as_bytes(), Rebut::TropGros),
        (
            bon.replace("0660713S", "0660713T").as_bytes(),
            Rebut::Refuse(Raison::CleInvalide),
        ),
    ] {
        assert_eq!(banc.lire(&message("ent.editeur", valeur, None)), Err(rebut));
    }
    let vide = OwnedMessage::new(
        None,
        None,
        "ent.editeur".to_owned(),
        Timestamp::NotAvailable,
        0,
        0,
        None,
    );
    assert_eq!(banc.lire(&vide), Err(Rebut::SansValeur));
    let entetes = OwnedHeaders::new().insert(Header {
        key: "frequent-forme",
        value: Some("lot/9"),
    });
    let recu = message("ent.editeur", bon.as_bytes(), Some(entetes));
    assert_eq!(banc.lire(&recu), Err(Rebut::FormeInconnue));
}

#[test]
fn an_event_is_judged_at_the_time_of_its_record_so_that_reading_late_changes_nothing() {
    let banc = Banc::new();
    let il_y_a = |jours: i64| MATIN - jours * JOUR_MS;
    let lu = |ts: i64, enregistre: i64| {
        let instant = Timestamp::CreateTime(enregistre);
        let texte = natif(ts);
        banc.lire(&a_l_instant("ent.editeur", texte.as_bytes(), None, instant))
    };
    // Six days old when it was recorded, read five days later.
    assert_eq!(lu(il_y_a(11), il_y_a(5)), Ok(vec![il_y_a(11)]));
    assert_eq!(
        lu(il_y_a(5) + JOUR_MS, il_y_a(5)),
        Err(Rebut::Refuse(Raison::Futur))
    );
    // A record cannot be older than what topics keep, nor come from the future: the clock judges.
    assert_eq!(
        lu(il_y_a(20), il_y_a(20)),
        Err(Rebut::Refuse(Raison::TropAncien))
    );
    assert_eq!(
        lu(MATIN + JOUR_MS, MATIN + JOUR_MS),
        Err(Rebut::Refuse(Raison::Futur))
    );
}

#[test]
fn what_a_provider_produces_is_counted_for_its_topic_and_our_own_lots_are_not_counted_again() {
    let banc = Banc::new();
    let (valeur, entetes) = lot_scelle(&banc);
    banc.lire(&message("ent.evenements", &valeur, Some(entetes)))
        .unwrap();
    let bon = natif(MATIN);
    for texte in [bon.clone(), bon.clone(), bon.replace("NOTES", "INCONNU")] {
        let _ = banc.lire(&message("ent.editeur", texte.as_bytes(), None));
    }
    let releve = banc.qualite.releve();
    let lu = &releve[&Emetteur::Kafka("ent.editeur".to_owned())];
    assert_eq!((lu.recus, lu.acceptes), (3, 2));
    assert_eq!(lu.refus["valeur_inconnue"], 1);
    assert_eq!(releve.len(), 1);
}
