//! Where the parts of a chart go, for every writer.

use crate::document::Graphique;
use crate::francais::nombre;

/// Width of a chart; its height follows.
pub(crate) const LARGEUR: f32 = 480.0;
/// Height of a chart.
pub(crate) const HAUTEUR: f32 = 124.0;
/// Where bars stand, under which are names.
pub(crate) const SOL: f32 = 102.0;
/// Where the horizontal lines begin, left of which are their numbers.
pub(crate) const GAUCHE: f32 = 44.0;
const PLAFOND: f32 = 10.0;

/// A bar, or the mark of a blank.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Barre {
    pub(crate) x: f32,
    pub(crate) y: f32,
    pub(crate) largeur: f32,
    pub(crate) hauteur: f32,
    /// A blank: drawn hollow, it is no zero.
    pub(crate) blanc: bool,
}

/// A text of a chart: where its middle (or its end) is, on its base line.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Etiquette {
    pub(crate) x: f32,
    pub(crate) y: f32,
    pub(crate) texte: String,
    pub(crate) a_droite: bool,
}

/// The parts of a chart.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Trace {
    pub(crate) barres: Vec<Barre>,
    pub(crate) etiquettes: Vec<Etiquette>,
    /// Heights of the horizontal lines.
    pub(crate) lignes: Vec<f32>,
}

/// Puts the bars of a chart side by side.
#[expect(clippy::cast_precision_loss, reason = "positions on a page")]
pub(crate) fn tracer(graphique: &Graphique) -> Trace {
    let nombres = graphique.serie.iter().filter_map(|s| s.hauteur);
    let plus_haut = arrondir(nombres.max().unwrap_or(0).max(1));
    let pas = (LARGEUR - GAUCHE) / graphique.serie.len().max(1) as f32;
    let echelle = (SOL - PLAFOND) / plus_haut as f32;
    let mut barres = Vec::new();
    let mut etiquettes = Vec::new();
    let tous_les = graphique.serie.len().div_ceil(8).max(1);
    for (rang, un) in graphique.serie.iter().enumerate() {
        let x = GAUCHE + pas * rang as f32;
        let largeur = (pas * 0.7).min(36.0);
        let hauteur = un.hauteur.map_or(6.0, |h| h as f32 * echelle);
        barres.push(Barre {
            x: x + (pas - largeur) / 2.0,
            y: SOL - hauteur,
            largeur,
            hauteur,
            blanc: un.hauteur.is_none(),
        });
        if rang.is_multiple_of(tous_les) {
            etiquettes.push(Etiquette {
                x: x + pas / 2.0,
                y: SOL + 13.0,
                texte: un.nom.clone(),
                a_droite: false,
            });
        }
    }
    let reperes = [0, plus_haut / 2, plus_haut];
    let hauteurs = reperes.map(|repere| SOL - repere as f32 * echelle);
    for (repere, y) in reperes.into_iter().zip(hauteurs) {
        etiquettes.push(Etiquette {
            x: GAUCHE - 6.0,
            y: y + 3.0,
            texte: nombre(repere),
            a_droite: true,
        });
    }
    Trace {
        barres,
        etiquettes,
        lignes: hauteurs.to_vec(),
    }
}

/// The next number that is easily read: 2, 4 or 10 and zeros, even so that its half is whole.
fn arrondir(nombre: i64) -> i64 {
    let mut dizaine = 1;
    loop {
        for facteur in [2, 4, 10] {
            if facteur * dizaine >= nombre {
                return facteur * dizaine;
            }
        }
        dizaine *= 10;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Serie;

    fn graphique(hauteurs: &[Option<i64>]) -> Graphique {
        let serie = hauteurs.iter().map(|hauteur| Serie {
            nom: "s".to_owned(),
            hauteur: *hauteur,
            texte: String::new(),
        });
        Graphique {
            legende: String::new(),
            description: String::new(),
            serie: serie.collect(),
        }
    }

    #[test]
    fn bars_are_in_proportion_and_a_blank_is_hollow() {
        let trace = tracer(&graphique(&[Some(40), Some(20), Some(0), None]));
        let hauteurs: Vec<f32> = trace.barres.iter().map(|b| b.hauteur).collect();
        assert!((hauteurs[0] - 2.0 * hauteurs[1]).abs() < 0.001);
        assert!(hauteurs[2].abs() < f32::EPSILON && !trace.barres[2].blanc);
        assert!(trace.barres[3].blanc && hauteurs[3] > 0.0);
    }

    #[test]
    fn nothing_is_drawn_out_of_the_chart() {
        for nombre in [0, 1, 9, 2_001, 999_999_999] {
            let trace = tracer(&graphique(&vec![Some(nombre); 52]));
            for barre in trace.barres {
                assert!(
                    barre.y >= 0.0 && barre.x + barre.largeur <= LARGEUR,
                    "{nombre}"
                );
            }
        }
    }
}
