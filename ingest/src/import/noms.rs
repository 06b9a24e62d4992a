//! The services that a source names, without importing anything.

use super::lecture::{Format, sans_bom};
use super::tranches::Tranches;
use super::{ImportErreur, Source, flux};
use crate::formats::natif::Ligne;

/// Bytes read at a time.
const TRANCHE: usize = 1 << 20;

/// How many lines of a source were read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LignesParcourues {
    /// Events of the platform.
    pub lues: u64,
    /// Lines that cannot be read as events.
    pub illisibles: u64,
}

/// Gives the service's name of each event of a platform that a source holds.
///
/// # Errors
/// The source cannot be read to its end.
pub fn parcourir_noms(
    source: &Source,
    plateforme: &str,
    mut voir: impl FnMut(&str),
) -> Result<LignesParcourues, ImportErreur> {
    let mut tranches = Tranches::new(flux::ouvrir(source)?.clair, TRANCHE);
    let mut format = None;
    let mut parcourues = LignesParcourues::default();
    while let Some(tranche) = tranches.suivante() {
        let format = match &format {
            Some(connu) => connu,
            None => format.insert(Format::reconnaitre(&tranche, source)?),
        };
        let mut ligne = Ligne::default();
        for brute in tranche.lignes() {
            let octets = sans_bom(&brute);
            if octets.is_empty() || format.est_entete(brute.numero) {
                continue;
            }
            if format.relire(&mut ligne, octets).is_err() {
                parcourues.illisibles += 1;
            } else if ligne.plateforme() == plateforme {
                parcourues.lues += 1;
                voir(ligne.brut.service.as_deref().unwrap_or_default().trim());
            }
        }
        tranches.rendre(tranche);
    }
    match tranches.faute() {
        None => Ok(parcourues),
        Some((ligne, faute)) => Err(ImportErreur::Coupe {
            fichier: source.clone(),
            ligne,
            source: faute,
        }),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn parcourir(contenu: &[u8]) -> (Vec<String>, LignesParcourues) {
        let mut fichier = tempfile::NamedTempFile::new().unwrap();
        fichier.write_all(contenu).unwrap();
        let source = Source::Fichier(fichier.path().to_owned());
        let mut noms = Vec::new();
        let parcourues = parcourir_noms(&source, "ONE-OCC", |nom| noms.push(nom.to_owned()));
        (noms, parcourues.unwrap())
    }

    #[test]
    fn names_are_found_in_lines_and_csv_compressed_or_not_and_on_their_platform_only() {
        let lignes = b"{\"ts\":1,\"service\":\"Mon blog\",\"plateforme\":\"ONE-OCC\"}\n\
                       {\"ts\":1,\"service\":\"x\",\"plateforme\":\"AUTRE\"}\nbonjour\n\
                       {\"ts\":1,\"plateforme\":\"ONE-OCC\"}\n";
        let csv = b"ts;service;plateforme\n1;Mon blog;ONE-OCC\n1;x;AUTRE\n1;y\n1;;ONE-OCC\n";
        let attendu = LignesParcourues {
            lues: 2,
            illisibles: 1,
        };
        for contenu in [
            lignes.to_vec(),
            csv.to_vec(),
            zstd::encode_all(&lignes[..], 1).unwrap(),
        ] {
            let (noms, parcourues) = parcourir(&contenu);
            assert_eq!(noms, ["Mon blog", ""]);
            assert_eq!(parcourues, attendu);
        }
    }
}
