use frequent_territory::Annuaire;
use frequent_territory::conventions::Deploiement;
use std::sync::Arc;

use frequent_plan::{Horloge, Lac, Niveau, Uai};

use super::*;
use crate::audit::Journal;
use crate::base::banc::{Sorte, sur_chaque_base};
use crate::comptes::Perimetre;

sur_chaque_base!(an_incident_is_declared_changed_and_taken_off_each_time_in_the_trail);

struct Arretee;

impl Horloge for Arretee {
    fn maintenant(&self) -> Instant {
        Instant(1_790_000_000_000)
    }
}

fn jour(texte: &str) -> Jour {
    texte.parse().unwrap()
}

fn declaration(du: &str, au: Option<&str>) -> Declaration {
    Declaration {
        nature: Nature::Incident,
        titre: " Panne des marqueurs ".to_owned(),
        explication: String::new(),
        du: jour(du),
        au: au.map(jour),
        portee: PorteeIncident::Ecoles([Uai::depuis_nombre(310_001)].into()),
    }
}

async fn an_incident_is_declared_changed_and_taken_off_each_time_in_the_trail(sorte: Sorte) {
    let dossier = tempfile::tempdir().unwrap();
    let lac = Lac::new(dossier.path());
    let base = sorte.base(&lac).await;
    let journal = Journal::new(base.clone(), &lac, Arc::new(Arretee)).unwrap();
    let auteur = Compte {
        identifiant: "claire".to_owned(),
        nom: "Claire".to_owned(),
        droits: "departement:031".parse::<Perimetre>().unwrap().into(),
    };
    let trace = Trace {
        journal: &journal,
        acteur: "claire",
    };
    let incidents = Incidents::new(base.clone());
    let voulue = declaration("2026-11-02", Some("2026-11-04"));
    let voulue = voulue.verifiee().unwrap();
    assert_eq!(voulue.titre, "Panne des marqueurs");
    let declare = incidents
        .declarer(trace, (&auteur, Instant(5)), voulue)
        .await
        .unwrap();
    assert_eq!(incidents.un(&declare.id).await.unwrap(), declare);
    let entre = async |du, au| incidents.entre(jour(du), jour(au)).await.unwrap();
    assert_eq!(
        entre("2026-11-04", "2026-11-30").await,
        std::slice::from_ref(&declare)
    );
    assert_eq!(entre("2026-11-05", "2026-11-30").await, []);
    assert_eq!(entre("2026-10-01", "2026-11-01").await, []);
    let change = declaration("2026-11-02", None).verifiee().unwrap();
    let change = incidents.modifier(trace, declare, change).await.unwrap();
    assert_eq!(change.declare_le, Instant(5));
    assert_eq!(
        entre("2027-01-01", "2027-01-01").await,
        std::slice::from_ref(&change)
    );
    incidents.supprimer(trace, &change.id).await.unwrap();
    assert_eq!(entre("2026-11-02", "2026-11-02").await, []);
    let faits: i64 = sqlx::query_scalar("select count(*) from audit where action = 'incident'")
        .fetch_one(base.pool())
        .await
        .unwrap();
    assert_eq!(faits, 3);
}

fn incident(declaration: Declaration) -> Incident {
    Incident {
        id: "i".to_owned(),
        declaration,
        declare_par: "a".to_owned(),
        declare_nom: "A".to_owned(),
        declare_le: Instant(0),
    }
}

#[test]
fn a_series_break_touches_its_day_only_and_an_open_incident_every_day_since() {
    let panne = incident(declaration("2026-11-02", None));
    assert!(panne.touche_jours(jour("2030-01-01"), jour("2030-01-02")));
    assert!(!panne.touche_jours(jour("2026-10-01"), jour("2026-11-01")));
    let rupture = incident(Declaration {
        nature: Nature::Rupture,
        ..declaration("2026-11-02", None)
    });
    assert!(rupture.touche_jours(jour("2026-10-01"), jour("2026-11-02")));
    assert!(!rupture.touche_jours(jour("2026-11-03"), jour("2026-12-02")));
}

#[test]
fn a_scope_is_read_as_it_is_written() {
    let uais = [310_001, 310_002].map(Uai::depuis_nombre);
    for portee in [
        PorteeIncident::Toutes,
        PorteeIncident::Plateforme("ONE".to_owned()),
        PorteeIncident::Territoire(Niveau::Departement, "031".to_owned()),
        PorteeIncident::Ecoles(uais.into()),
    ] {
        let (genre, valeur) = portee.ecrite();
        assert_eq!(PorteeIncident::lire(genre, &valeur), Some(portee));
    }
    assert_eq!(PorteeIncident::lire("ecoles", "x"), None);
}

#[test]
fn what_would_say_nothing_or_end_before_it_began_is_refused() {
    let sans_titre = Declaration {
        titre: "  ".to_owned(),
        ..declaration("2026-11-02", None)
    };
    assert_eq!(sans_titre.verifiee(), Err(FauteIncident::Titre));
    let a_l_envers = declaration("2026-11-02", Some("2026-11-01"));
    assert_eq!(a_l_envers.verifiee(), Err(FauteIncident::Jours));
    let rupture = Declaration {
        nature: Nature::Rupture,
        ..declaration("2026-11-02", Some("2026-11-03"))
    };
    assert_eq!(rupture.verifiee(), Err(FauteIncident::FinDeRupture));
}

#[test]
fn without_a_convention_no_school_is_of_a_platform() {
    let annuaire = Annuaire::new(jour("2024-11-26"), Vec::new());
    let conventions = Deploiement::default();
    let panne = incident(Declaration {
        portee: PorteeIncident::Plateforme("ONE".to_owned()),
        ..declaration("2026-11-02", None)
    });
    let uai = Uai::depuis_nombre(310_001);
    assert!(!panne.touche_ecole((&annuaire, &conventions), uai, jour("2026-11-20")));
}
