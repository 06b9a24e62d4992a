//! `frequent purge`.

use std::collections::BTreeSet;
use std::process::ExitCode;
use std::sync::Arc;

use clap::{Args, Subcommand};
use frequent_aggregate::{Choix, SansSuivi};
use frequent_api::audit::LIGNE_DE_COMMANDE;
use frequent_api::conservation::{
    Certificat, CertificatSigne, Conservateur, ConservationErreur, Demande, Detruit, EchuEnBase,
    certificats, prevoir_en_base, verifier,
};
use frequent_api::conventions::Conventions;
use frequent_ingest::TrousseauDisque;
use frequent_plan::conservation::Regle;
use frequent_plan::{Fuseaux, Instant, Jour, Lac, Plan, Uai};
use frequent_territory::Annuaires;

use super::{Resultat, dire};
use crate::reglages::Reglages;
use crate::service::base::avec_le_journal;
use crate::service::calcul;
use crate::service::conservation::Registres;
use crate::service::journaux::atterrir_le_reste;
use crate::service::serveur::Faute;

/// Arguments of `frequent purge`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Arguments {
    /// Dire ce qui serait détruit, et ne rien détruire
    #[arg(long)]
    dry_run: bool,
    /// Avec --dry-run : ce qui serait détruit ce jour-là
    #[arg(long, value_name = "AAAA-MM-JJ", requires = "dry_run")]
    le: Option<Jour>,
    /// Détruire les événements et la présence de cette école (plusieurs fois pour plusieurs)
    #[arg(long, value_name = "UAI", conflicts_with = "dry_run")]
    ecole: Vec<Uai>,
    /// Dernier jour concerné ; aujourd’hui sans lui
    #[arg(long, value_name = "AAAA-MM-JJ", requires = "ecole")]
    au: Option<Jour>,
    /// Détruire aussi les cumuls propres à l’école ; ceux des territoires restent
    #[arg(long, requires = "ecole")]
    cumuls: bool,
    /// Qui l’a demandé, ou la convention : écrit sur le certificat
    #[arg(long, requires = "ecole", default_value = "demande de l’école")]
    motif: String,
    #[command(subcommand)]
    action: Option<Action>,
}

/// What can be done with certificates.
#[derive(Debug, Subcommand)]
enum Action {
    /// Les certificats des destructions d’écoles
    Certificats,
    /// Vérifier la signature d’un certificat, sans réseau ; code de sortie 1 si elle est fausse
    Verifier {
        /// Le certificat (.json)
        fichier: std::path::PathBuf,
        /// Clé publique de l’instance (« frequent key show »)
        #[arg(long)]
        cle: String,
    },
}

impl Arguments {
    /// Destroys what is over, or a school's data, or says what would be.
    pub fn executer(self, reglages: &Reglages) -> Resultat {
        let lac = Lac::new(&reglages.general.donnees);
        match self.action {
            Some(Action::Certificats) => return lister(&lac),
            Some(Action::Verifier { fichier, cle }) => {
                let texte = std::fs::read_to_string(&fichier)
                    .map_err(|source| format!("{} : {source}", fichier.display()))?;
                let certificat = verifier(&texte, &cle)
                    .map_err(|faute| format!("{} : {faute}", fichier.display()))?;
                dire("Signature bonne.");
                dire(resumer(&certificat));
                return Ok(ExitCode::SUCCESS);
            }
            None => {}
        }
        let aujourd_hui = Fuseaux::charger()?.aujourdhui();
        let trousseau = Arc::new(TrousseauDisque::ouvrir(&lac)?);
        let durees = reglages.conservation.durees();
        let conservateur = Conservateur::new(lac.clone(), trousseau, durees);
        if self.dry_run {
            let jour = self.le.unwrap_or(aujourd_hui);
            annoncer(&conservateur, jour)?;
            return annoncer_en_base(&lac, reglages, jour);
        }
        compter(&lac, reglages)?;
        let registres = Registres {
            conservateur: &conservateur,
            lac: &lac,
            adresse: &reglages.base.adresse()?,
            conventions: reglages.conventions(),
            acteur: LIGNE_DE_COMMANDE,
        };
        let mut certificats = purger(&registres, aujourd_hui)?;
        if !self.ecole.is_empty() {
            certificats.push(conservateur.detruire_des_ecoles(Demande {
                regle: Regle::Demande,
                motif: self.motif,
                ecoles: BTreeSet::from_iter(self.ecole),
                au: self.au.unwrap_or(aujourd_hui),
                cumuls: self.cumuls,
                le: aujourd_hui,
            })?);
        }
        let tenue = registres.tenir(&certificats, aujourd_hui)?;
        for certificat in certificats.iter().chain(&tenue.certificats) {
            dire(resumer(certificat));
        }
        for echu in &tenue.en_base {
            montrer_en_base(echu);
        }
        Ok(ExitCode::SUCCESS)
    }
}

