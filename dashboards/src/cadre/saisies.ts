// Fields that a refused form leaves wrong are said to be so, and tied to the words of the refusal.

type Champ = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

function champsDe(formulaire: HTMLFormElement): Champ[] {
  return [...formulaire.querySelectorAll<Champ>('input, select, textarea')];
}

function relier(champ: Champ, message: string, lie: boolean) {
  const liens = (champ.getAttribute('aria-describedby') ?? '').split(/\s+/).filter(Boolean);
  const autres = liens.filter((id) => id !== message);
  const voulus = lie ? [message, ...autres] : autres;
  if (voulus.length === 0) champ.removeAttribute('aria-describedby');
  else champ.setAttribute('aria-describedby', voulus.join(' '));
}

/** How many places of refusal were given a name. */
let nommes = 0;

/** The place where the form says why it is refused. */
function messageDe(formulaire: HTMLFormElement): string {
  const message = formulaire.querySelector('[role="alert"]');
  if (message === null) return '';
  if (message.id === '') {
    nommes += 1;
    message.id = `refus-${nommes.toString()}`;
  }
  return message.id;
}

function marquer(champ: Champ, message: string) {
  const fautif = !champ.validity.valid;
  if (fautif) champ.setAttribute('aria-invalid', 'true');
  else champ.removeAttribute('aria-invalid');
  if (message !== '') relier(champ, message, fautif);
}

/** Watches what is sent from now on; gives what stops it. */
export function signalerLesFautes(racine: HTMLElement): () => void {
  function surEnvoi({ target }: Event) {
    if (!(target instanceof HTMLFormElement)) return;
    const message = messageDe(target);
    const champs = champsDe(target);
    for (const champ of champs) marquer(champ, message);
    champs.find((champ) => !champ.validity.valid)?.focus();
  }

  /** A field that is right again no longer says that it is wrong. */
  function surSaisie({ target }: Event) {
    if (!(target instanceof HTMLElement) || !target.hasAttribute('aria-invalid')) return;
    const champ = target as Champ;
    if (champ.form !== null && champ.validity.valid) marquer(champ, messageDe(champ.form));
  }

  racine.addEventListener('submit', surEnvoi, true);
  racine.addEventListener('input', surSaisie, true);
  return () => {
    racine.removeEventListener('submit', surEnvoi, true);
    racine.removeEventListener('input', surSaisie, true);
  };
}
