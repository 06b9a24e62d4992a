//! The native JSON line of an event, written from ready-made fragments: at a million events a
//! second, building a value first would cost more than all the rest.

use std::borrow::Cow;
use std::io::Write;

use frequent_plan::{Brut, Date, Plan, Terminal, Uai};

use crate::acces::{Acces, Defaut};
use crate::ecole::EcoleSimulee;
use crate::modele::Modele;
use crate::simulation::{Plateforme, Reglages, Terminaux};

const MS_PAR_JOUR: u32 = 86_400_000;
/// The service of an event that is wrong on purpose.
const SERVICE_FAUX: &str = "SERVICE_INCONNU";

/// Every text that a line is made of.
#[derive(Debug)]
pub(crate) struct Fragments {
    graine: u64,
    ecoles: Vec<(Uai, usize)>,
    plateformes: Vec<Plateforme>,
    /// By service rank.
    services: Vec<String>,
    outils: Vec<String>,
    terminaux: Vec<(Terminal, String)>,
    mode: Terminaux,
    /// `,"plateforme":…,"projet":…,"exploitant":…`, by platform.
    fin_plateforme: Vec<Vec<u8>>,
    /// `,"appareil":…}` or `,"user_agent":…}`, by terminal.
    fin_terminal: Vec<Vec<u8>>,
}

impl Fragments {
    pub(crate) fn new(
        reglages: &Reglages,
        ecoles: &[EcoleSimulee],
        modele: &Modele,
        plan: &Plan,
    ) -> Self {
        let fin_plateforme = |p: &Plateforme| {
            let mut fin = Vec::new();
            champ(&mut fin, "plateforme", &p.nom);
            champ(&mut fin, "projet", &p.projet);
            champ(&mut fin, "exploitant", &p.exploitant);
            fin
        };
        let terminaux: Vec<_> = modele
            .terminaux
            .iter()
            .map(|t| (t.terminal, t.user_agent.clone()))
            .collect();
        let fin_terminal = |(terminal, user_agent): &(Terminal, String)| {
            let mut fin = Vec::new();
            match reglages.terminaux {
                Terminaux::UserAgent => champ(&mut fin, "user_agent", user_agent),
                Terminaux::Codes => {
                    champ(&mut fin, "appareil", terminal.appareil.code());
                    champ(&mut fin, "os", terminal.os.code());
                    champ(&mut fin, "navigateur", terminal.navigateur.code());
                }
            }
            fin.extend_from_slice(b"}\n");
            fin
        };
        Self {
            graine: reglages.graine,
            ecoles: ecoles.iter().map(|e| (e.uai, e.plateforme)).collect(),
            plateformes: reglages.plateformes.clone(),
            services: plan.services().map(|s| plan.code(s).to_owned()).collect(),
            outils: modele.outils.clone(),
            mode: reglages.terminaux,
            fin_plateforme: reglages.plateformes.iter().map(fin_plateforme).collect(),
            fin_terminal: terminaux.iter().map(fin_terminal).collect(),
            terminaux,
        }
    }

    /// Appends the line.
    pub(crate) fn ecrire(&self, acces: &Acces, sortie: &mut Vec<u8>) {
        let (uai, plateforme) = self.ecoles[acces.ecole as usize];
        sortie.extend_from_slice(b"{\"id\":\"");
        ecrire_id(self.graine, uai, acces, sortie);
        sortie.extend_from_slice(b"\",\"ts\":\"");
        sortie.extend_from_slice(&rfc3339(acces));
        sortie.extend_from_slice(b"\",\"uai\":\"");
        sortie.extend_from_slice(&uai_ecrit(uai, acces.defaut));
        sortie.extend_from_slice(b"\",\"profil\":\"");
        sortie.extend_from_slice(acces.profil.code().as_bytes());
        sortie.extend_from_slice(b"\",\"visiteur\":\"u-");
        sortie.extend_from_slice(&hexa(acces.personne));
        sortie.extend_from_slice(b"\",\"client\":\"b-");
        sortie.extend_from_slice(&hexa(acces.client));
        sortie.extend_from_slice(b"\",\"service\":\"");
        sortie.extend_from_slice(self.service(acces).as_bytes());
        match acces.outil {
            None => sortie.extend_from_slice(b"\",\"type\":\"NATIF\""),
            Some(outil) => {
                sortie.extend_from_slice(b"\",\"type\":\"TIERS\"");
                champ(sortie, "outil", &self.outils[usize::from(outil)]);
            }
        }
        sortie.extend_from_slice(&self.fin_plateforme[plateforme]);
        sortie.extend_from_slice(&self.fin_terminal[usize::from(acces.terminal)]);
    }

    /// The sender's identifier of the event.
    pub(crate) fn id(&self, acces: &Acces) -> String {
        let mut id = Vec::new();
        ecrire_id(
            self.graine,
            self.ecoles[acces.ecole as usize].0,
            acces,
            &mut id,
        );
        String::from_utf8_lossy(&id).into_owned()
    }

