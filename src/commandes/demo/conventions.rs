//! The demo's conventions: real communes and schools, made-up agreements.

use std::collections::BTreeSet;

use frequent_api::audit::{Journal, LIGNE_DE_COMMANDE, Trace};
use frequent_api::conventions::{Contexte, Conventions};
use frequent_plan::{Jour, Niveau, Uai};
use frequent_territory::conventions::{
    Cloture, Convention, FauteConvention, Inscription, SortCumuls, Termes,
};
use frequent_territory::{Annuaire, Annuaires, Ecole, Etat};

use crate::service::serveur::Faute;

const PLATEFORME: &str = "ONE-OCC";
const TOULOUSE: &str = "31555";
const PERPIGNAN: &str = "66136";
const ARGELES: &str = "66008";
/// Le Boulou, Céret, Amélie-les-Bains, Arles-sur-Tech.
const VALLESPIR: [&str; 4] = ["66024", "66049", "66003", "66009"];
/// Canet-en-Roussillon: signed, and nobody came yet.
const CANET: &str = "66037";

/// The schools where nobody comes, whatever was signed.
pub(super) fn muettes(annuaire: &Annuaire) -> BTreeSet<Uai> {
    ecoles(annuaire, &[CANET]).into_iter().collect()
}

/// Conventions over the last three rentrées.
pub(super) fn signees(annuaire: &Annuaire, aujourdhui: Jour) -> Result<Vec<Convention>, Faute> {
    let annee = aujourdhui.annee_scolaire();
    // 1 September is 31 days after 1 August.
    let rentree = annee.debut().plus(31);
    let derniere = annee.precedente().debut().plus(31);
    let avant = annee.precedente().precedente().debut().plus(31);
    let fin = annee.suivante().debut().plus(30);
    let depuis = |debut, communes: &[&str]| -> Vec<(Uai, Jour)> {
        let ecoles = ecoles(annuaire, communes);
        ecoles.into_iter().map(|uai| (uai, debut)).collect()
    };
    // Toulouse grows by twelve schools a year.
    let par_rentree = [avant, derniere, rentree].into_iter();
    let par_rentree = par_rentree.flat_map(|jour| std::iter::repeat_n(jour, 12));
    let toulousaines = ecoles(annuaire, &[TOULOUSE]).into_iter().zip(par_rentree);
    let mut terminee = signer(ARGELES, (derniere, fin), depuis(derniere, &[ARGELES]))?;
    let cloture = Cloture {
        date: aujourdhui.plus(-3).max(derniere),
        cumuls: SortCumuls::Garder,
    };
    terminee.terminer(cloture)?;
    Ok(vec![
        signer(TOULOUSE, (avant, fin), toulousaines.collect())?,
        signer(PERPIGNAN, (derniere, fin), depuis(derniere, &[PERPIGNAN]))?,
        signer(
            "Communauté de communes du Vallespir",
            (rentree, fin),
            depuis(rentree, &VALLESPIR),
        )?,
        signer(CANET, (rentree, fin), depuis(rentree, &[CANET]))?,
        terminee,
    ])
}

/// Records them.
pub(super) async fn enregistrer(
    conventions: &Conventions,
    annuaires: &Annuaires,
    (aujourdhui, journal): (Jour, &Journal),
    signees: Vec<Convention>,
) -> Result<(), Faute> {
    let partout = |_: &Convention| true;
    let contexte = Contexte {
        annuaires,
        permise: &partout,
        aujourdhui,
        trace: Trace {
            journal,
            acteur: LIGNE_DE_COMMANDE,
        },
    };
    for convention in signees {
        conventions.ajouter(contexte, convention).await?;
    }
    Ok(())
}

/// The public primary schools of some communes, by UAI.
fn ecoles(annuaire: &Annuaire, communes: &[&str]) -> Vec<Uai> {
    let publique = |ecole: &&Ecole| {
        ecole.type_etablissement == "Ecole"
            && ecole.secteur == frequent_territory::Secteur::Public
            && ecole.etat != Etat::Ferme
    };
    let dedans = communes
        .iter()
        .flat_map(|code| annuaire.ecoles_de(Niveau::Commune, code));
    dedans.filter(publique).map(|ecole| ecole.uai).collect()
}

fn signer(
    autorite: &str,
    (debut, fin): (Jour, Jour),
    ecoles: Vec<(Uai, Jour)>,
) -> Result<Convention, Faute> {
    let termes = Termes {
        autorite: autorite.parse()?,
        siret: None,
        fournisseur: "Édifice".parse()?,
        plateforme: PLATEFORME.parse()?,
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
