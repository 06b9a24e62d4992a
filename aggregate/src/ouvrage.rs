//! One period's results, from schools counted in order to the published files: presence, the cells
//! of the schools, the cells of every level above.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use frequent_plan::lac::{
    META_ANNUAIRE, META_ENTREES, META_EVENEMENTS, META_JOURS, schema_cumuls, schema_presence,
};
use frequent_plan::{Jour, Lac, Niveau, Periode, Uai};
use sha2::{Digest, Sha256};

use crate::colonnes::{Cellules, Textes, lot_presence};
use crate::comptes::Cube;
use crate::ecriture::{Ebauche, Groupe, LIGNES_PAR_GROUPE};
use crate::erreur::Erreur;
use crate::etiquettes::Etiquettes;
use crate::invariants;
use crate::membres::Membres;
use crate::parallele::chacune;
use crate::presence::{NumeroUai, Presence};
use crate::publication::{Marque, Nom, publier};
use crate::recoupement::compter_utilisateurs;
use crate::reference::cellules_du_fichier;
use crate::territoires::{Rattachements, SUPERIEURS, Territoires};

pub(crate) const TRI_PRESENCE: [&str; 3] = ["uai", "profil", "visiteur"];
pub(crate) const TRI_CUMULS: [&str; 4] = ["code", "axe", "profil", "membre"];

/// The schools of one range, counted.
#[derive(Debug, Default)]
pub(crate) struct Tranche {
    ecoles: Vec<NumeroUai>,
    cellules: Cellules,
    presences: Vec<Presence>,
}

impl Tranche {
    /// Adds the next school: its counts without users, and its rows of presence in order.
    pub(crate) fn ajouter(
        &mut self,
        ecole: NumeroUai,
        mut cube: Cube,
        presences: &[Presence],
        membres: &Membres,
        etiquettes: &Etiquettes,
    ) {
        compter_utilisateurs(presences, etiquettes, &mut cube);
        self.ecoles.push(ecole);
        self.presences.extend_from_slice(presences);
        let code = Uai::from(ecole).as_str().to_owned();
        self.cellules.ajouter(code, &cube, membres, etiquettes);
    }
}

/// What a job is done with: shared by its threads.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moyens<'a> {
    pub lac: &'a Lac,
    pub membres: &'a Membres,
    pub etiquettes: &'a Etiquettes,
    pub fils: NonZeroUsize,
    /// Rows, of events or of presence, that may stay in memory.
    pub lignes_en_memoire: usize,
    /// Where the others go.
    pub debordement: &'a Path,
    /// Files that the disk is waited for at once.
    pub fichiers_en_attente: NonZeroUsize,
}

/// The results of a period while its schools come.
pub(crate) struct Ouvrage<'a> {
    moyens: Moyens<'a>,
    periode: Periode,
    rattachements: &'a Rattachements,
    territoires: Territoires<'a>,
    /// Presence, schools, then the levels above.
    ebauches: Vec<Ebauche>,
}

const PRESENCE: usize = 0;
const ECOLES: usize = 1;
const DESSUS: usize = 2;

/// The folders of a period's results, in the order of their publication.
pub(crate) fn dossiers(lac: &Lac, periode: Periode) -> Vec<PathBuf> {
    let mut dossiers = vec![
        lac.presence_de(periode),
        lac.cumuls_de(Niveau::Ecole, periode),
    ];
    dossiers.extend(
        SUPERIEURS
            .iter()
            .map(|&niveau| lac.cumuls_de(niveau, periode)),
    );
    dossiers
}

impl<'a> Ouvrage<'a> {
    /// No school yet.
    pub(crate) fn commencer(
        moyens: Moyens<'a>,
        periode: Periode,
        rattachements: &'a Rattachements,
    ) -> Result<Self, Erreur> {
        let mut ebauches = Vec::new();
        for dossier in dossiers(moyens.lac, periode) {
            ebauches.push(if ebauches.is_empty() {
                Ebauche::creer(&dossier, &schema_presence(), &TRI_PRESENCE)?
            } else {
                Ebauche::creer(&dossier, &schema_cumuls(), &TRI_CUMULS)?
            });
        }
        Ok(Self {
            moyens,
            periode,
            rattachements,
            territoires: Territoires::new(
                rattachements,
                moyens.etiquettes,
                moyens.fils,
                moyens.debordement,
                moyens.lignes_en_memoire,
            ),
            ebauches,
        })
    }

