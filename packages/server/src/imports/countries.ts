import { type Problem, problem } from './problem.ts';

/** The country of an order that does not say: CLDR's code for an unknown region. */
export const UNKNOWN_COUNTRY = 'ZZ';

/** Names that no locale's list holds. The Channel Islands have no code of their own: Jersey's, the larger, stands in. */
const ALIASES: Record<string, string> = {
  uk: 'GB',
  'great britain': 'GB',
  england: 'GB',
  scotland: 'GB',
  wales: 'GB',
  'northern ireland': 'GB',
  'channel islands': 'JE',
  eire: 'IE',
  'republic of ireland': 'IE',
  usa: 'US',
  'u.s.a.': 'US',
  'u.s.': 'US',
  'united states of america': 'US',
  america: 'US',
  rsa: 'ZA',
  uae: 'AE',
  'european community': 'EU',
  'european union': 'EU',
  'czech republic': 'CZ',
  holland: 'NL',
  'the netherlands': 'NL',
  'hong kong': 'HK',
  'hong kong sar': 'HK',
  macau: 'MO',
  korea: 'KR',
  'republic of korea': 'KR',
  turkey: 'TR',
  brd: 'DE',
  gbr: 'GB',
  deu: 'DE',
  fra: 'FR',
  esp: 'ES',
  ita: 'IT',
  nld: 'NL',
  bel: 'BE',
  aut: 'AT',
  che: 'CH',
  irl: 'IE',
  can: 'CA',
  aus: 'AU',
  jpn: 'JP',
  unspecified: UNKNOWN_COUNTRY,
  unknown: UNKNOWN_COUNTRY,
  'n/a': UNKNOWN_COUNTRY,
};
const LANGUAGES = ['en', 'de', 'fr', 'es', 'it', 'nl'];

/** ISO 3166-1 alpha-2 from a code or a name in six languages; a blank is {@link UNKNOWN_COUNTRY}. */
export function readCountry(text: string): string | Problem {
  if (text === '') return UNKNOWN_COUNTRY;
  const seen = cache.get(text);
  if (seen !== undefined) return seen;
  const found = find(text);
  if (cache.size < 1000) cache.set(text, found);
  return found;
}
const cache = new Map<string, string | Problem>();

function find(text: string): string | Problem {
  const { codes, byName } = (lists ??= regionLists());
  if (/^[A-Za-z]{2}$/.test(text)) {
    const code = text.toUpperCase();
    if (codes.has(code)) return code;
  }
  const name = text.toLowerCase().replace(/\s+/g, ' ').trim();
  return (
    ALIASES[name] ?? byName.get(name) ?? problem('is not a country', 'a country code such as US, or its name')
  );
}

let lists: { codes: Set<string>; byName: Map<string, string> } | undefined;

function regionLists(): { codes: Set<string>; byName: Map<string, string> } {
  const names = LANGUAGES.map(
    (language) => new Intl.DisplayNames([language], { type: 'region', fallback: 'none' }),
  );
  const codes = new Set<string>();
  const byName = new Map<string, string>();
  for (let index = 0; index < 676; index++) {
    const code = String.fromCharCode(65 + Math.floor(index / 26), 65 + (index % 26));
    // a retired code (DD, UK) answers with its successor's name: only the successor's own code is a country
    if (new Intl.Locale(`und-${code}`).region !== code) continue;
    if (names[0]!.of(code) === undefined) continue;
    codes.add(code);
    for (const list of names) {
      const name = list.of(code)?.toLowerCase();
      if (name !== undefined && !byName.has(name)) byName.set(name, code);
    }
  }
  return { codes, byName };
}
