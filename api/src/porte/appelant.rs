//! Who asks, and what may be seen.

use std::collections::BTreeSet;

use frequent_ingest::acces::Acces;
use frequent_plan::Niveau;
use frequent_territory::{Annuaire, Perimetre, Territoire};

use crate::audit::LIGNE_DE_COMMANDE;
use crate::comptes::{Compte, Droit, Droits, JetonReconnu, SessionOuverte};
use crate::erreurs::Erreur;

/// Who asks: an account with a live session, or a token of one.
#[derive(Debug, Clone)]
pub struct Appelant {
    compte: Compte,
    /// None for a role that reads no figure, whatever territory its account has, and for an account
    /// that has none: it sees no territory.
    perimetre: Option<Perimetre>,
    /// The number of the session; none for a token.
    session: Option<String>,
}

impl Appelant {
    /// The holder of this account.
    #[must_use]
    pub fn new(compte: Compte) -> Self {
        let perimetre = compte.droits.perimetre();
        let lit = compte.droits.role().peut(Droit::Chiffres) && !perimetre.est_vide();
        Self {
            perimetre: lit.then_some(perimetre),
            compte,
            session: None,
        }
    }

    /// Whoever has the command line has the whole instance.
    #[must_use]
    pub(crate) fn ligne_de_commande() -> Self {
        Self::new(Compte {
            identifiant: LIGNE_DE_COMMANDE.to_owned(),
            nom: String::new(),
            droits: Droits::de_toute_l_instance(),
        })
    }

    /// The holder of a live session.
    #[must_use]
    pub fn de_session(ouverte: SessionOuverte) -> Self {
        Self {
            session: Some(ouverte.numero),
            ..Self::new(ouverte.compte)
        }
    }

    /// A token that works: its holder, within the token's own perimeter.
    #[must_use]
    pub fn de_jeton(jeton: JetonReconnu, annuaire: Option<&Annuaire>) -> Self {
        let mut compte = jeton.compte;
        if !jeton.perimetre.est_vide() {
            compte.droits = match annuaire {
                Some(annuaire) => compte.droits.bornes(annuaire, &jeton.perimetre),
                None => compte.droits.sans_perimetre(),
            };
        }
        Self::new(compte)
    }

    /// The number of its session; none for a token.
    #[must_use]
    pub fn session(&self) -> Option<&str> {
        self.session.as_deref()
    }

    /// All that may be seen; none for a provider's account.
    #[must_use]
    pub fn perimetre(&self) -> Option<&Perimetre> {
        self.perimetre.as_ref()
    }

    /// Checks that the account's role may do this.
    ///
    /// # Errors
    /// [`Erreur::DroitManquant`].
    pub fn exiger(&self, droit: Droit) -> Result<(), Erreur> {
        if self.compte.droits.role().peut(droit) {
            Ok(())
        } else {
            Err(Erreur::DroitManquant)
        }
    }

    /// The account.
    #[must_use]
    pub fn compte(&self) -> &Compte {
        &self.compte
    }

    /// Whether the whole of a territory may be seen.
    #[must_use]
    pub fn voit(&self, annuaire: &Annuaire, niveau: Niveau, code: &str) -> bool {
        self.perimetre
            .as_ref()
            .is_some_and(|perimetre| perimetre.contient(annuaire, niveau, code))
    }

    /// Whether the tagging quality of some platform may be seen.
    #[must_use]
    pub fn voit_la_qualite(&self) -> bool {
        let droits = &self.compte.droits;
        droits.voit_toute_plateforme() || !droits.plateformes().is_empty()
    }

    /// The platforms whose tagging quality may be seen: those the account was given, or every one
    /// that a key or a site names.
    #[must_use]
    pub fn plateformes(&self, acces: &Acces) -> BTreeSet<String> {
        let droits = &self.compte.droits;
        if !droits.voit_toute_plateforme() {
            return droits.plateformes().clone();
        }
        let cles = acces.lister_cles();
        let sites = acces.lister_sites();
        let des_cles = cles.into_iter().flat_map(|cle| cle.plateformes);
        let des_sites = sites
            .into_iter()
            .flat_map(|site| site.autres_plateformes.into_iter().chain([site.plateforme]));
        let donnees = droits.plateformes().iter().cloned();
        des_cles.chain(des_sites).chain(donnees).collect()
    }

    /// Whether the tagging quality of this platform may be seen.
    #[must_use]
    pub fn voit_plateforme(&self, plateforme: &str) -> bool {
        let droits = &self.compte.droits;
        droits.voit_toute_plateforme() || droits.plateformes().contains(plateforme)
    }

    /// The territory of this level and code, if it exists and may be seen.
    ///
    /// # Errors
    /// [`Erreur::SansTerritoire`], [`Erreur::TerritoireInconnu`] or [`Erreur::HorsPerimetre`].
    pub fn territoire<'a>(
        &self,
        annuaire: &'a Annuaire,
        niveau: Niveau,
        code: &str,
    ) -> Result<&'a Territoire, Erreur> {
        if self.perimetre.is_none() {
            return Err(Erreur::SansTerritoire);
        }
        let territoire =
            annuaire
                .territoire(niveau, code)
                .ok_or_else(|| Erreur::TerritoireInconnu {
                    niveau,
                    code: code.to_owned(),
                })?;
        if self.voit(annuaire, niveau, code) {
            Ok(territoire)
        } else {
            Err(Erreur::HorsPerimetre)
        }
    }
}
