//! Events that the tests send, each with an identifier of its own.

use frequent_plan::{Fuseaux, Instant, Jour, Uai};

use super::PLATEFORME;

/// Two schools of the circonscription of Céret and one of Toulouse.
pub const ECOLES: [&str; 3] = ["0660713S", "0660138S", "0311667U"];

/// A native event as a line of NDJSON.
pub struct Ligne<'a> {
    /// The sender's identifier of the event.
    pub id: &'a str,
    /// RFC 3339.
    pub ts: &'a str,
    /// The school.
    pub uai: &'a str,
    /// The profile.
    pub profil: &'a str,
    /// The person.
    pub visiteur: &'a str,
    /// The service.
    pub service: &'a str,
    /// The device.
    pub appareil: &'a str,
}

impl Ligne<'_> {
    /// The line, with its end.
    pub fn ndjson(&self) -> String {
        let objet = serde_json::json!({
            "id": self.id, "ts": self.ts, "uai": self.uai, "profil": self.profil,
            "visiteur": self.visiteur, "client": "poste-1", "service": self.service,
            "appareil": self.appareil, "os": "WINDOWS", "navigateur": "FIREFOX",
            "plateforme": PLATEFORME, "projet": "ENT-ECOLE", "exploitant": "EDIFICE",
        });
        format!("{objet}\n")
    }
}

/// An event that no other is like: its rank makes its identifier and its person, so that visits
/// count the events one by one.
pub fn unique(rang: u64, ts: &str) -> String {
    Ligne {
        id: &format!("unique-{rang}"),
        ts,
        uai: "0660713S",
        profil: "ELEVE",
        visiteur: &format!("eleve-{rang}"),
        service: "ACCUEIL",
        appareil: "ORDINATEUR",
    }
    .ndjson()
}

/// The instant, in a day, of the event of this rank.
pub fn instant(jour: &str, rang: u64) -> String {
    format!("{jour}T{:02}:{:02}:00Z", 6 + rang % 12, rang % 60)
}

/// The Monday of last week: recent enough to be accepted, and over.
pub fn lundi_dernier() -> Jour {
    let paris = Uai::depuis_nombre(750_000);
    let fuseaux = Fuseaux::charger().unwrap();
    fuseaux
        .heure_locale(paris, Instant::maintenant())
        .jour
        .lundi()
        .plus(-7)
}

/// Seeded numbers, the same on every machine (`SplitMix64`).
pub struct Hasard(pub u64);

impl Hasard {
    /// A number below `borne`.
    pub fn sous(&mut self, borne: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % borne
    }

    /// One of these.
    pub fn parmi<T: Copy>(&mut self, choix: &[T]) -> T {
        let rang = usize::try_from(self.sous(choix.len() as u64)).unwrap();
        choix[rang]
    }

    /// The same values in another order.
    pub fn melanger<T>(&mut self, valeurs: &mut [T]) {
        for dernier in (1..valeurs.len()).rev() {
            let rang = usize::try_from(self.sous(dernier as u64 + 1)).unwrap();
            valeurs.swap(dernier, rang);
        }
    }
}

/// `nombre` events of one local day of three schools, in no order, a few sent twice.
pub fn journee(graine: u64, jour: Jour, nombre: usize) -> Vec<String> {
    let mut hasard = Hasard(graine);
    let mut lignes = Vec::with_capacity(nombre);
    for rang in 0..nombre {
        let (heure, minute, seconde) = (5 + hasard.sous(16), hasard.sous(60), hasard.sous(60));
        let ligne = Ligne {
            id: &format!("{jour}-{rang}"),
            ts: &format!("{jour}T{heure:02}:{minute:02}:{seconde:02}Z"),
            uai: hasard.parmi(&ECOLES),
            profil: hasard.parmi(&["ELEVE", "PARENT", "ENSEIGNANT"]),
            visiteur: &format!("personne-{}", hasard.sous(40)),
            service: hasard.parmi(&["ACCUEIL", "NOTES", "CAHIER_TEXTES"]),
            appareil: hasard.parmi(&["ORDINATEUR", "SMARTPHONE"]),
        };
        lignes.push(ligne.ndjson());
        if hasard.sous(20) == 0 {
            lignes.push(lignes[rang % lignes.len()].clone());
        }
    }
    lignes
}
