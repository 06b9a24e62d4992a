//! What is known this week of each school under a convention: what a round of visits is chosen on.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use frequent_plan::{Axe, Grain, Jour, Niveau, Periode, Uai, Zone};
use frequent_territory::Annuaire;

use super::couverture;
use super::effectifs::EffectifsDesEcoles;
use super::sous_convention::{SousConvention, uais};
use crate::donnees::{Activite, Demande, ProfilCellule, Question};
use crate::erreurs::Erreur;
use crate::etat::Etat;
use crate::pilotage::{SEMAINES, Situation, Venue};
use crate::porte::{self, Appelant, EtatMesures, MesuresRendues};

/// Most weeks of holidays between two of lessons.
const RECUL_MAX: usize = 20;

/// Who asks, of which territory, on which day.
pub(super) struct Scene<'a> {
    pub(super) etat: &'a Etat,
    pub(super) appelant: &'a Appelant,
    pub(super) lieu: (&'a Annuaire, Niveau, &'a str),
    pub(super) jour: Jour,
}

/// The last school weeks that are over in a zone, and the same a year before.
struct Semaines {
    recentes: [Jour; SEMAINES],
    avant: [Option<Jour>; SEMAINES],
}

impl Scene<'_> {
    fn semaines(&self, zone: Option<Zone>) -> Semaines {
        let calendrier = &self.etat.calendrier;
        let premier = self.jour.lundi().plus(-7);
        let lundis = std::iter::successors(Some(premier), |l| Some(l.plus(-7)));
        let mut classe = lundis
            .take(RECUL_MAX)
            .filter(|lundi| calendrier.est_semaine_de_classe(zone, *lundi));
        let mut recentes = [premier; SEMAINES].map(|lundi| classe.next().unwrap_or(lundi));
        recentes.sort_unstable();
        Semaines {
            avant: recentes.map(|lundi| calendrier.semaine_un_an_avant(zone, lundi)),
            recentes,
        }
    }

    /// Visits of each school in each of these weeks; a week in which nothing at all was counted has
    /// none.
    async fn visites(&self, lundis: &BTreeSet<Jour>) -> Result<Visites, Erreur> {
        let (_, niveau, code) = self.lieu;
        let demande = Demande {
            niveau: Niveau::Ecole,
            periodes: periodes(lundis),
            axe: Axe::Total,
            profil: Some(ProfilCellule::Tous),
            membre: None,
            aujourdhui: self.jour,
        };
        let (annuaires, lecteur) = (self.etat.annuaires(), Arc::clone(&self.etat.lecteur));
        let lues = porte::sortir(
            self.appelant,
            &annuaires,
            (niveau, code),
            |portee| async move { lecteur.cellules(&portee, &demande).await },
        )
        .await?;
        let mut visites = Visites::default();
        for lue in lues.iter().filter(|lue| lue.source.is_some()) {
            let semaine = visites.0.entry(lue.periode.debut()).or_default();
            for cellule in &lue.cellules {
                semaine.insert(cellule.code.to_string(), cellule.mesures);
            }
        }
        Ok(visites)
    }

    async fn venues(
        &self,
        ecoles: Vec<Uai>,
        lundis: &BTreeSet<Jour>,
    ) -> Result<HashMap<Uai, Vec<Venue>>, Erreur> {
        let (_, niveau, code) = self.lieu;
        let (annuaires, lecteur) = (self.etat.annuaires(), Arc::clone(&self.etat.lecteur));
        let periodes = periodes(lundis);
        porte::sortir_activites(
            self.appelant,
            &annuaires,
            (niveau, code),
            |portee| async move { lecteur.venues(&portee, ecoles, periodes).await },
        )
        .await
    }

    /// Whether each school was ever visited since it is under a convention.
    async fn activites(&self, ecoles: Vec<(Uai, Jour)>) -> Result<HashMap<Uai, Activite>, Erreur> {
        let (_, niveau, code) = self.lieu;
        let (annuaires, lecteur) = (self.etat.annuaires(), Arc::clone(&self.etat.lecteur));
        let question = Question {
            ecoles,
            periodes: vec![Periode::contenant(Grain::Annee, self.jour)],
            aujourdhui: self.jour,
            jours: 0,
        };
        porte::sortir_activites(
            self.appelant,
            &annuaires,
            (niveau, code),
            |portee| async move { lecteur.activites(&portee, question).await },
        )
        .await
    }
}

