import { expect, it } from 'vitest';
import { nomAppareil } from './appareils';

it('names the device of a session, and what is not known of it by nothing', () => {
  expect(nomAppareil('ORDINATEUR LINUX FIREFOX')).toBe('ordinateur, Linux, Firefox');
  expect(nomAppareil('AUTRE AUTRE EDGE')).toBe('Edge');
  expect(nomAppareil('')).toBe('appareil inconnu');
});
