import { type Dated, type DateRules, dayOf, wantedOf, windowOf } from '../dates.ts';
import type { ItemNumber, OrderedLine, Party, ReceivedChange, ReceivedOrder } from '../documents.ts';
import type { Loop } from '../structure.ts';
import { at, type X12Segment } from './interchange.ts';

/** 353, what a transaction set is for. What is not here asks for nothing to be done. */
const PURPOSES: Readonly<Record<string, ReceivedOrder['purpose']>> = {
  '00': 'original',
  '02': 'original',
  '05': 'replace',
  '06': 'original',
  '01': 'cancel',
  '03': 'cancel',
};

/** 639: a price that is not for one of the unit. */
const PRICE_UNITS: Readonly<Record<string, number>> = { HP: 100, PH: 100, TP: 1000, PM: 1000, DZ: 12 };

/** An 850 as it stands; it has been validated. */
export function readOrder(message: Loop<X12Segment>, rules: DateRules): ReceivedOrder {
  const begin = message.first('BEG')!;
  const dates = datesOf(message);
  return {
    kind: 'order',
    purpose: PURPOSES[at(begin, 1)] ?? 'information',
    number: at(begin, 3),
    release: at(begin, 4) || null,
    orderedOn: dayOf(at(begin, 5))!,
    currency: currencyOf(message),
    window: windowOf(dates, rules),
    wantedOn: wantedOf(dates, rules),
    shipTo: partyOf(message, 'ST'),
    buyer: partyOf(message, 'BY') ?? partyOf(message, 'BT'),
    lines: message.inside('PO1').map((loop, index) => {
      const po1 = loop.first('PO1')!;
      return {
        ...lineOf(loop, rules, at(po1, 1) || String(index + 1)),
        quantity: Number(at(po1, 2)),
        unit: at(po1, 3),
        price: at(po1, 4) || null,
        priceUnits: PRICE_UNITS[at(po1, 5)] ?? 1,
        numbers: numbersOf(po1, 6),
      };
    }),
  };
}

const CHANGES: Readonly<Record<string, ReceivedChange['lines'][number]['change']>> = {
  AI: 'add',
  DI: 'delete',
  NC: 'none',
};

/** An 860 as it stands; it has been validated. */
export function readChange(message: Loop<X12Segment>, rules: DateRules): ReceivedChange {
  const begin = message.first('BCH')!;
  const purpose = PURPOSES[at(begin, 1)];
  const dates = datesOf(message);
  return {
    kind: 'change',
    purpose: purpose === 'cancel' ? 'cancel' : purpose === 'replace' ? 'replace' : 'change',
    number: at(begin, 3),
    change: at(begin, 5) || null,
    orderedOn: dayOf(at(begin, 6))!,
    changedOn: dayOf(at(begin, 11)) ?? dayOf(at(begin, 10)),
    currency: currencyOf(message),
    window: windowOf(dates, rules),
    wantedOn: wantedOf(dates, rules),
    lines: message.inside('POC').map((loop, index) => {
      const poc = loop.first('POC')!;
      const code = at(poc, 2);
      const by = at(poc, 4) === '' ? null : Number(at(poc, 4));
      return {
        ...lineOf(loop, rules, at(poc, 1) || String(index + 1)),
        change: CHANGES[code] ?? 'change',
        // QD and QI tell by how much, where the new total is left out.
        by: at(poc, 3) === '' && by !== null ? (code === 'QD' ? -by : by) : null,
        quantity: Number(at(poc, 3) || '0'),
        unit: at(poc, 5),
        price: at(poc, 6) || null,
        priceUnits: PRICE_UNITS[at(poc, 7)] ?? 1,
        numbers: numbersOf(poc, 8),
      };
    }),
  };
}

function lineOf(
  loop: Loop<X12Segment>,
  rules: DateRules,
  line: string,
): Pick<OrderedLine, 'line' | 'description' | 'window' | 'wantedOn' | 'schedules'> {
  const dates = datesOf(loop);
  const described = loop.inside('PID').map((one) => at(one.first('PID')!, 5));
  return {
    line,
    description: described.filter((one) => one !== '').join(' ') || null,
    window: windowOf(dates, rules),
    wantedOn: wantedOf(dates, rules),
    schedules: loop.inside('SCH').flatMap((one) => {
      const sch = one.first('SCH')!;
      const on = wantedOf([{ qualifier: at(sch, 5), day: dayOf(at(sch, 6))! }], rules) ?? dayOf(at(sch, 6))!;
      return [{ quantity: Number(at(sch, 1)), wantedOn: on }];
    }),
  };
}

const datesOf = (loop: Loop<X12Segment>): Dated[] =>
  loop.all('DTM').flatMap((one) => {
    const day = dayOf(at(one, 2));
    return day === null ? [] : [{ qualifier: at(one, 1), day }];
  });

function currencyOf(message: Loop<X12Segment>): string | null {
  const currency = message.first('CUR') ?? message.inside('PO1')[0]?.first('CUR');
  return currency === undefined ? null : at(currency, 2) || null;
}

/** Pairs of qualifier and number from an element on. */
export function numbersOf(segment: X12Segment, from: number): ItemNumber[] {
  const numbers: ItemNumber[] = [];
  for (let n = from; n < segment.elements.length + 1; n += 2)
    if (at(segment, n) !== '' && at(segment, n + 1) !== '')
      numbers.push({ qualifier: at(segment, n), value: at(segment, n + 1) });
  return numbers;
}

function partyOf(message: Loop<X12Segment>, role: string): Party | null {
  const loop = message.inside('N1').find((one) => at(one.first('N1')!, 1) === role);
  if (loop === undefined) return null;
  const name = loop.first('N1')!;
  const place = loop.first('N4');
  const country = place === undefined ? '' : at(place, 4);
  return {
    name: at(name, 2),
    id: at(name, 4) || null,
    country: /^[A-Z]{2}$/.test(country) ? country : null,
    region: (place && at(place, 2)) || null,
    zip: (place && at(place, 3)) || null,
  };
}
