// The map.

import type { EtatPoint } from './api/pilotage';
import { compte } from './formats/nombres';
import { typographier } from './formats/typographie';

export const textesCarte = typographier({
  titre: 'Carte de la fréquentation',
  plan: 'Carte : flèches pour se déplacer, + et − pour zoomer, 0 pour tout voir. Le tableau qui suit donne les mêmes données.',
  aide: 'Cliquez sur une école ou un territoire pour l’ouvrir. Au clavier : flèches, +, −, 0. Les noms qui se chevaucheraient sont omis : zoomez, ou lisez la liste sous la carte, qui mène aux mêmes pages.',
  commandes: 'Déplacer la carte',
  zoomer: 'Zoomer',
  dezoomer: 'Dézoomer',
  tout: 'Tout voir',
  directions: {
    haut: 'Vers le nord',
    bas: 'Vers le sud',
    gauche: 'Vers l’ouest',
    droite: 'Vers l’est',
  },
  lecture: 'Ce que montre la carte',
  lectures: { ecoles: 'Écoles', territoires: 'Territoires' },
  etats: {
    actif: 'ENT actif',
    ouvert: 'ENT ouvert, peu actif',
    jamais_visite: 'jamais visité',
    non_deploye: 'non déployé',
  } satisfies Record<EtatPoint, string>,
  taille: 'La surface d’un cercle suit le nombre de visites.',
  nom: 'Nom',
  etat: 'État',
  ecoles: 'Écoles',
  phraseEcoles: (n: number, actifs: number, jamais: number): string =>
    `${compte(n, 'école placée', 'écoles placées')} : ${compte(actifs, 'ENT actif', 'ENT actifs')}, ${compte(jamais, 'jamais visité', 'jamais visités')}.`,
  phraseTerritoires: (n: number, premier: string, visites: string): string =>
    `${compte(n, 'territoire')} ; le plus de visites : ${premier} (${visites}).`,
  definitionPosition:
    'Une école est placée aux coordonnées de l’annuaire ; un territoire, au milieu de ses écoles. Une école sans coordonnées n’est que dans la liste des écoles.',
  definitionContours:
    'Les contours des départements sont ceux de Natural Earth (domaine public), arrondis : ils situent, ils ne font pas foi.',
  sans: 'Rien à placer sur la carte',
  sansDetail:
    'L’annuaire ne donne pas de coordonnées pour ces écoles. La vue « Écoles » les montre toutes.',
});
