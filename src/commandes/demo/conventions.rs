//! The demo's conventions: real communes and schools, made-up agreements.

use std::collections::{BTreeMap, BTreeSet};

use frequent_api::Etat as EtatApi;
use frequent_api::audit::{LIGNE_DE_COMMANDE, Trace};
use frequent_api::conventions::Contexte;
use frequent_plan::{Jour, Niveau, Uai};
use frequent_territory::conventions::{
    Cloture, Convention, FauteConvention, Inscription, SortCumuls, Termes,
};
use frequent_territory::{Annuaire, Ecole, Etat, Secteur};

use super::scene::Scene;
use crate::service::serveur::Faute;

/// Who runs an ENT, and on which platform.
#[derive(Clone, Copy)]
pub(super) struct Editeur {
    nom: &'static str,
    pub(super) plateforme: &'static str,
}

const PRIMAIRE: Editeur = Editeur {
    nom: "Édifice",
    plateforme: "ONE-OCC",
};
pub(super) const SECONDAIRE: Editeur = Editeur {
    nom: "Kosmos",
    plateforme: "ENT-OCC",
};
const TOULOUSE: &str = "31555";
pub(super) const PERPIGNAN: &str = "66136";
const ARGELES: &str = "66008";
/// Le Boulou, Céret, Amélie-les-Bains, Arles-sur-Tech.
const VALLESPIR: [&str; 4] = ["66024", "66049", "66003", "66009"];
/// Sorède, Laroque-des-Albères, Saint-André, Palau-del-Vidre, Saint-Génis-des-Fontaines,
/// Port-Vendres, Banyuls-sur-Mer, Collioure.
const ALBERES: [&str; 8] = [
    "66196",
    "66093",
    "66168",
    "66133",
    "66175",
    PORT_VENDRES,
    "66016",
    "66053",
];
/// Canet-en-Roussillon, Port-Vendres: signed, and nobody came yet.
const CANET: &str = "66037";
const PORT_VENDRES: &str = "66148";
const SILENCIEUSES: [&str; 2] = [CANET, PORT_VENDRES];
/// Schools from which a commune has signed.
const ECOLES_PAR_COMMUNE: usize = 3;

/// The schools where nobody comes on a day: those that nobody had signed for, and those
/// of Canet and of Port-Vendres.
pub(super) fn muettes(annuaire: &Annuaire, signees: &[Convention], jour: Jour) -> BTreeSet<Uai> {
    let deployees: BTreeSet<Uai> = signees
        .iter()
        .flat_map(Convention::ecoles)
        .filter(|(_, inscription)| inscription.entree <= jour)
        .map(|(uai, _)| *uai)
        .collect();
    let toutes = annuaire.ecoles();
    let silencieuse = |ecole: &Ecole| SILENCIEUSES.contains(&&*ecole.commune.code);
    let muette = |ecole: &&Ecole| silencieuse(ecole) || !deployees.contains(&ecole.uai);
    toutes.filter(muette).map(|ecole| ecole.uai).collect()
}

/// The public primary schools of Perpignan, whose platform was down some days.
pub(super) fn en_panne(annuaire: &Annuaire) -> BTreeSet<Uai> {
    ecoles(annuaire, &[PERPIGNAN]).into_iter().collect()
}

/// The schools of the adviser's circonscription that have a story of their own.
pub(super) fn suivies(annuaire: &Annuaire) -> Vec<Uai> {
    let mut suivies = ecoles(annuaire, &VALLESPIR);
    suivies.extend(ecoles(annuaire, &ALBERES));
    suivies
}

/// The latest 1 September that is over.
pub(super) fn derniere_rentree(jour: Jour) -> Jour {
    let rentrees = Rentrees::de(jour);
    if rentrees.cette_annee < jour {
        rentrees.cette_annee
    } else {
        rentrees.derniere
    }
}

/// Conventions over the last three rentrées.
pub(super) fn signees(annuaire: &Annuaire, aujourdhui: Jour) -> Result<Vec<Convention>, Faute> {
    let rentrees = Rentrees::de(aujourdhui);
    let mut signees = nommees(annuaire, aujourdhui, &rentrees)?;
    signees.extend(communes(annuaire, &rentrees)?);
    signees.extend(secondaires(annuaire, &rentrees)?);
    Ok(signees)
}

/// Three rentrées, and the last day that agreements run to.
struct Rentrees {
    avant: Jour,
    derniere: Jour,
    cette_annee: Jour,
    fin: Jour,
}

impl Rentrees {
    fn de(aujourdhui: Jour) -> Self {
        // 1 September is 31 days after 1 August.
        let annee = aujourdhui.annee_scolaire();
        let derniere = annee.precedente();
        Self {
            avant: derniere.precedente().debut().plus(31),
            derniere: derniere.debut().plus(31),
            cette_annee: annee.debut().plus(31),
            fin: annee.suivante().debut().plus(30),
        }
    }
}