    /// The same fields as the line's, as a format would read them.
    pub(crate) fn brut(&self, acces: &Acces) -> Brut<'_> {
        let texte = |octets: &[u8]| String::from_utf8_lossy(octets).into_owned();
        let (uai, plateforme) = self.ecoles[acces.ecole as usize];
        let plateforme = &self.plateformes[plateforme];
        let (terminal, _) = self.terminaux[usize::from(acces.terminal)];
        let code = |code: &'static str| match self.mode {
            Terminaux::Codes => Some(Cow::Borrowed(code)),
            Terminaux::UserAgent => None,
        };
        Brut {
            ts: Some(Date::Rfc3339(Cow::Owned(texte(&rfc3339(acces))))),
            uai: Some(Cow::Owned(texte(&uai_ecrit(uai, acces.defaut)))),
            profil: Some(Cow::Borrowed(acces.profil.code())),
            visiteur: Some(Cow::Owned(format!("u-{}", texte(&hexa(acces.personne))))),
            client: Some(Cow::Owned(format!("b-{}", texte(&hexa(acces.client))))),
            service: Some(Cow::Borrowed(self.service(acces))),
            type_service: Some(Cow::Borrowed(match acces.outil {
                None => "NATIF",
                Some(_) => "TIERS",
            })),
            outil: acces
                .outil
                .map(|outil| Cow::Borrowed(self.outils[usize::from(outil)].as_str())),
            plateforme: Some(Cow::Borrowed(&plateforme.nom)),
            projet: Some(Cow::Borrowed(&plateforme.projet)),
            exploitant: Some(Cow::Borrowed(&plateforme.exploitant)),
            appareil: code(terminal.appareil.code()),
            os: code(terminal.os.code()),
            navigateur: code(terminal.navigateur.code()),
            terminal: match self.mode {
                Terminaux::Codes => None,
                Terminaux::UserAgent => Some(terminal),
            },
        }
    }

    fn service(&self, acces: &Acces) -> &str {
        if acces.defaut == Some(Defaut::Service) {
            return SERVICE_FAUX;
        }
        &self.services[usize::from(acces.service.rang())]
    }
}

/// `,"nom":"valeur"`, the value escaped.
fn champ(sortie: &mut Vec<u8>, nom: &str, valeur: &str) {
    sortie.extend_from_slice(b",\"");
    sortie.extend_from_slice(nom.as_bytes());
    sortie.extend_from_slice(b"\":\"");
    for octet in valeur.bytes() {
        match octet {
            b'"' | b'\\' => sortie.extend_from_slice(&[b'\\', octet]),
            // A vector takes every write.
            0..0x20 => drop(write!(sortie, "\\u{octet:04x}")),
            _ => sortie.push(octet),
        }
    }
    sortie.push(b'"');
}

/// `<seed>-<uai>-<day>-<number>`: another seed is another delivery.
fn ecrire_id(graine: u64, uai: Uai, acces: &Acces, sortie: &mut Vec<u8>) {
    ecrire_nombre(graine, sortie);
    sortie.push(b'-');
    sortie.extend_from_slice(uai.octets());
    sortie.push(b'-');
    sortie.extend_from_slice(&date(acces, 0));
    sortie.push(b'-');
    ecrire_nombre(u64::from(acces.numero), sortie);
}

fn ecrire_nombre(nombre: u64, sortie: &mut Vec<u8>) {
    let mut chiffres = [0_u8; 20];
    let (mut reste, mut debut) = (nombre, chiffres.len());
    loop {
        debut -= 1;
        chiffres[debut] = chiffre(reste % 10);
        reste /= 10;
        if reste == 0 {
            break;
        }
    }
    sortie.extend_from_slice(&chiffres[debut..]);
}

/// `2026-11-20T08:01:30.250+01:00`, in the school's local time.
fn rfc3339(acces: &Acces) -> [u8; 29] {
    let mut texte = *b"0000-00-00T00:00:00.000+00:00";
    texte[..10].copy_from_slice(&date(acces, acces.ms_locales / MS_PAR_JOUR));
    let ms = acces.ms_locales % MS_PAR_JOUR;
    deux(&mut texte, 11, ms / 3_600_000);
    deux(&mut texte, 14, ms / 60_000 % 60);
    deux(&mut texte, 17, ms / 1_000 % 60);
    texte[20] = chiffre(u64::from(ms / 100 % 10));
    deux(&mut texte, 21, ms % 100);
    let minutes = acces.decalage_s.unsigned_abs() / 60;
    texte[23] = if acces.decalage_s < 0 { b'-' } else { b'+' };
    deux(&mut texte, 24, minutes / 60);
    deux(&mut texte, 27, minutes % 60);
    texte
}

/// The visit's day, or some days later when the visit goes on past midnight.
fn date(acces: &Acces, jours: u32) -> [u8; 10] {
    let jour = match jours {
        0 => acces.jour,
        n => acces.jour.plus(i32::try_from(n).unwrap_or_default()),
    };
    let date = jour.date();
    let annee = u32::from(date.year().unsigned_abs());
    let mut texte = *b"0000-00-00";
    deux(&mut texte, 0, annee / 100);
    deux(&mut texte, 2, annee % 100);
    deux(&mut texte, 5, u32::from(date.month().unsigned_abs()));
    deux(&mut texte, 8, u32::from(date.day().unsigned_abs()));
    texte
}

fn deux(texte: &mut [u8], place: usize, nombre: u32) {
    texte[place] = chiffre(u64::from(nombre / 10));
    texte[place + 1] = chiffre(u64::from(nombre % 10));
}

fn chiffre(nombre: u64) -> u8 {
    b'0' + u8::try_from(nombre % 10).unwrap_or_default()
}

fn hexa(nombre: u64) -> [u8; 16] {
    let mut texte = [0_u8; 16];
    for (case, octet) in texte.chunks_exact_mut(2).zip(nombre.to_be_bytes()) {
        case[0] = b"0123456789abcdef"[usize::from(octet >> 4)];
        case[1] = b"0123456789abcdef"[usize::from(octet & 15)];
    }
    texte
}

/// The UAI, or the same digits with a letter that is not theirs.
fn uai_ecrit(uai: Uai, defaut: Option<Defaut>) -> [u8; 8] {
    let mut octets = *uai.octets();
    if defaut == Some(Defaut::Cle) {
        octets[7] = if octets[7] == b'A' { b'B' } else { b'A' };
    }
    octets
}
