//! The figures that are read first, side by side in large type.

use krilla::tagging::{ListNumbering, Tag};

use super::MARGE;
use super::mise_en_page::{
    BLEU, DISCRET, Enfant, JUSTIFICATION, Marque, Metteur, NOIR, Noeud, Style, TEXTE, Trait,
};
use super::police::Graisse;
use crate::document::Chiffre;

/// Height of the row.
pub(super) const HAUTEUR: f32 = 62.0;
const GRAND: Style = Style::new(Graisse::Grasse, 22.0, NOIR);
/// Between two figures.
const ECART: f32 = 14.0;

impl Metteur<'_> {
    /// Lays out figures, each under a rule: its name, its value, what goes with it.
    pub(super) fn chiffres(&mut self, chiffres: &[Chiffre]) -> Noeud {
        self.reserver(HAUTEUR);
        let nombre = f32::from(u16::try_from(chiffres.len()).unwrap_or(u16::MAX)).max(1.0);
        let largeur = (JUSTIFICATION + ECART) / nombre - ECART;
        let haut = self.y;
        let mut x = MARGE;
        let mut points = Vec::new();
        for chiffre in chiffres {
            let filet = Trait::Rectangle {
                x,
                y: haut,
                largeur,
                hauteur: 2.0,
                fond: Some(BLEU),
                bord: None,
            };
            self.tracer(Marque::Decor, vec![filet]);
            let mut feuilles = Vec::new();
            let lignes = [
                (&chiffre.nom, TEXTE, 16.0),
                (&chiffre.valeur, GRAND, 40.0),
                (&chiffre.detail, DISCRET, 55.0),
            ];
            for (texte, style, y) in lignes {
                if texte.is_empty() {
                    continue;
                }
                let un = Trait::Texte {
                    x,
                    y: haut + y,
                    style: self.reduit(texte, style, largeur),
                    // Words stay apart when the text is taken out.
                    texte: format!("{texte} "),
                };
                feuilles.extend(self.tracer(Marque::Feuille, vec![un]));
            }
            let corps = Enfant::Groupe(Noeud::new(Tag::LBody, feuilles));
            points.push(Enfant::Groupe(Noeud::new(Tag::LI, vec![corps])));
            x += largeur + ECART;
        }
        self.y = haut + HAUTEUR;
        Noeud::new(Tag::L(ListNumbering::None), points)
    }

    /// A style whose text fits in a width.
    fn reduit(&self, texte: &str, style: Style, largeur: f32) -> Style {
        let large = self.polices.de(style.graisse).largeur(texte) * style.corps;
        Style {
            corps: style.corps * (largeur / large).min(1.0),
            ..style
        }
    }
}
