//! `nom;service[;type;outil]`: a provider's own names for services, and what they stand for.

use std::path::Path;

use frequent_plan::{Plan, TypeService};

use super::{Faute, Ligne, LigneRefusee, Lignes, ParCle, Tableau, TableauErreur};
use crate::acces::NomConverti;

const NOM: &str = "nom";
const SERVICE: &str = "service";
const TYPE: &str = "type";
const OUTIL: &str = "outil";

/// The names of a file, sorted, checked against the plan.
///
/// # Errors
/// The file cannot be read, or its first line is not `nom;service`, then `type` and `outil` or not.
pub fn lire_noms(chemin: &Path, plan: &Plan) -> Result<Tableau<Vec<NomConverti>>, TableauErreur> {
    let lignes = Lignes::lire(chemin, &[NOM, SERVICE, TYPE, OUTIL], 2)?;
    let mut noms = ParCle::new();
    for ligne in lignes.parcourir() {
        let lue = lire(&ligne, plan).map(|nom| (nom.nom.clone(), nom));
        noms.ajouter(&ligne, NOM, lue);
    }
    let Tableau { contenu, refusees } = noms.finir::<Vec<_>>();
    Ok(Tableau {
        contenu: contenu.into_iter().map(|(_, nom)| nom).collect(),
        refusees,
    })
}

fn lire(ligne: &Ligne<'_>, plan: &Plan) -> Result<NomConverti, LigneRefusee> {
    let nom = ligne.libelle(NOM)?;
    if plan.service(nom).is_some() {
        return Err(ligne.refuser(NOM, Faute::CodeDuPlan));
    }
    let service = ligne.libelle(SERVICE)?;
    if plan.service(service).is_none() {
        let proche = le_plus_proche(plan, service);
        return Err(ligne.refuser(SERVICE, Faute::ServiceInconnu { proche }));
    }
    let type_service = ligne.texte(TYPE)?;
    let lu = TypeService::de_code(type_service);
    if lu.is_none() && !type_service.is_empty() {
        return Err(ligne.refuser(TYPE, Faute::TypeInconnu));
    }
    let outil = ligne.texte(OUTIL)?;
    ligne.verifier_libelle(OUTIL, outil)?;
    if lu != Some(TypeService::Tiers) && !outil.is_empty() {
        return Err(ligne.refuser(OUTIL, Faute::OutilSansTiers));
    }
    Ok(NomConverti {
        nom: nom.to_owned(),
        service: service.to_owned(),
        type_service: type_service.to_owned(),
        outil: outil.to_owned(),
    })
}

fn le_plus_proche(plan: &Plan, code: &str) -> String {
    let ecrit = code.to_uppercase().replace([' ', '-'], "_");
    let proche = plan
        .services()
        .map(|service| plan.code(service))
        .max_by(|a, b| {
            let ressemblance = |connu: &str| strsim::jaro_winkler(&ecrit, connu);
            ressemblance(a).total_cmp(&ressemblance(b))
        });
    proche.unwrap_or_default().to_owned()
}
