// What a page asks the API for, and how one knows that it has all of it.

const API = '/api/v1/';
/** Longest wait for a page to be whole. */
const PATIENCE_MS = 30_000;

/** What the page asks the API for from now on: the addresses, and how many have no answer yet. */
export function suivreLesDemandes(page) {
  const suivi = { faites: [], enCours: 0 };
  const deLApi = (demande) => new URL(demande.url()).pathname.startsWith(API);
  page.on('request', (demande) => {
    if (!deLApi(demande)) return;
    const { pathname, search } = new URL(demande.url());
    suivi.faites.push(`${demande.method()} ${pathname}${search}`);
    suivi.enCours += 1;
  });
  for (const fin of ['requestfinished', 'requestfailed']) {
    page.on(fin, (demande) => {
      if (deLApi(demande)) suivi.enCours -= 1;
    });
  }
  return suivi;
}

/** Waits for the title of a page, and until two looks in a row find nothing that is still to come. */
export async function attendreLaPage(page, suivi) {
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  const fin = Date.now() + PATIENCE_MS;
  for (let calmes = 0; calmes < 2;) {
    const attentes = await page.evaluate(async () => {
      for (let i = 0; i < 2; i += 1) await new Promise(requestAnimationFrame);
      return document.querySelectorAll('.attente, [aria-busy="true"]').length;
    });
    calmes = attentes === 0 && suivi.enCours === 0 ? calmes + 1 : 0;
    if (Date.now() > fin) {
      throw new Error(`${page.url()} : ${attentes} attentes, ${suivi.enCours} demandes en cours`);
    }
  }
}
