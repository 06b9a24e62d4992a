//! CSV answers: `;`-separated, UTF-8 with a byte-order mark (spreadsheets read accents right), a
//! header line, safe to open in a spreadsheet.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};

use crate::erreurs::Erreur;

const MARQUE: &[u8] = b"\xEF\xBB\xBF";

/// A CSV file to download. `nom` is made of codes and dates only.
pub(super) fn csv(
    nom: &str,
    entete: &[&str],
    lignes: impl Iterator<Item = Vec<String>>,
) -> Result<Response, Erreur> {
    let interne = |faute: csv::Error| Erreur::Interne(faute.to_string());
    let mut tableur = csv::WriterBuilder::new()
        .delimiter(b';')
        .from_writer(MARQUE.to_vec());
    tableur.write_record(entete).map_err(interne)?;
    for ligne in lignes {
        tableur.write_record(&ligne).map_err(interne)?;
    }
    let octets = tableur
        .into_inner()
        .map_err(|faute| Erreur::Interne(faute.to_string()))?;
    let nom: String = nom
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    let depot = HeaderValue::try_from(format!("attachment; filename=\"{nom}.csv\""))
        .map_err(|faute| Erreur::Interne(faute.to_string()))?;
    let mut reponse = octets.into_response();
    let entetes = reponse.headers_mut();
    entetes.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/csv; charset=utf-8"),
    );
    entetes.insert(header::CONTENT_DISPOSITION, depot);
    Ok(reponse)
}

/// A text of someone else's (a name) as a cell: what a spreadsheet would take for a formula is
/// shown as text instead.
pub(super) fn texte(texte: &str) -> String {
    if texte.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        format!("'{texte}")
    } else {
        texte.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_looks_like_a_formula_is_shown_as_text() {
        for formule in ["=1+1", "+33", "-1", "@SOMME(A1)", "\tx"] {
            assert_eq!(texte(formule), format!("'{formule}"));
        }
        assert_eq!(texte("École Jean-Jaurès"), "École Jean-Jaurès");
    }

    #[tokio::test]
    async fn separators_quotes_and_newlines_are_escaped() {
        let lignes = vec![vec!["a;b".to_owned(), "c\"d\ne".to_owned()]];
        let reponse = csv("x/..\"y", &["un", "deux"], lignes.into_iter()).unwrap();
        let depot = &reponse.headers()["content-disposition"];
        assert_eq!(depot, "attachment; filename=\"x----y.csv\"");
        let corps = axum::body::to_bytes(reponse.into_body(), 1_000)
            .await
            .unwrap();
        assert_eq!(
            std::str::from_utf8(&corps).unwrap(),
            "\u{feff}un;deux\n\"a;b\";\"c\"\"d\ne\"\n"
        );
    }
}
