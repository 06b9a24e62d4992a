//! The figures of half a school year: distinct people over exactly its days, beside the same school
//! weeks of the year before.

use std::collections::BTreeSet;
use std::sync::Arc;

use frequent_plan::{Axe, Grain, Jour, Niveau, Periode, Semestre, Zone};
use frequent_reports::{
    AnneeEnCours, Comparee, Donnees, Duree, Etendue, Lieu, LigneEcole, LigneProfil,
};
use frequent_territory::{Annuaire, Etat as EtatEcole, Perimetre, Territoire};

use super::{
    LISTES, NOTIONS_SEMESTRE, Questions, commune, definitions, deploiement_de, deployer,
    ligne_profil, services, utilisateurs, visites, visites_ou_rien,
};
use crate::donnees::{Cellule, DemandeLibre, LieuLibre, Portrait, ProfilCellule};
use crate::erreurs::Erreur;
use crate::etat::Etat;
use crate::porte::{self, Appelant, MesuresRendues};
use crate::routes::comparaison::Table;
use crate::routes::couverture::{self, Couverture, Ecoles};
use crate::routes::effectifs::EffectifsDuLieu;
use crate::routes::territoires::{enfants_vus, zone};

/// What was counted over some days, and what is known of these days.
type Comptees = (Vec<Cellule<MesuresRendues>>, Portrait);

/// All that the report of a half is made of: its days that are over.
pub(super) async fn recueillir(
    etat: &Arc<Etat>,
    appelant: &Appelant,
    (niveau, code): (Niveau, &str),
    semestre: Semestre,
) -> Result<Donnees, Erreur> {
    let annuaire = etat.annuaire()?;
    let territoire = appelant.territoire(&annuaire, niveau, code)?;
    let aujourdhui = etat.aujourdhui(&annuaire, niveau, code);
    let dernier = semestre.fin().min(aujourdhui.plus(-1));
    let jours: Vec<Jour> = semestre.debut().jusqua(dernier).collect();
    if jours.is_empty() {
        return Err(Erreur::Valeur(
            "Aucun jour de ce semestre n’est encore fini".to_owned(),
        ));
    }
    let annuaires = etat.annuaires();
    let dessin = annuaires.au(dernier).ok_or(Erreur::SansAnnuaire)?;
    let zone = zone(&annuaire, niveau, code);
    let question = Semestriel {
        etat,
        appelant,
        lieu: (niveau, code),
        dessin,
        zone,
        avant: etat.calendrier.jours_pareils_un_an_avant(zone, &jours),
        jours,
        aujourdhui,
    };
    let (totaux, par_service, avant) = question.ensemble().await?;
    let avant = question.comparables(avant);
    let couverture = question.couverture(dernier).await?;
    let mois = semestre.mois().filter(|mois| mois.debut() <= aujourdhui);
    let deploye = deployer(etat, appelant, (niveau, code), mois.collect()).await?;
    let questions = Questions {
        etat,
        appelant,
        lieu: (niveau, code),
        aujourdhui,
    };
    let couverte = Couverture::de_sources(totaux.1.source.iter(), &couverture);
    Ok(Donnees {
        lieu: Lieu {
            niveau,
            nom: territoire.nom.clone(),
        },
        destinataire: appelant.compte().nom.clone(),
        edite_le: aujourdhui,
        etendue: Etendue {
            duree: Duree::Semestre {
                second: semestre.est_second(),
                annee: semestre.annee().to_string(),
            },
            debut: semestre.debut(),
            arretee: dernier,
            fin: semestre.fin(),
            en_cours: semestre.fin() >= aujourdhui,
        },
        comparee: avant.as_ref().and(question.comparee()),
        sans_presence: totaux.1.sans_presence,
        annee: question.annee(&questions, semestre).await?,
        profils: question.profils(&totaux, avant.as_ref(), &couverture),
        mesurees: couverte.ecoles_mesurees,
        deployees: couverte.ecoles_deployees,
        deploiement: deploiement_de(deploye),
        semaines: questions.semaines(semaines(semestre, dernier)).await?,
        services: services(etat, sans_absents(par_service).iter()),
        ecoles: question.ecoles(&couverture).await?,
        definitions: definitions(&NOTIONS_SEMESTRE),
    })
}

