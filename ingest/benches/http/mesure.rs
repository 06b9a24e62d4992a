//! Medians, and the processor time of a process.

use std::error::Error;
use std::fs;

/// Runs of each measure.
pub const ESSAIS: usize = 5;
/// The kernel counts processor time in hundredths of a second, on every platform it is built for.
const TOPS_PAR_SECONDE: f64 = 100.0;

/// The middle one.
pub fn mediane(mut valeurs: Vec<f64>) -> f64 {
    valeurs.sort_by(f64::total_cmp);
    valeurs.get(valeurs.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Processor seconds of a process since it started, user and system.
pub fn secondes_cpu(pid: u32) -> Result<f64, Box<dyn Error>> {
    let texte = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The name, in parentheses, may hold spaces: fields are counted after it.
    let (_, champs) = texte.rsplit_once(") ").ok_or("stat illisible")?;
    let mut champs = champs.split(' ').skip(11);
    let mut tops = 0.0;
    for _ in 0..2 {
        tops += champs.next().ok_or("stat illisible")?.parse::<f64>()?;
    }
    Ok(tops / TOPS_PAR_SECONDE)
}

/// Processor nanoseconds of the main thread since it started: what else runs on the machine is not
/// in it.
pub fn nanosecondes_du_fil() -> Result<f64, Box<dyn Error>> {
    let texte = fs::read_to_string("/proc/self/schedstat")?;
    Ok(texte.split(' ').next().unwrap_or_default().parse()?)
}

/// Most memory that a process ever held, in MiB.
pub fn memoire_max_mio(pid: u32) -> Result<f64, Box<dyn Error>> {
    let texte = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let ligne = texte.lines().find(|l| l.starts_with("VmHWM:"));
    let kio = ligne
        .and_then(|l| l.split_whitespace().nth(1))
        .ok_or("status illisible")?;
    Ok(kio.parse::<f64>()? / 1_024.0)
}
