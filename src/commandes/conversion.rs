//! `frequent conversion`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Subcommand;
use frequent_ingest::acces::{Acces, NomConverti};
use frequent_ingest::apercu::{
    Changement, JOURS_DE_REFUS, NomCompare, NomsVus, comparer, noms_refuses,
};
use frequent_ingest::import::{parcourir_noms, sources};
use frequent_ingest::tableaux::{Tableau, lire_noms};
use frequent_plan::{Fuseaux, Instant, Lac, Plan};

use super::{Resultat, dire, dire_refusees};
use crate::reglages::Reglages;
use crate::service::serveur::Faute;

/// Most unknown names shown.
const INCONNUS_MONTRES: usize = 20;

/// What can be done with the conversions of a provider's own service names. A running server takes
/// a change within a second.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// Montrer ce qu’un fichier changerait, et pour combien d’événements, sans rien changer
    Preview {
        /// La plateforme
        plateforme: String,
        /// Le fichier CSV : nom;service, puis type et outil s’il le faut
        fichier: PathBuf,
        /// Compter dans ces événements (NDJSON ou CSV, gzip ou zstd) plutôt que dans les exemples de
        /// refus des derniers jours ; à répéter
        #[arg(long, value_name = "FICHIER")]
        evenements: Vec<PathBuf>,
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
        let lac = Lac::new(&reglages.general.donnees);
        let acces = Acces::ouvrir(&lac)?;
        match self {
            Self::Preview {
                plateforme,
                fichier,
                evenements,
            } => {
                let vus = compter(&lac, &plateforme, &evenements)?;
                let tableau = montrer(&acces, &plateforme, &fichier, &vus)?;
                dire("Rien n’est changé.");
                Ok(dire_refusees(&tableau.refusees))
            }
            Self::Apply {
                plateforme,
                fichier,
            } => {
                let vus = compter(&lac, &plateforme, &[])?;
                let tableau = montrer(&acces, &plateforme, &fichier, &vus)?;
                appliquer(&acces, &plateforme, tableau)
            }
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
fn appliquer(acces: &Acces, plateforme: &str, tableau: Tableau<Vec<NomConverti>>) -> Resultat {
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

/// The names of the services that events give, from files or from the last refusals.
fn compter(lac: &Lac, plateforme: &str, evenements: &[PathBuf]) -> Result<NomsVus, Faute> {
    if evenements.is_empty() {
        let vus = noms_refuses(lac, plateforme, Fuseaux::charger()?.aujourdhui())?;
        dire(format_args!(
            "Compté dans les exemples de refus des {JOURS_DE_REFUS} derniers jours, qui ne gardent \
             que des mots sans espace ni chiffre."
        ));
        return Ok(vus);
    }
    let mut vus = NomsVus::default();
    for source in sources(evenements)? {
        let lignes = parcourir_noms(&source, plateforme, |nom| vus.ajouter(nom, 1))?;
        dire(format_args!(
            "Compté dans {source} : {} événements de {plateforme}, {} lignes illisibles.",
            lignes.lues, lignes.illisibles
        ));
    }
    Ok(vus)
}

fn montrer(
    acces: &Acces,
    plateforme: &str,
    fichier: &Path,
    vus: &NomsVus,
) -> Result<Tableau<Vec<NomConverti>>, Faute> {
    let plan = Plan::integre()?;
    let tableau = lire_noms(fichier, &plan)?;
    for compare in comparer(&acces.noms_convertis(plateforme), &tableau.contenu) {
        dire_changement(&compare, vus.nombre(&compare.nom.nom));
    }
    let effet = vus.effet(&plan, &tableau.contenu);
    dire(format_args!(
        "{} événements à convertir, {} de service encore inconnu.",
        effet.convertis, effet.inconnus
    ));
    for (nom, nombre) in effet.noms_inconnus.iter().take(INCONNUS_MONTRES) {
        dire(format_args!("inconnu\t{nom}\t\t{nombre}"));
    }
    Ok(tableau)
}

fn dire_changement(compare: &NomCompare, nombre: u64) {
    let NomCompare { nom, changement } = compare;
    let apres = cible(nom);
    let (etat, apres) = match changement {
        Changement::Nouveau => ("nouveau", apres),
        Changement::Inchange => ("inchangé", apres),
        Changement::Retire => ("retiré", apres),
        Changement::Modifie { avant } => ("modifié", format!("{apres} (avant : {})", cible(avant))),
    };
    dire(format_args!("{etat}\t{}\t{apres}\t{nombre}", nom.nom));
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