/// Counts what has landed: what goes is never counted again.
fn compter(lac: &Lac, reglages: &Reglages) -> Result<(), Box<dyn std::error::Error>> {
    let plan = Plan::integre()?;
    atterrir_le_reste(lac, &plan)?;
    frequent_aggregate::agreger_avec(
        lac,
        &plan,
        &Annuaires::ouvrir(lac)?,
        &Choix::Changes,
        Instant::maintenant(),
        &SansSuivi,
        &calcul::reglages(reglages),
    )?;
    Ok(())
}

fn annoncer(conservateur: &Conservateur, jour: Jour) -> Resultat {
    let prevision = conservateur.prevoir(jour)?;
    dire(format_args!(
        "Le {jour}, {} partie(s) seraient détruites :",
        prevision.a_detruire.len()
    ));
    for echu in &prevision.a_detruire {
        montrer(&conservateur.mesurer(echu)?);
    }
    retenir(conservateur, jour)?;
    Ok(ExitCode::SUCCESS)
}

/// Says which schools' data the end of a convention makes due, and what is over in the database.
fn annoncer_en_base(lac: &Lac, reglages: &Reglages, jour: Jour) -> Resultat {
    avec_le_journal(lac, &reglages.base.adresse()?, async |base, journal| {
        let conventions = Conventions::ouvrir(base, reglages.conventions()).await?;
        for due in conventions.a_detruire(jour) {
            dire(format_args!(
                "  école      {:<22} convention {}  échu le {} ({}), chiffres publiés : {}",
                due.uai,
                due.convention,
                due.echeance,
                Regle::FinDeConvention.code(),
                due.cumuls.code()
            ));
        }
        let durees = reglages.conservation.durees();
        let dus = prevoir_en_base(base, journal, &durees, jour).await?;
        for echu in &dus {
            montrer_en_base(echu);
        }
        Ok(ExitCode::SUCCESS)
    })
}

fn purger(registres: &Registres<'_>, jour: Jour) -> Result<Vec<Certificat>, Faute> {
    let mut nombre = 0_u32;
    let certificats = registres.purger(jour, |detruit| {
        montrer(detruit);
        nombre += 1;
    })?;
    dire(format_args!("{nombre} partie(s) détruites."));
    retenir(registres.conservateur, jour)?;
    Ok(certificats)
}

fn montrer_en_base(echu: &EchuEnBase) {
    dire(format_args!(
        "  {:<10} {:<22} {:>10} lignes échues ({})",
        echu.table,
        format!("avant le {}", echu.avant),
        echu.lignes,
        echu.regle.code()
    ));
}

/// Says what is over and waits to be counted.
fn retenir(conservateur: &Conservateur, jour: Jour) -> Result<(), ConservationErreur> {
    for retenu in conservateur.prevoir(jour)?.retenus {
        dire(format_args!(
            "  gardé jusqu’à son calcul : {} {}",
            retenu.objet.table(),
            retenu.objet.partie()
        ));
    }
    Ok(())
}

fn montrer(detruit: &Detruit) {
    let Detruit { echu, taille } = detruit;
    dire(format_args!(
        "  {:<10} {:<22} {:>10} lignes {:>12} octets  échu le {} ({})",
        echu.objet.table(),
        echu.objet.partie(),
        taille.lignes,
        taille.octets,
        echu.echeance,
        echu.regle.code()
    ));
}

fn lister(lac: &Lac) -> Resultat {
    for CertificatSigne { certificat, .. } in certificats(lac)? {
        dire(resumer(&serde_json::from_value(certificat)?));
    }
    Ok(ExitCode::SUCCESS)
}

fn resumer(certificat: &Certificat) -> String {
    let ecoles: Vec<String> = certificat.ecoles.iter().map(Uai::to_string).collect();
    let lignes: Vec<String> = certificat
        .lignes
        .iter()
        .map(|(table, nombre)| format!("{table} {nombre}"))
        .collect();
    format!(
        "certificat {} : {} ({}), {}, jusqu’au {}, lignes détruites : {}",
        certificat.id,
        certificat.regle,
        certificat.motif,
        ecoles.join(" "),
        certificat.au,
        lignes.join(", ")
    )
}
