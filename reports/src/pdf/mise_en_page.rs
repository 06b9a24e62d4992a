//! Where everything goes on the pages, and what it is for who hears it.

use std::num::NonZeroU16;

use krilla::tagging::{ListNumbering, Tag, TagKind};

use super::chiffres;
use super::police::{Graisse, Polices};
use super::{Couleur, HAUTEUR, LARGEUR, MARGE};
use crate::document::{Bloc, Document, Graphique};
use crate::graphique::{self, tracer};

pub(super) const BAS: f32 = HAUTEUR - MARGE;
/// Width of what is written.
pub(super) const JUSTIFICATION: f32 = LARGEUR - 2.0 * MARGE;
pub(super) const NOIR: Couleur = [27, 27, 43];
pub(super) const GRIS: Couleur = [80, 80, 95];
pub(super) const BLEU: Couleur = [59, 79, 168];
const ATTENTION: Couleur = [154, 91, 0];
/// The rules of tables and charts.
pub(super) const FILET: Couleur = [198, 198, 210];
const INTERLIGNE: f32 = 1.35;

/// How a text looks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style {
    pub(super) graisse: Graisse,
    pub(super) corps: f32,
    pub(super) couleur: Couleur,
}

impl Style {
    pub(super) const fn new(graisse: Graisse, corps: f32, couleur: Couleur) -> Self {
        Self {
            graisse,
            corps,
            couleur,
        }
    }

    /// From a line to the next.
    pub(super) fn pas(self) -> f32 {
        self.corps * INTERLIGNE
    }
}

const TITRE: Style = Style::new(Graisse::Grasse, 19.0, NOIR);
const SECTION: Style = Style::new(Graisse::Grasse, 13.0, BLEU);
pub(super) const TEXTE: Style = Style::new(Graisse::Reguliere, 10.0, NOIR);
pub(super) const LEGENDE: Style = Style::new(Graisse::Grasse, 10.0, NOIR);
pub(super) const DISCRET: Style = Style::new(Graisse::Reguliere, 10.0, GRIS);
const NOTE: Style = Style::new(Graisse::Reguliere, 8.5, GRIS);
const PETIT: Style = Style::new(Graisse::Reguliere, 8.0, GRIS);

/// Something drawn.
#[derive(Debug, Clone)]
pub(super) enum Trait {
    Texte {
        x: f32,
        y: f32,
        style: Style,
        texte: String,
    },
    Rectangle {
        x: f32,
        y: f32,
        largeur: f32,
        hauteur: f32,
        fond: Option<Couleur>,
        bord: Option<Couleur>,
    },
}

/// What it is drawn for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Marque {
    /// Content: the next leaf of the tag tree.
    Feuille,
    /// Nothing to be heard.
    Decor,
    /// The foot of a page.
    Pied,
}

/// A page.
#[derive(Debug, Default)]
pub(super) struct Page {
    pub(super) traits: Vec<(Marque, Vec<Trait>)>,
}

/// A group of the tag tree.
#[derive(Debug)]
pub(super) struct Noeud {
    pub(super) tag: TagKind,
    pub(super) enfants: Vec<Enfant>,
}

/// What is in a group.
#[derive(Debug)]
pub(super) enum Enfant {
    /// The leaf of this rank.
    Feuille(usize),
    /// A group.
    Groupe(Noeud),
}

impl Noeud {
    pub(super) fn new(tag: impl Into<TagKind>, enfants: Vec<Enfant>) -> Self {
        Self {
            tag: tag.into(),
            enfants,
        }
    }
}

/// A document on its pages.
pub(super) struct Mis {
    pub(super) pages: Vec<Page>,
    pub(super) arbre: Vec<Noeud>,
    /// Headings, each with its page and height.
    pub(super) titres: Vec<(String, usize, f32)>,
}

/// What lays out.
pub(super) struct Metteur<'a> {
    pub(super) polices: &'a Polices,
    pages: Vec<Page>,
    /// Where the next thing goes.
    pub(super) y: f32,
    feuilles: usize,
    titres: Vec<(String, usize, f32)>,
}

impl<'a> Metteur<'a> {
    /// At the top of a first page.
    pub(super) fn new(polices: &'a Polices) -> Self {
        Self {
            polices,
            pages: vec![Page::default()],
            y: MARGE,
            feuilles: 0,
            titres: Vec::new(),
        }
    }

