//! Repeated rows that compaction dropped, by platform and school: written in the metadata of the
//! file that took their place, so that a day's repeats can still be told once its files are merged.

use std::collections::BTreeMap;

use frequent_plan::lac::META_DOUBLONS;
use parquet::file::metadata::KeyValue;

/// How many rows were dropped, by platform and school.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Retires(BTreeMap<(String, String), u64>);

impl Retires {
    pub(crate) fn ajouter(&mut self, plateforme: &str, uai: &str, nombre: u64) {
        let lieu = (plateforme.to_owned(), uai.to_owned());
        *self.0.entry(lieu).or_default() += nombre;
    }

    /// Adds what a file's metadata say was dropped before it.
    pub(crate) fn reprendre(&mut self, metadonnees: Option<&Vec<KeyValue>>) {
        let lignes = metadonnees
            .into_iter()
            .flatten()
            .filter(|paire| paire.key == META_DOUBLONS)
            .filter_map(|paire| paire.value.as_deref())
            .flat_map(str::lines);
        for ligne in lignes {
            let mut colonnes = ligne.split('\t');
            if let (Some(plateforme), Some(uai), Some(nombre)) =
                (colonnes.next(), colonnes.next(), colonnes.next())
            {
                self.ajouter(plateforme, uai, nombre.parse().unwrap_or_default());
            }
        }
    }

    /// As metadata hold it: one line a platform and school. No label holds a tab or a line's end.
    pub(super) fn texte(&self) -> String {
        let lignes = self
            .0
            .iter()
            .map(|((plateforme, uai), nombre)| format!("{plateforme}\t{uai}\t{nombre}\n"));
        lignes.collect()
    }

    pub(crate) fn est_vide(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn lieux(&self) -> impl Iterator<Item = (&str, &str, u64)> {
        self.0
            .iter()
            .map(|((plateforme, uai), nombre)| (plateforme.as_str(), uai.as_str(), *nombre))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back_and_added() {
        let mut retires = Retires::default();
        retires.ajouter("ONE-OCC", "0660713S", 3);
        retires.ajouter("Éditeur à accents", "0311667U", 1);
        let paire = KeyValue::new(META_DOUBLONS.to_owned(), retires.texte());
        let mut relus = Retires::default();
        relus.reprendre(Some(&vec![paire.clone()]));
        assert_eq!(relus, retires);
        relus.reprendre(Some(&vec![paire]));
        assert_eq!(relus.lieux().map(|(_, _, n)| n).sum::<u64>(), 8);
    }
}
