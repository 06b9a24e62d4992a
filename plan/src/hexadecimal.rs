//! Bytes as text and back, for names and digests.

/// These bytes in hexadecimal, lower case.
#[must_use]
pub fn hexadecimal(octets: &[u8]) -> String {
    const CHIFFRES: &[u8; 16] = b"0123456789abcdef";
    octets
        .iter()
        .flat_map(|o| [o >> 4, o & 15])
        .map(|chiffre| char::from(CHIFFRES[usize::from(chiffre)]))
        .collect()
}

/// The bytes that this text stands for, in either case; none when it is not pairs of digits.
#[must_use]
pub fn lire(octets: &[u8]) -> Option<Vec<u8>> {
    let chiffre = |octet: u8| {
        char::from(octet)
            .to_digit(16)
            .and_then(|c| u8::try_from(c).ok())
    };
    let (paires, reste) = octets.as_chunks::<2>();
    if !reste.is_empty() {
        return None;
    }
    paires
        .iter()
        .map(|[haut, bas]| Some(chiffre(*haut)? << 4 | chiffre(*bas)?))
        .collect()
}
