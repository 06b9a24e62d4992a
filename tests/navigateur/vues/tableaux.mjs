// Tables of the console, read as somebody who listens to them would: by the name of the region, by
// the titles of the columns.

/** A text with plain spaces, so that two ways of spacing a number are one. */
export function espacer(texte) {
  return texte.replaceAll(/\s+/g, ' ').trim();
}

/** The rows of the table of a region: the titles, the texts, and where the first link leads. */
export async function rangees(page, region) {
  const tableau = page.getByRole('region', { name: region, exact: true }).getByRole('table');
  const lues = await tableau.first().evaluate((table) => {
    const titres = [...table.querySelectorAll('thead th')].map((th) => th.innerText);
    return [...table.querySelectorAll('tbody tr')].map((tr) => ({
      titres,
      textes: [...tr.children].map((cellule) => cellule.innerText),
      lien: tr.querySelector('a')?.getAttribute('href') ?? null,
    }));
  });
  return lues.map(({ titres, textes, lien }) => ({
    titres: titres.map(espacer),
    textes: textes.map(espacer),
    lien,
  }));
}

/** The text under a title, which may be followed by the sign of a sort. */
export function colonne({ titres, textes }, titre) {
  const rang = titres.findIndex((lu) => lu.replace(/ [↕↑↓]$/u, '') === titre);
  // A row may begin with what the titles have no name for: the box that chooses it.
  return textes[rang + textes.length - titres.length]?.replace(/^\S+ (?=masqué|non )/u, '');
}

/** Unfolds the data of a drawing, the first or that of this title, and names their region. */
export async function montrerLesDonnees(page, nom, titre = '') {
  const figures = page.locator('section').filter({
    has: page.getByRole('heading', { level: 2, name: titre }),
  });
  await figures.getByRole('button', { name: 'Voir les données' }).first().click();
  const region = page.getByRole('region', { name: nom });
  return region.first().getAttribute('aria-label');
}
