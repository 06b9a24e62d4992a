//! Java programs that tests run: where their classes are.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{fs, thread};

/// The class path of this pom, a path from the repository's root: asked from Maven once, then
/// remembered.
pub fn classes(pom: &str) -> String {
    let pom = du_depot(pom);
    let nom = pom.parent().and_then(Path::file_name).unwrap();
    let memoire = Path::new(env!("CARGO_TARGET_TMPDIR")).join(nom);
    let memoire = memoire.with_extension("classes");
    let recent = |chemin: &Path| fs::metadata(chemin).and_then(|m| m.modified());
    if let (Ok(connu), Ok(voulu)) = (recent(&memoire), recent(&pom))
        && connu > voulu
    {
        return fs::read_to_string(memoire).unwrap();
    }
    let a_soi = format!("{}-{:?}", std::process::id(), thread::current().id());
    let provisoire = memoire.with_extension(a_soi);
    let maven = Command::new("mvn")
        .args(["-q", "-B", "-f"])
        .arg(&pom)
        .arg("dependency:build-classpath")
        .arg(format!("-Dmdep.outputFile={}", provisoire.display()))
        .output()
        .expect("Maven manque : scripts/prerequis.sh tester");
    assert!(maven.status.success(), "{maven:?}");
    fs::rename(provisoire, &memoire).unwrap();
    fs::read_to_string(memoire).unwrap()
}

/// A file of the repository, whichever crate's tests ask.
pub fn du_depot(chemin: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .map(|dossier| dossier.join(chemin))
        .find(|fichier| fichier.exists())
        .unwrap()
}
