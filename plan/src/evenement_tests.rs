use std::sync::Arc;

use super::*;
use crate::jour::AnneeScolaire;
use crate::pseudonyme::Cle;

struct UneCle;

impl Trousseau for UneCle {
    fn cle(&self, _: &str, annee: AnneeScolaire) -> Result<Arc<Cle>, CleIndisponible> {
        let graine = if annee.to_string() == "2026-2027" {
            1
        } else {
            2
        };
        Ok(Arc::new(Cle::nouvelle(&[graine; 32])))
    }
}

const MAINTENANT: &str = "2026-11-20T08:00:00Z";

fn brut() -> Brut<'static> {
    Brut {
        ts: Some(Date::Rfc3339("2026-11-20T08:01:30.250+01:00".into())),
        uai: Some("0660713S".into()),
        profil: Some("ENSEIGNANT".into()),
        visiteur: Some("u-7f3a".into()),
        client: Some("b-91".into()),
        service: Some("CAHIER_TEXTES".into()),
        type_service: Some("NATIF".into()),
        plateforme: Some("ONE-OCC".into()),
        ..Brut::default()
    }
}

fn avec<T>(brut: &Brut<'_>, lire: impl FnOnce(Result<Evenement<'_>, NonAccepte>) -> T) -> T {
    let plan = Plan::integre().unwrap();
    let fuseaux = Fuseaux::charger().unwrap();
    let controle = Controle {
        plan: &plan,
        conversions: &Conversions::default(),
        fuseaux: &fuseaux,
        trousseau: &UneCle,
        maintenant: Instant::de_timestamp(MAINTENANT.parse().unwrap()),
        fenetre: FenetreTemps::default(),
    };
    lire(controle.verifier(brut, Origine::Contenu))
}

/// Conversions of the platform's own names, then what the check makes of this event.
fn converti<T>(brut: &Brut<'_>, lire: impl FnOnce(Result<Evenement<'_>, NonAccepte>) -> T) -> T {
    let plan = Plan::integre().unwrap();
    let fuseaux = Fuseaux::charger().unwrap();
    let mut conversions = Conversions::default();
    for (nom, service, type_service, outil) in [
        ("Mon cahier", "CAHIER_TEXTES", None, ""),
        ("pronote", "NOTES", Some(TypeService::Tiers), "Pronote"),
        ("NOTES", "ABSENCES", None, ""),
        ("perdu", "SERVICE_D_AVANT", None, ""),
    ] {
        let conversion = Conversion {
            service: service.to_owned(),
            type_service,
            outil: outil.to_owned(),
        };
        conversions.ajouter("ONE-OCC", nom, conversion);
    }
    let controle = Controle {
        plan: &plan,
        conversions: &conversions,
        fuseaux: &fuseaux,
        trousseau: &UneCle,
        maintenant: Instant::de_timestamp(MAINTENANT.parse().unwrap()),
        fenetre: FenetreTemps::default(),
    };
    lire(controle.verifier(brut, Origine::Contenu))
}

