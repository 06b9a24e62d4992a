//! Rows of `presence/` and `cumuls/` as Arrow columns, in the order in which files keep them.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, DictionaryArray, Int32Array, Int64Array, ListArray, RecordBatch, StringArray,
    UInt8Array, UInt16Array, UInt32Array, UInt64Array,
};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::{DataType, Field, Int32Type, SchemaRef};
use arrow::error::ArrowError;
use frequent_plan::lac::{schema_cumuls, schema_presence, texte};
use frequent_plan::{Axe, Uai};

use crate::comptes::{Cube, Mesures};
use crate::etiquettes::{Etiquettes, Outil};
use crate::membres::{FERMES, Membres, TOUS, code_profil};
use crate::presence::{Jeux, Presence};

/// Cells, sorted by (code, axe, profil, membre) as texts when codes are added in order.
#[derive(Debug, Default)]
pub(crate) struct Cellules {
    codes: Vec<String>,
    code: Vec<i32>,
    axe: Vec<i32>,
    profil: Vec<i32>,
    /// A position of [`crate::membres`], or past them a tool.
    membre: Vec<i32>,
    mesures: [Vec<i64>; 4],
}

/// The member of a cell: a position of [`crate::membres`], or a tool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Membre {
    Ferme(usize),
    Outil(Outil),
}

impl Cellules {
    /// Adds the cells of a code that are not empty.
    pub(crate) fn ajouter(
        &mut self,
        code: String,
        cube: &Cube,
        membres: &Membres,
        etiquettes: &Etiquettes,
    ) {
        self.codes.push(code);
        for (axe, positions) in membres.axes() {
            for profil in 0..=TOUS {
                let Some(comptes) = cube.comptes(profil) else {
                    continue;
                };
                if *axe == Axe::Outil {
                    let mut outils: Vec<_> = comptes
                        .outils
                        .iter()
                        .map(|(outil, mesures)| (etiquettes.libelle(*outil), outil.0, mesures))
                        .collect();
                    outils.sort_unstable_by(|a, b| a.0.cmp(&b.0));
                    for (_, outil, mesures) in outils {
                        // Outil 0 is "no label".
                        self.pousser(*axe, profil, FERMES - 1 + outil as usize, mesures);
                    }
                }
                for &position in positions {
                    self.pousser(*axe, profil, position, &comptes.fermes[position]);
                }
            }
        }
    }

    fn pousser(&mut self, axe: Axe, profil: usize, membre: usize, mesures: &Mesures) {
        if mesures.visites == 0 {
            return;
        }
        self.code.push(cle(self.codes.len() - 1));
        self.axe.push(cle(usize::from(axe.rang())));
        self.profil.push(cle(profil));
        self.membre.push(cle(membre));
        let valeurs = [
            mesures.visites,
            mesures.utilisateurs,
            mesures.duree_ms,
            mesures.evenements,
        ];
        for (colonne, valeur) in self.mesures.iter_mut().zip(valeurs) {
            colonne.push(valeur);
        }
    }

    /// Number of cells.
    pub(crate) fn nombre(&self) -> usize {
        self.code.len()
    }

    /// Every cell: the rank of its code among those added, its profile, member and measures.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (usize, usize, Membre, Mesures)> {
        let [visites, utilisateurs, duree_ms, evenements] = &self.mesures;
        (0..self.nombre()).map(move |i| {
            let membre = rang(self.membre[i]);
            let membre = match membre.checked_sub(FERMES - 1) {
                None | Some(0) => Membre::Ferme(membre),
                Some(outil) => Membre::Outil(Outil(u32::try_from(outil).unwrap_or_default())),
            };
            let mesures = Mesures {
                visites: visites[i],
                utilisateurs: utilisateurs[i],
                duree_ms: duree_ms[i],
                evenements: evenements[i],
            };
            (rang(self.code[i]), rang(self.profil[i]), membre, mesures)
        })
    }

    /// As the columns of `cumuls/`; `textes` has every label met so far.
    pub(crate) fn lot(self, textes: &Textes) -> Result<RecordBatch, ArrowError> {
        let codes: ArrayRef = Arc::new(StringArray::from_iter_values(&self.codes));
        let [visites, utilisateurs, duree_ms, evenements] = self
            .mesures
            .map(|m| Arc::new(Int64Array::from(m)) as ArrayRef);
        RecordBatch::try_new(
            schema_cumuls(),
            vec![
                dictionnaire(self.code, &codes)?,
                dictionnaire(self.profil, &textes.profils)?,
                dictionnaire(self.axe, &textes.axes)?,
                dictionnaire(self.membre, &textes.membres)?,
                visites,
                utilisateurs,
                duree_ms,
                evenements,
            ],
        )
    }
}

