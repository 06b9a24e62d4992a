//! Tables on pages: their columns' widths, and their header again at the top of each page.

use krilla::tagging::{TableHeaderScope, Tag, TagKind};

use super::MARGE;
use super::mise_en_page::{
    Enfant, JUSTIFICATION, LEGENDE, Marque, Metteur, Noeud, Style, TEXTE, Trait,
};
use super::police::Graisse;
use crate::document::Tableau;

const CORPS: Style = Style {
    corps: 9.0,
    ..TEXTE
};
const ENTETE: Style = Style {
    graisse: Graisse::Grasse,
    ..CORPS
};
/// Room on each side of a cell.
const BLANC: f32 = 4.0;

/// A column: where it is, and whether it holds words.
#[derive(Debug, Clone, Copy)]
struct Colonne {
    x: f32,
    largeur: f32,
    mots: bool,
}

impl Metteur<'_> {
    /// Lays out a table.
    pub(super) fn tableau(&mut self, tableau: &Tableau) -> Noeud {
        let colonnes = self.colonnes(tableau);
        let haut_entete = self.hauteur(&tableau.entetes, &colonnes, ENTETE);
        // The caption, the header and a row or two stay together.
        self.reserver(haut_entete + 2.0 * LEGENDE.pas() + 2.0 * CORPS.pas());
        let legende = self.paragraphe(&tableau.legende, LEGENDE, 0.0);
        let mut enfants = vec![Enfant::Groupe(Noeud::new(Tag::Caption, legende))];
        let en_tete = |_| Tag::TH(TableHeaderScope::Column).into();
        let ligne = self.ligne(
            &tableau.entetes,
            &colonnes,
            ENTETE,
            Marque::Feuille,
            en_tete,
        );
        enfants.push(Enfant::Groupe(Noeud::new(
            Tag::THead,
            vec![Enfant::Groupe(ligne)],
        )));
        let mut corps = Vec::new();
        for ligne in &tableau.lignes {
            if self.reserver(self.hauteur(ligne, &colonnes, CORPS)) {
                self.ligne(&tableau.entetes, &colonnes, ENTETE, Marque::Decor, en_tete);
            }
            let cellule = |rang| {
                if rang == 0 {
                    Tag::TH(TableHeaderScope::Row).into()
                } else {
                    Tag::TD.into()
                }
            };
            let ligne = self.ligne(ligne, &colonnes, CORPS, Marque::Feuille, cellule);
            corps.push(Enfant::Groupe(ligne));
        }
        enfants.push(Enfant::Groupe(Noeud::new(Tag::TBody, corps)));
        Noeud::new(Tag::Table, enfants)
    }

    fn hauteur(&self, cellules: &[String], colonnes: &[Colonne], style: Style) -> f32 {
        let police = self.polices.de(style.graisse);
        let lignes = cellules.iter().zip(colonnes).map(|(texte, colonne)| {
            let lignes = police.lignes(texte, style.corps, colonne.largeur);
            u16::try_from(lignes.len()).unwrap_or(u16::MAX)
        });
        f32::from(lignes.max().unwrap_or(1)) * style.pas() + BLANC
    }

    fn ligne(
        &mut self,
        cellules: &[String],
        colonnes: &[Colonne],
        style: Style,
        marque: Marque,
        tag: impl Fn(usize) -> TagKind,
    ) -> Noeud {
        let (haut, hauteur) = (self.y, self.hauteur(cellules, colonnes, style));
        let police = self.polices.de(style.graisse);
        let mut groupes = Vec::new();
        for (rang, (texte, colonne)) in cellules.iter().zip(colonnes).enumerate() {
            let mut y = haut;
            let mut feuilles = Vec::new();
            for texte in police.lignes(texte, style.corps, colonne.largeur) {
                y += style.pas();
                let largeur = police.largeur(texte.trim_end()) * style.corps;
                let x = if colonne.mots {
                    colonne.x
                } else {
                    colonne.x + colonne.largeur - largeur
                };
                let un = Trait::Texte {
                    x,
                    y: y - style.corps * 0.3,
                    style,
                    texte,
                };
                feuilles.extend(self.tracer(marque, vec![un]));
            }
            groupes.push(Enfant::Groupe(Noeud::new(tag(rang), feuilles)));
        }
        self.y = haut + hauteur;
        let filet = Trait::Rectangle {
            x: MARGE,
            y: self.y - 1.0,
            largeur: JUSTIFICATION,
            hauteur: 0.4,
            fond: Some([198, 198, 210]),
            bord: None,
        };
        self.tracer(Marque::Decor, vec![filet]);
        Noeud::new(Tag::TR, groupes)
    }

    /// Columns as wide as their texts, or narrower in proportion, never under their longest word.
    fn colonnes(&self, tableau: &Tableau) -> Vec<Colonne> {
        let large =
            |texte: &str, style: Style| self.polices.de(style.graisse).largeur(texte) * style.corps;
        let mut voulues = Vec::new();
        let mut dues = Vec::new();
        for (rang, entete) in tableau.entetes.iter().enumerate() {
            let cellules = tableau.lignes.iter().filter_map(|ligne| ligne.get(rang));
            let textes = cellules.map(|texte| (texte, CORPS));
            let (mut voulue, mut due) = (0.0_f32, 0.0_f32);
            for (texte, style) in textes.chain([(entete, ENTETE)]) {
                voulue = voulue.max(large(texte, style));
                for mot in texte.split(' ') {
                    due = due.max(large(mot, style));
                }
            }
            voulues.push(voulue + 0.5);
            dues.push(due + 0.5);
        }
        let place = JUSTIFICATION - 2.0 * BLANC * f32::from(u16::try_from(dues.len()).unwrap_or(1));
        let (somme, due): (f32, f32) = (voulues.iter().sum(), dues.iter().sum());
        let part = ((place - due) / (somme - due).max(0.01)).clamp(0.0, 1.0);
        // Words longer than the page: everything is narrower.
        let serre = (place / due).min(1.0);
        let reste = (place - somme).max(0.0);
        let mut x = MARGE;
        let mut colonnes = Vec::new();
        for (rang, (voulue, due)) in voulues.into_iter().zip(dues).enumerate() {
            let mut largeur = (due + (voulue - due) * part) * serre;
            if rang == 0 {
                largeur += reste;
            }
            colonnes.push(Colonne {
                x: x + BLANC,
                largeur,
                mots: rang < tableau.mots,
            });
            x += largeur + 2.0 * BLANC;
        }
        colonnes
    }
}
