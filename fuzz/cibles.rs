//! What is fuzzed: each function gives bytes to a reader and checks what holds for any bytes. The
//! fuzz targets call them with bytes that the fuzzer makes up, `ingest/tests/corpus.rs` with those
//! that are kept. Both call `ingest` the crate that holds the readers.

// Each fuzz target uses one of these functions.
#![allow(dead_code)]

use std::sync::{Arc, LazyLock};

use crate::ingest::formats::natif::{Decoupe, Disposition, EnTete, Ligne};
use crate::ingest::formats::xiti::{Contenu, Defauts, Hit, Parties, PartiesReglages, Suite};
use crate::ingest::lot::Lot;
use crate::ingest::terminal::{Indices, Terminaux};
use frequent_plan::evenement::LIBELLE_MAX;
use frequent_plan::{
    AnneeScolaire, Brut, Cle, CleIndisponible, Controle, Conversions, FenetreTemps, Fuseaux,
    Instant, NonAccepte, Origine, Plan, Refus, Trousseau, TypeService, Uai,
};

/// Morning of 20 November 2026 in Paris.
const MATIN: Instant = Instant(1_795_158_000_000);

struct Monde {
    plan: Plan,
    fuseaux: Fuseaux,
    conversions: Conversions,
    terminaux: Terminaux,
}

static MONDE: LazyLock<Monde> = LazyLock::new(|| Monde {
    plan: Plan::integre().unwrap(),
    fuseaux: Fuseaux::charger().unwrap(),
    conversions: Conversions::default(),
    terminaux: Terminaux::charger().unwrap(),
});

struct UneCle;

impl Trousseau for UneCle {
    fn cle(&self, _: &str, _: AnneeScolaire) -> Result<Arc<Cle>, CleIndisponible> {
        Ok(Arc::new(Cle::nouvelle(&[7; 32])))
    }
}

/// The query of a hit, of either tag.
pub fn hit(requete: &[u8]) {
    let hit = Hit::lire(requete);
    let (_, _, _, _) = (hit.site(), hit.ecran(), hit.abandon(), hit.client_brut());
    if let Ok(Some(numero)) = hit.partie() {
        assert!((1..=numero.total).contains(&numero.rang));
    }
    let contenu = hit.contenu(Defauts {
        plateforme: "ONE-OCC",
        projet: "",
        exploitant: "EDIFICE",
    });
    let origine = |rang| Origine::Requete { requete, rang };
    match contenu {
        Ok(Contenu::Rien) => {}
        Ok(Contenu::Un(brut)) => controler(&brut, origine(0)),
        Ok(Contenu::Ancien(ancien)) => {
            let un = |numero: &str| (numero == "1").then(|| Uai::depuis_nombre(660_713));
            match ancien.traduire(&MONDE.plan, un) {
                Ok(brut) => controler(&brut, origine(0)),
                Err(refus) => verifier_refus(&refus),
            }
        }
        Ok(Contenu::Plusieurs(lus)) => {
            for (rang, lu) in lus {
                match lu {
                    Ok(brut) => controler(&brut, origine(rang)),
                    Err(refus) => verifier_refus(&refus),
                }
            }
        }
        Err(refus) => verifier_refus(&refus),
    }
}

/// Hits in several parts, one query a line, received one after the other.
pub fn parties(octets: &[u8]) {
    let reglages = PartiesReglages {
        attente_ms: 10,
        octets_max: 4_096,
        parties_max: 8,
        hit_octets_max: 2_048,
    };
    let mut parties = Parties::new(reglages);
    let mut maintenant = MATIN;
    for requete in octets.split(|o| *o == b'\n') {
        maintenant = Instant(maintenant.0 + 1);
        let hit_lu = Hit::lire(requete);
        let Ok(Some(numero)) = hit_lu.partie() else {
            continue;
        };
        match parties.recevoir(1, &hit_lu, numero, requete, maintenant) {
            Ok(Suite::Attendre) => {}
            Ok(Suite::Entiere(entiere)) => {
                assert!(entiere.len() <= reglages.hit_octets_max + usize::from(numero.total));
                hit(&entiere);
            }
            Err(refus) => verifier_refus(&refus),
        }
        for perdu in parties.expirer(maintenant) {
            assert_eq!(perdu.site, 1);
        }
        assert!(parties.octets() <= reglages.octets_max);
    }
    parties.expirer(Instant(maintenant.0 + reglages.attente_ms));
    assert_eq!(parties.octets(), 0);
}

