//! The two fonts that the program holds, for a server has none.

use krilla::text::{Font, GlyphId, KrillaGlyph};
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider};

use super::PdfErreur;
use crate::francais::{FINE, INSECABLE};

/// Atkinson Hyperlegible, of the Braille Institute: made to be read by who sees badly.
const REGULIERE: &[u8] = include_bytes!("../../polices/AtkinsonHyperlegible-Regular.ttf");
const GRASSE: &[u8] = include_bytes!("../../polices/AtkinsonHyperlegible-Bold.ttf");

/// What stands for a letter that the font does not have; the letter itself stays in the text.
const INCONNUE: char = '?';

/// Light or heavy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Graisse {
    Reguliere,
    Grasse,
}

/// A font: its letters and how wide they are.
pub(super) struct Police {
    lue: FontRef<'static>,
    krilla: Font,
}

/// Both.
pub(super) struct Polices {
    reguliere: Police,
    grasse: Police,
}

impl Polices {
    /// Reads them.
    pub(super) fn lire() -> Result<Self, PdfErreur> {
        Ok(Self {
            reguliere: Police::lire(REGULIERE)?,
            grasse: Police::lire(GRASSE)?,
        })
    }

    /// The one of this weight.
    pub(super) fn de(&self, graisse: Graisse) -> &Police {
        match graisse {
            Graisse::Reguliere => &self.reguliere,
            Graisse::Grasse => &self.grasse,
        }
    }
}

impl Police {
    fn lire(octets: &'static [u8]) -> Result<Self, PdfErreur> {
        Ok(Self {
            lue: FontRef::new(octets).map_err(|_| PdfErreur::Police)?,
            krilla: Font::new(octets.into(), 0).ok_or(PdfErreur::Police)?,
        })
    }

    /// The font as it is embedded.
    pub(super) fn krilla(&self) -> Font {
        self.krilla.clone()
    }

    /// The glyphs of a text, one a character.
    pub(super) fn glyphes(&self, texte: &str) -> impl Iterator<Item = KrillaGlyph> {
        let lettres = self.lue.charmap();
        let chasses = self
            .lue
            .glyph_metrics(Size::unscaled(), LocationRef::default());
        texte.char_indices().map(move |(rang, lettre)| {
            // The font has no narrow space.
            let montree = if lettre == FINE { INSECABLE } else { lettre };
            let glyphe = lettres.map(montree).or_else(|| lettres.map(INCONNUE));
            let glyphe = glyphe.unwrap_or_default();
            let chasse = chasses.advance_width(glyphe).unwrap_or_default();
            let chasse = chasse / self.krilla.units_per_em();
            let etendue = rang..rang + lettre.len_utf8();
            let identifiant = GlyphId::new(glyphe.to_u32());
            KrillaGlyph::new(identifiant, chasse, 0.0, 0.0, 0.0, etendue, None)
        })
    }

    /// How wide a text is, for a font of one point.
    pub(super) fn largeur(&self, texte: &str) -> f32 {
        self.glyphes(texte).map(|g| g.x_advance).sum()
    }

    /// A text in lines that fit; all but the last keep the space that ends them, so that words stay
    /// apart when the text is taken out.
    pub(super) fn lignes(&self, texte: &str, corps: f32, largeur: f32) -> Vec<String> {
        let mut lignes = vec![String::new()];
        for mot in texte.split_inclusive(' ') {
            let en_cours = lignes.last_mut();
            let Some(en_cours) = en_cours else { continue };
            let essai = format!("{en_cours}{}", mot.trim_end_matches(' '));
            if !en_cours.is_empty() && self.largeur(&essai) * corps > largeur {
                lignes.push(mot.to_owned());
            } else {
                en_cours.push_str(mot);
            }
        }
        lignes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_fit_and_lose_no_letter() {
        let polices = Polices::lire().unwrap();
        let police = polices.de(Graisse::Reguliere);
        let texte = "Trois mille huit cent douze visites de quarante et une personnes différentes.";
        let lignes = police.lignes(texte, 10.0, 120.0);
        assert!(lignes.len() > 2);
        assert_eq!(lignes.concat(), texte);
        for ligne in lignes {
            assert!(police.largeur(ligne.trim_end()) * 10.0 <= 120.0, "{ligne}");
        }
    }

    #[test]
    fn a_number_is_never_cut_from_its_unit() {
        let polices = Polices::lire().unwrap();
        let police = polices.de(Graisse::Grasse);
        let lignes = police.lignes("de 3\u{202f}812\u{a0}visites", 10.0, 30.0);
        assert_eq!(lignes, ["de ", "3\u{202f}812\u{a0}visites"]);
    }

    #[test]
    fn both_fonts_have_every_letter_of_french() {
        let polices = Polices::lire().unwrap();
        for graisse in [Graisse::Reguliere, Graisse::Grasse] {
            let lettres = polices.de(graisse).lue.charmap();
            for lettre in "àâäçéèêëîïôöùûüÿœæÀÂÇÉÈÊËÎÏÔÙÛŒÆ«»’…—–−·€%\u{a0}".chars()
            {
                assert!(lettres.map(lettre).is_some(), "{lettre}");
            }
        }
    }
}
