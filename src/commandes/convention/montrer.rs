//! Conventions on the terminal.

use std::io::Write;
use std::process::ExitCode;

use frequent_api::conventions::ReglagesConventions;
use frequent_plan::Jour;
use frequent_territory::Annuaires;
use frequent_territory::conventions::Convention;
use frequent_territory::conventions::import::{Import, Nouveaute};

use crate::commandes::dire;

/// What an import gave: conventions on standard output, refusals on standard error. Gives 2 when
/// rows are refused, for scripts.
pub(super) fn import(import: &Import, essai: bool) -> ExitCode {
    let mut erreurs = std::io::stderr();
    for refusee in &import.refusees {
        let _sortie_fermee = writeln!(erreurs, "{refusee}");
    }
    for (nouveaute, convention) in &import.conventions {
        let quoi = match nouveaute {
            Nouveaute::Nouvelle => "nouvelle",
            Nouveaute::Completee => "complétée",
        };
        let (reference, nombre) = (convention.reference(), convention.ecoles().len());
        dire(format_args!("{reference}\t{quoi}\t{nombre} écoles"));
    }
    for colonne in &import.ignorees {
        dire(format_args!("colonne ignorée : {colonne}"));
    }
    let (acceptees, refusees) = (import.acceptees.len(), import.refusees.len());
    let suite = if essai {
        " (essai : rien n’est enregistré)"
    } else {
        ""
    };
    dire(format_args!(
        "{acceptees} lignes retenues, {refusees} refusées{suite}"
    ));
    if refusees == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(2)
    }
}

/// Conventions, one a line.
pub(super) fn liste(conventions: &[Convention], aujourdhui: Jour) {
    if conventions.is_empty() {
        dire("Aucune convention. Importez-en : frequent convention import --help");
    }
    for convention in conventions {
        let etat = if convention.debut() > aujourdhui {
            "à venir"
        } else if convention.en_vigueur(aujourdhui) {
            "en vigueur"
        } else if convention.cloture().is_some() {
            "terminée"
        } else {
            "échue"
        };
        let termes = convention.termes();
        dire(format_args!(
            "{}\t{}\t{}\t{} écoles\tdu {} au {}\t{etat}",
            convention.reference(),
            termes.autorite,
            termes.plateforme,
            convention.ecoles().len(),
            convention.debut(),
            convention.fin(),
        ));
    }
}

/// A convention and its schools.
pub(super) fn fiche(convention: &Convention, annuaires: &Annuaires, reglages: ReglagesConventions) {
    let termes = convention.termes();
    dire(format_args!("Convention   {}", convention.reference()));
    dire(format_args!("Autorité     {}", termes.autorite));
    if let Some(siret) = termes.siret {
        dire(format_args!("SIRET        {siret}"));
    }
    dire(format_args!("Fournisseur  {}", termes.fournisseur));
    dire(format_args!("Plateforme   {}", termes.plateforme));
    dire(format_args!(
        "Prix         {} € par école et par année scolaire",
        termes.prix
    ));
    dire(format_args!(
        "Dates        du {} au {}, {} reconduction(s)",
        convention.debut(),
        convention.echeance(),
        convention.reconductions().len()
    ));
    if convention.cloture().is_some() {
        fin(convention, reglages);
    }
    for (uai, inscription) in convention.ecoles() {
        let nom = annuaires.courant().and_then(|a| a.ecole(*uai));
        let nom = nom.map_or("", |ecole| ecole.nom.as_str());
        let sortie = inscription.sortie.unwrap_or(convention.fin());
        let detruite = convention.detruites().get(uai);
        let detruite = detruite.map_or(String::new(), |jour| format!("\tdétruite le {jour}"));
        dire(format_args!(
            "{uai}\tdu {} au {sortie}\t{nom}{detruite}",
            inscription.entree
        ));
    }
    retirees(convention, reglages);
}

/// The schools that were taken off, and what it entails.
fn retirees(convention: &Convention, reglages: ReglagesConventions) {
    let dues: Vec<_> = convention
        .echeances(reglages.delai_destruction_jours)
        .collect();
    for (uai, retrait) in convention.retraits() {
        let echeance = dues.iter().find(|due| due.uai == *uai);
        let suite = match (retrait.detruit_le, echeance) {
            (Some(jour), _) => format!("détruite le {jour}"),
            (None, Some(due)) => format!("à détruire avant le {}", due.echeance),
            (None, None) => String::new(),
        };
        dire(format_args!(
            "{uai}\tretirée le {}\t{suite}\tchiffres publiés : {}",
            retrait.sejour.au(),
            retrait.cumuls.code()
        ));
    }
}

/// The end that was decided, and what it entails.
pub(super) fn fin(convention: &Convention, reglages: ReglagesConventions) {
    let Some(cloture) = convention.cloture() else {
        return;
    };
    dire(format_args!(
        "Fin          {} ; chiffres publiés : {}",
        cloture.date,
        cloture.cumuls.code()
    ));
    let dues = convention.echeances(reglages.delai_destruction_jours);
    if let Some(echeance) = dues.map(|due| due.echeance).max() {
        dire(format_args!(
            "Destruction  au plus tard le {echeance} ; pour l’éviter : frequent convention undo-end {}",
            convention.reference()
        ));
    }
}