fn de_service(service: &'static str) -> Brut<'static> {
    Brut {
        service: Some(service.into()),
        ..brut()
    }
}

#[test]
fn a_provider_s_own_name_becomes_the_plan_s_service_and_says_so() {
    let plan = Plan::integre().unwrap();
    converti(&de_service(" Mon cahier "), |resultat| {
        let evenement = resultat.unwrap();
        assert_eq!(plan.code(evenement.service), "CAHIER_TEXTES");
        assert_eq!(evenement.type_service, TypeService::Natif);
        assert!(evenement.converti);
    });
    converti(&de_service("pronote"), |resultat| {
        let evenement = resultat.unwrap();
        assert_eq!(plan.code(evenement.service), "NOTES");
        assert_eq!(evenement.type_service, TypeService::Tiers);
        assert_eq!(evenement.outil, "Pronote");
    });
}

#[test]
fn a_code_of_the_plan_keeps_its_meaning_whatever_was_said_of_it() {
    let plan = Plan::integre().unwrap();
    converti(&de_service("NOTES"), |resultat| {
        let evenement = resultat.unwrap();
        assert_eq!(plan.code(evenement.service), "NOTES");
        assert!(!evenement.converti);
    });
}

#[test]
fn a_name_is_converted_on_its_platform_only_and_to_a_service_of_the_plan() {
    let ailleurs = Brut {
        plateforme: Some("AUTRE".into()),
        ..de_service("pronote")
    };
    for brut in [ailleurs, de_service("Pronote"), de_service("perdu")] {
        converti(&brut, |resultat| {
            let Err(NonAccepte::Refuse(refus)) = resultat else {
                panic!("un refus était attendu : {resultat:?}");
            };
            let attendu = ("service", Raison::ValeurInconnue);
            assert_eq!((refus.champ.as_str(), refus.raison), attendu);
        });
    }
}

fn refus(brut: &Brut<'_>) -> (String, Raison) {
    avec(brut, |resultat| match resultat {
        Err(NonAccepte::Refuse(refus)) => (refus.champ, refus.raison),
        autre => panic!("un refus était attendu : {autre:?}"),
    })
}

#[test]
fn a_well_formed_event_keeps_what_it_says_and_takes_its_local_day() {
    avec(&brut(), |resultat| {
        let evenement = resultat.unwrap();
        assert_eq!(evenement.jour.to_string(), "2026-11-20");
        assert_eq!(evenement.heure, 8);
        assert_eq!(evenement.ts.0 % 1_000, 250);
        assert_eq!(evenement.profil, Profil::Enseignant);
        assert_eq!(evenement.appareil, Appareil::Autre);
        assert_ne!(evenement.visiteur.0, 0);
    });
}

#[test]
fn each_bad_field_is_named_with_its_reason() {
    type Faute = fn(&mut Brut<'static>);
    let cas: [(Faute, &str, Raison); 16] = [
        (
            |b| b.uai = Some("0660713T".into()),
            "uai",
            Raison::CleInvalide,
        ),
        (|b| b.uai = Some("66".into()), "uai", Raison::UaiMalforme),
        (|b| b.uai = None, "uai", Raison::ChampManquant),
        (
            |b| b.profil = Some("PROF".into()),
            "profil",
            Raison::ValeurInconnue,
        ),
        (|b| b.profil = None, "profil", Raison::ChampManquant),
        (
            |b| b.service = Some("BLOG".into()),
            "service",
            Raison::ValeurInconnue,
        ),
        (|b| b.visiteur = None, "visiteur", Raison::ChampManquant),
        (
            |b| b.visiteur = Some("x".repeat(257).into()),
            "visiteur",
            Raison::TexteInvalide,
        ),
        (
            |b| b.client = Some("a\nb".into()),
            "client",
            Raison::TexteInvalide,
        ),
        (
            |b| b.type_service = Some("AUTRE".into()),
            "type",
            Raison::ValeurInconnue,
        ),
        (
            |b| b.outil = Some("o".repeat(101).into()),
            "outil",
            Raison::TexteInvalide,
        ),
        (|b| b.plateforme = None, "plateforme", Raison::ChampManquant),
        (|b| b.os = Some("BEOS".into()), "os", Raison::ValeurInconnue),
        (
            |b| b.ts = Some(Date::Rfc3339("hier".into())),
            "ts",
            Raison::DateIllisible,
        ),
        (|b| b.ts = Some(Date::Epoque(0)), "ts", Raison::TropAncien),
        (|b| b.ts = Some(Date::Epoque(i64::MAX)), "ts", Raison::Futur),
    ];
    for (fausser, champ, raison) in cas {
        let mut brut = brut();
        fausser(&mut brut);
        assert_eq!(refus(&brut), (champ.to_owned(), raison));
    }
}

#[test]
fn the_time_window_includes_its_bounds() {
    let maintenant = Instant::de_timestamp(MAINTENANT.parse().unwrap()).0;
    let fenetre = FenetreTemps::default();
    for (ts, accepte) in [
        (maintenant - fenetre.passe_ms, true),
        (maintenant - fenetre.passe_ms - 1, false),
        (maintenant + fenetre.futur_ms, true),
        (maintenant + fenetre.futur_ms + 1, false),
    ] {
        let brut = Brut {
            ts: Some(Date::Epoque(ts)),
            ..brut()
        };
        assert_eq!(avec(&brut, |r| r.is_ok()), accepte);
    }
}

#[test]
fn a_tool_is_kept_only_for_a_third_party_service() {
    let natif = Brut {
        outil: Some("PIX".into()),
        ..brut()
    };
    avec(&natif, |r| assert_eq!(r.unwrap().outil, ""));
    let tiers = Brut {
        type_service: Some("TIERS".into()),
        ..natif
    };
    avec(&tiers, |r| assert_eq!(r.unwrap().outil, "PIX"));
}

#[test]
fn the_key_changes_on_the_first_of_august_by_the_events_day() {
    let avant = Brut {
        ts: Some(Date::Rfc3339("2026-07-31T21:59:59Z".into())),
        ..brut()
    };
    let apres = Brut {
        ts: Some(Date::Rfc3339("2026-07-31T22:00:00Z".into())),
        ..brut()
    };
    let plan = Plan::integre().unwrap();
    let fuseaux = Fuseaux::charger().unwrap();
    let controle = Controle {
        plan: &plan,
        conversions: &Conversions::default(),
        fuseaux: &fuseaux,
        trousseau: &UneCle,
        maintenant: Instant::de_timestamp("2026-08-01T00:00:00Z".parse().unwrap()),
        fenetre: FenetreTemps::default(),
    };
    let avant = controle.verifier(&avant, Origine::Contenu).unwrap();
    let apres = controle.verifier(&apres, Origine::Contenu).unwrap();
    assert_eq!(avant.jour.to_string(), "2026-07-31");
    assert_eq!(apres.jour.to_string(), "2026-08-01");
    assert_ne!(avant.visiteur, apres.visiteur);
}

#[test]
fn the_same_content_has_the_same_identifier_and_another_has_another() {
    let id = |brut: &Brut<'_>| avec(brut, |r| r.unwrap().id);
    assert_eq!(id(&brut()), id(&brut()));
    let autre = Brut {
        service: Some("NOTES".into()),
        ..brut()
    };
    assert_ne!(id(&brut()), id(&autre));
}
