//! Importing: read, check against the bordereau, then write the state, the structures of the day and
//! the head counts. Each is written aside and renamed; an import that stops in between is done again
//! by importing again.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};

use frequent_plan::{Cle, Jour, Lac};

use super::bordereau::{Bordereau, Ecart};
use super::cle;
use super::erreur::AafErreur;
use super::etat::Etat;
use super::faute::Raison;
use super::fusion::{ecrire_apport, lire_apports};
use super::lecteur::Lecteur;
use super::lecture::{Lectrice, champs};
use super::nom::{Categorie, Extraction, Genre, NomFichier};
use super::personnes::{Personnes, Registre};
use super::priorites::Priorites;
use super::rapport::{Issue, Lu, Rapport};
use super::sources::{Inventaire, lire_extraction};
use super::structures::Structures;
use crate::annuaires::validites;
use crate::effectifs::recompter;

/// How extractions are read.
#[derive(Debug, Clone)]
pub struct Reglages {
    /// The recipient's code that bordereaux must bear; empty for any.
    pub destinataire: String,
    /// Most bytes that an archive unfolds to.
    pub octets_max: u64,
    /// Who is believed when the open directory and the feed differ.
    pub priorites: Priorites,
}

impl Default for Reglages {
    fn default() -> Self {
        Self {
            destinataire: String::new(),
            octets_max: 16 << 30,
            priorites: Priorites::default(),
        }
    }
}

/// The extractions that a file or folder holds, in the order in which they would be imported.
///
/// # Errors
/// It cannot be read, or holds nothing of the feed.
pub fn extractions(chemin: &Path, reglages: &Reglages) -> Result<Vec<Extraction>, AafErreur> {
    let inventaire = Inventaire::dresser(chemin, reglages.octets_max)?;
    Ok(inventaire.extractions.into_keys().collect())
}

/// Imports every extraction of a file or folder, the oldest first, and tells of each once it is
/// durable.
///
/// # Errors
/// An extraction is refused: nothing of it is kept, and those after it are not read.
pub fn importer(
    lac: &Lac,
    chemin: &Path,
    reglages: &Reglages,
    dire: &mut dyn FnMut(&Rapport),
) -> Result<(), AafErreur> {
    let inventaire = Inventaire::dresser(chemin, reglages.octets_max)?;
    let _verrou = verrouiller(lac)?;
    let cle = cle::ouvrir(lac)?;
    for (extraction, fichiers) in &inventaire.extractions {
        let import = Import {
            lac,
            cle: &cle,
            reglages,
            extraction,
            fichiers,
            bordereaux: inventaire
                .bordereaux
                .iter()
                .filter(|b| b.fichiers.keys().any(|nom| nom.extraction == *extraction))
                .collect(),
            archives: &inventaire.archives,
        };
        dire(&import.faire()?);
    }
    Ok(())
}

/// One import at a time: until the file is closed.
fn verrouiller(lac: &Lac) -> Result<File, AafErreur> {
    let dossier = lac.aaf();
    let faute = |source| AafErreur::Ecriture {
        chemin: dossier.clone(),
        source,
    };
    fs::create_dir_all(&dossier).map_err(faute)?;
    let verrou = File::create(dossier.join(".verrou")).map_err(faute)?;
    match verrou.try_lock() {
        Ok(()) => Ok(verrou),
        Err(fs::TryLockError::WouldBlock) => Err(AafErreur::Occupe),
        Err(fs::TryLockError::Error(source)) => Err(faute(source)),
    }
}

struct Import<'i> {
    lac: &'i Lac,
    cle: &'i Cle,
    reglages: &'i Reglages,
    extraction: &'i Extraction,
    fichiers: &'i BTreeMap<NomFichier, PathBuf>,
    bordereaux: Vec<&'i Bordereau>,
    archives: &'i BTreeSet<String>,
}

/// What an extraction changes, while it is read.
struct Chantier {
    structures: Structures,
    personnes: Personnes,
    registres: BTreeMap<Categorie, Registre>,
}

