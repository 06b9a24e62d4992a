//! A report in tagged PDF (PDF/UA-1, which the writer itself checks as far as a program can).
//!
//! Pages are laid out first, as strokes that each belong to a leaf of the tag tree or to none; then
//! drawn, which gives the leaves their identifiers.

mod chiffres;
mod mise_en_page;
mod police;
mod tableau;

use krilla::SerializeSettings;
use krilla::color::rgb;
use krilla::configure::{Accessibility, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::Metadata;
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, Identifier, TagGroup, TagTree};

use crate::document::Document;
use crate::francais::{FINE, INSECABLE};
use mise_en_page::{Enfant, Marque, Metteur, Noeud, Page, Trait};
use police::Polices;

/// An A4 page, in points.
const LARGEUR: f32 = 595.0;
const HAUTEUR: f32 = 842.0;
const MARGE: f32 = 51.0;

/// A report that could not be written in PDF.
#[derive(Debug, thiserror::Error)]
pub enum PdfErreur {
    /// A font that this program holds cannot be read.
    #[error("rapport en PDF : police illisible")]
    Police,
    /// What the standard asks for is not there, or a limit of the format is passed.
    #[error("rapport en PDF : {0}")]
    Ecriture(String),
}

/// Writes a report in tagged PDF.
///
/// # Errors
/// See [`PdfErreur`].
pub fn pdf(document: &Document) -> Result<Vec<u8>, PdfErreur> {
    let polices = Polices::lire()?;
    let mis = Metteur::new(&polices).mettre(document);
    let configuration = ConfigurationBuilder::new()
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|faute| PdfErreur::Ecriture(format!("{faute:?}")))?;
    let mut sortie = krilla::Document::new_with(SerializeSettings {
        configuration,
        ..SerializeSettings::default()
    });
    sortie.set_metadata(
        Metadata::new()
            .title(document.titre.clone())
            .language("fr-FR".to_owned())
            .creator("FréquENT".to_owned()),
    );
    let mut plan = Outline::new();
    for (titre, page, y) in &mis.titres {
        let ou = XyzDestination::new(*page, Point::from_xy(MARGE, *y));
        plan.push_child(OutlineNode::new(titre.clone(), ou));
    }
    let mut identifiants = Vec::new();
    for page in &mis.pages {
        dessiner(&mut sortie, page, &polices, &mut identifiants)?;
    }
    sortie.set_outline(plan);
    let mut arbre = TagTree::new().with_lang(Some("fr-FR".to_owned()));
    for noeud in mis.arbre {
        arbre.push(groupe(noeud, &identifiants));
    }
    sortie.set_tag_tree(arbre);
    sortie
        .finish()
        .map_err(|faute| PdfErreur::Ecriture(format!("{faute:?}")))
}

fn groupe(noeud: Noeud, identifiants: &[Identifier]) -> TagGroup {
    let mut groupe = TagGroup::new(noeud.tag);
    for enfant in noeud.enfants {
        match enfant {
            Enfant::Feuille(rang) => groupe.push(identifiants[rang]),
            Enfant::Groupe(noeud) => groupe.push(self::groupe(noeud, identifiants)),
        }
    }
    groupe
}

fn dessiner(
    sortie: &mut krilla::Document,
    page: &Page,
    polices: &Polices,
    identifiants: &mut Vec<Identifier>,
) -> Result<(), PdfErreur> {
    let format = PageSettings::from_wh(LARGEUR, HAUTEUR);
    let format = format.ok_or_else(|| PdfErreur::Ecriture("format de page".to_owned()))?;
    let mut feuille = sortie.start_page_with(format);
    let mut surface = feuille.surface();
    for (marque, traits) in &page.traits {
        let identifiant = surface.start_tagged(match marque {
            Marque::Feuille => ContentTag::Other,
            Marque::Decor => ContentTag::Artifact(Artifact::with_kind(ArtifactType::Other)),
            Marque::Pied => ContentTag::Artifact(Artifact::with_kind(ArtifactType::Footer)),
        });
        for un in traits {
            tracer(&mut surface, un, polices);
        }
        surface.end_tagged();
        if *marque == Marque::Feuille {
            identifiants.push(identifiant);
        }
    }
    surface.finish();
    feuille.finish();
    Ok(())
}

fn tracer(surface: &mut Surface<'_>, un: &Trait, polices: &Polices) {
    match un {
        Trait::Texte { x, y, style, texte } => {
            surface.set_fill(Some(encre(style.couleur)));
            surface.set_stroke(None);
            let police = polices.de(style.graisse);
            // Said otherwise than drawn, a narrow space would cut the text for who takes it out.
            let texte = texte.replace(FINE, INSECABLE.encode_utf8(&mut [0; 4]));
            let glyphes: Vec<_> = police.glyphes(&texte).collect();
            surface.draw_glyphs(
                Point::from_xy(*x, *y),
                &glyphes,
                police.krilla(),
                &texte,
                style.corps,
                false,
            );
        }
        Trait::Rectangle {
            x,
            y,
            largeur,
            hauteur,
            fond,
            bord,
        } => {
            let rectangle = Rect::from_xywh(*x, *y, *largeur, *hauteur);
            let Some(rectangle) = rectangle else { return };
            let mut chemin = PathBuilder::new();
            chemin.push_rect(rectangle);
            surface.set_fill(fond.map(encre));
            surface.set_stroke(bord.map(|couleur| Stroke {
                paint: teinte(couleur).into(),
                width: 0.7,
                ..Stroke::default()
            }));
            if let Some(chemin) = chemin.finish() {
                surface.draw_path(&chemin);
            }
        }
    }
}

/// Red, green, blue.
type Couleur = [u8; 3];

fn teinte([rouge, vert, bleu]: Couleur) -> rgb::Color {
    rgb::Color::new(rouge, vert, bleu)
}

fn encre(couleur: Couleur) -> Fill {
    Fill {
        paint: teinte(couleur).into(),
        opacity: NormalizedF32::ONE,
        rule: krilla::paint::FillRule::default(),
    }
}
