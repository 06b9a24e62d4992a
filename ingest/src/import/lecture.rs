//! A part read, checked and encoded.

use frequent_plan::{Controle, Evenement, NonAccepte, Raison, Refus};

use super::constats::Constat;
use super::tranches::{LIGNE_MAX, LigneLue, Tranche};
use super::{Import, ImportErreur, Source};
use crate::formats::natif::{EnTete, Ligne};
use crate::lot::Lot;
use crate::memoires::{Agents, DerniereCle, preparer};
use crate::qualite::Decompte;

const BOM: &[u8] = b"\xef\xbb\xbf";

/// How the lines of a source are written.
pub(super) enum Format {
    /// One JSON object a line.
    Ndjson,
    /// A record a line, under the header that the line of this number is.
    Csv { entete: EnTete, ligne: u64 },
}

impl Format {
    /// Told by the first line that is not empty: JSON begins with a brace.
    pub(super) fn reconnaitre(tranche: &Tranche, source: &Source) -> Result<Self, ImportErreur> {
        let premiere = tranche.lignes().find(|ligne| !sans_bom(ligne).is_empty());
        let Some(premiere) = premiere else {
            return Ok(Self::Ndjson);
        };
        match sans_bom(&premiere) {
            [b'{', ..] => Ok(Self::Ndjson),
            [b'[', ..] => Err(ImportErreur::Nature {
                fichier: source.clone(),
                nature: "tableau JSON : écrivez un événement par ligne, sans crochets ni virgules entre eux",
            }),
            entete => Ok(Self::Csv {
                entete: EnTete::lire(entete).map_err(|faute| ImportErreur::EnTete {
                    fichier: source.clone(),
                    faute,
                })?,
                ligne: premiere.numero,
            }),
        }
    }
}

/// A byte-order mark before the source's first line is no part of it.
pub(super) fn sans_bom<'t>(ligne: &LigneLue<'t>) -> &'t [u8] {
    match ligne.numero {
        1 => ligne.octets.strip_prefix(BOM).unwrap_or(ligne.octets),
        _ => ligne.octets,
    }
}

/// What a part gave, to be made durable.
pub(super) struct Lue {
    pub(super) lot: Lot,
    pub(super) constat: Constat,
    pub(super) decompte: Decompte,
}

impl Import<'_> {
    /// Reads a part: whatever can be accepted is, the rest is refused line by line.
    pub(super) fn lire(&self, format: &Format, tranche: &Tranche) -> Result<Lue, ImportErreur> {
        let trousseau = DerniereCle::new(self.trousseau);
        let maintenant = self.horloge.maintenant();
        let controle = Controle {
            plan: self.plan,
            fuseaux: self.fuseaux,
            conversions: self.conversions.en_vigueur(),
            trousseau: &trousseau,
            maintenant,
            fenetre: self.reglages.fenetre,
        };
        let mut agents = Agents::new(self.terminaux);
        let mut prefixes = tranche.prefixes();
        let mut ligne = Ligne::default();
        let mut lue = Lue {
            lot: Lot::new(),
            constat: Constat::default(),
            decompte: Decompte::new(self.qualite, maintenant),
        };
        for brute in tranche.lignes() {
            let octets = sans_bom(&brute);
            if octets.is_empty() || format.est_entete(brute.numero) {
                continue;
            }
            lue.constat.recus += 1;
            let pris = format
                .relire(&mut ligne, octets)
                .and_then(|()| preparer(&mut ligne, |p| self.emission.admet(p), &mut agents))
                .map_err(NonAccepte::Refuse)
                .and_then(|()| {
                    // Made only for lines that bring no identifier of their own.
                    let sans_id = ligne.id.as_deref().is_none_or(str::is_empty);
                    let contenu = sans_id.then(|| prefixes.jusqu_a(brute.fin));
                    let origine = ligne.origine(contenu.as_deref(), brute.numero);
                    let evenement = controle.verifier(&ligne.brut, origine)?;
                    lue.accepter(&evenement, &ligne);
                    Ok(())
                });
            match pris {
                Ok(()) => {}
                Err(NonAccepte::Refuse(refus)) => {
                    let admise = self.emission.admet(ligne.plateforme());
                    let plateforme = if admise { ligne.plateforme() } else { "" };
                    lue.decompte
                        .refuser(plateforme, ligne.brut.uai.as_deref(), &refus);
                    lue.constat.refuser(brute.numero, refus);
                }
                Err(NonAccepte::Cle(erreur)) => return Err(erreur.into()),
            }
        }
        Ok(lue)
    }
}

impl Lue {
    fn accepter(&mut self, evenement: &Evenement<'_>, ligne: &Ligne<'_>) {
        *self.constat.jours.entry(evenement.jour).or_default() += 1;
        self.lot.pousser(evenement);
        let personne = ligne.brut.visiteur.as_deref().unwrap_or_default();
        self.decompte.accepter(evenement, personne);
    }
}

impl Format {
    pub(super) fn est_entete(&self, numero: u64) -> bool {
        matches!(self, Self::Csv { ligne, .. } if *ligne == numero)
    }

    pub(super) fn relire<'t>(&self, ligne: &mut Ligne<'t>, octets: &'t [u8]) -> Result<(), Refus> {
        if octets.len() > LIGNE_MAX {
            return Err(Refus::de("", Raison::LigneTropLongue));
        }
        match self {
            Self::Ndjson => ligne.relire(octets),
            Self::Csv { entete, .. } => ligne.relire_csv(octets, entete),
        }
    }
}