impl Import<'_> {
    fn faire(&self) -> Result<Rapport, AafErreur> {
        let avant = Etat::ouvrir(self.lac, &self.extraction.prefixe)?;
        if let Some(avant) = &avant {
            if self.deja(avant) {
                let extraction = self.extraction.clone();
                return Ok(Rapport::nouveau(extraction, Issue::DejaAppliquee));
            }
            if self.extraction.date < avant.date {
                return Err(AafErreur::Ancienne {
                    extraction: self.extraction.clone(),
                    connue: avant.date,
                });
            }
        } else if self.extraction.genre == Genre::Delta {
            return Err(AafErreur::SansComplet {
                extraction: self.extraction.clone(),
            });
        }
        self.comparer_les_noms()?;
        let mut rapport = Rapport::nouveau(self.extraction.clone(), Issue::Appliquee);
        let mut chantier = self.ouvrir_chantier(avant.as_ref(), &mut rapport)?;
        lire_extraction(self.fichiers, self.reglages.octets_max, &mut |nom, flux| {
            let lu = self.lire_fichier(nom, flux, &mut chantier)?;
            rapport.fichiers.insert(nom.clone(), lu);
            Ok(())
        })?;
        self.comparer_les_lignes(&rapport)?;
        rapport.bordereau = !self.bordereaux.is_empty();

        let mut etat = Etat::nouveau(self.extraction, avant.as_ref());
        if let (Genre::Delta, Some(avant)) = (self.extraction.genre, avant) {
            rapport.lacune.jours = avant.venues.manquants(avant.date, self.extraction.date);
            rapport.lacune.inconnus = rapport.inconnus();
            etat.appliquees = avant.appliquees;
        }
        etat.appliquees.insert(self.extraction.to_string());
        etat.structures = chantier.structures;
        for (categorie, registre) in chantier.registres {
            if let Some(table) = chantier.personnes.table_mut(categorie) {
                *table = registre.terminer();
            }
        }
        rapport.structures = etat.structures.iter().len();
        etat.ecrire(self.lac, &chantier.personnes)?;
        self.apporter(&etat.structures)?;
        // The state is read again for the head counts: two of them would be too much at once.
        drop(chantier.personnes);
        let bilan = recompter(self.lac, self.cle, &self.extraction.prefixe)?;
        rapport.effectifs = bilan.effectifs;
        rapport.sans_ecole = bilan.sans_ecole;
        Ok(rapport)
    }

    /// Changes are applied once; a whole extraction may be read again as long as nothing came after.
    fn deja(&self, avant: &Etat) -> bool {
        let nom = self.extraction.to_string();
        let suivie = avant.appliquees.len() > 1;
        avant.appliquees.contains(&nom) && (self.extraction.genre == Genre::Delta || suivie)
    }

    fn ouvrir_chantier(
        &self,
        avant: Option<&Etat>,
        rapport: &mut Rapport,
    ) -> Result<Chantier, AafErreur> {
        let mut personnes = match avant {
            Some(avant) => avant.personnes(self.lac)?,
            None => Personnes::default(),
        };
        let presente = |categorie| self.fichiers.keys().any(|nom| nom.categorie == categorie);
        let mut structures = Structures::default();
        let mut registres = BTreeMap::new();
        for categorie in Categorie::TOUTES.iter().copied() {
            let complete = self.extraction.genre == Genre::Complet && presente(categorie);
            if self.extraction.genre == Genre::Complet && !complete {
                rapport.absentes.push(categorie);
            }
            match personnes.table_mut(categorie) {
                None if complete => {}
                None => structures = avant.map(|e| e.structures.clone()).unwrap_or_default(),
                Some(table) => {
                    let connues = std::mem::take(table);
                    let registre = if complete {
                        Registre::default()
                    } else {
                        Registre::de(connues)
                    };
                    registres.insert(categorie, registre);
                }
            }
        }
        Ok(Chantier {
            structures,
            personnes,
            registres,
        })
    }

    fn lire_fichier(
        &self,
        nom: &NomFichier,
        flux: &mut dyn Read,
        chantier: &mut Chantier,
    ) -> Result<Lu, AafErreur> {
        let refuser = |faute| AafErreur::Fichier {
            fichier: nom.clone(),
            faute,
        };
        let mut lu = Lu::default();
        let mut lecteur = Lecteur::ouvrir(flux, champs(nom.categorie)).map_err(refuser)?;
        let Chantier {
            structures,
            personnes,
            registres,
        } = chantier;
        let mut lectrice = registres.get_mut(&nom.categorie).map(|registre| Lectrice {
            cle: self.cle,
            rangs: &mut personnes.rangs,
            registre,
            categorie: nom.categorie,
            genre: self.extraction.genre,
        });
        while let Some(enregistrement) = lecteur.suivant().map_err(refuser)? {
            let issue = match (enregistrement.faute(), &mut lectrice) {
                (Some(faute), _) => Err(faute),
                (None, _) if !categorie_juste(nom.categorie, enregistrement.categorie()) => {
                    Err(enregistrement.fautif("operationalAttributes", Raison::Categorie))
                }
                (None, None) => structures.appliquer(self.extraction.genre, enregistrement),
                (None, Some(lectrice)) => lectrice.appliquer(enregistrement),
            };
            match issue {
                Ok(()) => lu.pris += 1,
                Err(faute) => lu.ecartes.noter(faute),
            }
        }
        lu.lignes = lecteur.lignes();
        Ok(lu)
    }

    /// The structures of the day, unless what is in force says the same.
    fn apporter(&self, structures: &Structures) -> Result<(), AafErreur> {
        let (date, priorites) = (self.extraction.date, self.reglages.priorites);
        let prefixe = &self.extraction.prefixe;
        let mut en_vigueur = None;
        let avant = |jour: &Jour| *jour <= date;
        for jour in validites(self.lac)?.into_iter().filter(avant) {
            let lus = lire_apports(&self.lac.territoire_du(jour))?;
            en_vigueur = lus.get(prefixe).cloned().or(en_vigueur);
        }
        if en_vigueur.is_some_and(|apport| apport.dit(structures, priorites)) {
            return Ok(());
        }
        ecrire_apport(self.lac, prefixe, date, structures, priorites)
    }

    fn comparer_les_noms(&self) -> Result<(), AafErreur> {
        let mut ecarts = Vec::new();
        let du_jour = |nom: &&NomFichier| nom.extraction == *self.extraction;
        for bordereau in &self.bordereaux {
            let destinataire = &self.reglages.destinataire;
            if !destinataire.is_empty() && !bordereau.est_pour(destinataire) {
                ecarts.push(Ecart::Destinataire);
            }
            let dates = bordereau.dates.iter();
            ecarts.extend(
                dates
                    .filter(|date| **date != self.extraction.date)
                    .map(|date| Ecart::Date(*date)),
            );
            let connue = |nom: &String| self.archives.contains(nom);
            if !self.archives.is_empty() && !bordereau.archives.iter().all(connue) {
                ecarts.push(Ecart::Archive);
            }
            let annonces = bordereau.fichiers.keys().filter(du_jour);
            ecarts.extend(
                annonces
                    .filter(|nom| !self.fichiers.contains_key(nom))
                    .map(|nom| Ecart::Manquant(nom.clone())),
            );
        }
        let annonce = |nom: &NomFichier| {
            let mut bordereaux = self.bordereaux.iter();
            bordereaux.any(|bordereau| bordereau.fichiers.contains_key(nom))
        };
        if !self.bordereaux.is_empty() {
            let presents = self.fichiers.keys();
            ecarts.extend(
                presents
                    .filter(|nom| !annonce(nom))
                    .map(|nom| Ecart::EnTrop(nom.clone())),
            );
        }
        self.refuser_si(ecarts)
    }

    fn comparer_les_lignes(&self, rapport: &Rapport) -> Result<(), AafErreur> {
        let mut ecarts = Vec::new();
        for (nom, annoncees) in self.bordereaux.iter().flat_map(|b| &b.fichiers) {
            if let (Some(annoncees), Some(lu)) = (annoncees, rapport.fichiers.get(nom))
                && *annoncees != lu.lignes
            {
                ecarts.push(Ecart::Lignes {
                    fichier: nom.clone(),
                    annoncees: *annoncees,
                    lues: lu.lignes,
                });
            }
        }
        self.refuser_si(ecarts)
    }

    fn refuser_si(&self, ecarts: Vec<Ecart>) -> Result<(), AafErreur> {
        if ecarts.is_empty() {
            return Ok(());
        }
        Err(AafErreur::Bordereau {
            extraction: self.extraction.clone(),
            ecarts,
        })
    }
}

/// What a record may say it is, in a file of this category.
fn categorie_juste(categorie: Categorie, dite: &str) -> bool {
    dite.is_empty() || dite == categorie.code() || Categorie::de_code(dite).is_none()
}
