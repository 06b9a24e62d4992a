//! `frequent convention`.

mod etat;
mod montrer;

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Subcommand, ValueEnum};
use frequent_api::audit::{Journal, LIGNE_DE_COMMANDE, Trace};
use frequent_api::comptes::Perimetre;
use frequent_api::conventions::{Contexte, Conventions};
use frequent_plan::{Fuseaux, Grain, Jour, Lac, Uai};
use frequent_territory::Annuaires;
use frequent_territory::conventions::{
    Autorite, Cloture, Convention, Inscription, Libelle, Montant, Reference, Siret, SortCumuls,
    Termes,
};

use super::{Resultat, dire};
use crate::reglages::Reglages;
use crate::service::base::avec_le_journal;
use crate::service::serveur::etat_seul;

/// What can be done with conventions.
#[derive(Debug, Subcommand)]
pub enum Action {
    /// Enregistrer une convention. Ex. : frequent convention add --autorite 66136 --fournisseur
    /// Édifice --plateforme ONE-OCC --debut 2026-09-01 --fin 2027-08-31 --prix 45 --ecole 0660713S
    Add(Ajout),
    /// Importer un CSV, une ligne par école. Ex. : frequent convention import conventions.csv --essai
    Import {
        /// Le fichier
        fichier: PathBuf,
        /// Dire ce qui serait retenu et refusé, sans rien enregistrer
        #[arg(long)]
        essai: bool,
    },
    /// Lister les conventions. Ex. : frequent convention list
    List,
    /// Montrer une convention et ses écoles. Ex. : frequent convention show 66136-one-occ-2026
    Show {
        /// Sa référence
        reference: String,
    },
    /// Reconduire une convention d’un an. Ex. : frequent convention renew 66136-one-occ-2026
    Renew {
        /// Sa référence
        reference: String,
    },
    /// Terminer une convention : les données de ses écoles seront détruites sous 15 jours. Ex. :
    /// frequent convention end 66136-one-occ-2026 --date 2026-12-31 --cumuls garder
    End {
        /// Sa référence
        reference: String,
        /// Dernier jour en vigueur ; aujourd’hui si absent
        #[arg(long, value_name = "AAAA-MM-JJ")]
        date: Option<Jour>,
        /// Ce que deviennent les chiffres publiés, qui sont anonymes
        #[arg(long, value_enum, default_value = "garder")]
        cumuls: Cumuls,
    },
    /// Annuler une fin, tant que rien n’est détruit. Ex. : frequent convention undo-end 66136-one-occ-2026
    UndoEnd {
        /// Sa référence
        reference: String,
    },
    /// Écoles déployées, actives, jamais visitées, courbe des rentrées, participation, destructions
    /// dues. Ex. : frequent convention state --perimetre departement:066 --jour 2026-11-20
    State {
        /// Territoire : niveau:code
        #[arg(long, default_value = "national")]
        perimetre: Perimetre,
        /// Jour ; aujourd’hui si absent
        #[arg(long, value_name = "AAAA-MM-JJ")]
        jour: Option<Jour>,
        /// Période qui contient ce jour, sur laquelle une école est active : jour, semaine, mois, annee
        #[arg(long, default_value = "mois", value_parser = grain)]
        grain: Grain,
    },
}

fn grain(texte: &str) -> Result<Grain, String> {
    let connus = || Grain::TOUS.iter().map(|g| g.code()).collect::<Vec<_>>();
    Grain::de_code(texte).ok_or_else(|| format!("« {texte} » : {}", connus().join(", ")))
}

/// A new convention.
#[derive(Debug, Args)]
pub struct Ajout {
    /// Référence ; faite de l’autorité, de la plateforme et de l’année si absente
    #[arg(long)]
    reference: Option<Reference>,
    /// Code INSEE de la commune, ou nom d’une autre autorité
    #[arg(long)]
    autorite: Autorite,
    /// SIRET de l’autorité
    #[arg(long)]
    siret: Option<Siret>,
    /// Fournisseur de l’ENT
    #[arg(long)]
    fournisseur: Libelle,
    /// Plateforme, comme les événements la nomment
    #[arg(long)]
    plateforme: Libelle,
    /// Premier jour
    #[arg(long, value_name = "AAAA-MM-JJ")]
    debut: Jour,
    /// Dernier jour
    #[arg(long, value_name = "AAAA-MM-JJ")]
    fin: Jour,
    /// Prix d’une école pour une année scolaire, en euros
    #[arg(long, default_value = "0")]
    prix: Montant,
    /// UAI d’une école ; à répéter
    #[arg(long = "ecole", required = true, value_name = "UAI")]
    ecoles: Vec<Uai>,
}

