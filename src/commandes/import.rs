//! `frequent import`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Args;
use frequent_ingest::TrousseauDisque;
use frequent_ingest::acces::{Acces, CleFournisseur, Usage};
use frequent_ingest::import::{
    Bilan, Constats, Destination, Emission, Import, ImportErreur, LigneRefusee, Refuses,
    ReglagesImport, SUFFIXE_REFUS, Source, sources,
};
use frequent_ingest::qualite::Qualite;
use frequent_ingest::terminal::Terminaux;
use frequent_plan::{
    AnneeScolaire, Cle, CleIndisponible, FenetreTemps, Fuseaux, HorlogeSysteme, Lac, Plan, Raison,
    Trousseau,
};

use super::progression::BarreImport;
use super::{Resultat, dire, dire_erreur};
use crate::reglages::Reglages;

/// Some lines were refused, the others are imported. 2 is taken: a command line that is wrong.
const LIGNES_REFUSEES: u8 = 3;
/// Refused lines of a file that a trial shows.
const REFUS_MONTRES: u64 = 20;

/// Arguments of `frequent import`.
#[derive(Debug, Args)]
#[command(after_help = "\
Un fichier contient un événement par ligne : en NDJSON, ou en CSV avec une première ligne qui nomme
les champs (séparateur « ; » ou « , »), tel quel ou compressé en gzip ou zstd. Un dossier vaut pour
tous ses fichiers, sous-dossiers compris. Le même contenu importé deux fois ne compte qu’une fois,
sous n’importe quel nom ; un import interrompu reprend où il en était : relancez la même commande.

Code de sortie : 0 si tout est importé, 3 si des lignes ont été refusées (les autres sont
importées), 1 si un fichier n’a pas pu être lu jusqu’au bout ou si le disque a refusé.")]
pub struct Arguments {
    /// Fichiers, dossiers, ou « - » pour l’entrée standard
    #[arg(required = true, value_name = "FICHIER|DOSSIER|-")]
    fichiers: Vec<PathBuf>,
    /// Plateforme pour laquelle les fichiers peuvent parler ; à répéter s’il y en a plusieurs
    #[arg(
        long = "plateforme",
        required_unless_present = "cle",
        conflicts_with = "cle"
    )]
    plateformes: Vec<String>,
    /// Nom d’une clé de fournisseur, pour ses plateformes (voir frequent provider list)
    #[arg(long, value_name = "NOM")]
    cle: Option<String>,
    /// Un seul fichier pour toutes les lignes refusées ; sinon <NOM>.refus.ndjson à côté de chacun
    #[arg(long, value_name = "FICHIER")]
    refus: Option<PathBuf>,
    /// Tout lire et vérifier sans rien importer
    #[arg(long)]
    essai: bool,
    /// Relire aussi ce qui a déjà été importé (après une purge, par exemple)
    #[arg(long, conflicts_with = "essai")]
    refaire: bool,
}

impl Arguments {
    /// Imports each source; one that fails is said and does not stop the others.
    pub fn executer(self, reglages: &Reglages) -> Resultat {
        let lac = Lac::new(&reglages.general.donnees);
        let sources = sources(&self.fichiers)?;
        self.verifier_refus(&sources)?;
        let (plan, fuseaux) = (Plan::integre()?, Fuseaux::charger()?);
        let (terminaux, acces) = (Terminaux::charger()?, Acces::ouvrir(&lac)?);
        let trousseau: Box<dyn Trousseau> = if self.essai {
            Box::new(CleJetable::tirer()?)
        } else {
            Box::new(TrousseauDisque::ouvrir(&lac)?)
        };
        let import = Import {
            lac: &lac,
            plan: &plan,
            fuseaux: &fuseaux,
            conversions: acces.conversions(),
            trousseau: &*trousseau,
            terminaux: &terminaux,
            qualite: &Arc::new(Qualite::new(Arc::new(Fuseaux::charger()?))),
            horloge: &HorlogeSysteme,
            emission: self.emission(&acces)?,
            reglages: bornes(reglages),
            destination: self.destination(&lac)?,
        };
        let mut sortie = Sortie::nouvelle(&self);
        let (mut total, mut echecs) = (Bilan::default(), 0);
        for source in &sources {
            let barre = BarreImport::nouvelle();
            let mut bilan = Bilan::default();
            let refuser = |source: &Source, lignes: &[LigneRefusee]| sortie.refuser(source, lignes);
            let issue = import.importer(source, refuser, &mut bilan, &barre);
            barre.effacer();
            rapporter(source, &bilan);
            if let Err(faute) = issue {
                dire_erreur(&faute);
                echecs += 1;
            }
            sortie.clore(source)?;
            total.ajouter(&bilan);
        }
        sortie.finir()?;
        if sources.len() > 1 {
            dire(format_args!("En tout : {}.", chiffres(&total)));
        }
        conclure(&total, self.essai);
        Ok(match (echecs, total.refuses()) {
            (0, 0) => ExitCode::SUCCESS,
            (0, _) => ExitCode::from(LIGNES_REFUSEES),
            _ => ExitCode::FAILURE,
        })
    }

