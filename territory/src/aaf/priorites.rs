//! Which of the open directory and of the feed is believed, field group by field group.

use std::fmt;

/// Who speaks of a school.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The open directory.
    Annuaire,
    /// The directory feed.
    Aaf,
}

impl Source {
    /// As settings write it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Annuaire => "annuaire",
            Self::Aaf => "aaf",
        }
    }

    /// The source of this code.
    #[must_use]
    pub fn de_code(code: &str) -> Option<Self> {
        [Self::Annuaire, Self::Aaf]
            .into_iter()
            .find(|source| source.code() == code)
    }
}

/// A group of fields that both sources give.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Groupe {
    /// Its name.
    Nom,
    /// Its type and nature.
    Nature,
    /// Its circonscription.
    Circonscription,
    /// Its commune.
    Commune,
    /// Public or private.
    Secteur,
    /// Its ministry.
    Ministere,
}

impl Groupe {
    /// Every group.
    pub const TOUS: &'static [Self] = &[
        Self::Nom,
        Self::Nature,
        Self::Circonscription,
        Self::Commune,
        Self::Secteur,
        Self::Ministere,
    ];

    /// As settings and lists of conflicts write it.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Nom => "nom",
            Self::Nature => "nature",
            Self::Circonscription => "circonscription",
            Self::Commune => "commune",
            Self::Secteur => "secteur",
            Self::Ministere => "ministere",
        }
    }
}

/// Who is believed on each group. By default the feed is on circonscriptions, which it names by
/// their UAI in every vintage, and the open directory is on the rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Priorites([Source; Groupe::TOUS.len()]);

impl Default for Priorites {
    fn default() -> Self {
        Self([Source::Annuaire; Groupe::TOUS.len()]).avec(Groupe::Circonscription, Source::Aaf)
    }
}

impl Priorites {
    /// The same, with this source believed on this group.
    #[must_use]
    pub fn avec(mut self, groupe: Groupe, source: Source) -> Self {
        self.0[groupe as usize] = source;
        self
    }

    /// Who is believed on a group.
    #[must_use]
    pub fn sur(&self, groupe: Groupe) -> Source {
        self.0[groupe as usize]
    }

    /// What [`fmt::Display`] wrote; what cannot be read stays at its default.
    #[must_use]
    pub fn lire(texte: &str) -> Self {
        let mut priorites = Self::default();
        for paire in texte.split(',') {
            let Some((groupe, source)) = paire.split_once('=') else {
                continue;
            };
            let groupe = Groupe::TOUS.iter().find(|g| g.code() == groupe);
            if let (Some(groupe), Some(source)) = (groupe, Source::de_code(source)) {
                priorites = priorites.avec(*groupe, source);
            }
        }
        priorites
    }
}

impl fmt::Display for Priorites {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (rang, groupe) in Groupe::TOUS.iter().enumerate() {
            let virgule = if rang > 0 { "," } else { "" };
            write!(f, "{virgule}{}={}", groupe.code(), self.sur(*groupe).code())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let priorites = Priorites::default()
            .avec(Groupe::Nom, Source::Aaf)
            .avec(Groupe::Circonscription, Source::Annuaire);
        assert_eq!(Priorites::lire(&priorites.to_string()), priorites);
        assert_eq!(Priorites::lire("nom=autre,x"), Priorites::default());
    }
}
