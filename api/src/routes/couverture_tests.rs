use super::*;

fn uai(numero: u32) -> Uai {
    Uai::depuis_nombre(310_000 + numero)
}

fn uais(numeros: impl IntoIterator<Item = u32>) -> BTreeSet<Uai> {
    numeros.into_iter().map(uai).collect()
}

#[test]
fn without_any_convention_a_school_is_measured_when_something_was_counted_there() {
    let jour = "2026-11-20".parse().unwrap();
    let ecoles = Ecoles::de(&uais(1..4), &uais([1, 9]), &Deploiement::default(), jour);
    let couverture = Couverture::de_sources([].iter(), &ecoles);
    assert_eq!(couverture.ecoles_mesurees, 1);
    assert_eq!(couverture.ecoles_deployees, None);
    assert_eq!(couverture.mesurees_sans_convention, None);
    assert_eq!(ecoles.etat([uai(1), uai(2)]), EtatMesures::Mesure);
    assert_eq!(ecoles.etat([uai(2)]), EtatMesures::NonMesure);
}