    /// Takes the next ranges of schools, in order.
    pub(crate) fn recevoir(&mut self, tranches: Vec<Tranche>) -> Result<(), Erreur> {
        let parts: Vec<_> = tranches
            .iter()
            .map(|t| (t.ecoles.as_slice(), &t.cellules, t.presences.as_slice()))
            .collect();
        self.territoires.ajouter(&parts)?;
        let textes = self.textes();
        let mut groupes: Vec<(usize, Groupe)> = Vec::new();
        for tranche in tranches {
            let presences = lot_presence(&tranche.presences, self.moyens.etiquettes, &textes)
                .map_err(|e| self.arrow(PRESENCE, e))?;
            let cellules = tranche
                .cellules
                .lot(&textes)
                .map_err(|e| self.arrow(ECOLES, e))?;
            for (rang, lot) in [(PRESENCE, presences), (ECOLES, cellules)] {
                groupes.extend(
                    self.ebauches[rang]
                        .ajouter(lot)
                        .map(|groupe| (rang, groupe)),
                );
            }
        }
        Ebauche::ecrire(&mut self.ebauches, groupes, self.moyens.fils)
    }

    /// Counts the territories, and publishes everything. `source` is what the period was made
    /// from; the result is the mark of its contents.
    pub(crate) fn terminer(mut self, source: Source, jours: &[Jour]) -> Result<Marque, Erreur> {
        let textes = self.textes();
        let Moyens {
            membres,
            etiquettes,
            fils,
            lac,
            ..
        } = self.moyens;
        let reste = |ebauche: &mut Ebauche| Some(ebauche.reste()).filter(|g| !g.is_empty());
        let mut groupes = Vec::new();
        for rang in [PRESENCE, ECOLES] {
            groupes.extend(reste(&mut self.ebauches[rang]).map(|g| (rang, g)));
        }
        for (place, territoires) in self.territoires.terminer()?.into_iter().enumerate() {
            let ebauche = &mut self.ebauches[DESSUS + place];
            let mut cellules = Cellules::default();
            let mut restants = territoires.len();
            for (code, cube) in territoires {
                cellules.ajouter(code.to_owned(), &cube, membres, etiquettes);
                restants -= 1;
                if restants == 0 || cellules.nombre() >= LIGNES_PAR_GROUPE {
                    let lot = std::mem::take(&mut cellules).lot(&textes);
                    let lot = lot.map_err(|e| arrow(lac, self.periode, DESSUS + place, e))?;
                    groupes.extend(ebauche.ajouter(lot).map(|g| (DESSUS + place, g)));
                }
            }
            groupes.extend(reste(ebauche).map(|g| (DESSUS + place, g)));
        }
        Ebauche::ecrire(&mut self.ebauches, groupes, fils)?;

        let mut condense = Sha256::new();
        for ebauche in &mut self.ebauches[PRESENCE..=ECOLES] {
            condense.update(ebauche.empreinte()?);
        }
        let nom = Nom {
            source: source.marque,
            annuaire: self.rattachements.marque(),
            contenu: Marque::de_condense(&condense.finalize().into()),
        };
        let jours: Vec<String> = jours.iter().map(Jour::to_string).collect();
        let mut metas = vec![
            (
                META_ENTREES,
                source.entrees.unwrap_or(nom.contenu).to_string(),
            ),
            (META_ANNUAIRE, self.rattachements.version()),
            (META_JOURS, jours.join(",")),
        ];
        if let Some(evenements) = source.evenements {
            metas.push((META_EVENEMENTS, evenements.to_string()));
        }
        let attentes = self.moyens.fichiers_en_attente;
        let fermes = chacune(attentes, self.ebauches, |ebauche| ebauche.fermer(&metas))?;
        if cfg!(debug_assertions) {
            verifier(&fermes, self.rattachements)?;
        }
        chacune(attentes, fermes, |ferme| {
            publier(&ferme, &nom).map_err(Erreur::disque(&ferme))
        })?;
        Ok(nom.contenu)
    }

    fn textes(&self) -> Textes {
        Textes::new(self.moyens.membres, self.moyens.etiquettes)
    }

    fn arrow(&self, rang: usize, erreur: arrow::error::ArrowError) -> Erreur {
        arrow(self.moyens.lac, self.periode, rang, erreur)
    }
}

/// Checks the invariants on finished files, before they are seen.
fn verifier(fermes: &[PathBuf], rattachements: &Rattachements) -> Result<(), Erreur> {
    let ecoles = cellules_du_fichier(&fermes[ECOLES])?;
    invariants::verifier(&ecoles)?;
    for (place, ferme) in fermes[DESSUS..].iter().enumerate() {
        let territoires = cellules_du_fichier(ferme)?;
        invariants::verifier(&territoires)?;
        invariants::verifier_niveau(&territoires, &ecoles, |uai| {
            let ecole: Uai = uai.parse().ok()?;
            rattachements.code(place, ecole.into()).map(str::to_owned)
        })?;
    }
    Ok(())
}

/// What a period was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Source {
    /// By which a change is noticed.
    pub marque: Marque,
    /// What the files' metadata say; none for a day, whose metadata name its contents, so that the
    /// same events in other files give the same bytes.
    pub entrees: Option<Marque>,
    /// How many events it counts, for a day counted from its events.
    pub evenements: Option<u64>,
}

fn arrow(lac: &Lac, periode: Periode, rang: usize, erreur: arrow::error::ArrowError) -> Erreur {
    Erreur::parquet(&dossiers(lac, periode)[rang])(erreur.into())
}
