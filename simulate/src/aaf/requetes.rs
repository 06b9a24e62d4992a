//! Records of the feed, as XML: what is added, changed and removed.

use std::fmt::Write as _;

use quick_xml::escape::escape;

use super::etat_civil::{EtatCivil, Registre, identifiant};
use super::evolution::Mouvement;
use super::monde::{Agent, Eleve, Lieu, Metier, Monde, PAR_CLASSE, Rang};

/// A field and its values; a change says what it does to them.
type Champ = (&'static str, Vec<String>);

pub(super) const ENTETE: &str =
    "<!DOCTYPE ficAlimMENESR SYSTEM \"ficAlimMENESR.dtd\">\n<ficAlimMENESR>\n";
pub(super) const FIN: &str = "</ficAlimMENESR>\n";

/// Writes the records of a world.
pub(super) struct Requetes<'m> {
    monde: &'m Monde,
    /// The children of each parent.
    enfants: Vec<Vec<Rang>>,
}

impl<'m> Requetes<'m> {
    pub(super) fn de(monde: &'m Monde) -> Self {
        let mut enfants = vec![Vec::new(); monde.parents.len()];
        for (rang, eleve) in (0..).zip(&monde.eleves) {
            for parent in eleve.iter().flat_map(|eleve| &eleve.parents) {
                enfants[*parent as usize].push(rang);
            }
        }
        Self { monde, enfants }
    }

    pub(super) fn lieu(&self, rang: Rang) -> Option<String> {
        let lieu = self.monde.lieux.get(rang as usize)?;
        Some(ajout("EtabEducNat", &lieu.id, &champs_du_lieu(lieu)))
    }

    pub(super) fn eleve(&self, rang: Rang) -> Option<String> {
        let eleve = self.monde.eleves.get(rang as usize)?.as_ref()?;
        let mut champs = self.etat_civil(Registre::Eleves, rang);
        champs.extend(self.champs_de_l_eleve(eleve));
        let id = identifiant(Registre::Eleves, rang);
        Some(ajout("Eleve", &id, &champs))
    }

    pub(super) fn agent(&self, rang: Rang) -> Option<String> {
        let agent = self.monde.agents.get(rang as usize)?.as_ref()?;
        let mut champs = self.etat_civil(Registre::Agents, rang);
        champs.push(("ENTPersonStructRattach", self.ids(&agent.lieux)));
        champs.push(("ENTPersonFonctions", self.fonctions(agent)));
        champs.push((
            "ENTPersonCategorieEnseignant",
            vec![categorie(agent.metier)],
        ));
        let id = identifiant(Registre::Agents, rang);
        Some(ajout("PersEducNat", &id, &champs))
    }

    pub(super) fn parent(&self, rang: Rang) -> Option<String> {
        self.monde.parents.get(rang as usize).filter(|la| **la)?;
        let mut champs = self.etat_civil(Registre::Parents, rang);
        champs.push(("ENTPersRelEleveEleve", self.enfants(rang)));
        let id = identifiant(Registre::Parents, rang);
        Some(ajout("PersRelEleve", &id, &champs))
    }

    pub(super) fn changement_d_eleve(&self, rang: Rang, mouvement: Mouvement) -> Option<String> {
        let id = identifiant(Registre::Eleves, rang);
        let eleve = self.monde.eleves.get(rang as usize)?.as_ref();
        match (mouvement, eleve) {
            (Mouvement::Arrivee, _) => self.eleve(rang),
            (Mouvement::Mutation | Mouvement::Lien, Some(eleve)) => {
                let champs = self.champs_de_l_eleve(eleve);
                Some(changement("Eleve", &id, "replace", &champs))
            }
            (Mouvement::Detail, Some(_)) => Some(self.detail("Eleve", Registre::Eleves, rang)),
            _ => Some(depart("Eleve", &id)),
        }
    }

    pub(super) fn changement_d_agent(&self, rang: Rang, mouvement: Mouvement) -> Option<String> {
        let id = identifiant(Registre::Agents, rang);
        let agent = self.monde.agents.get(rang as usize)?.as_ref();
        match (mouvement, agent) {
            (Mouvement::Arrivee, _) => self.agent(rang),
            // The new school is added to the others.
            (Mouvement::Mutation, Some(agent)) => {
                let dernier = Agent {
                    lieux: agent.lieux.last().copied().into_iter().collect(),
                    metier: agent.metier,
                };
                let champs = [
                    ("ENTPersonStructRattach", self.ids(&dernier.lieux)),
                    ("ENTPersonFonctions", self.fonctions(&dernier)),
                ];
                Some(changement("PersEducNat", &id, "add", &champs))
            }
            (Mouvement::Lien | Mouvement::Detail, Some(_)) => {
                Some(self.detail("PersEducNat", Registre::Agents, rang))
            }
            (_, None) | (Mouvement::Depart, _) => Some(depart("PersEducNat", &id)),
        }
    }

    pub(super) fn changement_de_parent(&self, rang: Rang, mouvement: Mouvement) -> Option<String> {
        let id = identifiant(Registre::Parents, rang);
        match mouvement {
            Mouvement::Arrivee => self.parent(rang),
            Mouvement::Depart => Some(depart("PersRelEleve", &id)),
            Mouvement::Mutation | Mouvement::Lien | Mouvement::Detail => {
                let champs = [("ENTPersRelEleveEleve", self.enfants(rang))];
                Some(changement("PersRelEleve", &id, "replace", &champs))
            }
        }
    }

