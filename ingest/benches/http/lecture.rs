//! Reading alone: JSON to raw fields, checks, pseudonyms, encoding for the log, on one core.

use std::error::Error;
use std::hint::black_box;
use std::sync::Arc;

use frequent_ingest::Lot;
use frequent_ingest::formats::natif::{Decoupe, Disposition, Ligne};
use frequent_ingest::formats::xiti::{Contenu, Defauts, Hit};
use frequent_ingest::terminal::{Indices, Terminaux};
use frequent_plan::{
    AnneeScolaire, Cle, CleIndisponible, Controle, Conversions, FenetreTemps, Fuseaux, Instant,
    Origine, Plan, Trousseau,
};

use crate::charge::{hit, lignes};
use crate::mesure::{ESSAIS, mediane, nanosecondes_du_fil};

const EVENEMENTS: u32 = 20_000;

struct UneCle(Arc<Cle>);

impl Trousseau for UneCle {
    fn cle(&self, _: &str, _: AnneeScolaire) -> Result<Arc<Cle>, CleIndisponible> {
        Ok(Arc::clone(&self.0))
    }
}

/// Prints the nanoseconds of each step, a line an event and a hit.
pub fn mesurer() -> Result<(), Box<dyn Error>> {
    let plan = Plan::integre()?;
    let fuseaux = Fuseaux::charger()?;
    let terminaux = Terminaux::charger()?;
    let trousseau = UneCle(Arc::new(Cle::nouvelle(&[7; 32])));
    let controle = Controle {
        plan: &plan,
        conversions: &Conversions::default(),
        fuseaux: &fuseaux,
        trousseau: &trousseau,
        maintenant: Instant::maintenant(),
        fenetre: FenetreTemps::default(),
    };
    let corps = lignes(0, EVENEMENTS);
    let octets = corps.len() / EVENEMENTS as usize;
    println!("lecture seule, un coeur, {EVENEMENTS} evenements de {octets} octets :");

    afficher("json vers champs", || {
        let mut ligne = Ligne::default();
        for (_, octets) in Decoupe::new(corps.as_bytes(), Disposition::Lignes) {
            ligne.relire(octets)?;
            black_box(&ligne);
        }
        Ok(())
    })?;
    afficher("json, controle, pseudonymes, lot", || {
        let mut lot = Lot::new();
        let mut ligne = Ligne::default();
        for (numero, octets) in Decoupe::new(corps.as_bytes(), Disposition::Lignes) {
            ligne.relire(octets)?;
            let agent = ligne.agent.take().unwrap_or_default();
            ligne.brut.terminal = Some(terminaux.terminal(&Indices {
                agent: &agent,
                ..Indices::default()
            }));
            lot.pousser(&controle.verifier(&ligne.brut, ligne.origine(None, numero))?);
        }
        black_box(lot);
        Ok(())
    })?;

    let hits: Vec<String> = (0..EVENEMENTS).map(hit).collect();
    let defauts = Defauts {
        plateforme: "ONE-OCC",
        projet: "",
        exploitant: "",
    };
    afficher("hit, controle, pseudonymes, lot", || {
        for requete in &hits {
            let requete = requete.as_bytes();
            let Contenu::Un(brut) = Hit::lire(requete).contenu(defauts)? else {
                return Err("un hit sans acces".into());
            };
            let origine = Origine::Requete { requete, rang: 0 };
            let mut lot = Lot::new();
            lot.pousser(&controle.verifier(&brut, origine)?);
            black_box(lot);
        }
        Ok(())
    })
}

fn afficher(
    quoi: &str,
    mut travail: impl FnMut() -> Result<(), Box<dyn Error>>,
) -> Result<(), Box<dyn Error>> {
    travail()?;
    let mut mesures = Vec::new();
    for _ in 0..ESSAIS {
        let debut = nanosecondes_du_fil()?;
        travail()?;
        mesures.push((nanosecondes_du_fil()? - debut) / f64::from(EVENEMENTS));
    }
    let ns = mediane(mesures);
    println!("  {quoi} : {ns:.0} ns, {:.2} M/s", 1e3 / ns);
    Ok(())
}
