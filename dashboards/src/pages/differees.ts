// The pages that most visits never open, each a part of its own.

export const PAGES = {
  comparer: () => import('./PageComparer.svelte'),
  tournee: () => import('./PageTournee.svelte'),
  suivi: () => import('./PageSuivi.svelte'),
  incidents: () => import('./PageIncidents.svelte'),
  accessibilite: () => import('./PageAccessibilite.svelte'),
  plan: () => import('./PagePlan.svelte'),
  compte: () => import('./PageCompte.svelte'),
  conventions: () => import('./PageConventions.svelte'),
  convention: () => import('./PageConvention.svelte'),
  saisieConvention: () => import('./PageSaisieConvention.svelte'),
  importConventions: () => import('./PageImportConventions.svelte'),
  deploiement: () => import('./PageDeploiement.svelte'),
  ensemble: () => import('./PageEnsemble.svelte'),
  administration: () => import('./PageAdministration.svelte'),
  rapports: () => import('./PageRapports.svelte'),
};
