// Names of territories, as short as a drawing needs them.

/** “Circonscription d’inspection du 1er degré de Céret” → “Céret”; any other name as it is. */
export function nomCourt(nom: string): string {
  const court = /^Circ\S+ d.inspection du 1er degré (?:d['’]|de |du |des )?(.+)$/u.exec(nom)?.[1];
  return court === undefined ? nom : court.charAt(0).toUpperCase() + court.slice(1);
}