/// What becomes of the published cells.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum Cumuls {
    /// Gardés
    Garder,
    /// Détruits
    Detruire,
}

impl From<Cumuls> for SortCumuls {
    fn from(cumuls: Cumuls) -> Self {
        match cumuls {
            Cumuls::Garder => Self::Garder,
            Cumuls::Detruire => Self::Detruire,
        }
    }
}

impl Action {
    /// Opens the conventions, acts, closes them.
    pub fn executer(self, reglages: &Reglages) -> Resultat {
        let lac = Lac::new(&reglages.general.donnees);
        let annuaires = Annuaires::ouvrir(&lac)?;
        avec_le_journal(&lac, &reglages.base.adresse()?, async |base, journal| {
            let conventions = Conventions::ouvrir(base, reglages.conventions()).await?;
            self.agir(reglages, &conventions, journal, &annuaires).await
        })
    }

    async fn agir(
        self,
        reglages: &Reglages,
        conventions: &Conventions,
        audit: &Journal,
        annuaires: &Annuaires,
    ) -> Resultat {
        // Whoever has the command line has the whole instance.
        let partout = |_: &Convention| true;
        let contexte = Contexte {
            annuaires,
            permise: &partout,
            aujourdhui: Fuseaux::charger()?.aujourdhui(),
            trace: Trace {
                journal: audit,
                acteur: LIGNE_DE_COMMANDE,
            },
        };
        match self {
            Self::Add(ajout) => {
                let convention = ajout.convention()?;
                conventions.ajouter(contexte, convention.clone()).await?;
                dire(format_args!(
                    "Convention {} enregistrée.",
                    convention.reference()
                ));
            }
            Self::Import { fichier, essai } => {
                let octets = fs::read(&fichier)
                    .map_err(|faute| format!("{} : {faute}", fichier.display()))?;
                let lu = if essai {
                    conventions.essayer_import(contexte, &octets)
                } else {
                    conventions.importer(contexte, &octets).await?
                };
                let (import, _) = lu.map_err(|faute| format!("{} : {faute}", fichier.display()))?;
                return Ok(montrer::import(&import, essai));
            }
            Self::List => montrer::liste(conventions.registre().conventions(), contexte.aujourdhui),
            Self::Show { reference } => {
                let registre = conventions.registre();
                let convention = registre
                    .convention(&reference)
                    .ok_or_else(|| format!("il n’y a pas de convention « {reference} »"))?;
                montrer::fiche(convention, annuaires, conventions.reglages());
            }
            Self::Renew { reference } => {
                let reconduite = conventions.reconduire(contexte, &reference).await?;
                let fin = reconduite.fin();
                dire(format_args!(
                    "Convention {reference} reconduite jusqu’au {fin}."
                ));
            }
            Self::End {
                reference,
                date,
                cumuls,
            } => {
                let cloture = Cloture {
                    date: date.unwrap_or(contexte.aujourdhui),
                    cumuls: cumuls.into(),
                };
                let terminee = conventions.terminer(contexte, &reference, cloture).await?;
                montrer::fin(&terminee, conventions.reglages());
            }
            Self::UndoEnd { reference } => {
                let rouverte = conventions.annuler_fin(contexte, &reference).await?;
                let fin = rouverte.fin();
                dire(format_args!(
                    "Fin annulée : convention {reference} en vigueur jusqu’au {fin}."
                ));
            }
            Self::State {
                perimetre,
                jour,
                grain,
            } => {
                let jour = jour.unwrap_or(contexte.aujourdhui);
                let etat = etat_seul(reglages).await?;
                let montre = etat::montrer(&etat, annuaires, &perimetre, (jour, grain)).await;
                etat.base().fermer().await;
                montre?;
            }
        }
        Ok(ExitCode::SUCCESS)
    }
}

impl Ajout {
    fn convention(self) -> Result<Convention, Box<dyn std::error::Error>> {
        let inscription = Inscription {
            entree: self.debut,
            sortie: None,
        };
        let termes = Termes {
            autorite: self.autorite,
            siret: self.siret,
            fournisseur: self.fournisseur,
            plateforme: self.plateforme,
            prix: self.prix,
        };
        let reference = self
            .reference
            .unwrap_or_else(|| Reference::proposee(&termes, self.debut));
        let ecoles = self.ecoles.into_iter().map(|uai| (uai, inscription));
        Ok(Convention::new(
            reference,
            termes,
            (self.debut, self.fin),
            ecoles,
        )?)
    }
}
