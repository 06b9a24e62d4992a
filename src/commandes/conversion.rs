//! `frequent conversion`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Subcommand;
use frequent_ingest::acces::{Acces, NomConverti};
use frequent_ingest::apercu::{Changement, NomCompare, comparer};
use frequent_ingest::tableaux::{Tableau, lire_noms};
use frequent_plan::{Instant, Lac, Plan};

use super::{Resultat, dire, dire_refusees};
use crate::reglages::Reglages;

/// What can be done with the conversions of a provider's own service names. A running server takes
/// a change within a second.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// Montrer ce qu’un fichier changerait, sans rien changer
    Preview {
        /// La plateforme
        plateforme: String,
        /// Le fichier CSV : nom;service, puis type et outil s’il le faut
        fichier: PathBuf,
    },
    /// Mettre les noms d’un fichier en vigueur, à la place de ceux de la plateforme
    Apply {
        /// La plateforme
        plateforme: String,
        /// Le fichier CSV : nom;service, puis type et outil s’il le faut
        fichier: PathBuf,
    },
    /// Revenir aux noms d’avant le dernier changement
    Undo {
        /// La plateforme
        plateforme: String,
    },
    /// Lister les noms en vigueur
    List {
        /// Une plateforme ; toutes si rien n’est dit
        plateforme: Option<String>,
    },
}

impl Action {
    /// Shows, applies, undoes or lists.
    pub fn executer(self, reglages: &Reglages) -> Resultat {
        let acces = Acces::ouvrir(&Lac::new(&reglages.general.donnees))?;
        match self {
            Self::Preview {
                plateforme,
                fichier,
            } => {
                let tableau = montrer(&acces, &plateforme, &fichier)?;
                dire("Rien n’est changé.");
                Ok(dire_refusees(&tableau.refusees))
            }
            Self::Apply {
                plateforme,
                fichier,
            } => appliquer(&acces, &plateforme, &fichier),
            Self::Undo { plateforme } => {
                let noms = acces.annuler_conversions(&plateforme)?;
                dire(format_args!(
                    "{plateforme} : dernier changement annulé, {} noms en vigueur.",
                    noms.len()
                ));
                Ok(ExitCode::SUCCESS)
            }
            Self::List { plateforme } => {
                lister(&acces, plateforme.as_deref());
                Ok(ExitCode::SUCCESS)
            }
        }
    }
}

/// Replaces the platform's names, or nothing if a line is refused: leaving it out could take a name
/// out of force.
fn appliquer(acces: &Acces, plateforme: &str, fichier: &Path) -> Resultat {
    let tableau = montrer(acces, plateforme, fichier)?;
    if !tableau.refusees.is_empty() {
        dire("Rien n’est changé : corrigez d’abord les lignes refusées.");
        return Ok(dire_refusees(&tableau.refusees));
    }
    let nombre = tableau.contenu.len();
    acces.appliquer_conversions(plateforme, tableau.contenu, Instant::maintenant())?;
    dire(format_args!(
        "{nombre} noms en vigueur. Pour revenir en arrière : frequent conversion undo {plateforme}"
    ));
    Ok(ExitCode::SUCCESS)
}

fn montrer(
    acces: &Acces,
    plateforme: &str,
    fichier: &Path,
) -> Result<Tableau<Vec<NomConverti>>, Box<dyn std::error::Error>> {
    let tableau = lire_noms(fichier, &Plan::integre()?)?;
    for compare in comparer(&acces.noms_convertis(plateforme), &tableau.contenu) {
        dire_changement(&compare);
    }
    Ok(tableau)
}

fn dire_changement(compare: &NomCompare) {
    let NomCompare { nom, changement } = compare;
    let cible = cible(nom);
    let nom = &nom.nom;
    match changement {
        Changement::Nouveau => dire(format_args!("nouveau\t{nom}\t{cible}")),
        Changement::Modifie { avant } => dire(format_args!(
            "modifié\t{nom}\t{cible} (avant : {})",
            self::cible(avant)
        )),
        Changement::Inchange => dire(format_args!("inchangé\t{nom}\t{cible}")),
        Changement::Retire => dire(format_args!("retiré\t{nom}\t{cible}")),
    }
}

fn cible(nom: &NomConverti) -> String {
    match (nom.type_service.as_str(), nom.outil.as_str()) {
        ("", _) => nom.service.clone(),
        (type_service, "") => format!("{}, {type_service}", nom.service),
        (type_service, outil) => format!("{}, {type_service} : {outil}", nom.service),
    }
}

fn lister(acces: &Acces, voulue: Option<&str>) {
    let mut vues = 0;
    for connue in acces.lister_conversions() {
        if voulue.is_some_and(|voulue| voulue != connue.plateforme) {
            continue;
        }
        for nom in connue.noms() {
            vues += 1;
            dire(format_args!(
                "{}\t{}\t{}",
                connue.plateforme,
                nom.nom,
                cible(nom)
            ));
        }
    }
    if vues == 0 {
        dire("Aucune conversion. Préparez-en : frequent conversion preview --help");
    }
}
