//! A body cut into its events.

use memchr::{memchr, memchr2};

/// How a body lays out its events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disposition {
    /// One a line (NDJSON).
    Lignes,
    /// Elements of one JSON array.
    Tableau,
    /// The body is one event.
    Objet,
}

/// The events of a body, each with its number from 1: its line, or its rank in the array.
#[derive(Debug, Clone)]
pub struct Decoupe<'a> {
    reste: &'a [u8],
    disposition: Disposition,
    numero: u64,
}

impl<'a> Decoupe<'a> {
    /// Cuts a body. A byte-order mark before it is dropped.
    #[must_use]
    pub fn new(corps: &'a [u8], disposition: Disposition) -> Self {
        let corps = corps.strip_prefix(b"\xef\xbb\xbf").unwrap_or(corps);
        let reste = match disposition {
            Disposition::Lignes => corps,
            Disposition::Objet => corps.trim_ascii(),
            Disposition::Tableau => {
                let corps = corps.trim_ascii();
                corps.strip_prefix(b"[").unwrap_or(corps)
            }
        };
        Self {
            reste,
            disposition,
            numero: 0,
        }
    }

    /// Lines; an empty one is no event but has its number.
    fn ligne(&mut self) -> Option<&'a [u8]> {
        while !self.reste.is_empty() {
            let fin = memchr(b'\n', self.reste).unwrap_or(self.reste.len());
            let ligne = self.reste[..fin].trim_ascii();
            self.reste = self.reste.get(fin + 1..).unwrap_or_default();
            self.numero += 1;
            if !ligne.is_empty() {
                return Some(ligne);
            }
        }
        None
    }

    /// Elements of the array. Whatever follows its closing bracket is one more, to be refused.
    fn element(&mut self) -> Option<&'a [u8]> {
        let reste = self.reste.trim_ascii();
        if reste.is_empty() || reste == b"]" {
            self.reste = &[];
            return None;
        }
        let (element, suite) = match reste {
            [b']', ..] => (reste, &[][..]),
            _ => couper_element(reste),
        };
        self.reste = suite;
        self.numero += 1;
        Some(element.trim_ascii())
    }
}

impl<'a> Iterator for Decoupe<'a> {
    type Item = (u64, &'a [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let evenement = match self.disposition {
            Disposition::Lignes => self.ligne(),
            Disposition::Tableau => self.element(),
            Disposition::Objet => {
                self.numero = 1;
                let objet = std::mem::take(&mut self.reste);
                (!objet.is_empty()).then_some(objet)
            }
        }?;
        Some((self.numero, evenement))
    }
}

/// Cuts at the comma, or before the bracket, that is outside any string and at no depth.
fn couper_element(texte: &[u8]) -> (&[u8], &[u8]) {
    let mut profondeur = 0_u32;
    let mut place = 0;
    while let Some(octet) = texte.get(place) {
        match octet {
            b'"' => place = fin_de_chaine(texte, place + 1),
            b'{' | b'[' => profondeur += 1,
            b']' if profondeur == 0 => return (&texte[..place], &texte[place..]),
            b'}' | b']' => profondeur = profondeur.saturating_sub(1),
            b',' if profondeur == 0 => return (&texte[..place], &texte[place + 1..]),
            _ => {}
        }
        place += 1;
    }
    (texte, &[])
}

/// The place of the quote that closes a string, or of the last byte when none does.
fn fin_de_chaine(texte: &[u8], mut place: usize) -> usize {
    while let Some(saut) = memchr2(b'"', b'\\', texte.get(place..).unwrap_or_default()) {
        place += saut;
        if texte[place] == b'"' {
            return place;
        }
        place += 2;
    }
    texte.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn couper(corps: &str, disposition: Disposition) -> Vec<(u64, &str)> {
        Decoupe::new(corps.as_bytes(), disposition)
            .map(|(numero, octets)| (numero, std::str::from_utf8(octets).unwrap()))
            .collect()
    }

    #[test]
    fn lines_keep_their_numbers_past_empty_ones() {
        assert_eq!(
            couper("\u{feff}{1}\r\n\n  \n{4}", Disposition::Lignes),
            [(1, "{1}"), (4, "{4}")]
        );
        assert_eq!(couper("", Disposition::Lignes), []);
    }

    #[test]
    fn elements_are_cut_outside_strings_and_braces() {
        assert_eq!(
            couper(
                r#" [ {"a":"],}{"} , {"b":[1,{"c":"\"]"}]},{} ] "#,
                Disposition::Tableau
            ),
            [
                (1, r#"{"a":"],}{"}"#),
                (2, r#"{"b":[1,{"c":"\"]"}]}"#),
                (3, "{}")
            ]
        );
        assert_eq!(couper("[]", Disposition::Tableau), []);
        assert_eq!(couper(" [ ] ", Disposition::Tableau), []);
    }

    #[test]
    fn an_element_that_never_closes_takes_the_rest_and_no_more() {
        assert_eq!(
            couper(r#"[{"a":1},{"b":"x},{"c":1}]"#, Disposition::Tableau),
            [(1, r#"{"a":1}"#), (2, r#"{"b":"x},{"c":1}]"#)]
        );
        assert_eq!(
            couper(r#"[{"a":1},{"b":"\"#, Disposition::Tableau),
            [(1, r#"{"a":1}"#), (2, r#"{"b":"\"#)]
        );
    }

    #[test]
    fn what_follows_the_array_is_one_more_element() {
        assert_eq!(
            couper("[{}] {}", Disposition::Tableau),
            [(1, "{}"), (2, "] {}")]
        );
    }

    #[test]
    fn an_object_is_the_whole_body() {
        assert_eq!(couper("\n{\n}\n", Disposition::Objet), [(1, "{\n}")]);
    }
}
