use super::*;

fn fichier(nom: &str, contenu: &str) -> (String, Fichier) {
    let contenu = Bytes::copy_from_slice(contenu.as_bytes());
    let fichier = Fichier {
        gzip: comprimer(nom, &contenu),
        etiquette: HeaderValue::try_from(format!("\"{}\"", contenu.len())).unwrap(),
        contenu,
        type_: type_de(nom),
        conservation: conservation(nom),
    };
    (nom.to_owned(), fichier)
}

fn console() -> HashMap<String, Fichier> {
    HashMap::from([
        fichier(PAGE, "<!doctype html><title>FréquENT</title>"),
        fichier("assets/app-1a2b.js", &"console.log(1);".repeat(100)),
    ])
}

fn demander(chemin: &str, entetes: &[(header::HeaderName, &'static str)]) -> Response {
    let entetes = entetes.iter().cloned();
    let entetes = entetes.map(|(nom, valeur)| (nom, HeaderValue::from_static(valeur)));
    servir(&console(), chemin, &entetes.collect())
}

async fn corps(reponse: Response) -> Bytes {
    axum::body::to_bytes(reponse.into_body(), 10_000)
        .await
        .unwrap()
}

#[tokio::test]
async fn an_address_within_the_console_is_its_page() {
    for chemin in ["", "index.html", "ecole/0310001V"] {
        let reponse = demander(chemin, &[]);
        assert_eq!(reponse.status(), 200);
        assert_eq!(
            reponse.headers()["content-type"],
            "text/html; charset=utf-8"
        );
        assert_eq!(reponse.headers()["cache-control"], "no-cache");
        assert!(corps(reponse).await.starts_with(b"<!doctype html>"));
    }
}

#[tokio::test]
async fn an_asset_is_kept_for_ever_and_a_missing_one_is_never_the_page() {
    let reponse = demander("assets/app-1a2b.js", &[]);
    assert_eq!(
        reponse.headers()["cache-control"],
        "public, max-age=31536000, immutable"
    );
    assert_eq!(
        reponse.headers()["content-type"],
        "text/javascript; charset=utf-8"
    );
    assert_eq!(demander("assets/app-ancienne.js", &[]).status(), 404);
}

#[tokio::test]
async fn a_file_the_browser_already_has_is_not_sent_again() {
    let etiquette = demander("", &[]).headers()["etag"].clone();
    let connue = Box::leak(format!("\"autre\", W/{}", etiquette.to_str().unwrap()).into());
    let reponse = demander("", &[(header::IF_NONE_MATCH, &*connue)]);
    assert_eq!(reponse.status(), 304);
    assert!(corps(reponse).await.is_empty());
    let reponse = demander("", &[(header::IF_NONE_MATCH, "\"autre\"")]);
    assert_eq!(reponse.status(), 200);
}

#[tokio::test]
async fn a_text_is_sent_compressed_to_who_takes_it() {
    let chemin = "assets/app-1a2b.js";
    for (accepte, comprime) in [
        ("gzip, deflate, br", true),
        ("br, gzip;q=0.5", true),
        ("gzip;q=0", false),
        ("gzip;q=0.0", false),
        ("br", false),
    ] {
        let reponse = demander(chemin, &[(header::ACCEPT_ENCODING, accepte)]);
        assert_eq!(reponse.headers()["vary"], "Accept-Encoding");
        let codage = reponse.headers().get("content-encoding").cloned();
        assert_eq!(codage.is_some(), comprime, "{accepte}");
        let octets = corps(reponse).await;
        assert_eq!(octets.len() < 1_500, comprime);
    }
}

#[tokio::test]
async fn without_a_console_the_page_says_how_to_build_it() {
    let reponse = servir(&HashMap::new(), "", &HeaderMap::new());
    assert_eq!(reponse.status(), 503);
    let page = corps(reponse).await;
    assert!(std::str::from_utf8(&page).unwrap().contains("make console"));
}