/// A body of native events, in each of the layouts.
pub fn ndjson(corps: &[u8]) {
    for disposition in [
        Disposition::Lignes,
        Disposition::Tableau,
        Disposition::Objet,
    ] {
        let mut precedent = 0;
        let mut pris = 0;
        for (numero, octets) in Decoupe::new(corps, disposition) {
            assert!(numero > precedent, "les numéros croissent");
            precedent = numero;
            pris += octets.len();
            let mut ligne = Ligne::default();
            let lue = ligne.relire(octets);
            relue(&ligne, lue, numero);
        }
        assert!(pris <= corps.len(), "rien n’est lu deux fois");
    }
}

/// The header of a CSV file, then its lines.
pub fn csv(octets: &[u8]) {
    let mut lignes = octets.split(|o| *o == b'\n').map(<[u8]>::trim_ascii);
    let entete = EnTete::lire(lignes.next().unwrap_or_default());
    let connu = EnTete::lire(b"ts;id;visiteur;client;outil").unwrap();
    for (numero, octets) in (2..).zip(lignes) {
        if let Ok(entete) = &entete {
            let mut ligne = Ligne::default();
            let lue = ligne.relire_csv(octets, entete);
            relue(&ligne, lue, numero);
        }
        let mut ligne = Ligne::default();
        // A lone carriage return ends a record for other readers, and is text for us.
        if ligne.relire_csv(octets, &connu).is_ok() && !octets.contains(&b'\r') {
            comparer(&ligne, octets);
        }
    }
}

/// A line that is accepted holds the values that any reader of CSV finds in it.
fn comparer(ligne: &Ligne<'_>, octets: &[u8]) {
    let mut lecteur = csv::ReaderBuilder::new()
        .delimiter(b';')
        .has_headers(false)
        .from_reader(octets);
    let ailleurs = lecteur.records().next().unwrap().unwrap();
    let ici = [
        ligne.id.as_deref(),
        ligne.brut.visiteur.as_deref(),
        ligne.brut.client.as_deref(),
        ligne.brut.outil.as_deref(),
    ];
    assert_eq!(ailleurs.len(), 5);
    for (ici, ailleurs) in ici.into_iter().zip(ailleurs.iter().skip(1)) {
        assert_eq!(ici.unwrap_or_default(), ailleurs);
    }
}

/// A user agent, and on the lines after it the client hints.
pub fn agent(octets: &[u8]) {
    let texte = String::from_utf8_lossy(octets);
    let mut lignes = texte.split('\n');
    let mut suivante = || lignes.next().unwrap_or_default();
    let indices = Indices {
        agent: suivante(),
        marques: suivante(),
        plateforme: suivante(),
        mobile: suivante(),
        ecran: Some((1_280, 720)),
    };
    let terminal = MONDE.terminaux.terminal(&indices);
    assert_eq!(MONDE.terminaux.terminal(&indices), terminal);
}

fn relue(ligne: &Ligne<'_>, lue: Result<(), Refus>, numero: u64) {
    match lue {
        Ok(()) => controler(&ligne.brut, ligne.origine(Some("cle"), numero)),
        Err(refus) => verifier_refus(&refus),
    }
}

/// What is accepted is within the lists and lengths of the plan, what is refused echoes nothing.
fn controler(brut: &Brut<'_>, origine: Origine<'_>) {
    let controle = Controle {
        plan: &MONDE.plan,
        fuseaux: &MONDE.fuseaux,
        conversions: &MONDE.conversions,
        trousseau: &UneCle,
        maintenant: MATIN,
        fenetre: FenetreTemps::default(),
    };
    match controle.verifier(brut, origine) {
        Ok(evenement) => {
            assert!(evenement.heure < 24);
            assert!(evenement.outil.is_empty() || evenement.type_service == TypeService::Tiers);
            for libelle in [
                evenement.outil,
                evenement.plateforme,
                evenement.projet,
                evenement.exploitant,
            ] {
                assert!(libelle.len() <= LIBELLE_MAX && !libelle.chars().any(char::is_control));
            }
            let mut lot = Lot::new();
            lot.pousser(&evenement);
            assert_eq!(lot.nombre(), 1);
        }
        Err(NonAccepte::Refuse(refus)) => verifier_refus(&refus),
        Err(NonAccepte::Cle(_)) => unreachable!("il y a une clé"),
    }
}

/// A refusal names a field and a reason; it echoes a value only when it has the shape of a code.
fn verifier_refus(refus: &Refus) {
    let est_un_code = |texte: &str| {
        texte.len() <= 40
            && texte
                .bytes()
                .all(|o| o.is_ascii_alphanumeric() || b"_-<>=".contains(&o))
    };
    assert!(refus.champ == "(nom illisible)" || est_un_code(&refus.champ));
    assert!(refus.valeur.as_deref().is_none_or(est_un_code));
}
