//! Accepted events as the log keeps them: one after the other in a compact binary form.
//!
//! A lot is what one request gave. It stands alone: a header (its length and its number of events)
//! then one record an event, 55 bytes fixed and the texts that changed since the event before. In
//! a provider's batch the platform, project and provider hardly ever change, so they cost one bit
//! each; in a lone hit they are written out. Numbers are little-endian.

use frequent_plan::{
    Appareil, Client, Evenement, IdEvenement, Instant, Jour, Navigateur, Os, Plan, Profil, Service,
    TypeService, Uai, Visiteur,
};

/// Bytes before the records: length of the records, then their number, 4 bytes each.
const ENTETE: usize = 8;
/// Bytes of a record before its texts.
const FIXE: usize = 55;
const MS_PAR_JOUR: i64 = 24 * 3_600_000;

const TIERS: u8 = 1;
const OUTIL_PRESENT: u8 = 1 << 1;
const NOUVEAU: [u8; 4] = [1 << 2, 1 << 3, 1 << 4, 1 << 5];
const DRAPEAUX_CONNUS: u8 = 0b0011_1111;

const OUTIL: usize = 0;
const PLATEFORME: usize = 1;
const PROJET: usize = 2;
const EXPLOITANT: usize = 3;

/// Accepted events of one request, encoded for the log as they are pushed.
#[derive(Debug, Clone, Default)]
pub struct Lot {
    octets: Vec<u8>,
    nombre: u32,
    /// Where the last text of each column is in `octets`: start and end.
    derniers: [(usize, usize); 4],
}

impl Lot {
    /// An empty lot; nothing is allocated before the first event.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds an event. Allocates only when the lot's buffer has to grow.
    pub fn pousser(&mut self, e: &Evenement<'_>) {
        if self.octets.is_empty() {
            self.octets.reserve(ENTETE + 2 * FIXE);
            self.octets.extend_from_slice(&[0; ENTETE]);
        }
        let textes = [e.outil, e.plateforme, e.projet, e.exploitant];
        let mut drapeaux = if e.type_service == TypeService::Tiers {
            TIERS
        } else {
            0
        };
        if !e.outil.is_empty() {
            drapeaux |= OUTIL_PRESENT;
        }
        for (colonne, texte) in textes.iter().enumerate() {
            if self.est_nouveau(colonne, texte) {
                drapeaux |= NOUVEAU[colonne];
            }
        }
        self.octets.extend_from_slice(&partie_fixe(e, drapeaux));
        for (colonne, texte) in textes.iter().enumerate() {
            if drapeaux & NOUVEAU[colonne] != 0 {
                self.ecrire_texte(colonne, texte);
            }
        }
        self.nombre += 1;
    }

    /// A native event has no tool: it neither writes one nor makes the next one new.
    fn est_nouveau(&self, colonne: usize, texte: &str) -> bool {
        let (debut, fin) = self.derniers[colonne];
        self.octets[debut..fin] != *texte.as_bytes() && !(colonne == OUTIL && texte.is_empty())
    }

    fn ecrire_texte(&mut self, colonne: usize, texte: &str) {
        let mut reste = texte.len();
        while reste > 0x7f {
            self.octets.push(0x80 | (reste & 0x7f).to_le_bytes()[0]);
            reste >>= 7;
        }
        self.octets.push(reste.to_le_bytes()[0]);
        let debut = self.octets.len();
        self.octets.extend_from_slice(texte.as_bytes());
        self.derniers[colonne] = (debut, self.octets.len());
    }

    /// How many events it holds.
    #[must_use]
    pub fn nombre(&self) -> usize {
        self.nombre as usize
    }

    /// Holds no event.
    #[must_use]
    pub fn est_vide(&self) -> bool {
        self.nombre == 0
    }

    /// Its size in the log, in bytes.
    #[must_use]
    pub fn taille(&self) -> usize {
        self.octets.len()
    }

    /// Appends the whole lot, header included, to the bytes of a log entry.
    pub(crate) fn verser(mut self, entree: &mut Vec<u8>) {
        if self.est_vide() {
            return;
        }
        // A request is at most 16 MiB, so a lot's length always fits in 32 bits.
        let longueur = u32::try_from(self.octets.len() - ENTETE).unwrap_or(u32::MAX);
        self.octets[..4].copy_from_slice(&longueur.to_le_bytes());
        self.octets[4..ENTETE].copy_from_slice(&self.nombre.to_le_bytes());
        entree.extend_from_slice(&self.octets);
    }
}

