//! Who may make which accounts and perimeters: never more than one's own, in any direction.

use frequent_territory::{Annuaire, Perimetre};

use super::droits::Droits;
use super::roles::{Droit, Role};

/// Why what is asked cannot be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DelegationRefusee {
    /// Accounts and perimeters are not this role's business.
    #[error("Ce compte n’administre ni comptes ni périmètres.")]
    Role,
    /// The role asked is not one that may be given.
    #[error("Ce rôle ne peut pas être confié par le vôtre.")]
    RoleConfie(Role),
    /// The perimeter asked is wider than the giver's.
    #[error("Ce périmètre dépasse le vôtre.")]
    Perimetre,
    /// A platform asked is not one of the giver's.
    #[error("Cette plateforme n’est pas dans votre périmètre.")]
    Plateforme,
}

/// Whether the holder of these rights may give those: the role is one that theirs may give, the
/// perimeter is inside theirs and will stay so, the platforms are theirs.
///
/// # Errors
/// The first of these that does not hold.
pub fn verifier_delegation(
    annuaire: &Annuaire,
    donneur: &Droits,
    donnes: &Droits,
) -> Result<(), DelegationRefusee> {
    verifier_perimetre(annuaire, donneur, &donnes.perimetre())?;
    if !donneur.role().confie().contains(&donnes.role()) {
        return Err(DelegationRefusee::RoleConfie(donnes.role()));
    }
    let tiennes = donneur.plateformes();
    if donneur.voit_toute_plateforme() || donnes.plateformes().is_subset(tiennes) {
        Ok(())
    } else {
        Err(DelegationRefusee::Plateforme)
    }
}

/// Whether the holder of these rights may administer this perimeter.
///
/// # Errors
/// Their role administers none, or it is wider than theirs.
pub fn verifier_perimetre(
    annuaire: &Annuaire,
    donneur: &Droits,
    perimetre: &Perimetre,
) -> Result<(), DelegationRefusee> {
    if !donneur.role().peut(Droit::Comptes) {
        return Err(DelegationRefusee::Role);
    }
    if donneur.perimetre().inclut(annuaire, perimetre) {
        Ok(())
    } else {
        Err(DelegationRefusee::Perimetre)
    }
}

#[cfg(test)]
#[path = "delegation_tests.rs"]
mod tests;
