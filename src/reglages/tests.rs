use frequent_api::porte::Seuil;

use super::*;

fn charger(fichier: &str, environnement: &[(&str, &str)]) -> Result<Reglages, ReglagesInvalides> {
    let dossier = tempfile::tempdir().unwrap();
    let chemin = dossier.path().join("frequent.toml");
    std::fs::write(&chemin, fichier).unwrap();
    Reglages::charger(
        Some(&chemin),
        environnement
            .iter()
            .map(|(n, v)| ((*n).to_owned(), (*v).to_owned())),
    )
}

#[test]
fn the_default_file_is_itself_valid_and_complete() {
    let reglages = Reglages::charger(None, []).unwrap();
    assert_eq!(reglages.collecte.passe_max_jours, 7);
    let relu: Table = toml::to_string(&reglages).unwrap().parse().unwrap();
    assert_eq!(relu, DEFAUT.parse::<Table>().unwrap());
}

#[test]
fn the_environment_beats_the_file_which_beats_the_default() {
    let fichier = "[collecte]\npasse_max_jours = 30\nfutur_max_minutes = 6\n";
    let reglages = charger(fichier, &[("FREQUENT_COLLECTE_PASSE_MAX_JOURS", "31")]).unwrap();
    assert_eq!(reglages.collecte.passe_max_jours, 31);
    assert_eq!(reglages.collecte.futur_max_minutes, 6);
    assert_eq!(reglages.calcul.intervalle_s, 120);
}

#[test]
fn an_unknown_key_is_refused_with_the_nearest_known_one_and_all_faults_are_told() {
    let fichier =
        "[collecte]\npasse_max_jour = 30\n[serveurs]\nadresse = \"x\"\n[calcul]\nfils = \"2\"\n";
    let faute = charger(fichier, &[("FREQUENT_SERVEUR_ADRES", "x")])
        .unwrap_err()
        .to_string();
    for attendu in [
        "passe_max_jour (vouliez-vous dire passe_max_jours ?)",
        "serveurs (vouliez-vous dire serveur ?)",
        "calcul.fils : integer attendu, string donné",
        "FREQUENT_SERVEUR_ADRES (vouliez-vous dire FREQUENT_SERVEUR_ADRESSE ?)",
    ] {
        assert!(faute.contains(attendu), "{attendu} manque à : {faute}");
    }
}

#[test]
fn a_value_out_of_range_is_refused_by_its_name() {
    let faute = charger("[collecte]\npasse_max_jours = 0\n", &[]).unwrap_err();
    assert!(faute.to_string().contains("collecte.passe_max_jours"));
    let faute = charger("[serveur]\nurl_publique = \"exemple.fr\"\n", &[]).unwrap_err();
    assert!(faute.to_string().contains("serveur.url_publique"));
}

#[test]
fn the_variables_of_the_command_line_are_not_settings() {
    assert!(
        charger(
            "",
            &[("FREQUENT_CONFIG", "x"), ("FREQUENT_MOT_DE_PASSE", "y")]
        )
        .is_ok()
    );
}

#[test]
fn the_password_of_kafka_is_never_shown_whatever_it_comes_from() {
    let reglages = charger(
        "[kafka]\nsecurite = \"sasl_ssl\"\nutilisateur = \"frequent\"\n",
        &[("FREQUENT_KAFKA_MOT_DE_PASSE", "tres-secret")],
    )
    .unwrap();
    let montres = [format!("{reglages:?}"), toml::to_string(&reglages).unwrap()];
    for montre in montres {
        assert!(!montre.contains("tres-secret"), "{montre}");
    }
}

#[test]
fn topics_of_providers_are_read_from_the_file_and_from_the_environment() {
    let fichier = "[kafka]\nactif = true\nfournisseurs = [\"ent.a=ONE-OCC, ONE-NAQ\"]\n";
    let intervalle = std::time::Duration::from_secs(1);
    let lus = |environnement| {
        let reglages = charger(fichier, environnement).unwrap();
        let consommation = reglages.kafka.consommation(intervalle).unwrap();
        consommation.unwrap().fournisseurs
    };
    let un = &lus(&[])[0];
    assert_eq!((un.sujet.as_str(), un.plateformes.len()), ("ent.a", 2));
    assert_eq!(un.plateformes[1], "ONE-NAQ");
    let deux = lus(&[("FREQUENT_KAFKA_FOURNISSEURS", "b=B; c=C,D")]);
    assert_eq!(deux.len(), 2);
    assert_eq!(deux[1].plateformes, ["C", "D"]);
}

#[test]
fn settings_of_kafka_that_cannot_work_are_refused_together() {
    let fichier = "[kafka]\nactif = true\nsujet = \"\"\ndelai_livraison_s = 0\n\
                   securite = \"sasl_ssl\"\nfournisseurs = [\"sans-plateforme\"]\n";
    let faute = charger(fichier, &[]).unwrap_err().to_string();
    for attendu in [
        "kafka.sujet",
        "kafka.delai_livraison_s",
        "kafka.utilisateur",
        "« sans-plateforme »",
    ] {
        assert!(faute.contains(attendu), "{attendu} manque à : {faute}");
    }
}

#[test]
fn a_secrecy_threshold_below_three_is_refused() {
    let faute = charger("[secret]\nseuil = 2\n", &[]).unwrap_err();
    assert!(faute.to_string().contains("3 au moins"), "{faute}");
    let reglages = charger("[secret]\nseuil = 3\n", &[]).unwrap();
    assert_eq!(reglages.secret.seuil, Seuil::PLUS_BAS);
}

#[test]
fn no_secret_is_ever_shown_whatever_its_section() {
    let secret = "tres-secret-7731";
    for (variable, valeur) in [
        ("FREQUENT_OIDC_SECRET", secret.to_owned()),
        ("FREQUENT_LDAP_MOT_DE_PASSE", secret.to_owned()),
        ("FREQUENT_BASE_URL", format!("postgres://u:{secret}@h/b")),
        ("FREQUENT_KAFKA_MOT_DE_PASSE", secret.to_owned()),
    ] {
        let reglages = charger("", &[(variable, &valeur)]).unwrap();
        let montres = [format!("{reglages:?}"), toml::to_string(&reglages).unwrap()];
        for montre in montres {
            assert!(!montre.contains(secret), "{variable}: {montre}");
        }
    }
}

#[test]
fn tls_wants_both_files_and_rules_are_read_at_start() {
    let fichier = "[tls]\ncertificat = \"a.pem\"\n[oidc]\nemetteur = \"https://sso.example\"\n\
                   client = \"c\"\nregles = [\"groupe=a\"]\n\
                   [ldap]\nurl = \"ldaps://a.example\"\nregles = [\"groupe=a => roi\"]\n";
    let faute = charger(fichier, &[]).unwrap_err().to_string();
    for attendu in [
        "tls.cle",
        "serveur.url_publique",
        "« groupe=a »",
        "ldap.base",
        "« groupe=a => roi »",
    ] {
        assert!(faute.contains(attendu), "{attendu} manque à : {faute}");
    }
}
