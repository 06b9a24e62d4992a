//! Hiding what was read of the lake before it leaves.

use std::cell::{OnceCell, RefCell};
use std::collections::hash_map::Entry;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;

use frequent_plan::{Axe, Grain, Jour, Niveau, Periode};
use frequent_territory::{Annuaire, Annuaires};
use rustc_hash::{FxHashMap, FxHashSet};
use sha2::{Digest, Sha256};

use super::boite::Listes;
use super::masque::{Cle, Regles, Source, Voisinage};
use super::paires::Paires;
use super::periodes::{Jours, JoursComptes};
use super::totaux::{Empreinte, Masques, Memoire, membre};
use super::{Secrete, Seuil};
use crate::donnees::{
    Cellule, Filtre, Lecteur, Lecture, LectureErreur, Libres, Lue, ProfilCellule, Sommaire,
};
use crate::porte::{Brutes, MesuresRendues};

/// Fewest files given to a thread.
const FICHIERS_PAR_FIL: usize = 8;
/// Territories beyond which the hidden totals of a whole level are found at once, and kept: finding
/// them decodes whole files the first time, where a few territories are in a few pages.
const LARGE: usize = 100;
/// The levels that tables have many territories of.
const TABLES: [Niveau; 3] = [Niveau::Ecole, Niveau::Commune, Niveau::Circonscription];

/// The lake, around an answer.
struct Lac<'a> {
    lecteur: &'a Lecteur,
    annuaires: &'a Annuaires,
    aujourdhui: Jour,
    /// The days counted, and the files looked for, each once an answer.
    jours: OnceCell<Arc<JoursComptes>>,
    fichiers: RefCell<FxHashMap<(Niveau, Periode), Option<PathBuf>>>,
}

impl<'a> Lac<'a> {
    fn new(lecteur: &'a Lecteur, annuaires: &'a Annuaires, aujourdhui: Jour) -> Self {
        Self {
            lecteur,
            annuaires,
            aujourdhui,
            jours: OnceCell::new(),
            fichiers: RefCell::default(),
        }
    }

    fn noter_fichier(
        &self,
        (niveau, periode): (Niveau, Periode),
        condense: &mut Sha256,
    ) -> Result<(), LectureErreur> {
        let mut fichiers = self.fichiers.borrow_mut();
        let fichier = match fichiers.entry((niveau, periode)) {
            Entry::Occupied(connu) => connu.into_mut(),
            Entry::Vacant(libre) => libre.insert(self.lecteur.nom_courant(niveau, periode)?),
        };
        if let Some(chemin) = fichier {
            condense.update(chemin.as_os_str().as_encoded_bytes());
        }
        condense.update([0]);
        Ok(())
    }
}

impl Source for Lac<'_> {
    fn paires(&self, periode: Periode) -> Result<Arc<Paires>, LectureErreur> {
        let annuaire = self.annuaire(periode);
        self.lecteur.paires(periode, annuaire.as_deref())
    }

    fn jours(&self) -> Result<Arc<JoursComptes>, LectureErreur> {
        if let Some(jours) = self.jours.get() {
            return Ok(Arc::clone(jours));
        }
        let jours = self.lecteur.jours_comptes()?;
        Ok(Arc::clone(self.jours.get_or_init(|| jours)))
    }

    fn annuaire(&self, periode: Periode) -> Option<Arc<Annuaire>> {
        let jour = periode.fin().min(self.aujourdhui);
        self.annuaires.au(jour).cloned()
    }

    fn lire(&self, lieux: &[Voisinage], axes: &[Axe]) -> Result<Vec<Vec<Cellule>>, LectureErreur> {
        let coeurs = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let par_fil = lieux.len().div_ceil(coeurs).max(FICHIERS_PAR_FIL);
        let lire = |(niveau, periode, codes): &Voisinage| {
            let filtre = Filtre {
                codes: codes.clone(),
                axes: axes.to_vec(),
                profil: None,
                membre: None,
            };
            let Brutes(lue) = self.lecteur.alentour(*niveau, *periode, &filtre)?;
            Ok(lue.cellules)
        };
        std::thread::scope(|portee| {
            let fils: Vec<_> = lieux
                .chunks(par_fil)
                .map(|part| portee.spawn(move || part.iter().map(lire).collect::<Vec<_>>()))
                .collect();
            let parts = fils.into_iter().map(std::thread::ScopedJoinHandle::join);
            let mut lues = Vec::with_capacity(lieux.len());
            for part in parts {
                lues.extend(part.map_err(|_| LectureErreur::Masquage)?);
            }
            lues.into_iter().collect()
        })
    }

    fn totaux(&self, niveau: Niveau, periode: Periode) -> Result<Arc<Sommaire>, LectureErreur> {
        let Brutes(totaux) = self.lecteur.tous_les_totaux(niveau, periode)?;
        Ok(totaux)
    }

    fn memoire(&self) -> Option<&Memoire> {
        Some(self.lecteur.memoire())
    }

    fn empreinte(&self, periode: Periode, jours: Jours) -> Result<Empreinte, LectureErreur> {
        let mut condense = Sha256::new();
        // Which schools were there, who makes pairs, is in the name of the schools' file.
        for &niveau in Niveau::TOUS {
            self.noter_fichier((niveau, periode), &mut condense)?;
        }
        for jour in [Some(jours.dedans), jours.dehors].into_iter().flatten() {
            condense.update(jour.epoque().to_be_bytes());
            let jour = Periode::contenant(Grain::Jour, jour);
            self.noter_fichier((Niveau::Ecole, jour), &mut condense)?;
        }
        if let Some(annuaire) = self.annuaire(periode) {
            condense.update(annuaire.empreinte());
        }
        Ok(condense.finalize().into())
    }
}

