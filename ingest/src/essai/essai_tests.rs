use frequent_plan::Terminal;

use super::*;
use crate::fabrique::MATIN;

struct Moyens {
    plan: Plan,
    conversions: Conversions,
    fuseaux: Fuseaux,
    plateformes: Vec<String>,
}

impl Moyens {
    fn new() -> Self {
        let mut conversions = Conversions::default();
        let conversion = frequent_plan::Conversion {
            service: "CAHIER_TEXTES".to_owned(),
            type_service: None,
            outil: String::new(),
        };
        conversions.ajouter("ONE-OCC", "Mon cahier", conversion);
        Self {
            plan: Plan::integre().unwrap(),
            conversions,
            fuseaux: Fuseaux::charger().unwrap(),
            plateformes: vec!["ONE-OCC".to_owned(), "ONE-PACA".to_owned()],
        }
    }

    fn seance(&self) -> Seance<'_> {
        Seance::ouvrir(Juge {
            plan: &self.plan,
            conversions: &self.conversions,
            fuseaux: &self.fuseaux,
            fenetre: FenetreTemps::default(),
            maintenant: Instant(MATIN),
            plateformes: &self.plateformes,
        })
    }

    fn juger(&self, lignes: &[String]) -> Bilan {
        let mut seance = self.seance();
        for (numero, ligne) in (1_u64..).zip(lignes) {
            let provenance = Provenance::Serveur { idempotence: None };
            seance.juger_json(numero, ligne.as_bytes(), provenance, |_| Terminal::INCONNU);
        }
        seance.clore()
    }
}

fn bonne() -> String {
    format!(
        r#"{{"id":"e1","ts":{},"uai":"0660713S","profil":"ELEVE","visiteur":"9f86d081884c7d65","client":"b-91","service":"NOTES","plateforme":"ONE-OCC","appareil":"ORDINATEUR","os":"LINUX","navigateur":"FIREFOX"}}"#,
        MATIN - 30_000
    )
}

fn de<'a>(jugement: &'a Jugement, champ: &str) -> &'a Avis {
    let mut avis = jugement.champs.iter().filter(|a| a.champ == champ);
    avis.next()
        .unwrap_or_else(|| panic!("{champ} : {jugement:?}"))
}

#[test]
fn a_good_event_is_accepted_field_by_field() {
    let bilan = Moyens::new().juger(&[bonne()]);
    assert_eq!((bilan.recus, bilan.acceptes, bilan.refuses), (1, 1, 0));
    let jugement = &bilan.evenements[0];
    assert_eq!(jugement.verdict, Verdict::Accepte, "{jugement:?}");
    assert_eq!(
        de(jugement, "ts").message,
        "accepté : 30 s avant la réception"
    );
    assert_eq!(jugement.champs.len(), 11);
}

#[test]
fn every_fault_of_an_event_is_told_at_once_with_what_was_probably_meant() {
    let ligne = bonne()
        .replace("0660713S", "0660713T")
        .replace("ELEVE", "eleves")
        .replace("\"NOTES\"", "\"cahier_texte\"")
        .replace("\"visiteur\"", "\"visiteurs\"")
        .replace("ONE-OCC", "AUTRE")
        .replace("\"b-91\"", "12")
        .replace("FIREFOX", "NETSCAPE");
    let bilan = Moyens::new().juger(&[ligne]);
    assert_eq!((bilan.acceptes, bilan.refuses), (0, 1));
    let jugement = &bilan.evenements[0];
    let refuses: std::collections::BTreeMap<_, _> = jugement
        .champs
        .iter()
        .filter(|a| a.verdict == Verdict::Refuse)
        .map(|a| {
            (
                a.champ.as_str(),
                (a.raison.unwrap().code(), a.message.as_str()),
            )
        })
        .collect();
    let codes: Vec<_> = refuses
        .iter()
        .map(|(champ, (code, _))| (*champ, *code))
        .collect();
    assert_eq!(
        codes,
        [
            ("client", "type_invalide"),
            ("navigateur", "valeur_inconnue"),
            ("plateforme", "plateforme_refusee"),
            ("profil", "valeur_inconnue"),
            ("service", "valeur_inconnue"),
            ("uai", "cle_invalide"),
            ("visiteur", "champ_manquant"),
            ("visiteurs", "champ_inconnu"),
        ]
    );
    assert_eq!(
        refuses["service"].1,
        "« cahier_texte » n’est pas un code du plan ; vouliez-vous dire CAHIER_TEXTES ?"
    );
    assert!(
        refuses["visiteurs"]
            .1
            .ends_with("Vouliez-vous dire « visiteur » ?")
    );
    assert!(refuses["uai"].1.ends_with("Pour ces chiffres, c’est S."));
    assert!(refuses["profil"].1.ends_with("vouliez-vous dire ELEVE ?"));
    assert!(refuses["plateforme"].1.ends_with("ONE-OCC, ONE-PACA."));
}

