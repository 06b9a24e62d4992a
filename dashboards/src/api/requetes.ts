// The address of each request the console makes.

import type { VueQualite } from '../etat/vueQualite';
import type { Grain, Niveau } from './types';

const RACINE = '/api/v1';

export interface Cadre {
  niveau: Niveau;
  code: string;
}

export interface CadrePeriode extends Cadre {
  grain: Grain;
  debut: string;
}

function adresse(chemin: string, parametres: object): string {
  const q = new URLSearchParams(Object.entries(parametres) as [string, string][]);
  return `${RACINE}/${chemin}?${q.toString()}`;
}

export const SESSION = `${RACINE}/session`;
/** How one may sign in, besides a password. */
export const MOYENS = `${RACINE}/connexion`;
/** Signing in with the directory's password. */
export const SESSION_LDAP = `${MOYENS}/ldap`;
export const MOI = `${RACINE}/moi`;
export const MOT_DE_PASSE = `${MOI}/mot-de-passe`;
export const TOTP = `${MOI}/totp`;
export const TOTP_CONFIRMATION = `${TOTP}/confirmation`;
export const TOTP_REMPLACEMENT = `${TOTP}/remplacement`;
export const SESSIONS = `${MOI}/sessions`;
export const JETONS = `${RACINE}/jetons`;
export const CONVENTIONS = `${RACINE}/conventions`;
export const IMPORT_CONVENTIONS = `${CONVENTIONS}/import`;
export const COMPTES = `${RACINE}/comptes`;
export const PERIMETRES = `${RACINE}/perimetres`;
export const CERTIFICATS = `${RACINE}/certificats`;
export const INCIDENTS = `${RACINE}/incidents`;
/** Those that one may change. */
export const INCIDENTS_DECLARES = `${INCIDENTS}/declares`;
/** The settings in force. */
export const REGLAGES = `${RACINE}/reglages`;
export const PLAN = `${RACINE}/plan`;

export const RAPPORTS = `${RACINE}/rapports`;

export function rapport(id: string): string {
  return `${RAPPORTS}/${encodeURIComponent(id)}`;
}

export function envoiRapport(id: string): string {
  return `${rapport(id)}/envoi`;
}

/** What is read before it is sent: a report as its recipient would receive it. */
export interface Apercu {
  modele: string;
  lieu: Cadre;
  /** Whose rights it is computed with; empty for one's own. */
  destinataire: string;
  /** A day of those wanted; empty for a report sent today. */
  jour: string;
}

export function apercuRapport(
  { modele, lieu, destinataire, jour }: Apercu,
  format: 'html' | 'pdf',
) {
  const q = new URLSearchParams({ modele, niveau: lieu.niveau, code: lieu.code, format });
  if (destinataire !== '') q.set('destinataire', destinataire);
  if (jour !== '') q.set('jour', jour);
  return `${RAPPORTS}/apercu?${q.toString()}`;
}

export function sessionOuverte(id: string): string {
  return `${SESSIONS}/${encodeURIComponent(id)}`;
}

export function jeton(id: string): string {
  return `${JETONS}/${encodeURIComponent(id)}`;
}

export function convention(id: string): string {
  return `${CONVENTIONS}/${encodeURIComponent(id)}`;
}

export function finDeConvention(id: string): string {
  return `${convention(id)}/fin`;
}

export function reconduction(id: string): string {
  return `${convention(id)}/reconduction`;
}

export function deploiement(p: CadrePeriode): string {
  const { niveau, code, grain, debut } = p;
  return adresse('deploiement', { niveau, code, grain, debut });
}

export function courbeDeploiement({ niveau, code }: Cadre): string {
  return adresse('deploiement/courbe', { niveau, code });
}

/** Exact figures of a perimeter over any days. */
export function mesures(
  perimetre: string,
  { du, au }: { du: string; au: string },
  profil: string,
): string {
  return adresse('mesures', { perimetre, du, au, profil });
}

export function compte(identifiant: string): string {
  return `${COMPTES}/${encodeURIComponent(identifiant)}`;
}

export function reinvitation(identifiant: string): string {
  return `${compte(identifiant)}/invitation`;
}

export function totpDe(identifiant: string): string {
  return `${compte(identifiant)}/totp`;
}

export function sessionsDe(identifiant: string): string {
  return `${compte(identifiant)}/sessions`;
}

export function perimetre(id: string): string {
  return `${PERIMETRES}/${encodeURIComponent(id)}`;
}

export function incident(id: string): string {
  return `${INCIDENTS}/${encodeURIComponent(id)}`;
}

