//! What one process does: everything by default, or a part when the load asks for several.

use std::fmt;

use clap::ValueEnum;

use crate::reglages::Reglages;

/// A part of the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Role {
    /// Receive events and make them durable.
    Collect,
    /// Bring durable events into the lake.
    Land,
    /// Count what changed.
    Aggregate,
    /// Serve the API and the console.
    Api,
}

/// The parts that one process does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roles(Vec<Role>);

/// Why these parts cannot be done so.
#[derive(Debug, thiserror::Error)]
pub enum RolesInvalides {
    /// The log in files has one owner.
    #[error(
        "--role : sans Kafka, collect et land vont dans le même processus, car le journal est dans des fichiers qu’un seul processus ouvre ; réunissez-les, ou activez [kafka] avec journal = true"
    )]
    JournalPartage,
}

impl Roles {
    /// These parts, if the log lets them be apart.
    ///
    /// # Errors
    /// The log is in files, and only one of those who write and empty it is here.
    pub fn new(roles: Vec<Role>, reglages: &Reglages) -> Result<Self, RolesInvalides> {
        let roles = Self(roles);
        let partage = roles.a(Role::Collect) != roles.a(Role::Land);
        let kafka = &reglages.kafka;
        if partage && !(kafka.actif && kafka.journal) {
            return Err(RolesInvalides::JournalPartage);
        }
        Ok(roles)
    }

    /// Everything.
    pub fn tous() -> Self {
        Self(Role::value_variants().to_vec())
    }

    /// This part is among them.
    pub fn a(&self, role: Role) -> bool {
        self.0.contains(&role)
    }
}

impl fmt::Display for Roles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (rang, role) in self.0.iter().enumerate() {
            let virgule = if rang > 0 { "," } else { "" };
            write!(f, "{virgule}{role:?}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_kafka_those_who_write_and_empty_the_log_are_one_process() {
        let mut reglages = Reglages::charger(None, []).unwrap();
        let juger = |roles: &[Role], reglages: &Reglages| Roles::new(roles.to_vec(), reglages);
        let separes = [Role::Collect, Role::Api];
        let faute = juger(&separes, &reglages).unwrap_err().to_string();
        assert!(faute.contains("collect et land"), "{faute}");
        assert!(juger(&[Role::Land], &reglages).is_err());
        assert!(juger(&[Role::Collect, Role::Land], &reglages).is_ok());
        assert!(juger(&[Role::Api], &reglages).is_ok());
        reglages.kafka.actif = true;
        assert!(juger(&separes, &reglages).is_ok());
        reglages.kafka.journal = false;
        assert!(juger(&separes, &reglages).is_err());
    }
}