#[test]
fn an_old_code_and_a_name_of_the_providers_own_are_explained() {
    let moyens = Moyens::new();
    let bilan = moyens.juger(&[
        bonne().replace("\"NOTES\"", "\"9\""),
        bonne().replace("\"NOTES\"", "\"Mon cahier\""),
    ]);
    assert_eq!(
        de(&bilan.evenements[0], "service").message,
        "« 9 » n’est pas un code du plan : l’ancien code s’écrit aujourd’hui CAHIER_TEXTES."
    );
    assert_eq!(
        de(&bilan.evenements[1], "service").message,
        "accepté : converti en CAHIER_TEXTES"
    );
}

#[test]
fn what_is_accepted_but_could_be_better_is_advised() {
    let moyens = Moyens::new();
    let ligne = bonne()
        .replace("\"id\":\"e1\",", "")
        .replace("\"client\":\"b-91\",", "")
        .replace("9f86d081884c7d65", "marie.dupont@exemple.fr")
        .replace(&(MATIN - 30_000).to_string(), &(MATIN + 12_000).to_string())
        .replace("\"plateforme\"", "\"outil\":\"PRONOTE\",\"plateforme\"");
    let bilan = moyens.juger(&[ligne]);
    assert_eq!((bilan.acceptes, bilan.refuses), (1, 0));
    let jugement = &bilan.evenements[0];
    assert_eq!(jugement.verdict, Verdict::Conseil);
    for (champ, debut) in [
        ("id", "absent"),
        ("client", "absent"),
        (
            "visiteur",
            "l’identifiant contient une adresse électronique",
        ),
        ("ts", "en avance de 12 s"),
        ("outil", "ignoré"),
    ] {
        let avis = de(jugement, champ);
        assert_eq!(avis.verdict, Verdict::Conseil, "{champ}");
        assert!(avis.message.starts_with(debut), "{}", avis.message);
    }
    let texte = serde_json::to_string(&bilan).unwrap();
    assert!(!texte.contains("dupont"), "{texte}");
}

#[test]
fn an_identifier_on_two_platforms_of_the_batch_is_told() {
    let bilan = Moyens::new().juger(&[bonne(), bonne().replace("ONE-OCC", "ONE-PACA")]);
    let avis = de(&bilan.evenements[1], "visiteur");
    assert_eq!(avis.verdict, Verdict::Conseil);
    assert!(
        avis.message.contains("deux plateformes"),
        "{}",
        avis.message
    );
}

#[test]
fn what_is_not_an_event_at_all_is_said_and_the_others_are_judged() {
    let bilan = Moyens::new().juger(&["{".to_owned(), "[1]".to_owned(), bonne()]);
    assert_eq!((bilan.recus, bilan.refuses), (3, 2));
    assert_eq!(
        bilan.evenements[0].champs[0].raison,
        Some(Raison::JsonInvalide)
    );
    let double = bonne().replace("\"id\"", "\"uai\":\"0311667U\",\"id\"");
    let bilan = Moyens::new().juger(&[double]);
    assert_eq!(
        de(&bilan.evenements[0], "uai").raison,
        Some(Raison::ChampEnDouble)
    );
}

#[test]
fn only_the_first_events_are_detailed_and_all_are_counted() {
    let lignes = vec![bonne(); 250];
    let bilan = Moyens::new().juger(&lignes);
    assert_eq!((bilan.recus, bilan.acceptes), (250, 250));
    assert_eq!(bilan.evenements.len(), 100);
}

proptest::proptest! {
    /// The bench says of an event what intake would have done with it.
    #[test]
    fn the_verdict_is_that_of_the_checks(
        uai in "066071[0-9][A-Z]",
        profil in proptest::sample::select(vec!["ELEVE", "PARENT", "eleve", ""]),
        service in proptest::sample::select(vec!["NOTES", "Mon cahier", "X", "12"]),
        champ in proptest::sample::select(vec!["client", "cliant", "outil", "ts"]),
        ts in MATIN - 700_000_000..MATIN + 600_000,
    ) {
        let moyens = Moyens::new();
        let ligne = format!(
            r#"{{"ts":{ts},"uai":"{uai}","profil":"{profil}","visiteur":"u","service":"{service}","plateforme":"ONE-OCC","{champ}":"x"}}"#
        );
        let mut lue = crate::formats::natif::Ligne::default();
        let pris = lue.relire(ligne.as_bytes()).is_ok() && {
            let seance = moyens.seance();
            seance.juge.premier_refus(&lue.brut, Origine::Contenu).is_none()
        };
        let bilan = moyens.juger(&[ligne]);
        proptest::prop_assert_eq!(bilan.acceptes == 1, pris);
    }
}