/** The audit trail, filtered. */
export function audit(filtres: Record<string, string>): string {
  return adresse('audit', filtres);
}

/** An invitation's, seen and answered without a session. */
export function invitation(jeton: string): string {
  return `${RACINE}/invitations/${encodeURIComponent(jeton)}`;
}

export function recherche(texte: string, limite: number): string {
  return adresse('territoires', { recherche: texte, limite });
}

export function territoire(niveau: Niveau, code: string): string {
  return `${RACINE}/territoires/${niveau}/${encodeURIComponent(code)}`;
}

export function enfants(niveau: Niveau, code: string, niveauEnfant: Niveau): string {
  return `${territoire(niveau, code)}/enfants/${niveauEnfant}`;
}

/** A territory, and its calendar of a school year. */
export function territoireEnAnnee({ niveau, code }: Cadre, annee: string): string {
  return `${territoire(niveau, code)}?${new URLSearchParams({ annee }).toString()}`;
}

export function synthese(p: CadrePeriode): string {
  const { niveau, code, grain, debut } = p;
  return adresse('synthese', { niveau, code, grain, debut });
}

/** Totals by profile of every period of a grain that begins in a span: a series. */
export function serie(c: Cadre, grain: Grain, du: string, au: string): string {
  const { niveau, code } = c;
  return adresse('cellules', { niveau, code, grain, du, au, profil: '*', axe: 'total' });
}

/** The members of an axis for each profile, over the periods that begin in a span. */
export function membres(c: Cadre, grain: Grain, axe: string, du: string, au: string): string {
  const { niveau, code } = c;
  return adresse('cellules', { niveau, code, grain, du, au, profil: '*', axe });
}

export function incidents(c: Cadre, du: string, au: string): string {
  return adresse('incidents', { niveau: c.niveau, code: c.code, du, au });
}

export function carte(p: CadrePeriode, profil: string): string {
  const { niveau, code, grain, debut } = p;
  return adresse('carte', { niveau, code, grain, debut, profil });
}

/** A school among its peers. */
export function pairs(code: string, p: Omit<CadrePeriode, 'niveau' | 'code'>, profil: string) {
  return adresse('pairs', { code, grain: p.grain, debut: p.debut, profil });
}

/** Places as `departement:031,ecole:0310001A,ensemble:<id>`. */
export function comparer(lieux: string, grain: Grain, debut: string, profil: string): string {
  return adresse('comparer', { lieux, grain, debut, profil });
}

export function moments(p: CadrePeriode, profil: string): string {
  const { niveau, code, grain, debut } = p;
  return adresse('moments', { niveau, code, grain, debut, profil });
}

export function tableau(p: CadrePeriode, enfants: Niveau, profil: string): string {
  const { niveau, code, grain, debut } = p;
  return adresse('tableau', { niveau, code, enfants, grain, debut, profil });
}

export const INTEGRATION = `${RACINE}/integration`;

export function qualite(v: VueQualite): string {
  return adresse('qualite', etendue(v));
}

/** A page of the schools of the view. */
export function qualiteEcoles(v: VueQualite, limite: number): string {
  const { tri, decroissant, page, recherche, inconnues } = v;
  return adresse('qualite/ecoles', {
    ...etendue(v),
    ...(recherche === '' ? {} : { recherche }),
    ...(inconnues ? { inconnues: 'oui' } : {}),
    tri: `${decroissant ? '-' : ''}${tri}`,
    page,
    limite,
  });
}

function etendue({ plateforme, du, au }: VueQualite): object {
  return {
    ...(plateforme === '' ? {} : { plateforme }),
    ...(du === null || au === null ? {} : { du, au }),
  };
}

/** This week's schools to call. */
export function tournee(c: Cadre): string {
  return adresse('tournee', { niveau: c.niveau, code: c.code });
}

/** What silences a school, and lets it speak again. */
export function vueDe(uai: string): string {
  return `${RACINE}/tournee/${encodeURIComponent(uai)}/vue`;
}

export const SUIVI = `${RACINE}/suivi`;

export function suivi(c: Cadre): string {
  return adresse('suivi', { niveau: c.niveau, code: c.code });
}

/** An action of the support log. */
export function action(id: string): string {
  return `${SUIVI}/${encodeURIComponent(id)}`;
}

export function parcours(c: Cadre): string {
  return adresse('parcours', { niveau: c.niveau, code: c.code });
}

/** The same figures as a CSV file. */
export function csv(adresseJson: string): string {
  return `${adresseJson}${adresseJson.endsWith('?') ? '' : '&'}format=csv`;
}
