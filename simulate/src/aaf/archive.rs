//! What is left in the académie's deposit: files with their bordereau, alone or in an archive.

use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{self, Read as _, Write as _};
use std::path::Path;

use flate2::write::GzEncoder;
use frequent_territory::aaf::{Categorie, Extraction, Genre};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::AafErreur;
use super::ecriture::{Codage, Ecrit, Ecriture};
use super::monde::{Monde, Rang};
use super::requetes::Requetes;

/// Records of a file, as académies cut them.
const PAR_FICHIER: usize = 20_000;

/// What the files are put in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Archive {
    /// Nothing: they stay in the folder.
    Aucune,
    /// A `.zip`.
    Zip,
    /// A `.tar.gz`.
    TarGz,
}

/// How an extraction is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forme {
    /// The encoding of the files.
    pub codage: Codage,
    /// What they are put in.
    pub archive: Archive,
    /// Records of a file, at most.
    pub par_fichier: usize,
}

impl Default for Forme {
    fn default() -> Self {
        Self {
            codage: Codage::Iso885915,
            archive: Archive::Aucune,
            par_fichier: PAR_FICHIER,
        }
    }
}

/// An extraction left in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Depose {
    /// Which.
    pub extraction: Extraction,
    /// XML files.
    pub fichiers: usize,
    /// Records in them.
    pub enregistrements: u64,
}

impl Monde {
    /// Leaves a whole extraction of this world in a folder.
    ///
    /// # Errors
    /// A file cannot be written.
    pub fn deposer_complet(&self, dossier: &Path, forme: Forme) -> Result<Depose, AafErreur> {
        let requetes = Requetes::de(self);
        let rangs = |nombre: usize| 0..Rang::try_from(nombre).unwrap_or(Rang::MAX);
        let extraction = self.extraction(Genre::Complet);
        deposer(dossier, &extraction, forme, |ecriture| {
            let lieux = rangs(self.lieux.len()).filter_map(|r| requetes.lieu(r));
            let eleves = rangs(self.eleves.len()).filter_map(|r| requetes.eleve(r));
            let agents = rangs(self.agents.len()).filter_map(|r| requetes.agent(r));
            let parents = rangs(self.parents.len()).filter_map(|r| requetes.parent(r));
            let mut ecrits = ecriture.ecrire(Categorie::EtabEducNat, lieux)?;
            ecrits.extend(ecriture.ecrire(Categorie::Eleve, eleves)?);
            ecrits.extend(ecriture.ecrire(Categorie::PersEducNat, agents)?);
            ecrits.extend(ecriture.ecrire(Categorie::PersRelEleve, parents)?);
            Ok(ecrits)
        })
    }

    /// Lives a day and leaves what changed in a folder.
    ///
    /// # Errors
    /// A file cannot be written; the day is lived.
    pub fn deposer_delta(&mut self, dossier: &Path, forme: Forme) -> Result<Depose, AafErreur> {
        let changements = self.vivre();
        let requetes = Requetes::de(self);
        deposer(dossier, &self.extraction(Genre::Delta), forme, |ecriture| {
            let eleves = changements.eleves.iter();
            let eleves = eleves.filter_map(|(r, m)| requetes.changement_d_eleve(*r, *m));
            let agents = changements.agents.iter();
            let agents = agents.filter_map(|(r, m)| requetes.changement_d_agent(*r, *m));
            let parents = changements.parents.iter();
            let parents = parents.filter_map(|(r, m)| requetes.changement_de_parent(*r, *m));
            let mut ecrits = ecriture.ecrire(Categorie::Eleve, eleves)?;
            ecrits.extend(ecriture.ecrire(Categorie::PersEducNat, agents)?);
            ecrits.extend(ecriture.ecrire(Categorie::PersRelEleve, parents)?);
            Ok(ecrits)
        })
    }

