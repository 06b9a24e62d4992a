// What is typed of an account, and what is sent of it.

import type { Compte, PerimetreNomme, Role } from '../api/comptes';

export interface DroitsSaisis {
  nom: string;
  role: Role;
  portees: PerimetreNomme[];
  /** One a line. */
  plateformes: string;
}

/** What the API is asked for; null while something lacks. */
export interface DroitsDemandes {
  nom: string;
  role: Role;
  perimetres: string[];
  plateformes: string[];
}

/** The rights of an account, to be changed. */
export function droitsDe({ nom, role, perimetres, plateformes }: Compte): DroitsSaisis {
  return { nom, role, portees: perimetres, plateformes: plateformes.join('\n') };
}

/** Only a provider's account has platforms, and it has nothing else; null while something lacks. */
export function demander(saisis: DroitsSaisis): DroitsDemandes | null {
  const editeur = saisis.role === 'fournisseur';
  const lignes = saisis.plateformes.split('\n').map((ligne) => ligne.trim());
  const demandes = {
    nom: saisis.nom.trim(),
    role: saisis.role,
    perimetres: editeur ? [] : saisis.portees.map((p) => p.perimetre),
    plateformes: editeur ? lignes.filter((ligne) => ligne !== '') : [],
  };
  const rien = demandes.perimetres.length === 0 && demandes.plateformes.length === 0;
  return demandes.nom === '' || rien ? null : demandes;
}
