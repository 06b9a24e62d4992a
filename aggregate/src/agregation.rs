//! Deciding what to count again, and counting it: days whose events changed, then the weeks, months
//! and school years that contain them, nothing else.
//!
//! What is up to date is told from file names alone ([`crate::publication`]): a day is, when its
//! files name the present list of its event files and the present directory; a longer period, when
//! they name the present contents of its days (or months) and the present directory. So a job
//! killed at any point is noticed and done again, events that only changed files (compaction) redo
//! their day and stop there if nothing else changed, and a new directory redoes what it applies to.
//!
//! A day whose raw events are gone (their retention is short) keeps its results; if the directory
//! changes, they are made again from its own presence. A period one of whose days has lost its
//! presence (its key is dead) is frozen: it keeps the results that it has.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::sync::Arc;

use frequent_plan::{Fuseaux, Grain, Instant, Jour, Lac, Niveau, Periode, Plan};
use frequent_territory::{Annuaire, Annuaires};
use sha2::{Digest, Sha256};

use crate::conservation::Registre;
use crate::demande::{Bilan, Choix, Reglages, Suivi};
use crate::erreur::Erreur;
use crate::etiquettes::Etiquettes;
use crate::fusion::fusionner;
use crate::journee::{Attendu, evenements_comptes};
use crate::lecture::FichierEvenements;
use crate::membres::Membres;
use crate::ouvrage::{Moyens, Source, dossiers};
use crate::publication::{Marque, Nom, entrees, fichier_courant, jours_de};
use crate::territoires::{Rattachements, marque};

/// Counts what `choix` says, with the machine used as by default. See [`agreger_avec`].
///
/// # Errors
/// See [`agreger_avec`].
pub fn agreger(
    lac: &Lac,
    plan: &Plan,
    annuaires: &Annuaires,
    choix: &Choix,
    maintenant: Instant,
    suivi: &dyn Suivi,
) -> Result<Bilan, Erreur> {
    let reglages = Reglages::default();
    agreger_avec(lac, plan, annuaires, choix, maintenant, suivi, &reglages)
}

/// Counts what `choix` says: days from raw events, then weeks, months and school years. The same
/// events give the same bytes, counted at once or little by little.
///
/// A school counts in the territory that the directory gave it at the period's end, or at
/// `maintenant` for an open period.
///
/// # Errors
/// The lake cannot be listed, or another run holds it. A period that fails does not stop the
/// others: it is in [`Bilan::echecs`].
pub fn agreger_avec(
    lac: &Lac,
    plan: &Plan,
    annuaires: &Annuaires,
    choix: &Choix,
    maintenant: Instant,
    suivi: &dyn Suivi,
    reglages: &Reglages,
) -> Result<Bilan, Erreur> {
    let _verrou = verrouiller(lac)?;
    // A period is open or not by the time of mainland France.
    let aujourd_hui = Fuseaux::charger()?.jour_en_metropole(maintenant);
    let mut passage = Passage {
        lac,
        registre: Registre::lire(lac)?,
        plan,
        annuaires,
        choix,
        suivi,
        reglages,
        aujourd_hui,
        membres: Membres::du_plan(plan),
        rattachements: BTreeMap::new(),
        bilan: Bilan::default(),
    };
    let jours = passage.jours()?;
    passage.periodes(&jours)?;
    Ok(passage.bilan)
}

/// Held until dropped; the system frees it if the run is killed.
fn verrouiller(lac: &Lac) -> Result<File, Erreur> {
    let dossier = lac.lake();
    std::fs::create_dir_all(&dossier).map_err(Erreur::disque(&dossier))?;
    let chemin = chemin_verrou(lac);
    let verrou = File::create(&chemin).map_err(Erreur::disque(&chemin))?;
    verrou.try_lock().map_err(|erreur| match erreur {
        std::fs::TryLockError::WouldBlock => Erreur::Occupe { dossier },
        std::fs::TryLockError::Error(source) => Erreur::disque(&chemin)(source),
    })?;
    Ok(verrou)
}

/// The file that who changes results holds.
pub(crate) fn chemin_verrou(lac: &Lac) -> std::path::PathBuf {
    lac.lake().join(".agregation.verrou")
}

