//! `frequent aaf`.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Subcommand;
use frequent_api::audit::LIGNE_DE_COMMANDE;
use frequent_plan::{Lac, Niveau, Profil};
use frequent_territory::Annuaires;
use frequent_territory::aaf::{Conflit, importer};
use frequent_territory::effectifs::Effectifs;

use super::{Resultat, dire, simulation_aaf};
use crate::reglages::Reglages;
use crate::service::aaf::{Faute, inscrire, tirer};
use crate::service::base::avec_le_journal;

/// What can be done with the directory feed.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// Importer des extractions, complètes ou différentielles : XML, zip, tar.gz ou dossier
    Import {
        /// Le fichier ou le dossier
        chemin: PathBuf,
    },
    /// Lister les écarts entre l’annuaire ouvert et l’AAF, et qui fait foi (CSV)
    Conflits,
    /// Afficher les effectifs d’un territoire. Ex. : frequent aaf effectifs departement:066
    Effectifs {
        /// Le territoire, niveau:code
        territoire: String,
    },
    /// Relever le serveur SFTP des réglages, importer, puis détruire les archives
    Relever,
    /// Écrire un AAF inventé pour de vraies écoles, pour essayer un import
    Simuler(simulation_aaf::Arguments),
}

impl Action {
    /// Imports, lists or pulls.
    pub fn executer(self, reglages: &Reglages) -> Resultat {
        let lac = Lac::new(&reglages.general.donnees);
        match self {
            Self::Import { chemin } => {
                let lecture = reglages.aaf.lecture();
                importer(&lac, &chemin, &lecture, &mut |rapport| dire(rapport))?;
            }
            Self::Conflits => {
                dire("uai;groupe;annuaire;aaf;retenu");
                for conflit in Annuaires::conflits(&lac)? {
                    dire(ligne(&conflit));
                }
            }
            Self::Effectifs { territoire } => effectifs(&lac, &territoire)?,
            Self::Relever => relever(&lac, reglages)?,
            Self::Simuler(arguments) => simulation_aaf::simuler(&lac, &arguments)?,
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn ligne(conflit: &Conflit) -> String {
    let texte = |valeur: &str| format!("\"{}\"", valeur.replace('"', "\"\""));
    format!(
        "{};{};{};{};{}",
        conflit.uai,
        conflit.groupe.code(),
        texte(&conflit.annuaire),
        texte(&conflit.aaf),
        conflit.retenu.code()
    )
}

fn effectifs(lac: &Lac, territoire: &str) -> Result<(), Box<dyn std::error::Error>> {
    let (niveau, code) = territoire
        .split_once(':')
        .and_then(|(niveau, code)| Some((Niveau::de_code(niveau)?, code)))
        .ok_or_else(|| format!("« {territoire} » n’est pas un territoire : niveau:code"))?;
    let annuaires = Annuaires::ouvrir(lac)?;
    let annuaire = annuaires
        .courant()
        .ok_or("aucun annuaire : frequent annuaire import --help")?;
    let effectifs = Effectifs::ouvrir(lac)?;
    let mut profils: Vec<Option<Profil>> = Profil::TOUS.iter().copied().map(Some).collect();
    profils.push(None);
    for profil in profils {
        let nom = profil.map_or("TOUS", Profil::code);
        match effectifs.effectif(annuaire, niveau, code, profil) {
            Some(effectif) => dire(format_args!(
                "{nom}\t{}\tau {}\t{} écoles",
                effectif.nombre, effectif.date, effectif.ecoles
            )),
            None => dire(format_args!("{nom}\tinconnu")),
        }
    }
    Ok(())
}

fn relever(lac: &Lac, reglages: &Reglages) -> Result<(), Box<dyn std::error::Error>> {
    let serveur = reglages
        .aaf
        .serveur()
        .ok_or("aucun serveur : donnez aaf.sftp_hote, sftp_utilisateur, sftp_cle_fichier et sftp_empreinte")?;
    avec_le_journal(lac, &reglages.base.adresse()?, async |_, journal| {
        let lecture = reglages.aaf.lecture();
        let detruites = tirer(lac, &serveur, &lecture, reglages.aaf.sftp_detruire)
            .await
            .map_err(seule)?;
        inscrire(journal, LIGNE_DE_COMMANDE, &detruites)
            .await
            .map_err(seule)?;
        match detruites.len() {
            0 => dire("Rien de nouveau sur le serveur."),
            nombre => dire(format_args!(
                "{nombre} fichiers importés, puis détruits ici."
            )),
        }
        Ok(())
    })
}

/// An error that no longer has to cross threads.
fn seule(faute: Faute) -> Box<dyn std::error::Error> {
    faute
}
