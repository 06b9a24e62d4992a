use std::io::Write;

use super::*;

const MAX: usize = 1 << 20;

fn memoire(octets: usize) -> Arc<Semaphore> {
    Arc::new(Semaphore::new(octets / UNITE_MEMOIRE))
}

async fn lire(flux: Body, memoire: &Arc<Semaphore>) -> Result<Corps, Probleme> {
    let delai = Duration::from_secs(30);
    Corps::lire(flux, &HeaderMap::new(), MAX, delai, memoire).await
}

async fn decompresse(octets: Vec<u8>, compression: Compression) -> Result<Vec<u8>, Probleme> {
    lire(Body::from(octets), &memoire(4 * MAX))
        .await?
        .decompresser(compression, MAX)
        .map(|corps| corps.octets)
}

fn gzip(clair: &[u8]) -> Vec<u8> {
    let mut flux = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    flux.write_all(clair).unwrap();
    flux.finish().unwrap()
}

fn zstd(clair: &[u8]) -> Vec<u8> {
    zstd::encode_all(clair, 1).unwrap()
}

#[tokio::test]
async fn a_body_is_read_up_to_its_bound_and_not_a_byte_more() {
    let memoire = memoire(4 * MAX);
    let corps = lire(Body::from(vec![b'x'; MAX]), &memoire).await.unwrap();
    assert_eq!(corps.octets.len(), MAX);
    let trop = lire(Body::from(vec![b'x'; MAX + 1]), &memoire).await;
    assert_eq!(trop.err(), Some(Probleme::CorpsTropGrand));
}

#[tokio::test]
async fn a_length_announced_past_the_bound_is_refused_before_any_byte_is_held() {
    let mut entetes = HeaderMap::new();
    entetes.insert(CONTENT_LENGTH, "209715200".parse().unwrap());
    let memoire = memoire(MAX);
    let delai = Duration::from_secs(30);
    let lu = Corps::lire(Body::from("x"), &entetes, MAX, delai, &memoire).await;
    assert_eq!(lu.err(), Some(Probleme::CorpsTropGrand));
    assert_eq!(memoire.available_permits(), MAX / UNITE_MEMOIRE);
}

#[tokio::test]
async fn bodies_share_a_bounded_memory_and_give_it_back() {
    let memoire = memoire(MAX);
    let premier = lire(Body::from(vec![b'x'; MAX / 2 + 1]), &memoire)
        .await
        .unwrap();
    let second = lire(Body::from(vec![b'x'; MAX / 2]), &memoire).await;
    assert_eq!(second.err(), Some(Probleme::Sature));
    drop(premier);
    assert!(
        lire(Body::from(vec![b'x'; MAX / 2]), &memoire)
            .await
            .is_ok()
    );
    assert_eq!(memoire.available_permits(), MAX / UNITE_MEMOIRE);
}

#[tokio::test]
async fn a_body_that_never_comes_is_given_up() {
    let (_emetteur, recepteur) = tokio::sync::mpsc::channel::<()>(1);
    let flux = Body::new(FluxMuet(recepteur));
    let delai = Duration::from_millis(10);
    let lu = Corps::lire(flux, &HeaderMap::new(), MAX, delai, &memoire(MAX)).await;
    assert_eq!(lu.err(), Some(Probleme::EnvoiTropLent));
}

/// A body whose sender says nothing.
struct FluxMuet(tokio::sync::mpsc::Receiver<()>);

impl http_body::Body for FluxMuet {
    type Data = bytes::Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        contexte: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<http_body::Frame<bytes::Bytes>, io::Error>>> {
        self.0.poll_recv(contexte).map(|_| None)
    }
}

#[tokio::test]
async fn gzip_and_zstd_are_undone() {
    let clair = b"{\"ts\":1}\n".repeat(1_000);
    assert_eq!(
        decompresse(gzip(&clair), Compression::Gzip).await.unwrap(),
        clair
    );
    assert_eq!(
        decompresse(zstd(&clair), Compression::Zstd).await.unwrap(),
        clair
    );
    assert_eq!(
        decompresse(clair.clone(), Compression::Aucune)
            .await
            .unwrap(),
        clair
    );
    let deux = [gzip(b"a"), gzip(b"b")].concat();
    assert_eq!(decompresse(deux, Compression::Gzip).await.unwrap(), b"ab");
}

#[tokio::test]
async fn a_bomb_stops_at_the_bound() {
    let juste = vec![b'x'; MAX];
    let trop = vec![b'x'; 64 * MAX];
    for (comprimer, compression) in [
        (gzip as fn(&[u8]) -> Vec<u8>, Compression::Gzip),
        (zstd, Compression::Zstd),
    ] {
        assert_eq!(
            decompresse(comprimer(&juste), compression)
                .await
                .unwrap()
                .len(),
            MAX
        );
        assert_eq!(
            decompresse(comprimer(&trop), compression).await,
            Err(Probleme::CorpsTropGrand)
        );
    }
}

#[tokio::test]
async fn what_is_not_compressed_as_said_or_is_cut_is_refused() {
    for compression in [Compression::Gzip, Compression::Zstd] {
        let faute = Err(Probleme::DecompressionImpossible);
        assert_eq!(
            decompresse(b"{\"ts\":1}".to_vec(), compression).await,
            faute
        );
    }
    let clair = b"{\"ts\":1}\n".repeat(1_000);
    let mut coupe = gzip(&clair);
    coupe.truncate(coupe.len() / 2);
    assert_eq!(
        decompresse(coupe, Compression::Gzip).await,
        Err(Probleme::DecompressionImpossible)
    );
}

#[test]
fn other_compressions_are_named() {
    let lire = |valeur: &str| {
        let mut entetes = HeaderMap::new();
        entetes.insert(CONTENT_ENCODING, valeur.parse().unwrap());
        Compression::lire(&entetes)
    };
    assert_eq!(lire("GZIP"), Ok(Compression::Gzip));
    assert_eq!(lire("identity"), Ok(Compression::Aucune));
    assert_eq!(lire("br"), Err(Probleme::CompressionRefusee));
    assert_eq!(lire("gzip, zstd"), Err(Probleme::CompressionRefusee));
}
