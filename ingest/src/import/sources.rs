//! What to import: files, the files of folders, standard input.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use super::ImportErreur;

/// End of the name of a file of refused lines; a folder's are not imported.
pub const SUFFIXE_REFUS: &str = ".refus.ndjson";

/// Where events are read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A file.
    Fichier(PathBuf),
    /// Standard input.
    EntreeStandard,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fichier(chemin) => write!(f, "{}", chemin.display()),
            Self::EntreeStandard => f.write_str("entrée standard"),
        }
    }
}

/// The sources that arguments name: `-` is standard input, a folder stands for all its files, those
/// of its folders included, in the order of their names. Hidden files and refused lines are passed
/// over.
///
/// # Errors
/// A folder cannot be read, or holds no file.
pub fn sources(arguments: &[PathBuf]) -> Result<Vec<Source>, ImportErreur> {
    let mut sources = Vec::new();
    for argument in arguments {
        if argument == Path::new("-") {
            sources.push(Source::EntreeStandard);
        } else if argument.is_dir() {
            let mut fichiers = Vec::new();
            parcourir(argument, &mut fichiers)?;
            if fichiers.is_empty() {
                return Err(ImportErreur::DossierVide(argument.clone()));
            }
            fichiers.sort_unstable();
            sources.extend(fichiers.into_iter().map(Source::Fichier));
        } else {
            sources.push(Source::Fichier(argument.clone()));
        }
    }
    Ok(sources)
}

fn parcourir(dossier: &Path, fichiers: &mut Vec<PathBuf>) -> Result<(), ImportErreur> {
    for entree in fs::read_dir(dossier).map_err(ImportErreur::disque(dossier))? {
        let entree = entree.map_err(ImportErreur::disque(dossier))?;
        let chemin = entree.path();
        let nom = entree.file_name();
        let nom = nom.to_string_lossy();
        if nom.starts_with('.') || nom.ends_with(SUFFIXE_REFUS) {
            continue;
        }
        // A link to a folder is not followed: it could lead back up here.
        let genre = entree.file_type().map_err(ImportErreur::disque(&chemin))?;
        if genre.is_dir() {
            parcourir(&chemin, fichiers)?;
        } else if chemin.is_file() {
            fichiers.push(chemin);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_all_its_files_in_order_but_hidden_ones_and_refused_lines() {
        let dossier = tempfile::tempdir().unwrap();
        let racine = dossier.path();
        fs::create_dir_all(racine.join("b/c")).unwrap();
        fs::create_dir_all(racine.join(".cache")).unwrap();
        for nom in [
            "z.csv",
            "b/c/1.ndjson.gz",
            "b/2.csv",
            ".x.csv",
            ".cache/3.csv",
            "z.csv.refus.ndjson",
        ] {
            fs::write(racine.join(nom), "").unwrap();
        }
        let attendues = ["b/2.csv", "b/c/1.ndjson.gz", "z.csv"];
        let attendues = attendues.map(|n| Source::Fichier(racine.join(n)));
        assert_eq!(sources(&[racine.to_owned()]).unwrap(), attendues);
    }

    #[test]
    fn an_empty_folder_is_said_and_a_dash_is_standard_input() {
        let dossier = tempfile::tempdir().unwrap();
        assert!(matches!(
            sources(&[dossier.path().to_owned()]),
            Err(ImportErreur::DossierVide(_))
        ));
        assert_eq!(
            sources(&["-".into(), "a.csv".into()]).unwrap(),
            [Source::EntreeStandard, Source::Fichier("a.csv".into())]
        );
    }
}
