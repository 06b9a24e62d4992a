//! `frequent aaf simuler`: a made-up directory feed for real schools, to try an import with.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use frequent_api::comptes::Perimetre;
use frequent_plan::{Fuseaux, Jour, Lac};
use frequent_simulate::aaf::{Archive, Codage, Depose, Forme, Monde, Reglages as ReglagesAaf};
use frequent_territory::Annuaires;

use super::dire;

/// Arguments of `frequent aaf simuler`.
#[derive(Debug, Args)]
#[command(
    after_help = "Ex. : frequent aaf simuler --perimetre departement:066 --sortie depot --deltas 3"
)]
pub struct Arguments {
    /// Territoire dont les écoles sont décrites : niveau:code
    #[arg(long)]
    perimetre: Perimetre,
    /// Dossier où écrire les extractions
    #[arg(long, value_name = "DOSSIER")]
    sortie: PathBuf,
    /// Graine : la même donne les mêmes fichiers, à l’octet près
    #[arg(long, default_value_t = 1)]
    graine: u64,
    /// Multiplie les élèves de chaque école ; 1 est ce que publie l’annuaire
    #[arg(long, default_value_t = 1.0, value_parser = taille)]
    taille: f64,
    /// Jour de l’extraction complète ; aujourd’hui s’il n’est pas donné
    #[arg(long, value_name = "AAAA-MM-JJ")]
    date: Option<Jour>,
    /// Extractions différentielles des jours suivants
    #[arg(long, default_value_t = 0)]
    deltas: u16,
    /// Codage des fichiers
    #[arg(long, value_enum, default_value_t = CodageChoisi::Iso885915)]
    codage: CodageChoisi,
    /// Archive où les mettre
    #[arg(long, value_enum, default_value_t = ArchiveChoisie::Aucune)]
    archive: ArchiveChoisie,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum CodageChoisi {
    #[value(name = "utf-8")]
    Utf8,
    #[value(name = "iso-8859-15")]
    Iso885915,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum ArchiveChoisie {
    Aucune,
    Zip,
    #[value(name = "tar.gz")]
    TarGz,
}

fn taille(texte: &str) -> Result<f64, String> {
    match texte.parse::<f64>() {
        Ok(taille) if taille > 0.0 && taille <= 100.0 => Ok(taille),
        _ => Err("un nombre de plus de 0 à 100".to_owned()),
    }
}

/// Writes the extractions and says what they hold.
pub(super) fn simuler(lac: &Lac, arguments: &Arguments) -> Result<(), Box<dyn std::error::Error>> {
    let annuaires = Annuaires::ouvrir(lac)?;
    let annuaire = annuaires
        .courant()
        .ok_or("aucun annuaire : importez-en un d’abord, frequent annuaire import --help")?;
    let Perimetre { niveau, code } = &arguments.perimetre;
    let reglages = ReglagesAaf {
        graine: arguments.graine,
        perimetre: (*niveau, code.clone()),
        taille: arguments.taille,
        date: match arguments.date {
            Some(date) => date,
            None => Fuseaux::charger()?.aujourdhui(),
        },
        prefixe: format!("SIMULE_{code}"),
    };
    let forme = Forme {
        codage: match arguments.codage {
            CodageChoisi::Utf8 => Codage::Utf8,
            CodageChoisi::Iso885915 => Codage::Iso885915,
        },
        archive: match arguments.archive {
            ArchiveChoisie::Aucune => Archive::Aucune,
            ArchiveChoisie::Zip => Archive::Zip,
            ArchiveChoisie::TarGz => Archive::TarGz,
        },
        ..Forme::default()
    };
    let mut monde = Monde::new(annuaire, reglages)?;
    annoncer(&monde.deposer_complet(&arguments.sortie, forme)?);
    for _ in 0..arguments.deltas {
        annoncer(&monde.deposer_delta(&arguments.sortie, forme)?);
    }
    dire(format_args!(
        "{} personnes, toutes inventées, dans {} établissements.",
        monde.personnes(),
        monde.ecoles().len()
    ));
    Ok(())
}

fn annoncer(depose: &Depose) {
    dire(format_args!(
        "{} : {} enregistrements dans {} fichiers",
        depose.extraction, depose.enregistrements, depose.fichiers
    ));
}
