// What to do about each reason of refusal and each identifier warning, for an integrator.

import { typographie } from '../formats/typographie';

const REFUS: Partial<Record<string, string>> = {
  json_invalide:
    'Vérifiez que chaque ligne est un objet JSON complet, sans retour à la ligne à l’intérieur.',
  csv_invalide:
    'Vérifiez que chaque ligne a autant de colonnes que l’en-tête, et que les guillemets sont fermés.',
  ligne_trop_longue:
    'Vérifiez que les lignes sont séparées par des retours à la ligne : un événement tient en quelques centaines de caractères.',
  utf8_invalide: 'Envoyez du texte en UTF-8, et non en ISO-8859-1 ou Windows-1252.',
  champ_inconnu:
    'Retirez ce champ : seuls ceux du format sont admis, pour que rien de personnel ne parte par mégarde.',
  champ_manquant:
    'Renseignez ce champ. Pour un marqueur, regardez si la page le connaît au moment de l’envoi.',
  champ_en_double: 'Ne donnez ce champ qu’une fois par événement.',
  type_invalide: 'Envoyez un texte là où un texte est attendu : "42" et non 42.',
  texte_invalide: 'Vérifiez que le champ n’est ni vide, ni trop long.',
  uai_malforme:
    'Un UAI s’écrit 0660713S : sept chiffres, zéro de tête compris, puis une lettre. Un tableur enlève souvent le zéro.',
  cle_invalide: 'Un chiffre ou la lettre est faux : recopiez l’UAI depuis l’annuaire officiel.',
  valeur_inconnue:
    'Envoyez un code du plan de marquage. Si votre ENT a ses propres noms de services, demandez à l’exploitant de la mesure de les faire correspondre.',
  date_illisible: 'Écrivez la date comme 2026-11-20T08:01:30+01:00, ou en millisecondes.',
  trop_ancien:
    'Envoyez plus tôt : au-delà du délai admis, les événements ne sont plus pris que par fichier.',
  futur: 'Mettez l’horloge du serveur à l’heure (NTP), et vérifiez le fuseau de la date.',
  plateforme_refusee:
    'Corrigez le nom de la plateforme, ou demandez que la clé ou le site vaille aussi pour elle.',
  site_inconnu: 'Faites déclarer ce numéro de site, ou corrigez-le dans la page.',
  etablissement_inconnu:
    'Donnez l’UAI dans le marqueur, ou faites rattacher ce numéro d’établissement à son UAI.',
  origine_refusee:
    'Faites déclarer l’origine de vos pages pour ce site, schéma et port compris, comme https://ent.exemple.fr.',
  requete_illisible:
    'Le marqueur a été coupé en chemin : regardez si un mandataire tronque les adresses longues.',
  partie_manquante:
    'Une partie s’est perdue, souvent parce que la page s’est fermée trop tôt. Sans gravité si c’est rare ; sinon, envoyez moins de propriétés.',
  abandon_du_marqueur: 'Réduisez ce que la page envoie : adresse précédente ou propriétés.',
};

const IDENTIFIANTS: Partial<Record<string, string>> = {
  courriel: 'Envoyez l’identifiant interne de votre ENT, ou une empreinte à clé secrète (HMAC).',
  ine: 'N’envoyez jamais l’INE : remplacez-le par l’identifiant interne de votre ENT.',
  telephone: 'Remplacez le numéro de téléphone par l’identifiant interne de votre ENT.',
  nom: 'Remplacez le nom par l’identifiant interne de votre ENT.',
  decodable:
    'Un codage (base64, chiffres des lettres…) ne protège rien : utilisez une empreinte à clé secrète (HMAC).',
  deux_plateformes:
    'Donnez à chaque plateforme ses propres identifiants, pour que nul ne puisse suivre une personne de l’une à l’autre.',
};

/** What to do about a reason of refusal; empty when nothing more can be said. */
export function conseilRefus(raison: string): string {
  return typographie(REFUS[raison] ?? '');
}

/** What to do about an identifier warning. */
export function conseilIdentifiant(alerte: string): string {
  return typographie(
    IDENTIFIANTS[alerte] ??
      'Envoyez un identifiant qui ne dise rien de la personne et ne puisse pas être décodé.',
  );
}
