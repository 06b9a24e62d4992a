//! A report in plain text: what a mail says to who reads no HTML.

use crate::document::{Bloc, Document};

/// Writes a report in plain text.
#[must_use]
pub fn texte(document: &Document) -> String {
    let mut lignes = vec![
        document.titre.clone(),
        document.sous_titre.clone(),
        String::new(),
    ];
    for bloc in &document.blocs {
        match bloc {
            Bloc::Titre(titre) => lignes.extend([String::new(), titre.to_uppercase()]),
            Bloc::Paragraphe(texte) => lignes.push(texte.clone()),
            Bloc::Remarque(texte) => lignes.push(format!("À noter. {texte}")),
            Bloc::Liste(points) => lignes.extend(points.iter().map(|point| format!("- {point}"))),
            // The sentences that follow say them.
            Bloc::Chiffres(_) => {}
            Bloc::Notes(notes) => lignes.extend(notes.iter().cloned()),
            Bloc::Graphique(graphique) => lignes.push(graphique.description.clone()),
            Bloc::Tableau(tableau) => {
                lignes.push(tableau.legende.clone());
                for ligne in &tableau.lignes {
                    let mut cases = ligne.iter().zip(&tableau.entetes);
                    let nom = cases.next().map_or("", |(nom, _)| nom.as_str());
                    let suite = cases.map(|(case, entete)| format!("{entete}\u{a0}: {case}"));
                    let suite: Vec<String> = suite.collect();
                    lignes.push(format!("- {nom} — {}", suite.join(", ")));
                }
            }
        }
    }
    lignes.extend([String::new(), document.pied.clone(), String::new()]);
    lignes.join("\n")
}