impl Secrete for Lecture {
    type Rendu = Vec<Lue<MesuresRendues>>;

    fn masquer(self) -> Result<Self::Rendu, LectureErreur> {
        let regles = regles(&self.lecteur);
        let lac = Lac::new(&self.lecteur, &self.annuaires, self.demande.aujourdhui);
        if self.demande.axe == Axe::Total && self.filtres.iter().any(est_large) {
            let lues = self.lues.into_iter().zip(&self.filtres);
            let rendre = |(lue, (periode, filtre)): (Lue, &(Periode, Filtre))| {
                let masques = regles.totaux(&lac, self.demande.niveau, *periode)?;
                Ok(Lue {
                    periode: lue.periode,
                    source: lue.source,
                    cellules: totaux_rendus(regles.seuil, lue.cellules, &masques, filtre),
                    releve: lue.releve,
                })
            };
            return lues.map(rendre).collect();
        }
        let masquees = regles.cellules(&lac, self.demande.niveau, &self.filtres)?;
        let rendre = |(lue, masquees): (Lue, FxHashSet<Cle>)| Lue {
            periode: lue.periode,
            source: lue.source,
            cellules: rendues(regles.seuil, lue.cellules, masquees),
            releve: lue.releve,
        };
        Ok(self.lues.into_iter().zip(masquees).map(rendre).collect())
    }
}

impl Secrete for Libres {
    type Rendu = Vec<Cellule<MesuresRendues>>;

    fn masquer(self) -> Result<Self::Rendu, LectureErreur> {
        let regles = regles(&self.lecteur);
        let lac = Lac::new(&self.lecteur, &self.annuaires, self.aujourdhui);
        let ecoles: Vec<_> = self.lieux.iter().map(|lieu| &lieu.ecoles).collect();
        let mut masquees = FxHashSet::default();
        if self.axes == [Axe::Total] && self.lieux.len() > LARGE {
            let par_lieu = regles.totaux_libres(&lac, &ecoles, &self.jours)?;
            let membre = membre();
            for (lieu, profils) in self.lieux.iter().zip(par_lieu) {
                let caches = ProfilCellule::tous().filter(|profil| profils.contient(*profil));
                masquees.extend(caches.map(|profil| Cle {
                    code: Arc::clone(&lieu.code),
                    profil,
                    axe: Axe::Total,
                    membre: Arc::clone(&membre),
                }));
            }
            return Ok(rendues(regles.seuil, self.cellules, masquees));
        }
        let par_lieu = regles.libres(&lac, &ecoles, &self.jours, &self.axes)?;
        for (lieu, siennes) in self.lieux.iter().zip(par_lieu) {
            masquees.extend(siennes.into_iter().map(|cle| Cle {
                code: Arc::clone(&lieu.code),
                ..cle
            }));
        }
        Ok(rendues(regles.seuil, self.cellules, masquees))
    }
}

