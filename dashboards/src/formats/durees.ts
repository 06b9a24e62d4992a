// Durations, from the API's milliseconds: « 45 s », « 4 min 05 s », « 1 h 02 min ».

const INSECABLE = '\u00a0';

export function duree(millisecondes: number): string {
  const secondes = Math.round(millisecondes / 1000);
  if (secondes < 60) return `${secondes}${INSECABLE}s`;
  if (secondes < 3600) {
    return `${Math.floor(secondes / 60)}${INSECABLE}min${INSECABLE}${deux(secondes % 60)}${INSECABLE}s`;
  }
  const minutes = Math.round(secondes / 60);
  return `${Math.floor(minutes / 60)}${INSECABLE}h${INSECABLE}${deux(minutes % 60)}${INSECABLE}min`;
}

/** The mean duration of a visit; a dash when there was none. */
export function dureeMoyenne(dureeMs: number, visites: number): string {
  return visites === 0 ? '–' : duree(dureeMs / visites);
}

function deux(n: number): string {
  return String(n).padStart(2, '0');
}