fn partie_fixe(e: &Evenement<'_>, drapeaux: u8) -> [u8; FIXE] {
    let mut fixe = [0; FIXE];
    let numero = e.uai.octets()[..7]
        .iter()
        .fold(0_u32, |total, c| total * 10 + u32::from(c - b'0'));
    fixe[0] = drapeaux;
    fixe[1..17].copy_from_slice(&e.id.0);
    fixe[17..25].copy_from_slice(&e.ts.0.to_le_bytes());
    fixe[25..29].copy_from_slice(&e.jour.epoque().to_le_bytes());
    fixe[29..33].copy_from_slice(&numero.to_le_bytes());
    fixe[33..41].copy_from_slice(&e.visiteur.0.to_le_bytes());
    fixe[41..49].copy_from_slice(&e.client.0.to_le_bytes());
    fixe[49] = e.heure;
    fixe[50] = e.profil.rang();
    fixe[51] = e.service.rang();
    fixe[52] = e.appareil.rang();
    fixe[53] = e.os.rang();
    fixe[54] = e.navigateur.rang();
    fixe
}

/// Bytes that are not lots as [`Lot`] writes them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("lot du journal altéré à l’octet {position} : {faute}")]
pub struct LotAltere {
    /// Where, in bytes from the start of the entry.
    pub position: usize,
    /// What is wrong there.
    pub faute: FauteLot,
}

/// What is wrong in an altered lot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FauteLot {
    /// The bytes end inside a lot.
    #[error("il s’arrête avant sa fin")]
    Coupe,
    /// Its records do not fill the length that its header gives.
    #[error("sa longueur et son nombre d’événements ne s’accordent pas")]
    Longueur,
    /// A flag that no version writes.
    #[error("drapeau inconnu")]
    Drapeau,
    /// A value outside its list or its range.
    #[error("champ « {0} » hors de sa liste")]
    Valeur(&'static str),
    /// A text that is not UTF-8.
    #[error("texte qui n’est pas de l’UTF-8")]
    Texte,
}

/// Reads back the events of the lots of a log entry, in the order they were pushed. After an error
/// it ends: what follows altered bytes cannot be trusted.
pub struct LecteurLots<'a> {
    plan: &'a Plan,
    octets: &'a [u8],
    position: usize,
    fin_lot: usize,
    restants: u32,
    textes: [&'a str; 4],
    jour: (i32, Jour),
}

impl<'a> LecteurLots<'a> {
    /// Reads these bytes; the plan gives the services their meaning.
    #[must_use]
    pub fn new(octets: &'a [u8], plan: &'a Plan) -> Self {
        Self {
            plan,
            octets,
            position: 0,
            fin_lot: 0,
            restants: 0,
            textes: [""; 4],
            jour: (0, Jour::de_epoque(0)),
        }
    }