/// The weeks of these Mondays.
fn periodes(lundis: &BTreeSet<Jour>) -> Vec<Periode> {
    let semaine = |lundi: &Jour| Periode::contenant(Grain::Semaine, *lundi);
    lundis.iter().map(semaine).collect()
}

/// Weeks by their Mondays, schools by their codes.
#[derive(Default)]
struct Visites(HashMap<Jour, HashMap<String, MesuresRendues>>);

impl Visites {
    /// The visits of a school over some weeks; none where one is masked or unknown.
    fn somme(&self, uai: Uai, lundis: impl IntoIterator<Item = Option<Jour>>) -> Option<i64> {
        let une = |lundi: Option<Jour>| {
            let semaine = self.0.get(&lundi?)?;
            match semaine.get(uai.as_str()) {
                Some(mesures) => mesures.visites(),
                None => Some(0),
            }
        };
        lundis.into_iter().map(une).sum()
    }
}

/// The situation of each school, and the last school weeks of the territory.
///
/// # Errors
/// The lake cannot be read.
pub(super) async fn lire(
    scene: &Scene<'_>,
    suivies: &[SousConvention<'_>],
) -> Result<(Vec<Situation>, Vec<Jour>), Erreur> {
    let mut zones: HashMap<Option<Zone>, Semaines> = HashMap::new();
    for (ecole, _) in suivies {
        let zone = ecole.zone();
        zones.entry(zone).or_insert_with(|| scene.semaines(zone));
    }
    let recentes: BTreeSet<Jour> = zones.values().flat_map(|s| s.recentes).collect();
    let avant = zones.values().flat_map(|s| s.avant).flatten();
    let toutes: BTreeSet<Jour> = avant.chain(recentes.iter().copied()).collect();
    let visites = scene.visites(&toutes).await?;
    let venues = scene.venues(uais(suivies), &recentes).await?;
    let depuis = suivies.iter().map(|(ecole, depuis)| (ecole.uai, *depuis));
    let activites = scene.activites(depuis.collect()).await?;
    let periodes = periodes(&recentes);
    let fin = periodes.last().map_or(scene.jour, |p| p.fin());
    let etendue = (periodes.first().map_or(fin, |p| p.debut()), fin);
    let (etat, appelant) = (scene.etat, scene.appelant);
    let mesurees = couverture::lire(etat, appelant, scene.lieu, periodes, fin).await?;
    let effectifs = etat.effectifs();
    let effectifs = EffectifsDesEcoles {
        effectifs: &effectifs,
        annuaire: scene.lieu.0,
    };
    let situation = |(ecole, depuis): &SousConvention<'_>| {
        let uai = ecole.uai;
        let semaines = zones.get(&ecole.zone())?;
        let siennes = venues.get(&uai);
        let venue = |lundi: Jour| {
            let rang = recentes.iter().position(|l| *l == lundi)?;
            siennes?.get(rang).copied()
        };
        let mesuree = mesurees.etat([uai]) == EtatMesures::Mesure
            && mesurees.dire_incidents([uai], etendue).is_empty();
        Some(Situation {
            uai,
            depuis: *depuis,
            deja_visitee: activites.get(&uai).is_some_and(|a| a.deja_visitee),
            venues: semaines.recentes.map(|l| venue(l).unwrap_or_default()),
            visites: visites
                .somme(uai, semaines.recentes.map(Some))
                .filter(|_| mesuree),
            visites_avant: visites.somme(uai, semaines.avant),
            eleves: effectifs.eleves(uai),
        })
    };
    let situations = suivies.iter().filter_map(situation).collect();
    Ok((situations, recentes.into_iter().collect()))
}
