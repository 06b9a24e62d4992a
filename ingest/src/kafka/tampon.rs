//! What is read from Kafka and not yet landed: events by day, and up to where each partition was
//! read.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use arrow::error::ArrowError;
use frequent_plan::{Evenement, Instant, Jour, Lac, Plan};
use rdkafka::error::KafkaResult;
use rdkafka::{Offset, TopicPartitionList};

use super::rebut::Rebut;
use crate::atterrissage::Bilan;
use crate::durable::creer_dossier;
use crate::evenements::{Colonnes, FichierErreur, Ligne, Redaction};
use crate::qualite::{Decompte, Emetteur, Qualite};

/// Events held at most, about 50 MB.
const EVENEMENTS_MAX: u64 = 500_000;

/// Records this near in time are counted as received together: their events' delays are told by the
/// minute at best.
const MOMENT_MS: i64 = 10_000;

/// How far a partition was read since the last landing.
#[derive(Debug)]
struct Plage {
    sujet: String,
    partition: i32,
    premier: i64,
    suivant: i64,
    enregistrements: u64,
}

/// Records put aside for one reason.
#[derive(Debug)]
struct Rebuts {
    nombre: u64,
    sujet: String,
    partition: i32,
    /// Where the first of them is.
    position: i64,
}

/// What is read and not yet landed.
#[derive(Debug, Default)]
pub(super) struct Tampon {
    jours: BTreeMap<Jour, Colonnes>,
    plages: Vec<Plage>,
    rebuts: BTreeMap<Rebut, Rebuts>,
    evenements: u64,
    /// What providers sent, by topic and moment: counted once landed.
    decomptes: Vec<(String, Instant, Decompte)>,
}

impl Tampon {
    pub(super) fn pousser(&mut self, e: &Evenement<'_>, plan: &Plan) -> Result<(), ArrowError> {
        let colonnes = self.jours.entry(e.jour).or_default();
        colonnes.pousser(&Ligne::de(e, plan))?;
        self.evenements += 1;
        Ok(())
    }

    /// The record at this position has been read: what it held is here, or it is put aside.
    pub(super) fn avancer(&mut self, sujet: &str, partition: i32, position: i64) {
        let connue = self
            .plages
            .iter_mut()
            .find(|p| p.partition == partition && p.sujet == sujet);
        match connue {
            Some(plage) => {
                plage.suivant = position + 1;
                plage.enregistrements += 1;
            }
            None => self.plages.push(Plage {
                sujet: sujet.to_owned(),
                partition,
                premier: position,
                suivant: position + 1,
                enregistrements: 1,
            }),
        }
    }

    pub(super) fn rejeter(&mut self, rebut: Rebut, sujet: &str, partition: i32, position: i64) {
        let rebuts = self.rebuts.entry(rebut).or_insert_with(|| Rebuts {
            nombre: 0,
            sujet: sujet.to_owned(),
            partition,
            position,
        });
        rebuts.nombre += 1;
    }

    /// The counters of a provider's topic for a record of this instant.
    pub(super) fn decompte(
        &mut self,
        sujet: &str,
        recu_le: Instant,
        qualite: &Arc<Qualite>,
    ) -> &mut Decompte {
        let proche = |(lu, moment, _): &(String, Instant, Decompte)| {
            lu == sujet && (0..MOMENT_MS).contains(&(recu_le.0 - moment.0))
        };
        // Records come nearly in order: the last moments are looked at first.
        let rang = self.decomptes.iter().rposition(proche).unwrap_or_else(|| {
            let decompte = Decompte::new(qualite, recu_le);
            self.decomptes.push((sujet.to_owned(), recu_le, decompte));
            self.decomptes.len() - 1
        });
        &mut self.decomptes[rang].2
    }

    /// Nothing was read since the last landing.
    pub(super) fn est_vide(&self) -> bool {
        self.plages.is_empty()
    }

    /// It must land before more is read.
    pub(super) fn est_plein(&self) -> bool {
        self.evenements >= EVENEMENTS_MAX
    }

    /// Writes one file a day, durably. The files are named by their content: whoever lands the same
    /// again replaces them by themselves, and no other.
    pub(super) fn atterrir(&mut self, lac: &Lac) -> Result<Bilan, FichierErreur> {
        let entrees = self.provenance();
        let mut bilan = Bilan::default();
        for (jour, colonnes) in &mut self.jours {
            bilan.jours.insert(*jour, colonnes.lignes() as u64);
            let dossier = lac.evenements_du(*jour);
            creer_dossier(&dossier).map_err(FichierErreur::disque(&dossier))?;
            let mut redaction = Redaction::sans_nom(&dossier, *jour, entrees.clone())?;
            redaction.ecrire(colonnes)?;
            redaction.publier_par_contenu()?;
        }
        self.annoncer_rebuts();
        for plage in &self.plages {
            metrics::counter!("frequent_kafka_consumed_records_total", "sujet" => plage.sujet.clone())
                .increment(plage.enregistrements);
        }
        for (sujet, _, decompte) in self.decomptes.drain(..) {
            decompte.verser(&Emetteur::Kafka(sujet));
        }
        Ok(bilan)
    }

    /// The positions to commit once landed: after the last record read of each partition.
    pub(super) fn positions(&self) -> KafkaResult<TopicPartitionList> {
        let mut positions = TopicPartitionList::with_capacity(self.plages.len());
        for plage in &self.plages {
            let suivant = Offset::Offset(plage.suivant);
            positions.add_partition_offset(&plage.sujet, plage.partition, suivant)?;
        }
        Ok(positions)
    }

    /// `kafka ent.evenements/0 12..40, …`
    fn provenance(&self) -> String {
        let mut texte = "kafka".to_owned();
        for (rang, plage) in self.plages.iter().enumerate() {
            let virgule = if rang == 0 { "" } else { "," };
            let Plage {
                sujet,
                partition,
                premier,
                suivant,
                ..
            } = plage;
            // Writing to a text cannot fail.
            let _ = write!(texte, "{virgule} {sujet}/{partition} {premier}..{suivant}");
        }
        texte
    }

    /// One line a reason, whatever their number: a flood of bad records must not flood the logs.
    fn annoncer_rebuts(&self) {
        for (rebut, vus) in &self.rebuts {
            tracing::warn!(
                reason = rebut.code(),
                records = vus.nombre,
                topic = vus.sujet,
                partition = vus.partition,
                first = vus.position,
                "Kafka records put aside"
            );
        }
        if self.rebuts.contains_key(&Rebut::SceauEtranger) {
            tracing::error!(
                "Kafka records sealed by another data folder were not landed: bring its key ring here, then rewind the consumer group"
            );
        }
    }
}