    fn champs_de_l_eleve(&self, eleve: &Eleve) -> Vec<Champ> {
        let ecoles = self.ids(&eleve.lieux);
        let classes = ecoles
            .iter()
            .map(|id| format!("{id}$CLASSE {}", eleve.classe / PAR_CLASSE))
            .collect();
        let parents = eleve.parents.iter();
        let parents = parents.map(|rang| format!("{}$1$1", identifiant(Registre::Parents, *rang)));
        vec![
            ("ENTPersonStructRattach", ecoles),
            ("ENTPersonClasses", classes),
            ("ENTEleveAutoriteParentale", parents.collect()),
        ]
    }

    fn ids(&self, lieux: &[Rang]) -> Vec<String> {
        let connus = lieux
            .iter()
            .filter_map(|rang| self.monde.lieux.get(*rang as usize));
        connus.map(|lieu| lieu.id.clone()).collect()
    }

    fn fonctions(&self, agent: &Agent) -> Vec<String> {
        let fonction = match agent.metier {
            Metier::Enseignant => "ENS$ENSEIGNEMENT",
            Metier::Documentaliste => "DOC$DOCUMENTATION",
            Metier::DirecteurEnseignant | Metier::Directeur => "DIR$DIRECTION",
            Metier::Personnel => "EDU$EDUCATION",
        };
        let ecoles = self.ids(&agent.lieux).into_iter();
        ecoles.map(|id| format!("{id}${fonction}$$")).collect()
    }

    fn enfants(&self, parent: Rang) -> Vec<String> {
        let enfants = self.enfants.get(parent as usize).into_iter().flatten();
        enfants
            .map(|rang| format!("{}$1$1$1$1$0", identifiant(Registre::Eleves, *rang)))
            .collect()
    }

    fn etat_civil(&self, registre: Registre, rang: Rang) -> Vec<Champ> {
        let personne = EtatCivil::de(self.monde.reglages.graine, registre, rang);
        let mut champs = vec![
            ("ENTPersonJointure", vec![identifiant(registre, rang)]),
            ("ENTPersonNomPatro", vec![personne.nom.clone()]),
            ("sn", vec![personne.nom]),
            ("givenName", vec![personne.prenom]),
            ("ENTPersonDateNaissance", vec![personne.naissance]),
            ("ENTPersonAdresse", vec![personne.adresse]),
            ("mail", vec![personne.courriel]),
        ];
        if registre == Registre::Eleves {
            champs.push(("ENTEleveINE", vec![personne.ine]));
        }
        champs
    }

    /// A change that no head count tells.
    fn detail(&self, categorie: &str, registre: Registre, rang: Rang) -> String {
        let personne = EtatCivil::de(self.monde.reglages.graine, registre, rang);
        let champs = [
            ("ENTPersonAdresse", vec![personne.adresse]),
            ("mail", Vec::new()),
        ];
        changement(categorie, &identifiant(registre, rang), "replace", &champs)
    }
}

fn categorie(metier: Metier) -> String {
    let oui = matches!(metier, Metier::Enseignant | Metier::DirecteurEnseignant);
    if oui { "O" } else { "N" }.to_owned()
}

fn champs_du_lieu(lieu: &Lieu) -> Vec<Champ> {
    let un = |texte: &str| vec![texte.to_owned()];
    vec![
        ("ENTStructureJointure", un(&lieu.id)),
        ("ENTStructureUAI", un(&lieu.uai)),
        ("ENTStructureNomCourant", un(&lieu.nom)),
        ("ENTStructureTypeStruct", un(&lieu.nature)),
        (
            "ENTEcoleCirconscription",
            lieu.circonscription.iter().cloned().collect(),
        ),
        ("ENTEcoleCommune", un(&lieu.commune)),
        ("ENTEcoleSecteur", un(lieu.secteur)),
        ("ENTServAcAcademie", un(&lieu.academie)),
    ]
}

fn entete(categorie: &str, id: &str) -> String {
    format!(
        "<operationalAttributes><attr name=\"categorieStructure\"><value>{categorie}</value></attr></operationalAttributes>\n\
         <identifier><id>{id}</id></identifier>\n"
    )
}

fn ajout(categorie: &str, id: &str, champs: &[Champ]) -> String {
    let mut texte = format!("<addRequest>\n{}<attributes>\n", entete(categorie, id));
    for (nom, valeurs) in champs {
        let _ = writeln!(texte, "<attr name=\"{nom}\">{}</attr>", en_xml(valeurs));
    }
    texte + "</attributes>\n</addRequest>\n"
}

fn changement(categorie: &str, id: &str, operation: &str, champs: &[Champ]) -> String {
    let mut texte = format!(
        "<modifyRequest>\n{}<modifications>\n",
        entete(categorie, id)
    );
    for (nom, valeurs) in champs {
        let _ = writeln!(
            texte,
            "<modification name=\"{nom}\" operation=\"{operation}\">{}</modification>",
            en_xml(valeurs)
        );
    }
    texte + "</modifications>\n</modifyRequest>\n"
}

fn depart(categorie: &str, id: &str) -> String {
    format!(
        "<deleteRequest>\n{}</deleteRequest>\n",
        entete(categorie, id)
    )
}

/// No value is an empty one.
fn en_xml(valeurs: &[String]) -> String {
    if valeurs.is_empty() {
        return "<value/>".to_owned();
    }
    valeurs.iter().fold(String::new(), |mut texte, valeur| {
        let _ = write!(texte, "<value>{}</value>", escape(valeur.as_str()));
        texte
    })
}