struct Passage<'a> {
    lac: &'a Lac,
    registre: Registre,
    plan: &'a Plan,
    annuaires: &'a Annuaires,
    choix: &'a Choix,
    suivi: &'a dyn Suivi,
    reglages: &'a Reglages,
    aujourd_hui: Jour,
    membres: Membres,
    rattachements: BTreeMap<Marque, Arc<Rattachements>>,
    bilan: Bilan,
}

/// The contents of the days, or months, that have results; none where they are not whole.
type Contenus = BTreeMap<Jour, Option<Marque>>;

/// A day's event files, if it still has some.
pub(crate) struct Evenements {
    fichiers: Vec<FichierEvenements>,
    pub(crate) marque: Marque,
}

impl Passage<'_> {
    /// Counts the days that must be; gives the contents of all.
    fn jours(&mut self) -> Result<Contenus, Erreur> {
        let mut jours = jours_de(&self.lac.evenements(), "jour=")?;
        let comptes = jours_de(&self.lac.cumuls(Niveau::Ecole, Grain::Jour), "debut=")?;
        jours.extend(comptes);
        let mut contenus = Contenus::new();
        let mut a_faire = Vec::new();
        for jour in jours {
            let periode = Periode::contenant(Grain::Jour, jour);
            let en_place = self.en_place(periode)?;
            let evenements = self.evenements(jour)?;
            let ecoles = self.lac.cumuls_de(Niveau::Ecole, periode);
            if let Some(contenu) = self.fige(periode)? {
                contenus.insert(jour, Some(contenu));
                continue;
            }
            if evenements.is_none()
                && entrees(&ecoles)
                    .map_err(Erreur::disque(&ecoles))?
                    .is_empty()
            {
                // Folders without a file: nothing ever happened that day.
                continue;
            }
            if evenements.is_none() && !self.registre.evenements_detruits(jour) {
                self.bilan.disparus.push(jour);
            }
            contenus.insert(jour, en_place.map(|nom| nom.contenu));
            let source = evenements
                .map(|e| e.marque)
                .or(en_place.map(|nom| nom.source));
            let attendu = source.map(|source| (source, marque(self.annuaire(periode))));
            if self.choix.impose(periode) || attendu != en_place.map(|n| (n.source, n.annuaire)) {
                a_faire.push(jour);
            }
        }
        self.suivi.travaux(a_faire.len());
        for jour in a_faire {
            let periode = Periode::contenant(Grain::Jour, jour);
            self.suivi.commence(periode);
            match self.compter_jour(jour) {
                Ok(Some(contenu)) => {
                    contenus.insert(jour, Some(contenu));
                    self.bilan.faites.push(periode);
                }
                Ok(None) => self.bilan.figees.push(periode),
                Err(erreur) => self.bilan.echecs.push((periode, erreur)),
            }
            self.suivi.fait(periode);
        }
        Ok(contenus)
    }

    /// Counts a day from its events, or, when they are gone, from its own presence; `None` when
    /// that is gone too.
    fn compter_jour(&mut self, jour: Jour) -> Result<Option<Marque>, Erreur> {
        let periode = Periode::contenant(Grain::Jour, jour);
        // Days asked by name are counted from what there is.
        let comptes = if self.choix.impose(periode) {
            None
        } else {
            evenements_comptes(self.lac, periode)?
        };
        let mut essais = 0..3;
        while let Some(evenements) = self.evenements(jour)? {
            let rattachements = self.rattachements(periode);
            let etiquettes = Etiquettes::new();
            let compte = crate::journee::compter(
                self.moyens(&etiquettes),
                self.plan,
                jour,
                &evenements.fichiers,
                &rattachements,
                Attendu {
                    marque: evenements.marque,
                    comptes,
                },
            );
            match compte {
                // Compaction replaced files since they were listed: list them again.
                Err(erreur) if erreur.est_disparition() && essais.next().is_some() => {}
                compte => return compte.map(Some),
            }
        }
        let courant = |dossier: std::path::PathBuf| {
            fichier_courant(&dossier).map_err(Erreur::disque(&dossier))
        };
        let presence = courant(self.lac.presence_de(periode))?;
        let ecoles = courant(self.lac.cumuls_de(Niveau::Ecole, periode))?;
        let (Some(presence), Some(_)) = (presence, ecoles) else {
            return Ok(None);
        };
        let Some(nom) = Nom::lire(&presence) else {
            return Ok(None);
        };
        let source = Source {
            marque: nom.source,
            entrees: None,
            evenements: evenements_comptes(self.lac, periode)?,
        };
        self.fusionner(periode, &[periode], &[jour], source)
            .map(Some)
    }

    /// Counts the weeks and months that must be, then the school years.
    fn periodes(&mut self, jours: &Contenus) -> Result<(), Erreur> {
        self.grain(Grain::Semaine, Grain::Jour, jours, jours)?;
        let mois = self.grain(Grain::Mois, Grain::Jour, jours, jours)?;
        self.grain(Grain::Annee, Grain::Mois, &mois, jours)?;
        Ok(())
    }

    /// Counts the periods of a grain from those of a shorter one; gives the contents of all.
    fn grain(
        &mut self,
        grain: Grain,
        depuis: Grain,
        contenus: &Contenus,
        jours: &Contenus,
    ) -> Result<Contenus, Erreur> {
        let periodes: BTreeSet<Periode> = contenus
            .keys()
            .map(|&debut| Periode::contenant(grain, debut))
            .collect();
        let mut resultats = Contenus::new();
        let mut a_faire = Vec::new();
        for periode in periodes {
            let dedans = periode.debut()..=periode.fin();
            if let Some(contenu) = self.fige(periode)? {
                resultats.insert(periode.debut(), Some(contenu));
                continue;
            }
            let en_place = self.en_place(periode)?;
            resultats.insert(periode.debut(), en_place.map(|nom| nom.contenu));
            let Some(source) = source(contenus.range(dedans)) else {
                // One of its days failed or is half there: what the period has is better.
                self.bilan.figees.push(periode);
                continue;
            };
            let attendu = Some((source, marque(self.annuaire(periode))));
            if self.choix.impose(periode) || attendu != en_place.map(|n| (n.source, n.annuaire)) {
                a_faire.push((periode, source));
            }
        }
        self.suivi.travaux(a_faire.len());
        for (periode, marque) in a_faire {
            self.suivi.commence(periode);
            let dedans = || periode.debut()..=periode.fin();
            let composants: Vec<Periode> = contenus
                .range(dedans())
                .map(|(&d, _)| Periode::contenant(depuis, d))
                .collect();
            let jours: Vec<Jour> = jours.range(dedans()).map(|(&jour, _)| jour).collect();
            if self.presences_gardees(&composants)? {
                let source = Source {
                    marque,
                    entrees: Some(marque),
                    evenements: None,
                };
                match self.fusionner(periode, &composants, &jours, source) {
                    Ok(contenu) => {
                        resultats.insert(periode.debut(), Some(contenu));
                        self.bilan.faites.push(periode);
                    }
                    Err(erreur) => self.bilan.echecs.push((periode, erreur)),
                }
            } else {
                self.bilan.figees.push(periode);
            }
            self.suivi.fait(periode);
        }
        Ok(resultats)
    }

    fn fusionner(
        &mut self,
        periode: Periode,
        composants: &[Periode],
        jours: &[Jour],
        source: Source,
    ) -> Result<Marque, Erreur> {
        let rattachements = self.rattachements(periode);
        let etiquettes = Etiquettes::new();
        let moyens = self.moyens(&etiquettes);
        fusionner(moyens, periode, composants, jours, &rattachements, source)
    }

    fn moyens<'m>(&'m self, etiquettes: &'m Etiquettes) -> Moyens<'m> {
        Moyens {
            lac: self.lac,
            membres: &self.membres,
            etiquettes,
            fils: self.reglages.fils,
            lignes_en_memoire: self.reglages.lignes_en_memoire,
            debordement: self.lac.racine(),
            fichiers_en_attente: self.reglages.fichiers_en_attente,
        }
    }

    /// The directory that applies to a period: that of its end, or today's if it is open.
    fn annuaire(&self, periode: Periode) -> Option<&Annuaire> {
        self.annuaires
            .au(periode.fin().min(self.aujourd_hui))
            .map(Arc::as_ref)
    }

    fn rattachements(&mut self, periode: Periode) -> Arc<Rattachements> {
        let marque = marque(self.annuaire(periode));
        if let Some(connus) = self.rattachements.get(&marque) {
            return Arc::clone(connus);
        }
        let nouveaux = Arc::new(Rattachements::de(self.annuaire(periode)));
        self.rattachements.insert(marque, Arc::clone(&nouveaux));
        nouveaux
    }

    /// The contents of a period whose results stay as they are because what they were made from was
    /// destroyed; none for one that can be counted.
    fn fige(&self, periode: Periode) -> Result<Option<Marque>, Erreur> {
        if !self.registre.fige(periode) {
            return Ok(None);
        }
        let ecoles = self.lac.cumuls_de(Niveau::Ecole, periode);
        let nom = Nom::de_dossier(&ecoles).map_err(Erreur::disque(&ecoles))?;
        Ok(nom.map(|nom| nom.contenu))
    }

    /// What the results of a period say of themselves, if they are all there and agree.
    fn en_place(&self, periode: Periode) -> Result<Option<Nom>, Erreur> {
        let mut commun = None;
        for dossier in dossiers(self.lac, periode) {
            let nom = Nom::de_dossier(&dossier).map_err(Erreur::disque(&dossier))?;
            if nom.is_none() || commun.is_some_and(|c| Some(c) != nom) {
                return Ok(None);
            }
            commun = nom;
        }
        Ok(commun)
    }

    fn presences_gardees(&self, composants: &[Periode]) -> Result<bool, Erreur> {
        for composant in composants {
            let dossier = self.lac.presence_de(*composant);
            if fichier_courant(&dossier)
                .map_err(Erreur::disque(&dossier))?
                .is_none()
            {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The events of a day that can be counted: none when they were destroyed, even if some came
    /// since.
    fn evenements(&self, jour: Jour) -> Result<Option<Evenements>, Erreur> {
        if self.registre.evenements_detruits(jour) {
            return Ok(None);
        }
        evenements_du_jour(self.lac, jour)
    }
}

/// A day's event files, if it has some.
pub(crate) fn evenements_du_jour(lac: &Lac, jour: Jour) -> Result<Option<Evenements>, Erreur> {
    let dossier = lac.evenements_du(jour);
    let mut fichiers = Vec::new();
    for entree in entrees(&dossier).map_err(Erreur::disque(&dossier))? {
        let chemin = entree.path();
        match entree.metadata() {
            Ok(meta) => fichiers.push(FichierEvenements {
                octets: meta.len(),
                chemin,
            }),
            // Replaced since the folder was listed: what replaced it is, or will be, there.
            Err(erreur) if erreur.kind() == std::io::ErrorKind::NotFound => {}
            Err(erreur) => return Err(Erreur::disque(&chemin)(erreur)),
        }
    }
    if fichiers.is_empty() {
        return Ok(None);
    }
    fichiers.sort_unstable();
    let mut condense = Sha256::new();
    for fichier in &fichiers {
        let nom = fichier
            .chemin
            .file_name()
            .unwrap_or_default()
            .as_encoded_bytes();
        condense.update((nom.len() as u64).to_be_bytes());
        condense.update(nom);
        condense.update(fichier.octets.to_be_bytes());
    }
    Ok(Some(Evenements {
        fichiers,
        marque: Marque::de_condense(&condense.finalize().into()),
    }))
}

/// What a period is made from: the contents of its days or months, if each has some.
pub(crate) fn source<'c>(
    contenus: impl Iterator<Item = (&'c Jour, &'c Option<Marque>)>,
) -> Option<Marque> {
    let mut condense = Sha256::new();
    for (debut, contenu) in contenus {
        condense.update(debut.epoque().to_be_bytes());
        condense.update((*contenu)?.0.to_be_bytes());
    }
    Some(Marque::de_condense(&condense.finalize().into()))
}
