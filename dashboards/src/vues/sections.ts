// The views of a territory, each a part of its own that is loaded when it is opened.

import type { Component } from 'svelte';
import type { Section } from '../etat/adresse';
import type { Contexte } from '../territoire/contexte';

type Charger = () => Promise<{ default: Component<{ contexte: Contexte }> }>;

export const VUES: Record<Section, Charger> = {
  accueil: () => import('./VueAccueil.svelte'),
  evolution: () => import('./VueEvolution.svelte'),
  services: () => import('./VueServices.svelte'),
  moments: () => import('./VueMoments.svelte'),
  ecoles: () => import('./VueEcoles.svelte'),
  carte: () => import('./VueCarte.svelte'),
};

/** The first view of a school: a sheet of its own. */
export const FICHE_ECOLE: Charger = () => import('./FicheEcole.svelte');
