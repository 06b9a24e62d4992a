//! `GET /api/v1/pairs`: a school beside the quartiles of its peers.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use axum::extract::State;
use axum::http::Uri;
use axum::{Extension, Json};
use frequent_plan::{Axe, Niveau, Uai};
use frequent_territory::pilotage::TrancheEffectif;
use frequent_territory::{Annuaire, Ecole};
use serde::Serialize;
use utoipa::ToSchema;

use super::comparaison::{Etendue, PeriodeRendue};
use super::couverture::Ecoles;
use super::effectifs::EffectifsDesEcoles;
use super::parametres::{Parametres, refus};
use super::{Refus, TerritoireNomme};
use crate::definitions::{self, Definitions};
use crate::donnees::{
    Activite, Demande, Lecteur, Lecture, LectureErreur, Lue, ProfilCellule, Question, Vues,
};
use crate::erreurs::Erreur;
use crate::etat::Etat;
use crate::pilotage::{Groupe, PAIRS_MIN, pairs as chercher_pairs};
use crate::porte::{
    self, Annexe, Anonymes, Appelant, Brutes, EtatMesures, MesuresRendues, Portee, quotient,
};

/// The school.
#[derive(Debug, Serialize, ToSchema)]
pub struct EcolePairs {
    /// Its identifier.
    pub uai: String,
    /// Its name.
    pub nom: String,
    /// Its measures over the period.
    pub mesures: MesuresRendues,
}

/// Who its peers are, none of them being named.
#[derive(Debug, Serialize, ToSchema)]
pub struct GroupeRendu {
    /// `Ecole`, `Collège`…
    #[serde(rename = "type")]
    pub type_etablissement: String,
    /// The size band, to be read.
    pub taille: String,
    /// `PU` or `PR`.
    pub secteur: &'static str,
    /// Where they are.
    pub territoire: TerritoireNomme,
    /// How many they are.
    pub ecoles: usize,
}

/// An indicator of the school and its quartiles among the peers.
#[derive(Debug, Serialize, ToSchema)]
pub struct Indicateur {
    /// `visites_par_utilisateur`, `taux_utilisateurs`, `visites_pour_100_eleves`,
    /// `duree_moyenne_ms` or `jours_actifs`.
    pub nom: &'static str,
    /// The school's; null where it is not shown or cannot be worked out.
    pub valeur: Option<f64>,
    /// A quarter of the peers are at most at this; null, as the next two, when fewer than 8 have one.
    pub q1: Option<f64>,
    /// Half of them are.
    pub mediane: Option<f64>,
    /// Three quarters of them are.
    pub q3: Option<f64>,
    /// How many peers have this indicator.
    pub ecoles: usize,
}

/// A school beside its peers.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReponsePairs {
    /// The period.
    pub periode: PeriodeRendue,
    /// The profile.
    #[schema(value_type = String)]
    pub profil: ProfilCellule,
    /// The school.
    pub ecole: EcolePairs,
    /// Its peers.
    pub groupe: GroupeRendu,
    /// Indicators, the peers' as quartiles.
    pub indicateurs: Vec<Indicateur>,
    /// Why there are no quartiles, to be read; null when there are.
    pub refus: Option<String>,
    /// What it means.
    #[schema(value_type = std::collections::BTreeMap<String, String>)]
    pub definitions: Definitions,
}

/// What each school of a group did over a period.
type Lu = ((Lecture, Annexe<HashMap<Uai, Activite>>), Annexe<Vues>);
type Rendu = ((Vec<Lue<MesuresRendues>>, HashMap<Uai, Activite>), Vues);