    fn extraction(&self, genre: Genre) -> Extraction {
        Extraction {
            prefixe: self.reglages.prefixe.clone(),
            date: self.date(),
            genre,
        }
    }
}

/// Puts files in an archive.
type Serrer = fn(&Path, &[&Path]) -> io::Result<()>;

fn deposer(
    dossier: &Path,
    extraction: &Extraction,
    forme: Forme,
    ecrire: impl FnOnce(&Ecriture<'_>) -> Result<Vec<Ecrit>, AafErreur>,
) -> Result<Depose, AafErreur> {
    let faute = |chemin: &Path| {
        let chemin = chemin.to_owned();
        move |source| AafErreur::Ecriture { chemin, source }
    };
    fs::create_dir_all(dossier).map_err(faute(dossier))?;
    let ecrits = ecrire(&Ecriture {
        dossier,
        extraction,
        codage: forme.codage,
        par_fichier: forme.par_fichier.max(1),
    })?;
    let serre: Option<(&str, Serrer)> = match forme.archive {
        Archive::Aucune => None,
        Archive::Zip => Some(("zip", en_zip)),
        Archive::TarGz => Some(("tar.gz", en_tar_gz)),
    };
    let serre = serre.map(|(fin, serrer)| (dossier.join(format!("{extraction}.{fin}")), serrer));
    let bordereau = dossier.join(format!("{extraction}.txt"));
    let archive = serre.as_ref().map(|(archive, _)| archive.as_path());
    let texte = texte_du_bordereau(extraction, archive, &ecrits);
    fs::write(&bordereau, texte).map_err(faute(&bordereau))?;
    if let Some((archive, serrer)) = &serre {
        let mut pieces: Vec<&Path> = ecrits.iter().map(|ecrit| ecrit.chemin.as_path()).collect();
        pieces.push(&bordereau);
        serrer(archive, &pieces).map_err(faute(archive))?;
        for piece in pieces {
            fs::remove_file(piece).map_err(faute(piece))?;
        }
    }
    Ok(Depose {
        extraction: extraction.clone(),
        fichiers: ecrits.len(),
        enregistrements: ecrits.iter().map(|ecrit| ecrit.enregistrements).sum(),
    })
}

fn texte_du_bordereau(extraction: &Extraction, archive: Option<&Path>, ecrits: &[Ecrit]) -> String {
    let mut texte = format!(
        "Destinataire : {}\nDate : {}\n",
        extraction.prefixe, extraction.date
    );
    if let Some(nom) = archive.and_then(Path::file_name) {
        let _ = writeln!(texte, "Archive : {}", nom.display());
    }
    for ecrit in ecrits {
        let _ = writeln!(texte, "{} {}", ecrit.nom, ecrit.lignes);
    }
    texte
}

fn nom_de(piece: &Path) -> String {
    let nom = piece.file_name().unwrap_or_default();
    nom.to_string_lossy().into_owned()
}

fn en_zip(archive: &Path, pieces: &[&Path]) -> io::Result<()> {
    let mut zip = ZipWriter::new(File::create(archive)?);
    for piece in pieces {
        zip.start_file(nom_de(piece), SimpleFileOptions::default())?;
        io::copy(&mut File::open(piece)?, &mut zip)?;
    }
    zip.finish()?.flush()
}

fn en_tar_gz(archive: &Path, pieces: &[&Path]) -> io::Result<()> {
    let niveau = flate2::Compression::default();
    let mut tar = tar::Builder::new(GzEncoder::new(File::create(archive)?, niveau));
    for piece in pieces {
        let fichier = File::open(piece)?;
        let taille = fichier.metadata()?.len();
        // Neither a date nor an owner: the same settings give the same bytes.
        let mut entete = tar::Header::new_gnu();
        entete.set_size(taille);
        entete.set_mode(0o600);
        tar.append_data(&mut entete, nom_de(piece), fichier.take(taille))?;
    }
    tar.into_inner()?.finish()?.flush()
}
