//! Typed access to the columns of a batch, with errors that name the file and the column.

use std::path::Path;

use arrow::array::{
    Array, ArrayRef, ArrowPrimitiveType, AsArray, DictionaryArray, FixedSizeBinaryArray,
    RecordBatch, StringArray,
};
use arrow::datatypes::Int32Type;

use crate::erreur::Erreur;

/// What stands for a text that means nothing: no packed code and no school number has this bit.
pub(crate) const INCONNU: u32 = 1 << 31;

/// A text column: for each row, its number.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Texte<'t> {
    cles: &'t [i32],
    numeros: &'t [u32],
}

impl Texte<'_> {
    #[expect(
        clippy::cast_sign_loss,
        reason = "keys into a dictionary are checked when decoded"
    )]
    pub(crate) fn de(&self, rang: usize) -> u32 {
        self.numeros[self.cles[rang] as usize]
    }
}

/// The numbers of a dictionary's texts, kept as long as batches share that dictionary.
#[derive(Debug, Default)]
pub(crate) struct Dictionnaire {
    source: Option<StringArray>,
    numeros: Vec<u32>,
}

impl Dictionnaire {
    fn traduire(&mut self, textes: &StringArray, lire: impl Fn(&str) -> Option<u32>) -> &[u32] {
        let le_meme = self.source.as_ref().is_some_and(|source| {
            source.value_data().as_ptr() == textes.value_data().as_ptr()
                && source.value_offsets().as_ptr() == textes.value_offsets().as_ptr()
                && source.len() == textes.len()
        });
        if !le_meme {
            self.numeros.clear();
            self.numeros
                .extend(textes.iter().map(|t| t.and_then(&lire).unwrap_or(INCONNU)));
            self.source = Some(textes.clone());
        }
        &self.numeros
    }
}

/// A batch of rows of a file.
pub(crate) struct Lot<'a> {
    pub chemin: &'a Path,
    pub lignes: &'a RecordBatch,
}

impl<'a> Lot<'a> {
    /// A column without absent values.
    pub(crate) fn colonne(&self, nom: &'static str) -> Result<&'a ArrayRef, Erreur> {
        let colonne = self.lignes.column_by_name(nom);
        let colonne = colonne.ok_or_else(|| Erreur::table(self.chemin, nom, "colonne absente"))?;
        if colonne.null_count() > 0 {
            return Err(Erreur::table(self.chemin, nom, "valeur absente"));
        }
        Ok(colonne)
    }

    pub(crate) fn type_inattendu(&self, nom: &'static str, colonne: &ArrayRef) -> Erreur {
        Erreur::table(
            self.chemin,
            nom,
            format!("type inattendu {}", colonne.data_type()),
        )
    }

    /// The values of a column of numbers.
    pub(crate) fn nombres<T: ArrowPrimitiveType>(
        &self,
        nom: &'static str,
    ) -> Result<&'a [T::Native], Erreur> {
        let colonne = self.colonne(nom)?;
        let nombres = colonne.as_primitive_opt::<T>();
        Ok(nombres
            .ok_or_else(|| self.type_inattendu(nom, colonne))?
            .values())
    }

    /// The identifiers.
    pub(crate) fn ids(&self) -> Result<&'a FixedSizeBinaryArray, Erreur> {
        let colonne = self.colonne("id")?;
        let ids = colonne.as_fixed_size_binary_opt();
        ids.filter(|ids| ids.value_length() == 16)
            .ok_or_else(|| self.type_inattendu("id", colonne))
    }

    /// The numbers that `lire` gives to the texts of a column, each text of its dictionary read
    /// once; [`INCONNU`] where it gives none.
    pub(crate) fn textes<'t>(
        &self,
        nom: &'static str,
        dictionnaire: &'t mut Dictionnaire,
        lire: impl Fn(&str) -> Option<u32>,
    ) -> Result<Texte<'t>, Erreur>
    where
        'a: 't,
    {
        self.textes_de(nom, self.colonne(nom)?, dictionnaire, lire)
    }

    /// The same, for the values of a list.
    pub(crate) fn textes_de<'t>(
        &self,
        nom: &'static str,
        colonne: &'t ArrayRef,
        dictionnaire: &'t mut Dictionnaire,
        lire: impl Fn(&str) -> Option<u32>,
    ) -> Result<Texte<'t>, Erreur> {
        let codes = colonne.as_dictionary_opt::<Int32Type>();
        let codes = codes.and_then(DictionaryArray::downcast_dict::<StringArray>);
        let codes = codes.ok_or_else(|| self.type_inattendu(nom, colonne))?;
        Ok(Texte {
            cles: codes.keys().values(),
            numeros: dictionnaire.traduire(codes.values(), lire),
        })
    }
}