/// A school beside the quartiles of its peers: same type, size band and sector, in the narrowest
/// territory (département, académie, region) that has at least 8 of them.
#[utoipa::path(
    get,
    path = "/api/v1/pairs",
    tag = "pilotage",
    params(
        ("code" = String, Query, description = "UAI de l’école"),
        ("grain" = String, Query, description = "jour, semaine, mois ou annee"),
        ("debut" = String, Query, description = "Premier jour de la période"),
        ("profil" = Option<String>, Query, description = "Code du profil, TOUS si absent")
    ),
    responses((status = 200, body = ReponsePairs), Refus)
)]
pub async fn pairs(
    State(etat): State<Arc<Etat>>,
    Extension(appelant): Extension<Appelant>,
    adresse: Uri,
) -> Result<Json<ReponsePairs>, Erreur> {
    let parametres = Parametres::lire(&adresse, &["code", "grain", "debut", "profil"])?;
    let code = parametres.obligatoire("code")?;
    let uai: Uai = code
        .parse()
        .map_err(|_| refus("code", "un UAI est attendu."))?;
    let profil = parametres.profil()?;
    let annuaire = etat.annuaire()?;
    appelant.territoire(&annuaire, Niveau::Ecole, code)?;
    let ecole = annuaire.ecole(uai).ok_or(Erreur::SansObjet)?;
    let etendue = Etendue {
        periode: parametres.periode()?,
        aujourdhui: etat.aujourdhui(&annuaire, Niveau::Ecole, code),
    };
    let scene = Scene {
        etat: &etat,
        appelant: &appelant,
        annuaire: &annuaire,
        etendue: &etendue,
        profil,
    };
    let groupe = scene.groupe(ecole);
    let sienne = scene.sienne(uai).await?;
    let elle = scene.une(&sienne, uai);
    let assez = groupe.ecoles.len() >= PAIRS_MIN;
    let anonymes = if assez {
        let lus = scene.anonymes(uai, &groupe.ecoles).await?;
        Some(lus.map(|rendu| scene.chiffres(&rendu, &groupe.ecoles)))
    } else {
        None
    };
    let indicateurs = indicateurs(&elle, anonymes.as_ref());
    let refus = Scene::refus(&groupe, &indicateurs);
    Ok(Json(ReponsePairs {
        periode: PeriodeRendue::de(&etendue),
        profil,
        ecole: EcolePairs {
            uai: uai.to_string(),
            nom: ecole.nom.clone(),
            mesures: elle.mesures,
        },
        groupe: rendre(&groupe),
        indicateurs,
        refus,
        definitions: definitions::de_pairs(),
    }))
}

fn rendre(groupe: &Groupe) -> GroupeRendu {
    let (niveau, territoire) = &groupe.territoire;
    let taille = groupe
        .tranche
        .map_or("effectif inconnu", TrancheEffectif::texte);
    GroupeRendu {
        type_etablissement: groupe.type_etablissement.clone(),
        taille: taille.to_owned(),
        secteur: groupe.secteur.code(),
        territoire: TerritoireNomme {
            niveau: *niveau,
            code: territoire.code.clone(),
            nom: territoire.nom.clone(),
        },
        ecoles: groupe.ecoles.len(),
    }
}

/// The peers of a school, among those that can be measured.
pub(super) fn groupe_de(
    etat: &Etat,
    annuaire: &Annuaire,
    ecole: &Ecole,
    admise: impl Fn(Uai) -> bool,
) -> Groupe {
    let effectifs = etat.effectifs();
    let effectifs = EffectifsDesEcoles {
        effectifs: &effectifs,
        annuaire,
    };
    chercher_pairs(annuaire, ecole, |e| effectifs.eleves(e.uai), admise)
}

/// Who asks, of what.
struct Scene<'a> {
    etat: &'a Etat,
    appelant: &'a Appelant,
    annuaire: &'a Annuaire,
    etendue: &'a Etendue,
    profil: ProfilCellule,
}

impl Scene<'_> {
    fn groupe(&self, ecole: &Ecole) -> Groupe {
        let registre = self.etat.conventions.registre();
        let deploiement = registre.deploiement();
        let jour = self.etendue.dernier_jour();
        let admise = |uai| deploiement.est_vide() || deploiement.est_deployee(uai, jour);
        groupe_de(self.etat, self.annuaire, ecole, admise)
    }

    async fn sienne(&self, uai: Uai) -> Result<Rendu, Erreur> {
        let annuaires = self.etat.annuaires();
        porte::sortir_ecoles(self.appelant, &annuaires, [uai], |portee| {
            self.lire(portee, vec![uai])
        })
        .await
    }

    async fn anonymes(&self, uai: Uai, groupe: &[Uai]) -> Result<Anonymes<Rendu>, Erreur> {
        let annuaires = self.etat.annuaires();
        porte::sortir_pairs(self.appelant, &annuaires, (uai, groupe), |portee| {
            self.lire(portee, groupe.to_vec())
        })
        .await
    }

    fn lire(
        &self,
        portee: Portee,
        ecoles: Vec<Uai>,
    ) -> impl Future<Output = Result<Brutes<Lu>, LectureErreur>> + use<> {
        let lecteur: Arc<Lecteur> = Arc::clone(&self.etat.lecteur);
        let (periode, aujourdhui) = (self.etendue.periode, self.etendue.aujourdhui);
        let demande = Demande {
            niveau: Niveau::Ecole,
            periodes: vec![periode],
            axe: Axe::Total,
            profil: Some(self.profil),
            membre: None,
            aujourdhui,
        };
        let question = Question {
            ecoles: ecoles.into_iter().map(|u| (u, periode.debut())).collect(),
            periodes: vec![periode],
            aujourdhui,
            jours: u16::MAX,
        };
        async move {
            let cellules = lecteur.cellules(&portee, &demande).await?;
            let activites = lecteur.activites(&portee, question).await?.map(Annexe);
            let vues = lecteur.ecoles_vues(vec![periode]).await?;
            Ok(cellules.avec(activites).avec(vues))
        }
    }

    fn refus(groupe: &Groupe, indicateurs: &[Indicateur]) -> Option<String> {
        let nombre = groupe.ecoles.len();
        if nombre < PAIRS_MIN {
            let trouvees = match nombre {
                0 => "aucune".to_owned(),
                nombre => format!("{nombre} seulement"),
            };
            return Some(format!(
                "Il faut au moins {PAIRS_MIN} écoles semblables pour comparer ; la région en compte {trouvees}."
            ));
        }
        indicateurs.iter().all(|i| i.mediane.is_none()).then(|| {
            format!(
                "Moins de {PAIRS_MIN} des {nombre} écoles semblables ont des chiffres visibles sur cette période."
            )
        })
    }
}