/// The texts that columns refer to by number.
#[derive(Debug)]
pub(crate) struct Textes {
    profils: ArrayRef,
    axes: ArrayRef,
    /// The members of closed axes by position, then the tools.
    membres: ArrayRef,
    outils: Vec<Arc<str>>,
}

impl Textes {
    /// The plan's texts and the tools met so far.
    pub(crate) fn new(membres: &Membres, etiquettes: &Etiquettes) -> Self {
        let outils = etiquettes.libelles();
        let textes = membres.codes().chain(outils.iter().skip(1).map(|o| &**o));
        Self {
            profils: Arc::new(StringArray::from_iter_values((0..=TOUS).map(code_profil))),
            axes: Arc::new(StringArray::from_iter_values(
                Axe::TOUS.iter().map(|a| a.code()),
            )),
            membres: Arc::new(StringArray::from_iter_values(textes)),
            outils,
        }
    }
}

/// Rows of presence, already sorted, as the columns of `presence/`.
pub(crate) fn lot_presence(
    presences: &[Presence],
    etiquettes: &Etiquettes,
    textes: &Textes,
) -> Result<RecordBatch, ArrowError> {
    let mut uais: Vec<Uai> = Vec::new();
    let mut uai = Vec::with_capacity(presences.len());
    for ecole in presences.chunk_by(|a, b| a.uai == b.uai) {
        uais.push(ecole[0].uai.into());
        uai.resize(uai.len() + ecole.len(), cle(uais.len() - 1));
    }
    let uais: ArrayRef = Arc::new(StringArray::from_iter_values(uais.iter().map(Uai::as_str)));
    let profil = presences.iter().map(|p| i32::from(p.profil)).collect();
    let jeux: Vec<Jeux> = presences
        .iter()
        .map(|p| Jeux::du_masque(p.masque()))
        .collect();
    RecordBatch::try_new(
        schema_presence(),
        vec![
            dictionnaire(uai, &uais)?,
            dictionnaire(profil, &textes.profils)?,
            Arc::new(UInt64Array::from_iter_values(
                presences.iter().map(|p| p.visiteur),
            )),
            Arc::new(UInt32Array::from_iter_values(
                jeux.iter().map(|j| j.services),
            )),
            Arc::new(UInt8Array::from_iter_values(jeux.iter().map(|j| j.types))),
            Arc::new(UInt8Array::from_iter_values(
                jeux.iter().map(|j| j.appareils),
            )),
            Arc::new(UInt8Array::from_iter_values(jeux.iter().map(|j| j.os))),
            Arc::new(UInt16Array::from_iter_values(
                jeux.iter().map(|j| j.navigateurs),
            )),
            Arc::new(UInt32Array::from_iter_values(jeux.iter().map(|j| j.heures))),
            Arc::new(UInt8Array::from_iter_values(
                jeux.iter().map(|j| j.tranches),
            )),
            listes_d_outils(presences, etiquettes, textes)?,
        ],
    )
}

/// The tools of each row, in the order of their texts.
fn listes_d_outils(
    presences: &[Presence],
    etiquettes: &Etiquettes,
    textes: &Textes,
) -> Result<ArrayRef, ArrowError> {
    let mut cles = Vec::new();
    let mut longueurs = Vec::with_capacity(presences.len());
    for presence in presences {
        let mut outils = etiquettes.contenu(presence.outils).to_vec();
        outils.sort_unstable_by_key(|o| &textes.outils[o.0 as usize]);
        longueurs.push(outils.len());
        cles.extend(outils.iter().map(|o| cle(o.0 as usize)));
    }
    let libelles: ArrayRef = Arc::new(StringArray::from_iter_values(
        textes.outils.iter().map(|o| &**o),
    ));
    Ok(Arc::new(ListArray::try_new(
        champ_outils(&schema_presence()),
        OffsetBuffer::from_lengths(longueurs),
        dictionnaire(cles, &libelles)?,
        None,
    )?))
}

fn champ_outils(schema: &SchemaRef) -> Arc<Field> {
    match schema.field_with_name("outils").map(Field::data_type) {
        Ok(DataType::List(champ)) => Arc::clone(champ),
        _ => Arc::new(Field::new("item", texte(), false)),
    }
}

fn dictionnaire(cles: Vec<i32>, valeurs: &ArrayRef) -> Result<ArrayRef, ArrowError> {
    let cles = Int32Array::from(cles);
    Ok(Arc::new(DictionaryArray::<Int32Type>::try_new(
        cles,
        Arc::clone(valeurs),
    )?))
}

/// A dictionary's keys are i32 by Arrow's convention; a batch never has that many texts.
fn cle(rang: usize) -> i32 {
    i32::try_from(rang).unwrap_or(i32::MAX)
}

/// A key that [`cle`] made.
fn rang(cle: i32) -> usize {
    usize::try_from(cle).unwrap_or_default()
}
