use frequent_plan::Raison;

use super::*;

const RECU: Instant = Instant(1_795_161_600_000);

fn lieu(numero: u32) -> Lieu {
    Lieu {
        plateforme: Plateforme::INCONNUE,
        uai: Some(Uai::depuis_nombre(numero)),
    }
}

fn total(carnet: &Carnet, mesure: Mesure) -> u64 {
    carnet.cellules().map(|(_, c)| c.de(mesure)).sum()
}

#[test]
fn past_the_bound_schools_are_counted_together_and_nothing_is_lost() {
    let mut carnet = Carnet::default();
    let ecoles = u32::try_from(LIEUX_MAX).unwrap() + 5_000;
    for numero in (0..ecoles).chain(0..10) {
        carnet.cellule(lieu(numero), RECU).compter(Mesure::Recus);
    }
    assert_eq!(total(&carnet, Mesure::Recus), u64::from(ecoles) + 10);
    assert!(carnet.cellules().count() <= LIEUX_MAX + 2);
    let sans_ecole = Lieu {
        uai: None,
        ..lieu(0)
    };
    assert!(carnet.cellule(sans_ecole, RECU).de(Mesure::Recus) >= 4_999);
    assert_eq!(carnet.cellule(lieu(3), RECU).de(Mesure::Recus), 2);
}

#[test]
fn past_the_bound_refusals_lose_their_example_and_are_still_counted() {
    let mut carnet = Carnet::default();
    for numero in 0..200 {
        let lettres: String = format!("{numero:03}")
            .bytes()
            .map(|o| char::from(o - b'0' + b'A'))
            .collect();
        let refus = Refus::de_valeur("service", Raison::ValeurInconnue, &lettres);
        carnet.refuser(lieu(1), &refus, RECU);
    }
    let exemples = carnet.refus().filter(|(m, _)| m.exemple.is_some()).count();
    assert_eq!(exemples, EXEMPLES_MAX);
    assert_eq!(carnet.refus().map(|(_, c)| c.nombre).sum::<u64>(), 200);
}

#[test]
fn what_two_count_adds_up_and_the_last_receipt_stands() {
    let refus = Refus::de_valeur("service", Raison::ValeurInconnue, "CAHIER");
    let mut carnets = [Carnet::default(), Carnet::default()];
    for (rang, carnet) in (0_i64..).zip(&mut carnets) {
        let recu = Instant(RECU.0 + rang);
        carnet.cellule(lieu(1), recu).compter(Mesure::Recus);
        carnet.cellule(lieu(2), recu).compter(Mesure::Acceptes);
        carnet.refuser(lieu(1), &refus, recu);
    }
    let [mut total_, autre] = carnets;
    total_.ajouter(autre);
    assert_eq!(total(&total_, Mesure::Recus), 2);
    assert_eq!(total(&total_, Mesure::Acceptes), 2);
    let (motif, compte) = total_.refus().next().unwrap();
    assert_eq!((motif.champ, compte.nombre), ("service", 2));
    assert_eq!(compte.dernier, Instant(RECU.0 + 1));
}