    fn emission(&self, acces: &Acces) -> Result<Emission, Box<dyn std::error::Error>> {
        let Some(nom) = &self.cle else {
            return Ok(Emission::Plateformes(self.plateformes.clone()));
        };
        let cles = acces.lister_cles();
        let cle: CleFournisseur = cles
            .into_iter()
            .find(|cle| cle.nom == *nom)
            .ok_or_else(|| format!("aucune clé ne porte le nom « {nom} »"))?;
        if cle.revoquee_le.is_some() {
            return Err(format!("la clé « {nom} » est révoquée").into());
        }
        if cle.usage == Usage::Essai && !self.essai {
            return Err(format!(
                "la clé « {nom} » est une clé d’essai, ce qu’elle envoie n’est jamais compté : ajoutez --essai"
            )
            .into());
        }
        Ok(Emission::Cle(cle))
    }

    fn destination(&self, lac: &Lac) -> Result<Destination, ImportErreur> {
        if self.essai {
            return Ok(Destination::Essai);
        }
        let constats = Constats::ouvrir(lac, || dire("Un autre import est en cours : attente…"))?;
        Ok(if self.refaire {
            Destination::Refaire(constats)
        } else {
            Destination::Lac(constats)
        })
    }

    /// The refused lines must not take the place of a file to import.
    fn verifier_refus(&self, sources: &[Source]) -> Result<(), String> {
        let Some(refus) = &self.refus else {
            return Ok(());
        };
        let canonique = |chemin: &Path| chemin.canonicalize().ok();
        let ecrase = canonique(refus).is_some_and(|refus| {
            sources.iter().any(|source| match source {
                Source::Fichier(chemin) => canonique(chemin).as_ref() == Some(&refus),
                Source::EntreeStandard => false,
            })
        });
        if ecrase {
            return Err(format!(
                "--refus {} : c’est un des fichiers à importer",
                refus.display()
            ));
        }
        Ok(())
    }
}

fn bornes(reglages: &Reglages) -> ReglagesImport {
    const JOUR_MS: i64 = 24 * 3_600_000;
    const MINUTE_MS: i64 = 60_000;
    ReglagesImport {
        fenetre: FenetreTemps {
            passe_ms: i64::from(reglages.conservation.porte(reglages.import.passe_max_jours))
                * JOUR_MS,
            futur_ms: i64::from(reglages.collecte.futur_max_minutes) * MINUTE_MS,
        },
        tranche_octets: (reglages.import.tranche_mio as usize) << 20,
    }
}

/// Where refused lines go: one file for all, one beside each source, or the screen for a trial.
enum Sortie {
    Commune(Refuses),
    ParSource(Option<Refuses>),
    Ecran { montrees: u64 },
}

impl Sortie {
    fn nouvelle(arguments: &Arguments) -> Self {
        match &arguments.refus {
            Some(chemin) => Self::Commune(Refuses::vers(chemin.clone())),
            None if arguments.essai => Self::Ecran { montrees: 0 },
            None => Self::ParSource(None),
        }
    }

