//! Settings as administrators read them in the console.

use frequent_api::Reglage;
use toml::{Table, Value};

use super::{DEFAUT, Reglages, table_par_defaut};

impl Reglages {
    /// The settings in force, in the order of the default file, secrets masked, each with what that
    /// file says of it.
    #[must_use]
    pub fn montrer(&self) -> Vec<Reglage> {
        let en_vigueur = Table::try_from(self).unwrap_or_default();
        let defauts = table_par_defaut().unwrap_or_default();
        let valeur = |table: &Table, section: &str, cle: &str| -> Option<Value> {
            table.get(section)?.as_table()?.get(cle).cloned()
        };
        let montrer = |(section, cle, explication): (String, String, String)| {
            let voulue = valeur(&en_vigueur, &section, &cle)?;
            Some(Reglage {
                defaut: valeur(&defauts, &section, &cle).as_ref() == Some(&voulue),
                cle: format!("{section}.{cle}"),
                valeur: ecrire(&voulue),
                explication,
            })
        };
        explications().into_iter().filter_map(montrer).collect()
    }
}

fn ecrire(valeur: &Value) -> String {
    match valeur {
        Value::String(texte) => texte.clone(),
        autre => autre.to_string(),
    }
}

/// The section, key and comment of each setting of the default file. Settings that follow each other
/// without a comment between them share the one above.
fn explications() -> Vec<(String, String, String)> {
    let (mut section, mut commentaire, mut trouvees) = (String::new(), String::new(), Vec::new());
    let mut commente = false;
    for ligne in DEFAUT.lines().map(str::trim) {
        if let Some(texte) = ligne.strip_prefix('#') {
            if !commente {
                commentaire.clear();
            }
            commente = true;
            if !(commentaire.is_empty() || texte.trim().is_empty()) {
                commentaire.push(' ');
            }
            commentaire.push_str(texte.trim());
        } else if let Some(nom) = ligne.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            nom.clone_into(&mut section);
            commentaire.clear();
            commente = false;
        } else if let Some((cle, _)) = ligne.split_once(" = ") {
            trouvees.push((section.clone(), cle.to_owned(), commentaire.clone()));
            commente = false;
        }
    }
    trouvees
}

#[cfg(test)]
mod tests {
    use super::*;

    fn charger(variables: &[(&str, &str)]) -> Vec<Reglage> {
        let variables = variables.iter();
        let variables = variables.map(|(nom, valeur)| ((*nom).to_owned(), (*valeur).to_owned()));
        Reglages::charger(None, variables).unwrap().montrer()
    }

    #[test]
    fn every_setting_is_shown_with_what_the_default_file_says_of_it() {
        let montres = charger(&[]);
        let defauts = table_par_defaut().unwrap();
        let nombre: usize = defauts
            .values()
            .filter_map(Value::as_table)
            .map(Table::len)
            .sum();
        assert_eq!(montres.len(), nombre);
        for reglage in &montres {
            assert!(reglage.defaut, "{}", reglage.cle);
            assert!(!reglage.explication.is_empty(), "{}", reglage.cle);
        }
    }

    #[test]
    fn a_changed_setting_is_told_and_a_secret_never_is() {
        let montres = charger(&[
            ("FREQUENT_SECRET_SEUIL", "7"),
            ("FREQUENT_BASE_URL", "postgres://qui:motdepasse@hote/base"),
        ]);
        let de = |cle: &str| montres.iter().find(|r| r.cle == cle).unwrap();
        assert_eq!(
            (
                de("secret.seuil").valeur.as_str(),
                de("secret.seuil").defaut
            ),
            ("7", false)
        );
        assert!(!de("base.url").defaut);
        assert!(montres.iter().all(|r| !r.valeur.contains("motdepasse")));
    }
}
