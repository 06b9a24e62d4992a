//! Identifiers whose form alone tells: an address, a national number, a telephone, a name.

use super::Soupcon;

/// The letters that check an INE, as those of a UAI: I, O and Q are left out.
const LETTRES_INE: &[u8; 23] = b"ABCDEFGHJKLMNPRSTUVWXYZ";
/// Fewest letters of a name's longest word, and in all.
const MOT_MIN: usize = 4;
const NOM_MIN: usize = 6;
/// Longest word of a name.
const MOT_MAX: usize = 20;

pub(super) fn reconnaitre(identifiant: &str) -> Option<Soupcon> {
    if est_un_courriel(identifiant) {
        Some(Soupcon::Courriel)
    } else if est_un_ine(identifiant) {
        Some(Soupcon::Ine)
    } else if est_un_telephone(identifiant) {
        Some(Soupcon::Telephone)
    } else if est_un_nom(identifiant) {
        Some(Soupcon::Nom)
    } else {
        None
    }
}

fn est_un_courriel(texte: &str) -> bool {
    let Some((avant, apres)) = texte.rsplit_once('@') else {
        return false;
    };
    !avant.is_empty()
        && apres.split('.').count() >= 2
        && apres.split('.').all(|mot| {
            !mot.is_empty() && mot.bytes().all(|o| o.is_ascii_alphanumeric() || o == b'-')
        })
}

/// Ten digits and the letter they call for, or nine digits and two letters (since 2018).
fn est_un_ine(texte: &str) -> bool {
    let octets = texte.as_bytes();
    let Some((chiffres, lettres)) = octets
        .iter()
        .position(|o| !o.is_ascii_digit())
        .map(|place| octets.split_at(place))
    else {
        return false;
    };
    match (chiffres.len(), lettres) {
        (10, [lettre]) => {
            let reste = chiffres
                .iter()
                .fold(0, |reste, c| (reste * 10 + usize::from(c - b'0')) % 23);
            lettre.to_ascii_uppercase() == LETTRES_INE[reste]
        }
        (9, [une, autre]) => une.is_ascii_alphabetic() && autre.is_ascii_alphabetic(),
        _ => false,
    }
}

/// A French number: `+33`, `0033` or `0`, then nine digits, in pairs or not. Written without any
/// separator, only a mobile's is told from a plain number.
fn est_un_telephone(texte: &str) -> bool {
    let separe = |c: char| matches!(c, ' ' | '.' | '-' | '(' | ')');
    if texte.len() > 20
        || !texte
            .chars()
            .all(|c| c.is_ascii_digit() || c == '+' || separe(c))
    {
        return false;
    }
    let chiffres: String = texte.chars().filter(|c| !separe(*c)).collect();
    let (abonne, indicatif) = if let Some(reste) = chiffres
        .strip_prefix("+33")
        .or_else(|| chiffres.strip_prefix("0033"))
    {
        (reste.strip_prefix('0').unwrap_or(reste), true)
    } else if let Some(reste) = chiffres.strip_prefix('0') {
        (reste, false)
    } else {
        return false;
    };
    let neuf = abonne.len() == 9 && abonne.bytes().all(|o| o.is_ascii_digit());
    let ecrit = indicatif || chiffres.len() < texte.len();
    neuf && match abonne.as_bytes()[0] {
        b'6' | b'7' => true,
        b'1'..=b'9' => ecrit,
        _ => false,
    }
}

/// Two to four words of one case (or capitalised), each with a vowel, the first perhaps an initial;
/// or one word with an accent, which no code has.
fn est_un_nom(texte: &str) -> bool {
    let separe = |c: char| matches!(c, ' ' | '.' | '_' | '-' | '\'' | '’' | ',');
    let mut mots = 0;
    let mut lettres = 0;
    let mut plus_long = 0;
    for mot in texte.split(separe).filter(|mot| !mot.is_empty()) {
        let longueur = mot.chars().count();
        let initiale = mots == 0 && longueur == 1;
        let lisible = longueur <= MOT_MAX
            && mot.chars().all(char::is_alphabetic)
            && est_d_une_casse(mot)
            && (initiale || mot.chars().any(est_une_voyelle));
        if !lisible {
            return false;
        }
        mots += 1;
        lettres += longueur;
        plus_long = plus_long.max(longueur);
    }
    lettres >= NOM_MIN
        && plus_long >= MOT_MIN
        && ((2..=4).contains(&mots) || (mots == 1 && !texte.is_ascii()))
}

fn est_d_une_casse(mot: &str) -> bool {
    let mut suite = mot.chars();
    let premiere = suite.next().is_some_and(char::is_uppercase);
    let minuscules = suite.clone().all(char::is_lowercase);
    minuscules || (premiere && suite.all(char::is_uppercase))
}

fn est_une_voyelle(c: char) -> bool {
    !c.is_ascii() || b"aeiouy".contains(&(c.to_ascii_lowercase() as u8))
}