/// Finds again what the lake's changes made unknown: the totals of this school year and those of
/// them that are hidden, the weeks of the year before. Who asks next waits for none of it.
///
/// # Errors
/// The lake cannot be read.
pub(crate) fn rechauffer(
    lecteur: &Lecteur,
    annuaires: &Annuaires,
    aujourdhui: Jour,
) -> Result<(), LectureErreur> {
    let lac = Lac::new(lecteur, annuaires, aujourdhui);
    let regles = regles(lecteur);
    let annee = aujourdhui.annee_scolaire();
    for grain in [Grain::Annee, Grain::Mois, Grain::Semaine] {
        let premiere = Periode::contenant(grain, annee.debut());
        // The latest first: they are what is looked at.
        let periodes: Vec<Periode> = premiere.jusqua(aujourdhui).collect();
        for &periode in periodes.iter().rev() {
            for niveau in TABLES {
                regles.totaux(&lac, niveau, periode)?;
            }
        }
    }
    let premiere = Periode::contenant(Grain::Semaine, annee.precedente().debut());
    for semaine in premiere.jusqua(annee.debut()) {
        lac.totaux(Niveau::Ecole, semaine)?;
    }
    Ok(())
}

/// Whether so many territories are asked for that all those of the level are worth knowing.
fn est_large((_, filtre): &(Periode, Filtre)) -> bool {
    filtre.codes.tries().len() > LARGE
}

fn regles(lecteur: &Lecteur) -> Regles {
    Regles::new(lecteur.seuil(), Listes::du_plan(lecteur.plan()))
}

/// Totals as they leave, those that are hidden without having been counted included, in the order
/// of texts.
fn totaux_rendus(
    seuil: Seuil,
    cellules: Vec<Cellule>,
    masques: &Masques,
    filtre: &Filtre,
) -> Vec<Cellule<MesuresRendues>> {
    let membre = membre();
    if filtre
        .membre
        .as_ref()
        .is_some_and(|voulu| **voulu != *membre)
    {
        return Vec::new();
    }
    let mut profils: Vec<ProfilCellule> = ProfilCellule::tous()
        .filter(|profil| filtre.profil.is_none_or(|voulu| voulu == *profil))
        .collect();
    profils.sort_unstable_by_key(|profil| profil.code());
    let mut rendus = Vec::with_capacity(cellules.len());
    let mut cellules = cellules.into_iter().peekable();
    let mut caches_de = masques.suivre();
    for code in filtre.codes.tries() {
        let caches = caches_de(code);
        for &profil in &profils {
            let comptee = cellules.next_if(|c| *c.code == **code && c.profil == profil);
            let cache = caches.contient(profil);
            if comptee.is_none() && !cache {
                continue;
            }
            let mesures = match &comptee {
                Some(comptee) if !cache && !seuil.est_petit(comptee.mesures.utilisateurs) => {
                    MesuresRendues::mesurees(comptee.mesures)
                }
                _ => MesuresRendues::masquees(),
            };
            rendus.push(Cellule {
                code: comptee.map_or_else(|| Arc::from(code.as_str()), |c| c.code),
                profil,
                axe: Axe::Total,
                membre: Arc::clone(&membre),
                mesures,
            });
        }
    }
    rendus
}

/// Cells as they leave, those that are hidden without having been counted included, in the order
/// of texts.
fn rendues(
    seuil: Seuil,
    cellules: Vec<Cellule>,
    mut masquees: FxHashSet<Cle>,
) -> Vec<Cellule<MesuresRendues>> {
    let mut rendues: Vec<Cellule<MesuresRendues>> = Vec::with_capacity(cellules.len());
    for cellule in cellules {
        let masquee = masquees.remove(&Cle::de(&cellule));
        let mesures = if masquee || seuil.est_petit(cellule.mesures.utilisateurs) {
            MesuresRendues::masquees()
        } else {
            MesuresRendues::mesurees(cellule.mesures)
        };
        rendues.push(Cellule {
            code: cellule.code,
            profil: cellule.profil,
            axe: cellule.axe,
            membre: cellule.membre,
            mesures,
        });
    }
    if masquees.is_empty() {
        return rendues;
    }
    rendues.extend(masquees.into_iter().map(|cle| Cellule {
        code: cle.code,
        profil: cle.profil,
        axe: cle.axe,
        membre: cle.membre,
        mesures: MesuresRendues::masquees(),
    }));
    rendues.sort_by(|a, b| {
        let cle = |c: &Cellule<MesuresRendues>| {
            (
                Arc::clone(&c.code),
                c.axe.code(),
                c.profil.code(),
                Arc::clone(&c.membre),
            )
        };
        cle(a).cmp(&cle(b))
    });
    rendues
}
