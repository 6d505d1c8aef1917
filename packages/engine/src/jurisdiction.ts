/**
 * Whose law an order is under, and where its days end. Countries are ISO 3166-1 alpha-2. Sources beside each list; the rules
 * themselves are in delay-notice.ts.
 */

/** Which table of delay-notice.ts counts. `contract`: what the parties agreed (wholesale). `brand`: the brand's own rule. */
export type Regime = 'us' | 'eu' | 'uk' | 'contract' | 'brand';

/** 16 CFR 435 reaches as far as the FTC Act's "commerce" (15 U.S.C. 44): the states, D.C. and the territories. */
const UNITED_STATES: ReadonlySet<string> = new Set(['US', 'PR', 'GU', 'VI', 'AS', 'MP', 'UM']);

/**
 * The 27 members; Iceland, Liechtenstein and Norway by the EEA Agreement (Joint Committee Decision 181/2012 took Directive
 * 2011/83/EU in); Åland, and the outermost regions of article 349 TFEU, which have country codes of their own.
 */
const EUROPEAN_UNION: ReadonlySet<string> = new Set(
  (
    'AT BE BG HR CY CZ DK EE FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI ES SE ' +
    'IS LI NO AX GP GF MQ RE YT MF'
  ).split(' '),
);

/** Consumer Rights Act 2015, section 101: England and Wales, Scotland, Northern Ireland; not Jersey, Guernsey or Man. */
const UNITED_KINGDOM: ReadonlySet<string> = new Set(['GB']);

export interface Parties {
  /** Where the goods go. */
  readonly shipTo: string;
  /** Where the buyer is, as far as known. */
  readonly buyer: string | null;
  readonly business: boolean;
  /**
   * What of 16 CFR 435 does not bind this order: one of 435.3's exemptions, or counsel's word on business orders. Null:
   * nothing; the table stands.
   */
  readonly usExemption: string | null;
}

/** The regimes that bind an order: one, or two where buyer and ship-to differ; the stricter deadline of them holds. */
export function regimesOf(parties: Parties): readonly Regime[] {
  const places = new Set([parties.shipTo, parties.buyer ?? parties.shipTo]);
  const regimes = new Set<Regime>();
  for (const place of places) regimes.add(regimeOf(place, parties));
  // A law leaves nothing to the brand's own rule or to a contract that says less.
  const laws = [...regimes].filter((one) => one !== 'brand' && one !== 'contract');
  return laws.length > 0 ? laws : [...regimes];
}

function regimeOf(country: string, { business, usExemption }: Parties): Regime {
  // 435 speaks of buyers, and so of businesses too.
  if (UNITED_STATES.has(country) && usExemption === null) return 'us';
  if (business) return 'contract';
  // "Consumer" in both is a natural person acting outside of trade (CRD art. 2(1), CRA s. 2(3)).
  if (EUROPEAN_UNION.has(country)) return 'eu';
  if (UNITED_KINGDOM.has(country)) return 'uk';
  return 'brand';
}

/** US states by zone. A state that lies in two is taken by its eastern one, where the day ends first. */
const US_STATES: Readonly<Record<string, string>> = {
  'America/New_York': 'CT DE DC FL GA IN KY ME MD MA MI NH NJ NY NC OH PA RI SC TN VT VA WV',
  'America/Chicago': 'AL AR IL IA KS LA MN MS MO NE ND OK SD TX WI',
  'America/Denver': 'CO ID MT NM UT WY OR',
  'America/Phoenix': 'AZ',
  'America/Los_Angeles': 'CA NV WA',
  'America/Anchorage': 'AK',
  'Pacific/Honolulu': 'HI',
};
const ZONE_OF_STATE = new Map(
  Object.entries(US_STATES).flatMap(([zone, states]) => states.split(' ').map((state) => [state, zone])),
);

const ZONE_OF_COUNTRY: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'America/New_York': 'US',
    'America/Puerto_Rico': 'PR VI',
    'Pacific/Guam': 'GU MP',
    'Pacific/Pago_Pago': 'AS',
    'Europe/London': 'GB',
    'Europe/Dublin': 'IE',
    'Europe/Lisbon': 'PT',
    'Atlantic/Reykjavik': 'IS',
    'Europe/Berlin': 'AT BE HR CZ DK FR DE HU IT LI LU MT NL NO PL SK SI ES SE',
    'Europe/Athens': 'BG CY EE FI AX GR LV LT RO',
    'America/Martinique': 'GP MQ MF',
    'America/Cayenne': 'GF',
    'Indian/Reunion': 'RE',
    'Indian/Mayotte': 'YT',
    'Europe/Zurich': 'CH',
    'America/Halifax': 'CA',
    'Australia/Sydney': 'AU',
    'Pacific/Auckland': 'NZ',
    'Asia/Tokyo': 'JP',
  }).flatMap(([zone, countries]) => countries.split(' ').map((country) => [country, zone] as const)),
);

/**
 * The zone in which an order's legal days end: midnight where the goods go. A country of several zones, its region unknown,
 * is taken by the one that counts where the day ends first, so that no deadline is met late. A country that is not listed
 * has no table of its own; its days are the brand's.
 */
export function lawZone(country: string, region: string | null, brandZone: string): string {
  if (country === 'US' && region !== null) {
    const state = region.trim().toUpperCase().replace(/^US-/, '');
    const zone = ZONE_OF_STATE.get(state);
    if (zone !== undefined) return zone;
  }
  return ZONE_OF_COUNTRY.get(country) ?? brandZone;
}