    fn refuser(&mut self, source: &Source, lignes: &[LigneRefusee]) -> Result<(), ImportErreur> {
        match self {
            Self::Commune(refuses) => refuses.ecrire(source, lignes),
            Self::ParSource(refuses) => refuses
                .get_or_insert_with(|| Refuses::vers(a_cote(source)))
                .ecrire(source, lignes),
            Self::Ecran { montrees } => {
                for ligne in lignes {
                    if *montrees < REFUS_MONTRES {
                        dire(format_args!("  {}", montrer(ligne)));
                    }
                    *montrees += 1;
                }
                Ok(())
            }
        }
    }

    /// A source is read.
    fn clore(&mut self, source: &Source) -> Result<(), ImportErreur> {
        match self {
            Self::Commune(_) => {}
            Self::ParSource(refuses) => {
                let refuses = refuses.take();
                publier(refuses.unwrap_or_else(|| Refuses::vers(a_cote(source))))?;
            }
            Self::Ecran { montrees } => {
                if *montrees > REFUS_MONTRES {
                    dire(format_args!("  … et {} autres", *montrees - REFUS_MONTRES));
                }
                *montrees = 0;
            }
        }
        Ok(())
    }

    fn finir(self) -> Result<(), ImportErreur> {
        match self {
            Self::Commune(refuses) => publier(refuses),
            Self::ParSource(_) | Self::Ecran { .. } => Ok(()),
        }
    }
}

fn publier(refuses: Refuses) -> Result<(), ImportErreur> {
    let (chemin, nombre) = (refuses.chemin().to_owned(), refuses.nombre());
    refuses.publier()?;
    if nombre > 0 {
        dire(format_args!("  Lignes refusées : {}", chemin.display()));
    }
    Ok(())
}

/// The file of refused lines that goes with a source.
fn a_cote(source: &Source) -> PathBuf {
    let nom = match source {
        Source::Fichier(chemin) => chemin.as_os_str().to_owned(),
        Source::EntreeStandard => "entree-standard".into(),
    };
    let mut nom = nom;
    nom.push(SUFFIXE_REFUS);
    nom.into()
}

fn montrer(refusee: &LigneRefusee) -> String {
    let mut texte = format!("ligne {}", refusee.ligne);
    if !refusee.champ.is_empty() {
        texte = format!("{texte}, {}", refusee.champ);
    }
    if let Some(valeur) = &refusee.valeur {
        texte = format!("{texte} « {valeur} »");
    }
    format!("{texte} : {}", expliquer(&refusee.raison))
}

fn expliquer(code: &str) -> &str {
    let raison = Raison::TOUTES.iter().find(|r| r.code() == code);
    raison.map_or(code, |r| r.explication())
}

fn rapporter(source: &Source, bilan: &Bilan) {
    dire(format_args!("{source} : {}.", chiffres(bilan)));
    for (raison, nombre) in &bilan.refus {
        dire(format_args!(
            "  {nombre} × {raison} : {}",
            expliquer(raison)
        ));
    }
}

fn chiffres(bilan: &Bilan) -> String {
    let mut texte = format!(
        "{} événements lus, {} acceptés, {} refusés",
        bilan.recus,
        bilan.acceptes,
        bilan.refuses()
    );
    if bilan.deja > 0 {
        texte = format!("{texte} ({} étaient déjà importés)", bilan.deja);
    }
    texte
}

fn conclure(total: &Bilan, essai: bool) {
    if essai {
        dire("Essai : rien n’a été importé.");
        return;
    }
    if let (Some((premier, _)), Some((dernier, _))) =
        (total.jours.first_key_value(), total.jours.last_key_value())
        && total.acceptes > total.deja
    {
        dire(format_args!(
            "Jours concernés : du {premier} au {dernier}. Le serveur en marche les comptera de lui-même ; sinon : frequent aggregate"
        ));
    }
}

/// One key for every platform, drawn for a trial and forgotten with it: a trial makes no key.
struct CleJetable(Arc<Cle>);

impl CleJetable {
    fn tirer() -> Result<Self, getrandom::Error> {
        let mut octets = [0; 32];
        getrandom::fill(&mut octets)?;
        Ok(Self(Arc::new(Cle::nouvelle(&octets))))
    }
}

impl Trousseau for CleJetable {
    fn cle(&self, _: &str, _: AnneeScolaire) -> Result<Arc<Cle>, CleIndisponible> {
        Ok(Arc::clone(&self.0))
    }
}