    fn suivant(&mut self) -> Result<Option<Evenement<'a>>, FauteLot> {
        while self.restants == 0 {
            if self.position != self.fin_lot {
                return Err(FauteLot::Longueur);
            }
            if self.position == self.octets.len() {
                return Ok(None);
            }
            self.ouvrir_lot()?;
        }
        self.restants -= 1;
        self.enregistrement().map(Some)
    }

    fn ouvrir_lot(&mut self) -> Result<(), FauteLot> {
        self.fin_lot = self.octets.len();
        let entete = self.prendre(ENTETE)?;
        let longueur = nombre_32(&entete[..4]) as usize;
        self.restants = nombre_32(&entete[4..]);
        self.textes = [""; 4];
        if longueur > self.octets.len() - self.position {
            return Err(FauteLot::Coupe);
        }
        if self.restants == 0 {
            return Err(FauteLot::Longueur);
        }
        self.fin_lot = self.position + longueur;
        Ok(())
    }

    fn enregistrement(&mut self) -> Result<Evenement<'a>, FauteLot> {
        let fixe = self.prendre(FIXE)?;
        let drapeaux = fixe[0];
        if drapeaux & !DRAPEAUX_CONNUS != 0 {
            return Err(FauteLot::Drapeau);
        }
        for (colonne, nouveau) in NOUVEAU.into_iter().enumerate() {
            if drapeaux & nouveau != 0 {
                self.textes[colonne] = self.texte()?;
            }
        }
        let ts = Instant(nombre_64(&fixe[17..25]).cast_signed());
        Ok(Evenement {
            id: IdEvenement(tableau(&fixe[1..17])),
            ts,
            jour: self.jour(ts, nombre_32(&fixe[25..29]).cast_signed())?,
            heure: valide("heure", fixe[49], |h| (h < 24).then_some(h))?,
            uai: valide("uai", nombre_32(&fixe[29..33]), |n| {
                (n < 10_000_000).then(|| Uai::depuis_nombre(n))
            })?,
            profil: valide("profil", fixe[50], Profil::de_rang)?,
            visiteur: Visiteur(nombre_64(&fixe[33..41])),
            client: Client(nombre_64(&fixe[41..49])),
            service: valide("service", fixe[51], |r| self.service(r))?,
            type_service: if drapeaux & TIERS == 0 {
                TypeService::Natif
            } else {
                TypeService::Tiers
            },
            outil: if drapeaux & OUTIL_PRESENT == 0 {
                ""
            } else {
                self.textes[OUTIL]
            },
            appareil: valide("appareil", fixe[52], Appareil::de_rang)?,
            os: valide("os", fixe[53], Os::de_rang)?,
            navigateur: valide("navigateur", fixe[54], Navigateur::de_rang)?,
            plateforme: self.textes[PLATEFORME],
            projet: self.textes[PROJET],
            exploitant: self.textes[EXPLOITANT],
            converti: false,
        })
    }

    fn service(&self, rang: u8) -> Option<Service> {
        self.plan.service_de_rang(rang)
    }

    /// The local day, which is the instant's day in UTC or one of its neighbours.
    fn jour(&mut self, ts: Instant, epoque: i32) -> Result<Jour, FauteLot> {
        let utc = ts.0.div_euclid(MS_PAR_JOUR);
        if (i64::from(epoque) - utc).abs() > 1 {
            return Err(FauteLot::Valeur("jour"));
        }
        if self.jour.0 != epoque {
            self.jour = (epoque, Jour::de_epoque(epoque));
        }
        Ok(self.jour.1)
    }

    fn texte(&mut self) -> Result<&'a str, FauteLot> {
        let mut longueur = 0_usize;
        for decalage in [0, 7, 14, 21] {
            let octet = self.prendre(1)?[0];
            longueur |= usize::from(octet & 0x7f) << decalage;
            if octet & 0x80 == 0 {
                let octets = self.prendre(longueur)?;
                return std::str::from_utf8(octets).map_err(|_| FauteLot::Texte);
            }
        }
        Err(FauteLot::Longueur)
    }

    fn prendre(&mut self, nombre: usize) -> Result<&'a [u8], FauteLot> {
        if nombre > self.fin_lot - self.position {
            return Err(FauteLot::Coupe);
        }
        let debut = self.position;
        self.position += nombre;
        Ok(&self.octets[debut..self.position])
    }
}

impl<'a> Iterator for LecteurLots<'a> {
    type Item = Result<Evenement<'a>, LotAltere>;

    fn next(&mut self) -> Option<Self::Item> {
        let position = self.position;
        self.suivant()
            .map_err(|faute| {
                self.octets = &self.octets[..self.position];
                self.fin_lot = self.position;
                self.restants = 0;
                LotAltere { position, faute }
            })
            .transpose()
    }
}

fn valide<V, T>(
    champ: &'static str,
    valeur: V,
    lire: impl FnOnce(V) -> Option<T>,
) -> Result<T, FauteLot> {
    lire(valeur).ok_or(FauteLot::Valeur(champ))
}

fn tableau<const N: usize>(octets: &[u8]) -> [u8; N] {
    let mut tableau = [0; N];
    tableau.copy_from_slice(octets);
    tableau
}

fn nombre_32(octets: &[u8]) -> u32 {
    u32::from_le_bytes(tableau(octets))
}

fn nombre_64(octets: &[u8]) -> u64 {
    u64::from_le_bytes(tableau(octets))
}

#[cfg(test)]
#[path = "lot_tests.rs"]
mod tests;
