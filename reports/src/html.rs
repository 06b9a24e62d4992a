//! A report in one HTML file, which asks for nothing else.

use std::fmt::Write;

use minijinja::{AutoEscape, Environment, context};

use crate::document::{Bloc, Document, Graphique};
use crate::graphique::{GAUCHE, HAUTEUR, LARGEUR, tracer};

const MODELE: &str = include_str!("rapport.html.j2");

/// Its only style sheet: whoever serves a report allows this one and no other.
pub const FEUILLE: &str = include_str!("rapport.css");

/// A report that could not be written in HTML.
#[derive(Debug, thiserror::Error)]
#[error("rapport en HTML : {0}")]
pub struct HtmlErreur(#[from] minijinja::Error);

/// Writes a report in HTML.
///
/// # Errors
/// The template is wrong, which tests would tell.
pub fn html(document: &Document) -> Result<String, HtmlErreur> {
    let mut environnement = Environment::new();
    environnement.set_auto_escape_callback(|_| AutoEscape::Html);
    let traces = document.blocs.iter().map(|bloc| match bloc {
        Bloc::Graphique(graphique) => svg(graphique),
        _ => String::new(),
    });
    let traces: Vec<String> = traces.collect();
    Ok(environnement.render_str(MODELE, context! { document, traces, feuille => FEUILLE })?)
}

/// A chart in SVG, with its text for who does not see it.
fn svg(graphique: &Graphique) -> String {
    let trace = tracer(graphique);
    let mut svg = format!(
        r#"<svg viewBox="0 0 {LARGEUR} {HAUTEUR}" role="img" aria-label="{}">"#,
        echapper(&graphique.description)
    );
    for y in trace.lignes {
        // Writing in a string never fails.
        let _ecrit = write!(
            svg,
            r##"<path d="M{GAUCHE} {y:.1}H{LARGEUR}" stroke="#c6c6d2" stroke-width="0.5"/>"##
        );
    }
    for barre in trace.barres {
        let couleurs = if barre.blanc {
            r##"fill="#fff" stroke="#50505f" stroke-dasharray="2 2""##
        } else {
            r##"fill="#3b4fa8""##
        };
        let _ecrit = write!(
            svg,
            r#"<rect x="{:.1}" y="{:.1}" width="{:.1}" height="{:.1}" {couleurs}/>"#,
            barre.x, barre.y, barre.largeur, barre.hauteur
        );
    }
    for etiquette in trace.etiquettes {
        let ancre = if etiquette.a_droite { "end" } else { "middle" };
        let _ecrit = write!(
            svg,
            r##"<text x="{:.1}" y="{:.1}" font-size="9" fill="#50505f" text-anchor="{ancre}">{}</text>"##,
            etiquette.x,
            etiquette.y,
            echapper(&etiquette.texte)
        );
    }
    svg.push_str("</svg>");
    svg
}

fn echapper(texte: &str) -> String {
    texte
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}
