//! Why a record gives no event, and how many did so. Their content is neither kept nor logged: a
//! position and a reason say where to look.

use frequent_plan::Raison;

/// Why a record is put aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Rebut {
    /// It has no value.
    SansValeur,
    /// It is larger than any event.
    TropGros,
    /// Its header names a form that this version does not know.
    FormeInconnue,
    /// It is sealed with the key of another instance.
    SceauEtranger,
    /// Its seal does not match its value: it was forged or altered.
    SceauFaux,
    /// Its seal is right and its lot cannot be read: another version wrote it.
    LotIllisible,
    /// A native event on a topic that speaks for no platform.
    NatifNonAdmis,
    /// A native event that the checks refuse.
    Refuse(Raison),
}

impl Rebut {
    /// The code: the metric's label, the log's field.
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::SansValeur => "sans_valeur",
            Self::TropGros => "trop_gros",
            Self::FormeInconnue => "forme_inconnue",
            Self::SceauEtranger => "sceau_etranger",
            Self::SceauFaux => "sceau_faux",
            Self::LotIllisible => "lot_illisible",
            Self::NatifNonAdmis => "natif_non_admis",
            Self::Refuse(raison) => raison.code(),
        }
    }
}
