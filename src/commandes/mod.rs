//! The subcommands: each reads its arguments, calls the crate that does the work, prints the result.

mod aaf;
mod account;
mod aggregate;
mod annuaire;
mod audit;
mod config;
mod convention;
mod conversion;
mod demo;
mod import;
mod key;
mod progression;
mod provider;
mod purge;
mod rapport;
mod recu;
mod sauvegarde;
mod serve;
mod simulate;
mod simulation_aaf;
mod site;
mod token;
mod verify;

use std::error::Error;
use std::io::Write;
use std::process::ExitCode;

use clap::Subcommand;
use frequent_ingest::tableaux::LigneRefusee;

use crate::reglages::Reglages;

/// What the program can be asked to do.
#[derive(Debug, Subcommand)]
pub enum Commande {
    /// Une console complète, sur de vraies écoles et un trafic simulé. Ex. : frequent demo
    Demo(demo::Arguments),
    /// Collecter, calculer et servir la console, en un processus. Ex. : frequent serve
    Serve(serve::Arguments),
    /// L’annuaire des écoles. Ex. : frequent annuaire import fr-en-annuaire-education.csv
    #[command(subcommand)]
    Annuaire(annuaire::Action),
    /// Les extractions de l’annuaire fédérateur (AAF). Ex. : frequent aaf import ENT_Complet_20261120.zip
    #[command(subcommand)]
    Aaf(aaf::Action),
    /// Les clés des fournisseurs. Ex. : frequent provider add Edifice --plateforme ONE-OCC
    #[command(subcommand)]
    Provider(provider::Action),
    /// Les sites du marqueur `XiTi`. Ex. : frequent site add 365203 --plateforme ONE-OCC
    #[command(subcommand)]
    Site(site::Action),
    /// Les noms de services propres à un fournisseur. Ex. : frequent conversion preview ONE-OCC noms.csv
    #[command(subcommand)]
    Conversion(conversion::Action),
    /// Les conventions : écoles, dates, prix. Ex. : frequent convention import conventions.csv
    #[command(subcommand)]
    Convention(convention::Action),
    /// Les comptes de la console. Ex. : frequent account add c.durand --perimetre departement:031
    #[command(subcommand)]
    Account(account::Action),
    /// Les jetons de l’API. Ex. : frequent token add c.durand --nom Tableur --portee chiffres --jours 90
    #[command(subcommand)]
    Token(token::Action),
    /// Le journal d’audit. Ex. : frequent audit verifier
    #[command(subcommand)]
    Audit(audit::Action),
    /// Les rapports de comité et la lettre de la semaine. Ex. : frequent rapport apercu lettre circonscription:0660055B --compte c.durand --sortie lettre.pdf
    #[command(subcommand)]
    Rapport(rapport::Action),
    /// Importer des fichiers d’événements. Ex. : frequent import nuit.csv.gz --plateforme ONE-OCC
    Import(import::Arguments),
    /// Calculer ce qui a changé. Ex. : frequent aggregate --jours 2026-11-16..2026-11-20
    Aggregate(aggregate::Arguments),
    /// Recompter un échantillon depuis les événements bruts et comparer. Ex. : frequent verify
    Verify(verify::Arguments),
    /// Produire un trafic vraisemblable. Ex. : frequent simulate --perimetre departement:066 --fichiers essai/
    Simulate(simulate::Arguments),
    /// Détruire ce qui est échu, ou les données d’une école. Ex. : frequent purge --dry-run
    Purge(purge::Arguments),
    /// Sauvegarder tout, chiffré, pendant que le serveur tourne. Ex. : frequent backup nuit.age --phrase phrase.txt
    Backup(sauvegarde::Sauvegarder),
    /// Restaurer une sauvegarde dans un dossier vide. Ex. : frequent restore nuit.age --phrase phrase.txt
    Restore(sauvegarde::Restaurer),
    /// Les clés de l’instance. Ex. : frequent key show
    #[command(subcommand)]
    Key(key::Action),
    /// Les reçus signés. Ex. : frequent recu verifier recu.json --cle 3d40…
    #[command(subcommand)]
    Recu(recu::Action),
    /// Afficher les réglages en vigueur. Ex. : frequent config --defaut > frequent.toml
    Config(config::Arguments),
}

/// What a command answers: an exit code, or an error that says what failed.
pub type Resultat = Result<ExitCode, Box<dyn Error>>;

impl Commande {
    /// Does what is asked, with these settings.
    ///
    /// # Errors
    /// Whatever made it impossible.
    pub fn executer(self, reglages: Reglages) -> Resultat {
        match self {
            Self::Demo(arguments) => arguments.executer(reglages),
            Self::Serve(arguments) => arguments.executer(reglages),
            Self::Annuaire(action) => action.executer(&reglages),
            Self::Aaf(action) => action.executer(&reglages),
            Self::Provider(action) => action.executer(&reglages),
            Self::Site(action) => action.executer(&reglages),
            Self::Conversion(action) => action.executer(&reglages),
            Self::Convention(action) => action.executer(&reglages),
            Self::Account(action) => action.executer(&reglages),
            Self::Token(action) => action.executer(&reglages),
            Self::Audit(action) => action.executer(&reglages),
            Self::Rapport(action) => action.executer(&reglages),
            Self::Import(arguments) => arguments.executer(&reglages),
            Self::Aggregate(arguments) => arguments.executer(&reglages),
            Self::Verify(arguments) => arguments.executer(&reglages),
            Self::Simulate(arguments) => arguments.executer(&reglages),
            Self::Purge(arguments) => arguments.executer(&reglages),
            Self::Backup(arguments) => arguments.executer(&reglages),
            Self::Restore(arguments) => arguments.executer(&reglages),
            Self::Key(action) => action.executer(&reglages),
            Self::Recu(action) => action.executer(),
            Self::Config(arguments) => arguments.executer(&reglages),
        }
    }
}

/// Prints a line on standard output. A reader that went away (`frequent … | head`) is no fault.
fn dire(texte: impl std::fmt::Display) {
    let _lecteur_parti = writeln!(std::io::stdout(), "{texte}");
}

/// Prints the lines that a table lost on standard error. Gives 2 if there are any, for scripts.
fn dire_refusees(refusees: &[LigneRefusee]) -> ExitCode {
    let mut sortie = std::io::stderr();
    for refusee in refusees {
        let _sortie_fermee = writeln!(sortie, "{refusee}");
    }
    if refusees.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(2)
    }
}

/// Prints an error and its causes on standard error.
pub fn dire_erreur(faute: &dyn Error) {
    let mut sortie = std::io::stderr();
    let mut message = faute.to_string();
    let mut cause = faute.source();
    while let Some(source) = cause {
        let suite = source.to_string();
        // A transparent error repeats its source's words: say them once.
        if !message.contains(&suite) {
            message = format!("{message} : {suite}");
        }
        cause = source.source();
    }
    let _sortie_fermee = writeln!(sortie, "frequent : {message}");
}