/// Those with a story: a city that grows, one that ends, one where nobody came.
fn nommees(
    annuaire: &Annuaire,
    aujourdhui: Jour,
    rentrees: &Rentrees,
) -> Result<Vec<Convention>, Faute> {
    let &Rentrees {
        avant,
        derniere,
        cette_annee,
        fin,
    } = rentrees;
    let depuis = |debut, communes: &[&str]| -> Vec<(Uai, Jour)> {
        let ecoles = ecoles(annuaire, communes);
        ecoles.into_iter().map(|uai| (uai, debut)).collect()
    };
    // Toulouse grows by twelve schools a year.
    let par_rentree = [avant, derniere, cette_annee].into_iter();
    let par_rentree = par_rentree.flat_map(|jour| std::iter::repeat_n(jour, 12));
    let toulousaines = ecoles(annuaire, &[TOULOUSE]).into_iter().zip(par_rentree);
    let une = |autorite, debut, ecoles| signer(autorite, PRIMAIRE, (debut, fin), ecoles);
    let mut terminee = une(ARGELES, derniere, depuis(derniere, &[ARGELES]))?;
    let cloture = Cloture {
        date: aujourdhui.plus(-3).max(derniere),
        cumuls: SortCumuls::Garder,
    };
    terminee.terminer(cloture)?;
    Ok(vec![
        une(TOULOUSE, avant, toulousaines.collect())?,
        une(PERPIGNAN, derniere, depuis(derniere, &[PERPIGNAN]))?,
        une(
            "Communauté de communes du Vallespir",
            derniere,
            depuis(derniere, &VALLESPIR),
        )?,
        une(
            "Communauté de communes Albères – Côte Vermeille – Illibéris",
            derniere,
            depuis(derniere, &ALBERES),
        )?,
        une(CANET, cette_annee, depuis(cette_annee, &[CANET]))?,
        terminee,
    ])
}

/// The other communes of some schools, a third at each rentrée.
fn communes(annuaire: &Annuaire, rentrees: &Rentrees) -> Result<Vec<Convention>, Faute> {
    let mut par_commune: BTreeMap<&str, Vec<Uai>> = BTreeMap::new();
    for ecole in annuaire.ecoles().filter(|ecole| publique(ecole, "Ecole")) {
        let commune = par_commune.entry(&ecole.commune.code).or_default();
        commune.push(ecole.uai);
    }
    let avec_histoire = |code: &&str| {
        VALLESPIR.contains(code)
            || ALBERES.contains(code)
            || [TOULOUSE, PERPIGNAN, ARGELES, CANET].contains(code)
    };
    par_commune
        .into_iter()
        .filter(|(code, ecoles)| ecoles.len() >= ECOLES_PAR_COMMUNE && !avec_histoire(code))
        .enumerate()
        .map(|(rang, (code, ecoles))| {
            let debut = match rang % 3 {
                0 => rentrees.avant,
                1 => rentrees.derniere,
                _ => rentrees.cette_annee,
            };
            let ecoles = ecoles.into_iter().map(|uai| (uai, debut)).collect();
            signer(code, PRIMAIRE, (debut, rentrees.fin), ecoles)
        })
        .collect()
}

/// The collèges, by département, and the lycées of the région.
fn secondaires(annuaire: &Annuaire, rentrees: &Rentrees) -> Result<Vec<Convention>, Faute> {
    let mut par_autorite: BTreeMap<String, Vec<(Uai, Jour)>> = BTreeMap::new();
    for ecole in annuaire.ecoles() {
        let autorite = if publique(ecole, "Collège") {
            format!("Conseil départemental – {}", ecole.departement.nom)
        } else if publique(ecole, "Lycée") {
            format!("Conseil régional – {}", ecole.region.nom)
        } else {
            continue;
        };
        let ecoles = par_autorite.entry(autorite).or_default();
        ecoles.push((ecole.uai, rentrees.avant));
    }
    let duree = (rentrees.avant, rentrees.fin);
    par_autorite
        .into_iter()
        .map(|(autorite, ecoles)| signer(&autorite, SECONDAIRE, duree, ecoles))
        .collect()
}

/// Records them.
pub(super) async fn enregistrer(etat: &EtatApi, scene: &Scene) -> Result<(), Faute> {
    let partout = |_: &Convention| true;
    let contexte = Contexte {
        annuaires: &scene.annuaires,
        permise: &partout,
        aujourdhui: scene.aujourdhui,
        trace: Trace {
            journal: etat.audit(),
            acteur: LIGNE_DE_COMMANDE,
        },
    };
    for convention in &scene.signees {
        let conventions = etat.conventions();
        conventions.ajouter(contexte, convention.clone()).await?;
    }
    Ok(())
}

/// The public primary schools of some communes, by UAI.
fn ecoles(annuaire: &Annuaire, communes: &[&str]) -> Vec<Uai> {
    let dedans = communes
        .iter()
        .flat_map(|code| annuaire.ecoles_de(Niveau::Commune, code));
    let dedans = dedans.filter(|ecole| publique(ecole, "Ecole"));
    dedans.map(|ecole| ecole.uai).collect()
}

pub(super) fn publique(ecole: &Ecole, type_etablissement: &str) -> bool {
    ecole.type_etablissement == type_etablissement
        && ecole.secteur == Secteur::Public
        && ecole.etat != Etat::Ferme
}

fn signer(
    autorite: &str,
    editeur: Editeur,
    (debut, fin): (Jour, Jour),
    ecoles: Vec<(Uai, Jour)>,
) -> Result<Convention, Faute> {
    let termes = Termes {
        autorite: autorite.parse()?,
        siret: None,
        fournisseur: editeur.nom.parse()?,
        plateforme: editeur.plateforme.parse()?,
        prix: "45,00".parse()?,
    };
    let reference = frequent_territory::conventions::Reference::proposee(&termes, debut);
    let ecoles = ecoles.into_iter().map(|(uai, entree)| {
        let inscription = Inscription {
            entree,
            sortie: None,
        };
        (uai, inscription)
    });
    let convention = Convention::new(reference, termes, (debut, fin), ecoles);
    convention.map_err(|faute: FauteConvention| faute.into())
}
