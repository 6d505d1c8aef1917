/**
 * How late real deliveries were, by shipment mode: quantiles of (delivered − scheduled) in days.
 * Source: the delivery history of the Supply Chain Management System (SCMS) of USAID, purchases of 2006 to 2011.
 */

export type DeliveryRow = Record<
  'Shipment Mode' | 'Scheduled Delivery Date' | 'Delivered to Client Date',
  string
>;

/** The per cents at which the distribution is written down; the generator draws straight lines between them. */
const PER_CENTS = [1, 2, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90, 95, 98, 99];

const MODES: Record<string, string> = {
  Air: 'air',
  'Air Charter': 'air_charter',
  Ocean: 'ocean',
  Truck: 'truck',
};
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Day number since 1970 of '2-Jun-06' or '6/2/06' (month first); null for words such as 'N/A - From RDC'. */
export function dayNumber(text: string): number | null {
  const named = /^(\d{1,2})-([A-Za-z]{3})-(\d{2})$/.exec(text.trim());
  const numeric = /^(\d{1,2})\/(\d{1,2})\/(\d{2})$/.exec(text.trim());
  if (named) {
    const month = MONTHS.indexOf(named[2]!.toLowerCase());
    return month < 0 ? null : Date.UTC(2000 + Number(named[3]), month, Number(named[1])) / 86_400_000;
  }
  if (numeric)
    return Date.UTC(2000 + Number(numeric[3]), Number(numeric[1]) - 1, Number(numeric[2])) / 86_400_000;
  return null;
}

/** One row per mode: how many deliveries, and the slip in days at each per cent (nearest rank, negative is early). */
export function deriveSlips(rows: DeliveryRow[]): (string | number)[][] {
  const slips = new Map<string, number[]>(Object.values(MODES).map((mode) => [mode, []]));
  for (const row of rows) {
    const mode = MODES[row['Shipment Mode']];
    const scheduled = dayNumber(row['Scheduled Delivery Date']);
    const delivered = dayNumber(row['Delivered to Client Date']);
    if (mode && scheduled !== null && delivered !== null) slips.get(mode)!.push(delivered - scheduled);
  }
  const table: (string | number)[][] = [['mode', 'deliveries', ...PER_CENTS.map((per) => `p${per}`)]];
  for (const [mode, days] of slips) {
    days.sort((one, other) => one - other);
    const quantile = (per: number) => days[Math.max(0, Math.ceil((per / 100) * days.length) - 1)]!;
    table.push([mode, days.length, ...PER_CENTS.map(quantile)]);
  }
  return table;
}
