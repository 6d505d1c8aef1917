/** Where Amazon's regions are served from, unless a connection names other addresses. */
const REGIONS = {
  na: 'https://sellingpartnerapi-na.amazon.com',
  eu: 'https://sellingpartnerapi-eu.amazon.com',
  fe: 'https://sellingpartnerapi-fe.amazon.com',
} as const;

export interface Marketplace {
  readonly id: string;
  readonly country: string;
  readonly currency: string;
  /** In which its ship-by and restock days are days. */
  readonly timeZone: string;
  readonly endpoint: string;
}

const rows: readonly (readonly [string, string, string, string, keyof typeof REGIONS])[] = [
  ['ATVPDKIKX0DER', 'US', 'USD', 'America/Los_Angeles', 'na'],
  ['A2EUQ1WTGCTBG2', 'CA', 'CAD', 'America/Los_Angeles', 'na'],
  ['A1AM78C64UM0Y8', 'MX', 'MXN', 'America/Mexico_City', 'na'],
  ['A2Q3Y263D00KWC', 'BR', 'BRL', 'America/Sao_Paulo', 'na'],
  ['A28R8C7NBKEWEA', 'IE', 'EUR', 'Europe/Dublin', 'eu'],
  ['A1RKKUPIHCS9HS', 'ES', 'EUR', 'Europe/Madrid', 'eu'],
  ['A1F83G8C2ARO7P', 'GB', 'GBP', 'Europe/London', 'eu'],
  ['A13V1IB3VIYZZH', 'FR', 'EUR', 'Europe/Paris', 'eu'],
  ['AMEN7PMS3EDWL', 'BE', 'EUR', 'Europe/Brussels', 'eu'],
  ['A1805IZSGTT6HS', 'NL', 'EUR', 'Europe/Amsterdam', 'eu'],
  ['A1PA6795UKMFR9', 'DE', 'EUR', 'Europe/Berlin', 'eu'],
  ['APJ6JRA9NG5V4', 'IT', 'EUR', 'Europe/Rome', 'eu'],
  ['A2NODRKZP88ZB9', 'SE', 'SEK', 'Europe/Stockholm', 'eu'],
  ['AE08WJ6YKNBMC', 'ZA', 'ZAR', 'Africa/Johannesburg', 'eu'],
  ['A1C3SOZRARQ6R3', 'PL', 'PLN', 'Europe/Warsaw', 'eu'],
  ['ARBP9OOSHTCHU', 'EG', 'EGP', 'Africa/Cairo', 'eu'],
  ['A33AVAJ2PDY3EV', 'TR', 'TRY', 'Europe/Istanbul', 'eu'],
  ['A17E79C6D8DWNP', 'SA', 'SAR', 'Asia/Riyadh', 'eu'],
  ['A2VIGQ35RCS4UG', 'AE', 'AED', 'Asia/Dubai', 'eu'],
  ['A21TJRUUN4KGV', 'IN', 'INR', 'Asia/Kolkata', 'eu'],
  ['A19VAU5U5O7RUS', 'SG', 'SGD', 'Asia/Singapore', 'fe'],
  ['A39IBJ37TRP1C6', 'AU', 'AUD', 'Australia/Sydney', 'fe'],
  ['A1VC38T7YXB528', 'JP', 'JPY', 'Asia/Tokyo', 'fe'],
];

export const MARKETPLACES: ReadonlyMap<string, Marketplace> = new Map(
  rows.map(([id, country, currency, timeZone, region]) => [
    id,
    { id, country, currency, timeZone, endpoint: REGIONS[region] },
  ]),
);
