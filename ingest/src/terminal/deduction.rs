//! From the names that browsers and systems bear to the members of the plan's lists.

use frequent_plan::{Appareil, Navigateur, Os, Terminal};

use super::Indices;

/// What the table of patterns recognised in the user agent; empty when it did not.
pub(super) struct Reconnu<'a> {
    /// The user agent itself.
    pub agent: &'a str,
    /// The browser's family.
    pub famille: &'a str,
    /// The system's name.
    pub systeme: &'a str,
}

/// iPads tell that they are Macs and only their screen gives them away. CSS pixels, short side
/// first: every iPad since 2010; no Mac has these.
const ECRANS_IPAD: &[(u16, u16)] = &[
    (744, 1133),
    (768, 1024),
    (810, 1080),
    (820, 1180),
    (834, 1112),
    (834, 1194),
    (834, 1210),
    (1024, 1366),
    (1032, 1376),
];

const SYSTEMES_LINUX: &[&str] = &[
    "Linux",
    "Ubuntu",
    "Kubuntu",
    "Debian",
    "Fedora",
    "Red Hat",
    "Linux Mint",
    "Arch Linux",
    "CentOS",
    "Slackware",
    "Gentoo",
    "openSUSE",
    "SUSE",
    "Mandriva",
    "PCLinuxOS",
    "Puppy",
];

/// Marks of television sets and game consoles, whatever else they say.
const SALON: &[&str] = &[
    "TV",
    "BRAVIA",
    "CrKey",
    "Xbox",
    "PlayStation",
    "Nintendo",
    "Web0S",
];

/// The members of the plan's lists. Client hints win over the user agent, which browsers freeze.
pub(super) fn terminal(reconnu: &Reconnu<'_>, indices: &Indices<'_>) -> Terminal {
    let os = systeme(reconnu, indices);
    Terminal {
        appareil: appareil(reconnu, indices, os),
        os,
        navigateur: navigateur(reconnu, indices, os),
    }
}

fn systeme(reconnu: &Reconnu<'_>, indices: &Indices<'_>) -> Os {
    match indices.plateforme.trim_matches('"') {
        "Windows" => return Os::Windows,
        "macOS" => return Os::Macos,
        "Android" => return Os::Android,
        "Chrome OS" | "Chromium OS" => return Os::Chromeos,
        "Linux" => return Os::Linux,
        "iOS" => return Os::Ios,
        _ => {}
    }
    match reconnu.systeme {
        "Windows" => Os::Windows,
        "Mac OS X" if est_ipad(reconnu, indices) => Os::Ios,
        "Mac OS X" | "Mac OS" => Os::Macos,
        "Android" => Os::Android,
        "iOS" => Os::Ios,
        "Chrome OS" => Os::Chromeos,
        linux if SYSTEMES_LINUX.contains(&linux) => Os::Linux,
        _ => Os::Autre,
    }
}

fn est_ipad(reconnu: &Reconnu<'_>, indices: &Indices<'_>) -> bool {
    let ecran = indices.ecran.map(|(l, h)| (l.min(h), l.max(h)));
    reconnu.famille == "Safari" && ecran.is_some_and(|e| ECRANS_IPAD.contains(&e))
}

fn appareil(reconnu: &Reconnu<'_>, indices: &Indices<'_>, os: Os) -> Appareil {
    let dit = |mot: &str| reconnu.agent.contains(mot);
    if SALON.iter().any(|mot| dit(mot)) {
        return Appareil::Autre;
    }
    match os {
        Os::Ios if dit("iPhone") || dit("iPod") => Appareil::Smartphone,
        Os::Ios => Appareil::Tablette,
        Os::Android => match indices.mobile {
            "?1" => Appareil::Smartphone,
            "?0" => Appareil::Tablette,
            // Google asks makers of tablets to leave « Mobile » out of the user agent.
            _ if dit("Mobile") || dit("Opera Mini") => Appareil::Smartphone,
            _ => Appareil::Tablette,
        },
        Os::Windows | Os::Macos | Os::Chromeos | Os::Linux => Appareil::Ordinateur,
        Os::Autre if dit("Tablet") => Appareil::Tablette,
        Os::Autre if dit("Mobile") || dit("Phone") => Appareil::Smartphone,
        Os::Autre => Appareil::Autre,
    }
}

fn navigateur(reconnu: &Reconnu<'_>, indices: &Indices<'_>, os: Os) -> Navigateur {
    let chrome = match os {
        Os::Android | Os::Ios => Navigateur::ChromeMobile,
        _ => Navigateur::Chrome,
    };
    if let Some(marque) = marque(indices.marques) {
        return match marque {
            "Google Chrome" | "HeadlessChrome" => chrome,
            "Microsoft Edge" | "Microsoft Edge WebView2" => Navigateur::Edge,
            "Samsung Internet" => Navigateur::SamsungBrowser,
            opera if opera.starts_with("Opera") => Navigateur::Opera,
            "Huawei Browser" | "HuaweiBrowser" => Navigateur::HuaweiBrowser,
            "Miui Browser" | "MiuiBrowser" | "Mi Browser" => Navigateur::MiuiBrowser,
            "Android WebView" => Navigateur::ChromeMobile,
            _ => Navigateur::Autre,
        };
    }
    match reconnu.famille {
        // The table takes Opera Touch, on iPhones, for the Safari it is made of.
        _ if reconnu.agent.contains(" OPT/") => Navigateur::Opera,
        "Chrome" | "HeadlessChrome" | "Chromium" => chrome,
        "Chrome Mobile" | "Chrome Mobile iOS" | "Chrome Mobile WebView" => Navigateur::ChromeMobile,
        "Safari" | "Mobile Safari" | "Mobile Safari UI/WKWebView" => Navigateur::Safari,
        "Samsung Internet" => Navigateur::SamsungBrowser,
        "Huawei Browser" => Navigateur::HuaweiBrowser,
        "MiuiBrowser" => Navigateur::MiuiBrowser,
        firefox if firefox.starts_with("Firefox") => Navigateur::Firefox,
        edge if edge.starts_with("Edge") => Navigateur::Edge,
        opera if opera.starts_with("Opera") => Navigateur::Opera,
        _ => Navigateur::Autre,
    }
}

/// The brand that `Sec-CH-UA` names besides Chromium, which all of them are, and the made-up one
/// (« Not=A?Brand ») that keeps servers from trusting the list. None: it says nothing more.
fn marque(marques: &str) -> Option<&str> {
    marques
        .split(',')
        .filter_map(|entree| entree.trim().strip_prefix('"')?.split('"').next())
        .find(|nom| !nom.is_empty() && *nom != "Chromium" && !nom.contains("Not"))
}
