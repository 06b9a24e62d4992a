//! The figures of a report, read with its recipient's rights: a week by what answers the console, half
//! a school year by free measures.

mod semestre;

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::Uri;
use frequent_plan::{Axe, Jour, Niveau, Periode};
use frequent_reports::{
    Comparee, Deploiement, Donnees, Duree, EcoleASuivre, Etendue, Lieu, LigneEcole, LigneProfil,
    LigneService, Participation, Valeur,
};
use frequent_territory::Annuaire;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::definitions;
use crate::donnees::{Cellule, Demande, Frontieres, Lue, ProfilCellule};
use crate::erreurs::Erreur;
use crate::etat::Etat;
use crate::porte::{self, Appelant, EtatMesures, MesuresRendues};
use crate::rapports::Jours;
use crate::routes::comparaison::Etendue as EtendueLue;
use crate::routes::deploiement::{EtatEcole, ReponseDeploiement, dresser as deployer};
use crate::routes::synthese::{ChiffresProfil, ReponseSynthese, synthese};
use crate::routes::tableau::{Voulu, dresser, semaines};

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

/// Those of half a school year.
const NOTIONS_SEMESTRE: [(&str, &str); 5] = [
    ("visites", "Visites"),
    ("utilisateurs", "Utilisateurs"),
    ("duree_moyenne", "Durée moyenne"),
    ("an_dernier", "Évolution"),
    ("couverture", "Couverture"),
];

/// All that a report of a territory is made of, as its recipient may see it.
///
/// # Errors
/// The territory is unknown or outside the recipient's perimeter, the half has no day that is over,
/// or the reading fails.
pub(crate) async fn recueillir(
    etat: &Arc<Etat>,
    appelant: &Appelant,
    lieu: (Niveau, &str),
    jours: Jours,
) -> Result<Donnees, Erreur> {
    match jours {
        Jours::Semaine(periode) => semaine(etat, appelant, lieu, periode).await,
        Jours::Semestre(semestre) => semestre::recueillir(etat, appelant, lieu, semestre).await,
    }
}

/// The figures of a week, as the console has them.
async fn semaine(
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
    let ici = State(Arc::clone(etat));
    let ensemble = synthese(ici, Extension(appelant.clone()), adresse).await?.0;
    let deploye = deployer(etat, appelant, (niveau, code), vec![periode]).await?;
    let questions = Questions {
        etat,
        appelant,
        lieu: (niveau, code),
        aujourdhui: etendue.aujourdhui,
    };
    let comparee = ensemble.precedente.as_ref().map(|p| Comparee {
        debut: p.debut,
        fin: p.fin,
        deployees: None,
    });
    Ok(Donnees {
        lieu: Lieu {
            niveau,
            nom: territoire.nom.clone(),
        },
        destinataire: appelant.compte().nom.clone(),
        edite_le: etendue.aujourdhui,
        etendue: Etendue {
            duree: Duree::Semaine,
            debut: periode.debut(),
            arretee: etendue.dernier_jour(),
            fin: periode.fin(),
            en_cours: etendue.en_cours(),
        },
        comparee,
        sans_presence: None,
        annee: None,
        profils: profils(etat, &ensemble),
        mesurees: ensemble.couverture.ecoles_mesurees,
        deployees: ensemble.couverture.ecoles_deployees,
        deploiement: deploiement_de(deploye),
        semaines: questions.semaines(semaines(&etendue)).await?,
        services: questions.services(periode).await?,
        ecoles: questions.ecoles(periode).await?,
        definitions: definitions(&NOTIONS),
    })
}

/// A school's commune, without the département that a report is in or names.
fn commune(annuaire: &Annuaire, code: &str) -> String {
    let ecole = code.parse().ok().and_then(|uai| annuaire.ecole(uai));
    ecole.map_or_else(String::new, |ecole| ecole.commune.nom.clone())
}

/// What these notions mean.
fn definitions(notions: &[(&str, &str)]) -> Vec<(String, String)> {
    let connues = definitions::de_synthese();
    let dites = notions.iter().filter_map(|(cle, nom)| {
        let sens = connues.get(cle)?;
        Some(((*nom).to_owned(), (*sens).to_owned()))
    });
    dites.collect()
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
        // Users alone can be missing from figures that are shown: nobody can count them any more.
        (EtatMesures::Mesure, None) => Valeur::NonConserve,
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
    let vu = |chiffres: &&ChiffresProfil| {
        chiffres.profil == ProfilCellule::Tous || chiffres.mesures.a_compte()
    };
    let ligne = |chiffres: &ChiffresProfil| LigneProfil {
        comparees: visites_ou_rien(chiffres.comparees.as_ref()),
        precedentes: visites_ou_rien(chiffres.precedentes.as_ref()),
        ..ligne_profil(
            etat,
            chiffres.profil,
            &chiffres.mesures,
            chiffres.taux_utilisateurs,
        )
    };
    ensemble.profils.iter().filter(vu).map(ligne).collect()
}

/// A profile's row, with nothing to compare.
fn ligne_profil(
    etat: &Etat,
    profil: ProfilCellule,
    mesures: &MesuresRendues,
    taux: Option<f64>,
) -> LigneProfil {
    let connus = &etat.plan.contenu().profils;
    let nom = match profil {
        ProfilCellule::Tous => "Tous les profils".to_owned(),
        ProfilCellule::Un(_) => {
            let connu = connus.iter().find(|membre| membre.code == profil.code());
            connu.map_or_else(|| profil.to_string(), |membre| membre.libelle.clone())
        }
    };
    let duree = valeur(mesures, mesures.duree_ms());
    LigneProfil {
        nom,
        visites: visites(mesures),
        utilisateurs: utilisateurs(mesures),
        taux: taux.map_or(Valeur::SansObjet, Valeur::Part),
        duree_moyenne: duree.sur(visites(mesures), Valeur::Duree),
        comparees: Valeur::SansObjet,
        precedentes: Valeur::SansObjet,
    }
}

/// The services that were used, most visited first; masked ones at the end, by name.
fn services<'c>(
    etat: &Etat,
    cellules: impl Iterator<Item = &'c Cellule<MesuresRendues>>,
) -> Vec<LigneService> {
    let connus = &etat.plan.contenu().services;
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
    services
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

    /// Visits of each of these weeks that is over.
    async fn semaines(&self, semaines: Vec<Periode>) -> Result<Vec<(Jour, Valeur)>, Erreur> {
        let finies = semaines.into_iter();
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
        let cellules = lues.iter().flat_map(|lue| &lue.cellules);
        Ok(services(self.etat, cellules))
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
        let annuaire = self.etat.annuaire()?;
        let tableau = dresser(self.etat, self.appelant, &voulu).await?.tableau;
        let ligne = |ligne: crate::routes::tableau::Ligne| LigneEcole {
            nom: ligne.nom,
            commune: commune(&annuaire, &ligne.code),
            visites: visites(&ligne.mesures),
            utilisateurs: utilisateurs(&ligne.mesures),
            comparees: visites_ou_rien(ligne.comparees.as_ref()),
            precedentes: visites_ou_rien(ligne.precedentes.as_ref()),
        };
        Ok(tableau.lignes.into_iter().map(ligne).collect())
    }
}
