// A session ends after some time without a request. Filling in a long form asks for nothing: whoever
// types or points here is at work, and the server is told so now and then.

const PAS_MS = 5 * 60_000;
const GESTES = ['keydown', 'input', 'pointerdown'] as const;

/** Says from now on that someone is at work, no more often than every five minutes. */
export function direLActivite(racine: HTMLElement, dire: () => void): () => void {
  let derniere = Date.now();

  function surGeste() {
    if (Date.now() - derniere < PAS_MS) return;
    derniere = Date.now();
    dire();
  }

  for (const geste of GESTES) racine.addEventListener(geste, surGeste, { passive: true });
  return () => {
    for (const geste of GESTES) racine.removeEventListener(geste, surGeste);
  };
}
