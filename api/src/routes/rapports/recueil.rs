//! The figures of a report, read with its recipient's rights by what answers the console.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::Uri;
use frequent_plan::{Axe, Jour, Niveau, Periode};
use frequent_reports::{
    Deploiement, Donnees, EcoleASuivre, Etendue, Lieu, LigneEcole, LigneProfil, LigneService,
    Participation, Valeur,
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use super::super::comparaison::Etendue as EtendueLue;
use super::super::deploiement::{EtatEcole, ReponseDeploiement, deploiement};
use super::super::synthese::{ChiffresProfil, ReponseSynthese, synthese};
use super::super::tableau::{Voulu, dresser, semaines};
use crate::donnees::{Demande, Frontieres, Lue, ProfilCellule};
use crate::erreurs::Erreur;
use crate::etat::Etat;
use crate::porte::{self, Appelant, EtatMesures, MesuresRendues};

/// The levels whose schools are few enough to be listed.
const LISTES: [Niveau; 3] = [
    Niveau::Commune,
    Niveau::Circonscription,
    Niveau::Departement,
];

/// The notions explained at the end, with their names.
const NOTIONS: [(&str, &str); 5] = [
    ("visites", "Visites"),
    ("utilisateurs", "Utilisateurs"),
    ("duree_moyenne", "Durée moyenne"),
    ("comparaison", "Évolution"),
    ("couverture", "Couverture"),
];

/// All that a report of a territory over a period is made of, as its recipient may see it.
///
/// # Errors
/// The territory is unknown or outside the recipient's perimeter, or the reading fails.
pub(crate) async fn recueillir(
    etat: &Arc<Etat>,
    appelant: &Appelant,
    (niveau, code): (Niveau, &str),
    periode: Periode,
) -> Result<Donnees, Erreur> {
    let annuaire = etat.annuaire()?;
    let territoire = appelant.territoire(&annuaire, niveau, code)?;
    let etendue = EtendueLue {
        periode,
        aujourdhui: etat.aujourdhui(&annuaire, niveau, code),
    };
    let adresse = adresse((niveau, code), periode)?;
    let qui = || (State(Arc::clone(etat)), Extension(appelant.clone()));
    let (ici, par) = qui();
    let ensemble = synthese(ici, par, adresse.clone()).await?.0;
    let (ici, par) = qui();
    let deploye = deploiement(ici, par, adresse).await?.0;
    let questions = Questions {
        etat,
        appelant,
        lieu: (niveau, code),
        aujourdhui: etendue.aujourdhui,
    };
    let precedente = ensemble.precedente.as_ref().map(|p| (p.debut, p.fin));
    Ok(Donnees {
        lieu: Lieu {
            niveau,
            nom: territoire.nom.clone(),
        },
        destinataire: appelant.compte().nom.clone(),
        edite_le: etendue.aujourdhui,
        etendue: Etendue {
            grain: periode.grain(),
            debut: periode.debut(),
            fin: periode.fin(),
            en_cours: etendue.en_cours(),
        },
        precedente,
        profils: profils(etat, &ensemble),
        mesurees: ensemble.couverture.ecoles_mesurees,
        deployees: ensemble.couverture.ecoles_deployees,
        deploiement: deploiement_de(deploye),
        semaines: questions.semaines(&etendue).await?,
        services: questions.services(periode).await?,
        ecoles: questions.ecoles(periode).await?,
        definitions: NOTIONS
            .iter()
            .filter_map(|(cle, nom)| {
                let sens = ensemble.definitions.get(cle)?;
                Some(((*nom).to_owned(), (*sens).to_owned()))
            })
            .collect(),
    })
}

/// What the console would ask.
fn adresse((niveau, code): (Niveau, &str), periode: Periode) -> Result<Uri, Erreur> {
    let code = utf8_percent_encode(code, NON_ALPHANUMERIC);
    let (grain, debut) = (periode.grain(), periode.debut());
    let adresse = format!(
        "/?niveau={niveau}&code={code}&grain={}&debut={debut}",
        grain.code()
    );
    adresse
        .parse()
        .map_err(|faute| Erreur::Interne(format!("report's question: {faute}")))
}

/// A measure, or the blank that stands for it.
fn valeur(mesures: &MesuresRendues, mesure: Option<i64>) -> Valeur {
    match (mesures.etat(), mesure) {
        (EtatMesures::Mesure, Some(mesure)) => Valeur::Nombre(mesure),
        (EtatMesures::Mesure, None) => Valeur::SansObjet,
        (EtatMesures::Masque, _) => Valeur::Masque,
        (EtatMesures::NonMesure, _) => Valeur::NonMesure,
        (EtatMesures::NonDeploye, _) => Valeur::NonDeploye,
    }
}

fn visites(mesures: &MesuresRendues) -> Valeur {
    valeur(mesures, mesures.visites())
}

fn utilisateurs(mesures: &MesuresRendues) -> Valeur {
    valeur(mesures, mesures.utilisateurs())
}

/// Visits where there is something to compare.
fn visites_ou_rien(mesures: Option<&MesuresRendues>) -> Valeur {
    mesures.map_or(Valeur::SansObjet, visites)
}

/// All profiles together, then each that was seen or whose figures are hidden.
fn profils(etat: &Etat, ensemble: &ReponseSynthese) -> Vec<LigneProfil> {
    let connus = &etat.plan.contenu().profils;
    let nom = |profil: ProfilCellule| match profil {
        ProfilCellule::Tous => "Tous les profils".to_owned(),
        ProfilCellule::Un(_) => {
            let connu = connus.iter().find(|membre| membre.code == profil.code());
            connu.map_or_else(|| profil.to_string(), |membre| membre.libelle.clone())
        }
    };
    let vu = |chiffres: &&ChiffresProfil| {
        chiffres.profil == ProfilCellule::Tous || chiffres.mesures.a_compte()
    };
    let ligne = |chiffres: &ChiffresProfil| {
        let mesures = &chiffres.mesures;
        let duree = valeur(mesures, mesures.duree_ms());
        LigneProfil {
            nom: nom(chiffres.profil),
            visites: visites(mesures),
            utilisateurs: utilisateurs(mesures),
            taux: chiffres
                .taux_utilisateurs
                .map_or(Valeur::SansObjet, Valeur::Part),
            duree_moyenne: duree.sur(visites(mesures), Valeur::Duree),
            comparees: visites_ou_rien(chiffres.comparees.as_ref()),
            precedentes: visites_ou_rien(chiffres.precedentes.as_ref()),
        }
    };
    ensemble.profils.iter().filter(vu).map(ligne).collect()
}

fn deploiement_de(lu: ReponseDeploiement) -> Option<Deploiement> {
    let a_suivre = lu
        .ecoles
        .into_iter()
        .filter(|ecole| matches!(ecole.etat, EtatEcole::Ouverte | EtatEcole::JamaisVisitee));
    let a_suivre = a_suivre.map(|ecole| EcoleASuivre {
        nom: ecole.nom.unwrap_or(ecole.uai),
        commune: ecole.precision.unwrap_or_default(),
        raison: ecole.raison,
    });
    let rentrees = lu.courbe.iter();
    let participations = lu.participation.into_iter().map(|p| Participation {
        convention: p.convention,
        autorite: p.autorite_nom,
        ecoles: p.ecoles,
        total: p.total,
    });
    Some(Deploiement {
        deployees: lu.deployees?,
        ouvertes: lu.ouvertes?,
        actives: lu.actives?,
        jamais_visitees: lu.jamais_visitees?,
        a_suivre: a_suivre.collect(),
        rentrees: rentrees
            .map(|point| (point.annee.to_string(), point.deployees))
            .collect(),
        participations: participations.collect(),
    })
}

/// What is asked about one territory.
struct Questions<'a> {
    etat: &'a Arc<Etat>,
    appelant: &'a Appelant,
    lieu: (Niveau, &'a str),
    aujourdhui: Jour,
}

impl Questions<'_> {
    /// The territory's own cells of these periods.
    async fn cellules(
        &self,
        periodes: Vec<Periode>,
        axe: Axe,
    ) -> Result<Vec<Lue<MesuresRendues>>, Erreur> {
        let demande = Demande {
            niveau: self.lieu.0,
            periodes,
            axe,
            profil: Some(ProfilCellule::Tous),
            membre: None,
            aujourdhui: self.aujourdhui,
        };
        let lecteur = Arc::clone(&self.etat.lecteur);
        let annuaires = self.etat.annuaires();
        porte::sortir(self.appelant, &annuaires, self.lieu, |portee| async move {
            let lues = lecteur.periodes(&portee, &demande, Frontieres::Alors);
            lues.await
        })
        .await
    }

    /// Visits of each week of the school year that is over.
    async fn semaines(&self, etendue: &EtendueLue) -> Result<Vec<(Jour, Valeur)>, Erreur> {
        let finies = semaines(etendue).into_iter();
        let finies = finies.filter(|semaine| semaine.fin() < self.aujourdhui);
        let lues = self.cellules(finies.collect(), Axe::Total).await?;
        let une = |lue: &Lue<MesuresRendues>| {
            let visites = match (lue.source.as_ref(), lue.cellules.first()) {
                (None, _) => Valeur::NonMesure,
                (Some(_), None) => Valeur::Nombre(0),
                (Some(_), Some(cellule)) => visites(&cellule.mesures),
            };
            (lue.periode.debut(), visites)
        };
        Ok(lues.iter().map(une).collect())
    }

    /// The services that were used, most visited first; masked ones at the end, by name.
    async fn services(&self, periode: Periode) -> Result<Vec<LigneService>, Erreur> {
        let lues = self.cellules(vec![periode], Axe::Service).await?;
        let connus = &self.etat.plan.contenu().services;
        let cellules = lues.iter().flat_map(|lue| &lue.cellules);
        let services = cellules.map(|cellule| {
            let connu = connus
                .iter()
                .find(|service| service.code == *cellule.membre);
            LigneService {
                nom: connu.map_or_else(
                    || cellule.membre.to_string(),
                    |service| service.libelle.clone(),
                ),
                visites: visites(&cellule.mesures),
                utilisateurs: utilisateurs(&cellule.mesures),
            }
        });
        let mut services: Vec<LigneService> = services.collect();
        let rang = |service: &LigneService| std::cmp::Reverse(service.visites.nombre());
        services.sort_by(|a, b| rang(a).cmp(&rang(b)).then_with(|| a.nom.cmp(&b.nom)));
        Ok(services)
    }

    /// The schools, by name; none where they are too many to be read.
    async fn ecoles(&self, periode: Periode) -> Result<Vec<LigneEcole>, Erreur> {
        if !LISTES.contains(&self.lieu.0) {
            return Ok(Vec::new());
        }
        let voulu = Voulu {
            lieu: self.lieu,
            enfants: Niveau::Ecole,
            profil: ProfilCellule::Tous,
            periode,
        };
        let tableau = dresser(self.etat, self.appelant, &voulu).await?.tableau;
        let ligne = |ligne: super::super::tableau::Ligne| LigneEcole {
            nom: ligne.nom,
            commune: ligne.precision.unwrap_or_default(),
            visites: visites(&ligne.mesures),
            utilisateurs: utilisateurs(&ligne.mesures),
            comparees: visites_ou_rien(ligne.comparees.as_ref()),
            precedentes: visites_ou_rien(ligne.precedentes.as_ref()),
        };
        Ok(tableau.lignes.into_iter().map(ligne).collect())
    }
}