/// The weeks that touch the half's days that are over.
fn semaines(semestre: Semestre, dernier: Jour) -> Vec<Periode> {
    let premiere = Periode::contenant(Grain::Semaine, semestre.debut());
    premiere.jusqua(dernier).collect()
}

/// The cells, less the users of days whose presence is gone: they are but a lower bound.
fn sans_absents((cellules, portrait): Comptees) -> Vec<Cellule<MesuresRendues>> {
    let mut cellules = cellules;
    if portrait.sans_presence.is_some() {
        for cellule in &mut cellules {
            cellule.mesures = cellule.mesures.sans_utilisateurs();
        }
    }
    cellules
}

/// What is asked of a half, in a territory.
struct Semestriel<'a> {
    etat: &'a Arc<Etat>,
    appelant: &'a Appelant,
    lieu: (Niveau, &'a str),
    /// The directory of the last day that is over: it draws both halves, so that the same schools
    /// are compared.
    dessin: &'a Arc<Annuaire>,
    zone: Option<Zone>,
    jours: Vec<Jour>,
    avant: Vec<Jour>,
    aujourdhui: Jour,
}

impl Semestriel<'_> {
    /// The territory's totals, its services, and the totals of the year before.
    async fn ensemble(&self) -> Result<(Comptees, Comptees, Comptees), Erreur> {
        let annuaires = self.etat.annuaires();
        let (niveau, code) = self.lieu;
        let demande = |jours: &[Jour], axe| DemandeLibre {
            lieu: LieuLibre::Territoire(Arc::clone(self.dessin), niveau, code.to_owned()),
            jours: jours.iter().copied().collect(),
            axe,
            aujourdhui: self.aujourdhui,
        };
        let totaux = demande(&self.jours, Axe::Total);
        let services = demande(&self.jours, Axe::Service);
        let avant = demande(&self.avant, Axe::Total);
        let lecteur = Arc::clone(&self.etat.lecteur);
        let lues = porte::sortir(self.appelant, &annuaires, self.lieu, |portee| async move {
            let annuaires = portee.annuaires();
            let totaux = lecteur.libres(annuaires, totaux).await?;
            let services = lecteur.libres(annuaires, services).await?;
            let avant = lecteur.libres(annuaires, avant).await?;
            Ok(totaux.avec(services).avec(avant))
        });
        let ((totaux, mut services), avant) = lues.await?;
        services.0.retain(|c| c.profil == ProfilCellule::Tous);
        Ok((totaux, services, avant))
    }

    /// The figures of the year before; none where they do not go back to the first week of lessons
    /// that would be compared: some weeks beside all would be no comparison.
    fn comparables(&self, avant: Comptees) -> Option<Comptees> {
        let premier = avant.1.source.as_ref()?.premier_jour?;
        let classe = |jour: &&Jour| {
            self.etat
                .calendrier
                .est_semaine_de_classe(self.zone, **jour)
        };
        let debut = self.avant.iter().find(classe).or(self.avant.first())?;
        (premier.lundi() <= debut.lundi()).then_some(avant)
    }

    fn comparee(&self) -> Option<Comparee> {
        let (debut, fin) = (*self.avant.first()?, *self.avant.last()?);
        let registre = self.etat.conventions.registre();
        let perimetre = Perimetre::territoire(self.lieu.0, self.lieu.1);
        let deploiement = registre.deploiement();
        let deployees = deploiement.deployees_de(self.dessin, &perimetre, fin).len();
        Some(Comparee {
            debut,
            fin,
            deployees: (!deploiement.est_vide()).then_some(deployees),
        })
    }

    async fn couverture(&self, dernier: Jour) -> Result<Ecoles, Erreur> {
        let jours = self.jours.iter();
        let jours = jours.map(|jour| Periode::contenant(Grain::Jour, *jour));
        let lieu = (&**self.dessin, self.lieu.0, self.lieu.1);
        couverture::lire(self.etat, self.appelant, lieu, jours.collect(), dernier).await
    }

    /// All profiles together, then each that was seen or whose figures are hidden.
    fn profils(
        &self,
        totaux: &Comptees,
        avant: Option<&Comptees>,
        couverture: &Ecoles,
    ) -> Vec<LigneProfil> {
        let (niveau, code) = self.lieu;
        let actuelles = Table::de(&sans_absents(totaux.clone()));
        let avant = avant.map(|(cellules, _)| Table::de(cellules));
        let effectifs = self.etat.effectifs();
        let effectifs = EffectifsDuLieu::de(&effectifs, (self.dessin, niveau, code));
        let tous = actuelles.mesures(code, ProfilCellule::Tous);
        let ligne = |profil| {
            let mesures = actuelles.mesures(code, profil);
            let mesures = if tous.a_compte() {
                mesures
            } else {
                couverture.qualifier(mesures, self.dessin, self.lieu)
            };
            if profil != ProfilCellule::Tous && !mesures.a_compte() {
                return None;
            }
            let (_, taux) = effectifs.de_profil(profil, &mesures);
            let avant = avant.as_ref().map(|table| table.mesures(code, profil));
            Some(LigneProfil {
                comparees: visites(&mesures),
                precedentes: visites_ou_rien(avant.as_ref()),
                ..ligne_profil(self.etat, profil, &mesures, taux)
            })
        };
        ProfilCellule::tous().filter_map(ligne).collect()
    }

    /// The schools, by name; none where they are too many to be read.
    async fn ecoles(&self, couverture: &Ecoles) -> Result<Vec<LigneEcole>, Erreur> {
        if !LISTES.contains(&self.lieu.0) {
            return Ok(Vec::new());
        }
        let annuaires = self.etat.annuaires();
        let lecteur = Arc::clone(&self.etat.lecteur);
        let dessin = Arc::clone(self.dessin);
        let (jours, avant): (BTreeSet<Jour>, BTreeSet<Jour>) = (
            self.jours.iter().copied().collect(),
            self.avant.iter().copied().collect(),
        );
        let aujourdhui = self.aujourdhui;
        let lues = porte::sortir(self.appelant, &annuaires, self.lieu, |portee| async move {
            let ecoles = (Niveau::Ecole, &dessin);
            let ici = lecteur.libres_dedans(&portee, ecoles, jours, aujourdhui);
            let ici = ici.await?;
            let avant = lecteur.libres_dedans(&portee, ecoles, avant, aujourdhui);
            Ok(ici.avec(avant.await?))
        });
        let (ici, avant) = lues.await?;
        let ici = Table::de(&sans_absents(ici));
        let avant = self
            .comparables(avant)
            .map(|(cellules, _)| Table::de(&cellules));
        let territoire = self.dessin.territoire(self.lieu.0, self.lieu.1);
        let Some(territoire) = territoire else {
            return Ok(Vec::new());
        };
        let ligne = |ecole: &Territoire| {
            let code = ecole.code.as_str();
            let tous = ProfilCellule::Tous;
            let mesures = ici.mesures(code, tous);
            let mesures = couverture.qualifier(mesures, self.dessin, (Niveau::Ecole, code));
            let avant = avant.as_ref().map(|table| table.mesures(code, tous));
            let vivante = mesures.a_compte() || avant.is_some_and(|m| m.a_compte());
            (vivante || !self.est_fermee(code)).then(|| LigneEcole {
                nom: ecole.nom.clone(),
                commune: commune(self.dessin, code),
                visites: visites(&mesures),
                utilisateurs: utilisateurs(&mesures),
                comparees: visites(&mesures),
                precedentes: visites_ou_rien(avant.as_ref()),
            })
        };
        let vues = enfants_vus(self.dessin, self.appelant, territoire, Niveau::Ecole);
        Ok(vues.filter_map(ligne).collect())
    }

    fn est_fermee(&self, code: &str) -> bool {
        let ecole = code.parse().ok().and_then(|uai| self.dessin.ecole(uai));
        ecole.is_some_and(|ecole| ecole.etat == EtatEcole::Ferme)
    }

    /// The school year so far, beside its second half; the first one is all of it.
    async fn annee(
        &self,
        questions: &Questions<'_>,
        semestre: Semestre,
    ) -> Result<Option<AnneeEnCours>, Erreur> {
        if !semestre.est_second() {
            return Ok(None);
        }
        let annee = Periode::contenant(Grain::Annee, semestre.debut());
        let lues = questions.cellules(vec![annee], Axe::Total).await?;
        let cellule = lues.iter().find_map(|lue| lue.cellules.first());
        let valeurs = cellule.map(|c| (visites(&c.mesures), utilisateurs(&c.mesures)));
        Ok(valeurs.map(|(visites, utilisateurs)| AnneeEnCours {
            debut: annee.debut(),
            visites,
            utilisateurs,
        }))
    }
}
