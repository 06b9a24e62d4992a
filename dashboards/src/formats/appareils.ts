// The device of a session in words: « ordinateur, Linux, Firefox ».

const NOMS: Record<string, string> = {
  ORDINATEUR: 'ordinateur',
  SMARTPHONE: 'smartphone',
  TABLETTE: 'tablette',
  ANDROID: 'Android',
  WINDOWS: 'Windows',
  IOS: 'iOS',
  MACOS: 'macOS',
  CHROMEOS: 'ChromeOS',
  LINUX: 'Linux',
  CHROME: 'Chrome',
  CHROME_MOBILE: 'Chrome',
  SAFARI: 'Safari',
  FIREFOX: 'Firefox',
  EDGE: 'Edge',
  SAMSUNG_BROWSER: 'Samsung Internet',
  OPERA: 'Opera',
};

/** What is known of it; « appareil inconnu » when nothing is. */
export function nomAppareil(codes: string): string {
  const noms = codes.split(/\s+/).flatMap((code) => NOMS[code] ?? []);
  return noms.length === 0 ? 'appareil inconnu' : noms.join(', ');
}
