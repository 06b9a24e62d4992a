// Where the keyboard goes when what it was on is taken away: a form that closes, a row deleted, a
// button busy while it sends. The browser would leave it nowhere, and a reader at the top of the page.

/** What the keyboard can be on. */
const ATTEIGNABLES =
  'a[href], button:not(:disabled), input:not(:disabled), select:not(:disabled), textarea:not(:disabled), summary, [tabindex]';

/** An element and the one before it, by which its place is found once it has gone. */
interface Etage {
  element: Element;
  parent: Element | null;
  avant: Element | null;
}

/** From the element that has the keyboard up to the root. */
type Pile = Etage[];

function pileDe(element: Element): Pile {
  const pile: Pile = [];
  for (let e: Element | null = element; e !== null; e = e.parentElement) {
    pile.push({ element: e, parent: e.parentElement, avant: e.previousElementSibling });
  }
  return pile;
}

/** Where to go for what has gone: what stands in its place, else what it was in. */
function remplacant(pile: Pile): HTMLElement | null {
  const parti = pile[pile.findIndex(({ element }) => element.isConnected) - 1];
  if (parti === undefined || parti.parent === null) return null;
  const { parent } = parti;
  const avant = parti.avant?.parentElement === parent ? parti.avant : null;
  const suivant = avant === null ? parent.firstElementChild : avant.nextElementSibling;
  for (const place of [suivant, avant]) {
    const cible = place === null ? null : premierAtteignable(place);
    if (cible !== null) return cible;
  }
  const zone = parent.closest<HTMLElement>('section, form, fieldset, main');
  return zone === null ? null : (premierApres(avant ?? parent, zone) ?? zone);
}

/** The first that the keyboard would come to after this place, without leaving the zone. */
function premierApres(place: Element, zone: Element): HTMLElement | null {
  const trouve = [...zone.querySelectorAll<HTMLElement>(ATTEIGNABLES)].find(
    (e) =>
      (place.compareDocumentPosition(e) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0 && estVisible(e),
  );
  return trouve ?? null;
}

function premierAtteignable(place: Element): HTMLElement | null {
  const tous = [place, ...place.querySelectorAll(ATTEIGNABLES)];
  const trouve = tous.find((e) => e.matches(ATTEIGNABLES) && estVisible(e));
  return trouve instanceof HTMLElement ? trouve : null;
}

function estVisible(element: Element): boolean {
  return element.closest('[hidden], [aria-hidden="true"]') === null;
}

/** Keeps the keyboard on the page from now on; gives what stops it. */
export function garderLeFocus(racine: HTMLElement): () => void {
  let pile: Pile = [];
  /** The element was disabled while it had the keyboard. */
  let occupe = false;
  /** The last gesture was a key's: where the keyboard goes must then be in sight. */
  let auClavier = false;

  const perdu = () => document.activeElement === null || document.activeElement === document.body;

  function surFocus({ target }: Event) {
    pile = target instanceof Element ? pileDe(target) : [];
    occupe = false;
  }

  /** A click elsewhere leaves the keyboard where the person chose. */
  function surPointeur({ target }: Event) {
    const cible = target instanceof Element ? target.closest(ATTEIGNABLES) : null;
    if (cible === null) pile = [];
    auClavier = false;
  }

  function surTouche() {
    auClavier = true;
  }

  function surMolette() {
    auClavier = false;
  }

  function donner(cible: HTMLElement) {
    cible.focus({ preventScroll: !auClavier });
  }

  function reprendre() {
    const [dernier] = pile;
    if (dernier === undefined || !perdu()) return;
    if (dernier.element.isConnected) {
      if (dernier.element.matches(':disabled')) occupe = true;
      else if (occupe && dernier.element instanceof HTMLElement) donner(dernier.element);
      return;
    }
    const cible = remplacant(pile);
    if (cible === null) return;
    if (!cible.matches(ATTEIGNABLES)) cible.tabIndex = -1;
    donner(cible);
  }

  // After the page has settled: it may well have chosen where the keyboard goes.
  let prevu = 0;
  const observateur = new MutationObserver(() => {
    cancelAnimationFrame(prevu);
    prevu = requestAnimationFrame(reprendre);
  });
  observateur.observe(racine, { childList: true, subtree: true, attributeFilter: ['disabled'] });
  racine.addEventListener('focusin', surFocus);
  document.addEventListener('pointerdown', surPointeur);
  document.addEventListener('keydown', surTouche, true);
  document.addEventListener('wheel', surMolette, { passive: true });
  return () => {
    cancelAnimationFrame(prevu);
    observateur.disconnect();
    racine.removeEventListener('focusin', surFocus);
    document.removeEventListener('pointerdown', surPointeur);
    document.removeEventListener('keydown', surTouche, true);
    document.removeEventListener('wheel', surMolette);
  };
}
