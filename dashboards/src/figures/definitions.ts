// The definitions of what is shown, in the API's own words.

import type { Plan } from '../api/types';

/** Those of these notions that the API explains. */
export function definitionsDe(plan: Plan, ...notions: string[]): string[] {
  return notions.flatMap((notion) => plan.definitions[notion] ?? []);
}