    /// Lays out a document.
    pub(super) fn mettre(mut self, document: &Document) -> Mis {
        let mut arbre = Vec::new();
        self.retenir(&document.titre);
        let tag = Tag::Hn(NonZeroU16::MIN, Some(document.titre.clone()));
        let feuilles = self.paragraphe(&document.titre, TITRE, 0.0);
        arbre.push(Noeud::new(tag, feuilles));
        let feuilles = self.paragraphe(&document.sous_titre, DISCRET, 0.0);
        arbre.push(Noeud::new(Tag::P, feuilles));
        let suivants = document.blocs.iter().skip(1).map(Some).chain([None]);
        for (bloc, suivant) in document.blocs.iter().zip(suivants) {
            arbre.extend(self.bloc(bloc, suivant));
        }
        self.pieds(&document.pied);
        Mis {
            pages: self.pages,
            arbre,
            titres: self.titres,
        }
    }

    fn retenir(&mut self, titre: &str) {
        self.titres
            .push((titre.to_owned(), self.pages.len() - 1, self.y));
    }

    /// Lays out a block; a heading stays with the one that follows it.
    fn bloc(&mut self, bloc: &Bloc, suivant: Option<&Bloc>) -> Vec<Noeud> {
        self.y += 6.0;
        vec![match bloc {
            Bloc::Titre(titre) => {
                self.y += 8.0;
                let suite = match suivant {
                    Some(Bloc::Graphique(_)) => graphique::HAUTEUR + 3.0 * LEGENDE.pas(),
                    Some(Bloc::Tableau(_)) => 7.0 * TEXTE.pas(),
                    Some(Bloc::Chiffres(_)) => chiffres::HAUTEUR,
                    _ => 3.0 * TEXTE.pas(),
                };
                self.reserver(SECTION.pas() + 6.0 + suite);
                self.retenir(titre);
                let deux = NonZeroU16::MIN.saturating_add(1);
                let tag = Tag::Hn(deux, Some(titre.clone()));
                Noeud::new(tag, self.paragraphe(titre, SECTION, 0.0))
            }
            Bloc::Paragraphe(texte) => Noeud::new(Tag::P, self.paragraphe(texte, TEXTE, 0.0)),
            Bloc::Remarque(texte) => self.remarque(texte),
            Bloc::Chiffres(chiffres) => self.chiffres(chiffres),
            Bloc::Notes(notes) => {
                let une = |note: &String| Noeud::new(Tag::P, self.paragraphe(note, NOTE, 0.0));
                return notes.iter().map(une).collect();
            }
            Bloc::Liste(points) => {
                let points = points.iter().map(|point| Enfant::Groupe(self.point(point)));
                let points = points.collect();
                Noeud::new(Tag::L(ListNumbering::Disc), points)
            }
            Bloc::Tableau(tableau) => self.tableau(tableau),
            Bloc::Graphique(graphique) => self.graphique(graphique),
        }]
    }

    /// A paragraph beside a bar that calls for attention.
    fn remarque(&mut self, texte: &str) -> Noeud {
        let texte = format!("À noter. {texte}");
        self.reserver(4.0 * TEXTE.pas());
        let (haut, page) = (self.y, self.pages.len());
        let feuilles = self.paragraphe(&texte, TEXTE, 12.0);
        if page == self.pages.len() {
            let barre = Trait::Rectangle {
                x: MARGE,
                y: haut + 1.0,
                largeur: 3.0,
                hauteur: self.y - haut,
                fond: Some(ATTENTION),
                bord: None,
            };
            self.tracer(Marque::Decor, vec![barre]);
        }
        Noeud::new(Tag::P, feuilles)
    }

    /// Makes sure that there is this much room, on the next page if need be.
    pub(super) fn reserver(&mut self, hauteur: f32) -> bool {
        let neuve = self.y + hauteur > BAS && self.y > MARGE;
        if neuve {
            self.pages.push(Page::default());
            self.y = MARGE;
        }
        neuve
    }

