//! What one request counts, before its fate is known.

use std::hash::{BuildHasher, BuildHasherDefault};
use std::sync::Arc;

use frequent_plan::{Evenement, Instant, Jour, Lac, Refus, Uai};
use rustc_hash::FxHasher;

use super::carnet::{Carnet, Lieu};
use super::compteurs;
use super::mesure::Mesure;
use super::plateformes::Plateforme;
use super::releveur::lignes_de;
use super::table::ecrire;
use super::{Emetteur, Qualite};
use crate::evenements::FichierErreur;
use crate::identifiants::{Soupcon, examiner};

/// One person in this many has the identifier looked at, the same on every platform; and so has the
/// first event of each request, whoever it is.
const ECHANTILLON: u64 = 64;
/// Overseas schools, whose day is not mainland France's, begin at this prefix.
const OUTRE_MER: u16 = 971;

/// The counters of one request. Nothing counts until it is [poured](Self::verser), once what it
/// accepted is durable.
#[derive(Debug)]
pub struct Decompte {
    qualite: Arc<Qualite>,
    recu_le: Instant,
    jour: Jour,
    plateforme: Option<(Arc<str>, Plateforme)>,
    examines: u64,
    carnet: Carnet,
}

impl Decompte {
    /// A request received at this instant.
    #[must_use]
    pub fn new(qualite: &Arc<Qualite>, recu_le: Instant) -> Self {
        Self {
            qualite: Arc::clone(qualite),
            recu_le,
            jour: qualite.jour_de(recu_le),
            plateforme: None,
            examines: 0,
            carnet: Carnet::default(),
        }
    }

    /// An event is accepted. `personne` is the sender's identifier of the person: a sample of them
    /// is looked at, and none is kept.
    pub fn accepter(&mut self, e: &Evenement<'_>, personne: &str) {
        let plateforme = self.numero(e.plateforme);
        let tardif = e.jour < self.jour_local(e.uai);
        let delai = Mesure::de_delai(self.recu_le.0.saturating_sub(e.ts.0));
        let soupcons = self
            .est_a_examiner(personne)
            .then(|| self.soupcons(plateforme, personne));
        let lieu = Lieu {
            plateforme,
            uai: Some(e.uai),
        };
        let cellule = self.carnet.cellule(lieu, self.recu_le);
        cellule.compter(Mesure::Recus);
        cellule.compter(Mesure::Acceptes);
        cellule.compter(delai);
        if e.client.0 == 0 {
            cellule.compter(Mesure::SansClient);
        }
        if tardif {
            cellule.compter(Mesure::Tardifs);
        }
        if e.converti {
            cellule.compter(Mesure::ServiceConverti);
        }
        if let Some(soupcons) = soupcons {
            cellule.compter(Mesure::Examines);
            for mesure in soupcons.into_iter().flatten() {
                cellule.compter(mesure);
            }
        }
    }

    /// An event is refused. `plateforme` is one that the sender may send for, or empty; `uai` is as
    /// the sender wrote it, and counts only if it is one.
    pub fn refuser(&mut self, plateforme: &str, uai: Option<&str>, refus: &Refus) {
        let lieu = Lieu {
            plateforme: self.numero(plateforme),
            uai: uai.and_then(|uai| Uai::lire(uai.as_bytes()).ok()),
        };
        self.carnet
            .cellule(lieu, self.recu_le)
            .compter(Mesure::Recus);
        self.carnet.refuser(lieu, refus, self.recu_le);
    }

    /// A hit tells of no access: a click within a page.
    pub fn sans_acces(&mut self, plateforme: &str) {
        let lieu = Lieu {
            plateforme: self.numero(plateforme),
            uai: None,
        };
        self.carnet
            .cellule(lieu, self.recu_le)
            .compter(Mesure::SansAcces);
    }

    /// Adds all this to the sender's counters.
    pub fn verser(self, emetteur: &Emetteur) {
        compteurs::ajouter(emetteur, &self.carnet);
        self.qualite.ajouter(emetteur, self.jour, self.carnet);
    }

    /// Writes all this in a file of the day's table, in place of what had this name: for a sender
    /// whose batches each have one, and that may have to write it again.
    pub(crate) fn ecrire(
        &self,
        emetteur: &Emetteur,
        lac: &Lac,
        nom: &str,
    ) -> Result<(), FichierErreur> {
        let mut lignes = Vec::new();
        lignes_de(
            emetteur,
            &self.carnet,
            &self.qualite.plateformes,
            &mut lignes,
        );
        lignes.sort_unstable();
        ecrire(lac, self.jour, nom, "fichier importé", &lignes)
    }

    fn numero(&mut self, nom: &str) -> Plateforme {
        if let Some((derniere, numero)) = &self.plateforme
            && **derniere == *nom
        {
            return *numero;
        }
        let (nom, numero) = self.qualite.plateformes.numero(nom);
        self.plateforme = Some((nom, numero));
        numero
    }

    fn jour_local(&self, uai: Uai) -> Jour {
        if uai.prefixe() < OUTRE_MER {
            return self.jour;
        }
        self.qualite.fuseaux.heure_locale(uai, self.recu_le).jour
    }

    fn est_a_examiner(&mut self, personne: &str) -> bool {
        let condense = BuildHasherDefault::<FxHasher>::default().hash_one(personne);
        let tire = self.examines == 0 || condense.is_multiple_of(ECHANTILLON);
        self.examines += u64::from(tire);
        tire
    }

    fn soupcons(&self, plateforme: Plateforme, personne: &str) -> [Option<Mesure>; 2] {
        let forme = examiner(personne).map(|soupcon| match soupcon {
            Soupcon::Courriel => Mesure::IdentifiantCourriel,
            Soupcon::Ine => Mesure::IdentifiantIne,
            Soupcon::Telephone => Mesure::IdentifiantTelephone,
            Soupcon::Nom => Mesure::IdentifiantNom,
            Soupcon::Decodable => Mesure::IdentifiantDecodable,
        });
        let ailleurs = self.qualite.croisement.est_ailleurs(plateforme, personne);
        [
            forme,
            ailleurs.then_some(Mesure::IdentifiantDeuxPlateformes),
        ]
    }
}