/// A school's figures and those they are divided by.
struct Chiffres {
    mesures: MesuresRendues,
    eleves: Option<u64>,
    effectif: Option<u64>,
    jours: u16,
}

/// An indicator's name, and how it is worked out.
type Nomme = (&'static str, fn(&Chiffres) -> Option<f64>);

/// The indicators, by name.
const INDICATEURS: [Nomme; 5] = [
    ("visites_par_utilisateur", |c| {
        c.mesures.visites_par_utilisateur()
    }),
    ("taux_utilisateurs", |c| {
        quotient(c.mesures.utilisateurs(), entier(c.effectif))
    }),
    ("visites_pour_100_eleves", |c| {
        quotient(c.mesures.visites().map(|v| v * 100), entier(c.eleves))
    }),
    ("duree_moyenne_ms", |c| c.mesures.duree_moyenne_ms()),
    ("jours_actifs", |c| {
        (c.mesures.etat() == EtatMesures::Mesure).then(|| f64::from(c.jours))
    }),
];

fn entier(nombre: Option<u64>) -> Option<i64> {
    nombre.and_then(|n| i64::try_from(n).ok())
}

impl Scene<'_> {
    fn une(&self, rendu: &Rendu, uai: Uai) -> Chiffres {
        self.chiffres(rendu, &[uai])
            .pop()
            .unwrap_or_else(|| Chiffres {
                mesures: MesuresRendues::inconnues(EtatMesures::NonMesure),
                eleves: None,
                effectif: None,
                jours: 0,
            })
    }

    fn chiffres(&self, ((lues, activites), vues): &Rendu, uais: &[Uai]) -> Vec<Chiffres> {
        let registre = self.etat.conventions.registre();
        let perimetre: BTreeSet<Uai> = uais.iter().copied().collect();
        let ecoles = Ecoles::de(
            &perimetre,
            vues,
            registre.deploiement(),
            self.etendue.dernier_jour(),
        );
        let effectifs = self.etat.effectifs();
        let effectifs = EffectifsDesEcoles {
            effectifs: &effectifs,
            annuaire: self.annuaire,
        };
        let cellules = lues.iter().flat_map(|lue| &lue.cellules);
        let connues: HashMap<&str, MesuresRendues> =
            cellules.map(|c| (&*c.code, c.mesures)).collect();
        let une = |uai: &Uai| {
            let mesures = connues.get(uai.as_str()).copied();
            let mesures = mesures.unwrap_or_else(MesuresRendues::nulles);
            let lieu = (Niveau::Ecole, uai.as_str());
            Chiffres {
                mesures: ecoles.qualifier(mesures, self.annuaire, lieu),
                eleves: effectifs.eleves(*uai),
                effectif: effectifs.nombre(*uai, self.profil),
                jours: activites.get(uai).map_or(0, |a| a.jours),
            }
        };
        uais.iter().map(une).collect()
    }
}

/// Each indicator of a school, beside the quartiles of its peers when there are enough of them.
fn indicateurs(elle: &Chiffres, pairs: Option<&Anonymes<Vec<Chiffres>>>) -> Vec<Indicateur> {
    let indicateur = |(nom, valeur): &Nomme| {
        let repartition = pairs
            .and_then(|pairs| pairs.repartition(|pairs| pairs.iter().filter_map(valeur).collect()));
        Indicateur {
            nom,
            valeur: valeur(elle),
            q1: repartition.map(|r| r.q1),
            mediane: repartition.map(|r| r.mediane),
            q3: repartition.map(|r| r.q3),
            ecoles: repartition.map_or(0, |r| r.nombre),
        }
    };
    INDICATEURS.iter().map(indicateur).collect()
}
