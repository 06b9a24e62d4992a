//! Tables on pages: their columns' widths, and their header again at the top of each page.

use std::ops::Range;

use krilla::tagging::{TableHeaderScope, Tag, TagKind};

use super::MARGE;
use super::mise_en_page::{
    BAS, Enfant, FILET, JUSTIFICATION, LEGENDE, Marque, Metteur, Noeud, Style, TEXTE, Trait,
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

/// A row whose cells are cut in lines.
struct Rangee {
    cellules: Vec<Vec<String>>,
    style: Style,
}

impl Rangee {
    /// How many lines its highest cell has.
    fn lignes(&self) -> usize {
        self.cellules.iter().map(Vec::len).max().unwrap_or(1)
    }

    /// How high this many of its lines are.
    fn hauteur(&self, lignes: usize) -> f32 {
        f32::from(u16::try_from(lignes).unwrap_or(u16::MAX)) * self.style.pas() + BLANC
    }
}

impl Metteur<'_> {
    /// Lays out a table.
    pub(super) fn tableau(&mut self, tableau: &Tableau) -> Noeud {
        let colonnes = self.colonnes(tableau);
        let titres = self.couper(&tableau.entetes, &colonnes, ENTETE);
        let haut_entete = titres.hauteur(titres.lignes());
        // The caption, the header and a row or two stay together.
        self.reserver(haut_entete + 2.0 * LEGENDE.pas() + 2.0 * CORPS.pas());
        let legende = self.paragraphe(&tableau.legende, LEGENDE, 0.0);
        let mut enfants = vec![Enfant::Groupe(Noeud::new(Tag::Caption, legende))];
        let cellules = self.lignes(&titres, 0..titres.lignes(), &colonnes, Marque::Feuille);
        let en_tete = |_| Tag::TH(TableHeaderScope::Column).into();
        enfants.push(Enfant::Groupe(Noeud::new(
            Tag::THead,
            vec![Enfant::Groupe(ligne(cellules, en_tete))],
        )));
        let mut corps = Vec::new();
        for cellules in &tableau.lignes {
            let rangee = self.couper(cellules, &colonnes, CORPS);
            let cellules = self.rangee(&rangee, &titres, &colonnes);
            let cellule = |rang| {
                if rang == 0 {
                    Tag::TH(TableHeaderScope::Row).into()
                } else {
                    Tag::TD.into()
                }
            };
            corps.push(Enfant::Groupe(ligne(cellules, cellule)));
        }
        enfants.push(Enfant::Groupe(Noeud::new(Tag::TBody, corps)));
        Noeud::new(Tag::Table, enfants)
    }

    fn couper(&self, cellules: &[String], colonnes: &[Colonne], style: Style) -> Rangee {
        let police = self.polices.de(style.graisse);
        let cellules = cellules
            .iter()
            .zip(colonnes)
            .map(|(texte, colonne)| police.lignes(texte, style.corps, colonne.largeur));
        Rangee {
            cellules: cellules.collect(),
            style,
        }
    }

    /// Draws a row, on the next page if it does not fit in this one: under the header again, and
    /// going on from page to page if it is higher than one. Gives the leaves of each cell.
    fn rangee(
        &mut self,
        rangee: &Rangee,
        entete: &Rangee,
        colonnes: &[Colonne],
    ) -> Vec<Vec<Enfant>> {
        let mut cellules: Vec<Vec<Enfant>> = Vec::new();
        cellules.resize_with(rangee.cellules.len(), Vec::new);
        let mut reste = 0..rangee.lignes();
        while !reste.is_empty() {
            if self.reserver(rangee.hauteur(reste.len())) {
                self.lignes(entete, 0..entete.lignes(), colonnes, Marque::Decor);
            }
            let tient = |nombre: &usize| self.y + rangee.hauteur(*nombre) <= BAS;
            let tiennent = (1..=reste.len()).take_while(tient).count().max(1);
            let suite = reste.start + tiennent;
            let tracees = self.lignes(rangee, reste.start..suite, colonnes, Marque::Feuille);
            for (cellule, feuilles) in cellules.iter_mut().zip(tracees) {
                cellule.extend(feuilles);
            }
            reste.start = suite;
        }
        cellules
    }

    /// Draws some lines of the cells of a row, then a rule; gives the leaves of each cell.
    fn lignes(
        &mut self,
        rangee: &Rangee,
        lignes: Range<usize>,
        colonnes: &[Colonne],
        marque: Marque,
    ) -> Vec<Vec<Enfant>> {
        let (haut, style) = (self.y, rangee.style);
        let police = self.polices.de(style.graisse);
        let mut cellules = Vec::new();
        for (cellule, colonne) in rangee.cellules.iter().zip(colonnes) {
            let mut y = haut;
            let mut feuilles = Vec::new();
            for texte in cellule.iter().take(lignes.end).skip(lignes.start) {
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
                    texte: texte.clone(),
                };
                feuilles.extend(self.tracer(marque, vec![un]));
            }
            cellules.push(feuilles);
        }
        self.y = haut + rangee.hauteur(lignes.len());
        let filet = Trait::Rectangle {
            x: MARGE,
            y: self.y - 1.0,
            largeur: JUSTIFICATION,
            hauteur: 0.4,
            fond: Some(FILET),
            bord: None,
        };
        self.tracer(Marque::Decor, vec![filet]);
        cellules
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

/// A row of the tag tree, each cell of which has the tag of its rank.
fn ligne(cellules: Vec<Vec<Enfant>>, tag: impl Fn(usize) -> TagKind) -> Noeud {
    let groupes = cellules.into_iter().enumerate();
    let groupes = groupes.map(|(rang, feuilles)| Enfant::Groupe(Noeud::new(tag(rang), feuilles)));
    Noeud::new(Tag::TR, groupes.collect())
}
