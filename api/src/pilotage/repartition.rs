//! Quartiles of a group of schools.

use super::PAIRS_MIN;

/// Quartiles of at least [`PAIRS_MIN`] values: of fewer, one could guess whose they are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Repartition {
    /// A quarter of the values are at most this.
    pub(crate) q1: f64,
    /// Half of them are.
    pub(crate) mediane: f64,
    /// Three quarters of them are.
    pub(crate) q3: f64,
    /// How many values there are.
    pub(crate) nombre: usize,
}

impl Repartition {
    /// The quartiles of these values, interpolated between neighbours; none when there are too few.
    pub(crate) fn de(mut valeurs: Vec<f64>) -> Option<Self> {
        valeurs.retain(|valeur| valeur.is_finite());
        if valeurs.len() < PAIRS_MIN {
            return None;
        }
        valeurs.sort_unstable_by(f64::total_cmp);
        Some(Self {
            q1: quantile(&valeurs, 1),
            mediane: quantile(&valeurs, 2),
            q3: quantile(&valeurs, 3),
            nombre: valeurs.len(),
        })
    }
}

/// The value below which that many quarters of sorted values lie.
fn quantile(tries: &[f64], quarts: usize) -> f64 {
    let ecart = (tries.len().saturating_sub(1)) * quarts;
    let (rang, reste) = (ecart / 4, ecart % 4);
    let bas = tries.get(rang).copied().unwrap_or_default();
    let haut = tries.get(rang + 1).copied().unwrap_or(bas);
    let part = [0.0, 0.25, 0.5, 0.75][reste];
    bas + (haut - bas) * part
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn quartiles_of_nine_values_are_the_third_the_fifth_and_the_seventh() {
        let valeurs: Vec<f64> = (1..=9).rev().map(f64::from).collect();
        let repartition = Repartition::de(valeurs).unwrap();
        assert_eq!(
            repartition,
            Repartition {
                q1: 3.0,
                mediane: 5.0,
                q3: 7.0,
                nombre: 9
            }
        );
    }

    #[test]
    fn of_seven_schools_nothing_is_said() {
        assert_eq!(Repartition::de(vec![1.0; 7]), None);
        assert!(Repartition::de(vec![1.0; 8]).is_some());
    }

    proptest! {
        #[test]
        fn at_least_each_share_of_the_values_is_on_each_side(
            valeurs in proptest::collection::vec(0_u16..50, 8..60)
        ) {
            let valeurs: Vec<f64> = valeurs.into_iter().map(f64::from).collect();
            let r = Repartition::de(valeurs.clone()).unwrap();
            let sous = |borne: f64| valeurs.iter().filter(|v| **v <= borne).count();
            let sur = |borne: f64| valeurs.iter().filter(|v| **v >= borne).count();
            // Counted one by one; an interpolated quartile lies between two neighbours.
            prop_assert!(4 * (sous(r.q1) + 1) >= valeurs.len());
            prop_assert!(2 * sous(r.mediane) + 1 >= valeurs.len());
            prop_assert!(2 * sur(r.mediane) + 1 >= valeurs.len());
            prop_assert!(4 * (sur(r.q3) + 1) >= valeurs.len());
            prop_assert!(r.q1 <= r.mediane && r.mediane <= r.q3);
        }
    }
}
