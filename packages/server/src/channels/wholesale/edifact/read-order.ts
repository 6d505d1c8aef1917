import { type Dated, type DateRules, wantedOf, windowOf } from '../dates.ts';
import type { ItemNumber, OrderedLine, Party, ReceivedChange, ReceivedOrder } from '../documents.ts';
import type { Loop } from '../structure.ts';
import { at, type EdifactSegment } from './interchange.ts';
import { dayIn } from './validate.ts';

/** 1225, the message's function. What is not here asks for nothing to be done. */
const PURPOSES: Readonly<Record<string, ReceivedOrder['purpose']>> = {
  '': 'original',
  '9': 'original',
  '2': 'original',
  '6': 'original',
  '5': 'replace',
  '1': 'cancel',
  '3': 'cancel',
};

/** An ORDERS as it stands; it has been validated. */
export function readOrder(message: Loop<EdifactSegment>, rules: DateRules): ReceivedOrder {
  const begin = message.first('BGM')!;
  const dates = datesOf(message);
  return {
    kind: 'order',
    purpose: PURPOSES[at(begin, 3)] ?? 'information',
    number: at(begin, 2),
    release: null,
    orderedOn: dayNamed(dates, ['137', '4']) ?? '',
    currency: currencyOf(message),
    window: windowOf(dates, rules),
    wantedOn: wantedOf(dates, rules),
    shipTo: partyOf(message, ['DP', 'ST', 'CN', 'UC']),
    buyer: partyOf(message, ['BY', 'OB']),
    lines: message.inside('LIN').map((loop, index) => lineOf(loop, index, rules)),
  };
}

const CHANGES: Readonly<Record<string, ReceivedChange['lines'][number]['change']>> = {
  '1': 'add',
  '2': 'delete',
  '3': 'change',
  '4': 'none',
  '': 'change',
};

/** An ORDCHG as it stands; it has been validated. */
export function readChange(message: Loop<EdifactSegment>, rules: DateRules): ReceivedChange {
  const begin = message.first('BGM')!;
  const dates = datesOf(message);
  const purpose = PURPOSES[at(begin, 3)];
  const order = message.inside('RFF').map((one) => one.first('RFF')!);
  const number = order.find((one) => at(one, 1) === 'ON') ?? order.find((one) => at(one, 1) === 'CO');
  return {
    kind: 'change',
    purpose: purpose === 'cancel' ? 'cancel' : purpose === 'replace' ? 'replace' : 'change',
    number: number === undefined ? at(begin, 2) : at(number, 1, 2),
    change: number === undefined ? null : at(begin, 2) || null,
    orderedOn: dayNamed(dates, ['4', '171', '137']) ?? '',
    changedOn: dayNamed(dates, ['137']),
    currency: currencyOf(message),
    window: windowOf(dates, rules),
    wantedOn: wantedOf(dates, rules),
    lines: message.inside('LIN').map((loop, index) => ({
      ...lineOf(loop, index, rules),
      change: CHANGES[at(loop.first('LIN')!, 2)] ?? 'change',
      by: null,
    })),
  };
}

function lineOf(loop: Loop<EdifactSegment>, index: number, rules: DateRules): OrderedLine {
  const lin = loop.first('LIN')!;
  const dates = datesOf(loop);
  const ordered = loop.all('QTY').find((one) => at(one, 1) === '21') ?? loop.first('QTY');
  const prices = loop.inside('PRI').map((one) => one.first('PRI')!);
  const price = prices.find((one) => ['AAA', 'AAB', 'CAL', 'INV', 'NTP'].includes(at(one, 1))) ?? prices[0];
  return {
    line: at(lin, 1) || String(index + 1),
    quantity: ordered === undefined ? Number.NaN : decimal(at(ordered, 1, 2)),
    unit: (ordered && at(ordered, 1, 3)) || 'PCE',
    price: price === undefined ? null : at(price, 1, 2).replace(',', '.') || null,
    priceUnits: (price && decimal(at(price, 1, 5) || '1')) || 1,
    numbers: numbersOf(loop),
    description:
      loop
        .all('IMD')
        .map((one) => [at(one, 3, 4), at(one, 3, 5)].join(' ').trim())
        .join(' ')
        .trim() || null,
    window: windowOf(dates, rules),
    wantedOn: wantedOf(dates, rules),
    schedules: loop.inside('SCC').flatMap((one) =>
      one.inside('QTY').flatMap((lot) => {
        const on = wantedOf(datesOf(lot), rules) ?? datesOf(lot)[0]?.day;
        return on === undefined ? [] : [{ quantity: decimal(at(lot.first('QTY')!, 1, 2)), wantedOn: on }];
      }),
    ),
  };
}

const decimal = (value: string) => Number(value.replace(',', '.'));

function numbersOf(loop: Loop<EdifactSegment>): ItemNumber[] {
  const lin = loop.first('LIN')!;
  const numbers: ItemNumber[] = [];
  const put = (value: string, qualifier: string) => {
    if (value !== '') numbers.push({ qualifier: qualifier || 'EN', value });
  };
  put(at(lin, 3), at(lin, 3, 2));
  for (const pia of loop.all('PIA')) for (let n = 2; n <= 6; n++) put(at(pia, n), at(pia, n, 2));
  return numbers;
}

/** Date qualifiers of EDIFACT and X12 are the same numbers; X12 writes three digits. */
const datesOf = (loop: Loop<EdifactSegment>): Dated[] =>
  loop.all('DTM').flatMap((one) => {
    const day = dayIn(at(one, 1, 2), at(one, 1, 3));
    return day === null ? [] : [{ qualifier: at(one, 1), day }];
  });

const dayNamed = (dates: readonly Dated[], qualifiers: readonly string[]) =>
  qualifiers.flatMap((name) => dates.find((one) => one.qualifier === name)?.day ?? [])[0] ?? null;

function currencyOf(message: Loop<EdifactSegment>): string | null {
  const cux = message.inside('CUX')[0]?.first('CUX');
  return cux === undefined ? null : at(cux, 1, 2) || null;
}

function partyOf(message: Loop<EdifactSegment>, roles: readonly string[]): Party | null {
  const all = message.inside('NAD').map((one) => one.first('NAD')!);
  const nad = roles.flatMap((role) => all.find((one) => at(one, 1) === role) ?? [])[0];
  if (nad === undefined) return null;
  const country = at(nad, 9);
  return {
    name:
      [1, 2]
        .map((n) => at(nad, 4, n))
        .join(' ')
        .trim() || at(nad, 3),
    id: at(nad, 2) || null,
    country: /^[A-Z]{2}$/.test(country) ? country : null,
    region: at(nad, 7) || null,
    zip: at(nad, 8) || null,
  };
}