    /// Draws on the page.
    pub(super) fn tracer(&mut self, marque: Marque, traits: Vec<Trait>) -> Option<Enfant> {
        if let Some(page) = self.pages.last_mut() {
            page.traits.push((marque, traits));
        }
        (marque == Marque::Feuille).then(|| {
            self.feuilles += 1;
            Enfant::Feuille(self.feuilles - 1)
        })
    }

    /// Writes a text in lines, each a leaf.
    pub(super) fn paragraphe(&mut self, texte: &str, style: Style, retrait: f32) -> Vec<Enfant> {
        let police = self.polices.de(style.graisse);
        let lignes = police.lignes(texte, style.corps, JUSTIFICATION - retrait);
        let mut feuilles = Vec::new();
        for texte in lignes {
            self.reserver(style.pas());
            self.y += style.pas();
            let (x, y) = (MARGE + retrait, self.y - style.corps * 0.3);
            let un = Trait::Texte { x, y, style, texte };
            feuilles.extend(self.tracer(Marque::Feuille, vec![un]));
        }
        feuilles
    }

    fn point(&mut self, texte: &str) -> Noeud {
        self.reserver(TEXTE.pas());
        let puce = Trait::Texte {
            x: MARGE + 2.0,
            y: self.y + TEXTE.pas() - TEXTE.corps * 0.3,
            style: TEXTE,
            texte: "•".to_owned(),
        };
        let puce = self.tracer(Marque::Feuille, vec![puce]);
        let corps = self.paragraphe(texte, TEXTE, 12.0);
        self.y += 2.0;
        Noeud::new(
            Tag::LI,
            vec![
                Enfant::Groupe(Noeud::new(Tag::Lbl, puce.into_iter().collect())),
                Enfant::Groupe(Noeud::new(Tag::LBody, corps)),
            ],
        )
    }

    fn graphique(&mut self, graphique: &Graphique) -> Noeud {
        self.reserver(graphique::HAUTEUR + 3.0 * LEGENDE.pas());
        let legende = self.paragraphe(&graphique.legende, LEGENDE, 0.0);
        let legende = Enfant::Groupe(Noeud::new(Tag::Caption, legende));
        let trace = tracer(graphique);
        let (x, y) = (MARGE, self.y);
        let mut traits = Vec::new();
        for ligne in trace.lignes {
            traits.push(Trait::Rectangle {
                x: x + graphique::GAUCHE,
                y: y + ligne,
                largeur: graphique::LARGEUR - graphique::GAUCHE,
                hauteur: 0.3,
                fond: Some(FILET),
                bord: None,
            });
        }
        for barre in trace.barres {
            traits.push(Trait::Rectangle {
                x: x + barre.x,
                y: y + barre.y,
                largeur: barre.largeur,
                hauteur: barre.hauteur,
                fond: (!barre.blanc).then_some(BLEU),
                bord: barre.blanc.then_some(GRIS),
            });
        }
        for etiquette in trace.etiquettes {
            let police = self.polices.de(PETIT.graisse);
            let largeur = police.largeur(&etiquette.texte) * PETIT.corps;
            let recul = if etiquette.a_droite { 1.0 } else { 0.5 };
            traits.push(Trait::Texte {
                x: x + etiquette.x - largeur * recul,
                y: y + etiquette.y,
                style: PETIT,
                texte: etiquette.texte,
            });
        }
        let mut enfants = vec![legende];
        enfants.extend(self.tracer(Marque::Feuille, traits));
        self.y += graphique::HAUTEUR;
        Noeud::new(Tag::Figure(Some(dit(graphique))), enfants)
    }

    fn pieds(&mut self, pied: &str) {
        let nombre = self.pages.len();
        for (rang, page) in self.pages.iter_mut().enumerate() {
            let texte = format!("{pied} · page\u{a0}{} sur\u{a0}{nombre}", rang + 1);
            let un = Trait::Texte {
                x: MARGE,
                y: HAUTEUR - 28.0,
                style: PETIT,
                texte,
            };
            page.traits.push((Marque::Pied, vec![un]));
        }
    }
}

/// A chart for who does not see it: the sentence, then every figure.
fn dit(graphique: &Graphique) -> String {
    let serie = graphique.serie.iter();
    let chiffres: Vec<String> = serie.map(|s| format!("{} {}", s.nom, s.texte)).collect();
    format!("{} {}.", graphique.description, chiffres.join("\u{a0}; "))
}
