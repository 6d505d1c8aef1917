import type { Backorder as BackorderShape, Explanation as ExplanationShape } from '@kept/contract';
import type { Shape } from '../src/platform/api.ts';

type Backorder = Shape<typeof BackorderShape>;
type Commitment = Backorder['commitments'][number];
type Explanation = Shape<typeof ExplanationShape>;

/** The stub's day. Everything is made from it and from one seed: two runs show the same page. */
export const stubToday = '2026-03-10';
export const stubBrand = { name: 'Harbour & Fern', timeZone: 'Europe/London', currency: 'GBP' };
export const stubChannels = [
  { code: 'web', title: 'Own shop' },
  { code: 'wholesale', title: 'Wholesale' },
  { code: 'amazon-uk', title: 'Amazon UK' },
  { code: 'shopify-eu', title: 'Shopify EU' },
];

const titles = [
  'White Hanging Heart T-Light Holder',
  'Regency Cakestand 3 Tier',
  'Jumbo Bag Red Retrospot',
  'Party Bunting',
  'Assorted Colour Bird Ornament',
  'Lunch Bag Black Skull',
  'Set of 3 Cake Tins Pantry Design',
  'Rabbit Night Light',
  'Natural Slate Heart Chalkboard',
  'Wooden Picture Frame White Finish',
  'Hot Water Bottle Keep Calm',
  'Small Popcorn Holder',
  'Vintage Paint Can Planter, Large, with Drainage Tray and Saucer',
  'Paper Chain Kit 50’s Christmas',
  'Alarm Clock Bakelike Green',
];
const customers = [
  'Amelia Okafor',
  'Bright & Sons Ltd',
  'Chloé Martin',
  'Daniel Novak',
  'Elm Street Gifts',
  'Farah Haddad',
  'Giulia Conti',
  'Hannah Whitcombe-Featherstonehaugh',
  'Ito Trading Co.',
  'Jonas Lindqvist',
  'The Little Lighthouse Shop',
];
const stages = ['confirmed', 'in_production', 'in_transit'];

/** Lines that wait: mostly on time, some late, some with nothing behind them. */
export function stubBackorders(count: number): Backorder[] {
  const chance = generator(20260310);
  const pick = <T>(list: readonly T[]): T => list[Math.floor(chance() * list.length)]!;
  return Array.from({ length: count }, (_, index): Backorder => {
    const item = Math.floor(chance() * titles.length);
    const channel = pick(stubChannels).code;
    const quantity = channel === 'wholesale' ? 6 + Math.floor(chance() * 180) : 1 + Math.floor(chance() * 4);
    const waitedDays = Math.floor(chance() * 70);
    const draw = chance();
    const state =
      draw < 0.05 ? 'unbacked' : draw < 0.13 ? 'late' : draw < 0.145 ? 'awaiting_consent' : 'on_time';
    const price = 395 + Math.floor(chance() * 3200);
    const togoDays =
      state === 'late' && chance() < 0.6 ? -1 - Math.floor(chance() * 12) : Math.floor(chance() * 45);
    const slipDays = state === 'late' || state === 'awaiting_consent' ? 3 + Math.floor(chance() * 20) : 0;
    const promisedOn = addDays(stubToday, togoDays);
    const plannedOn = addDays(promisedOn, slipDays);
    const waitingUnits = state === 'unbacked' ? (chance() < 0.5 ? quantity : Math.ceil(quantity / 3)) : 0;
    const peggedUnits = quantity - waitingUnits;
    const commitments = [
      ...pegs(peggedUnits, plannedOn, chance),
      ...(waitingUnits > 0 ? [{ kind: 'waiting' as const, quantity: waitingUnits, shipBy: null }] : []),
    ];
    const reference = `${channel}:${10_400 + index}`;
    return {
      id: `bo_${index + 1}`,
      order: reference,
      orderId: `ord_${index + 1}`,
      line: 1 + (index % 3),
      sku: `${84_000 + item * 37}${'ABC'.charAt(item % 3)}`,
      title: titles[item]!,
      channel,
      customer: pick(customers),
      quantity,
      value: { amount: price * quantity, currency: 'GBP' },
      waitingSince: `${addDays(stubToday, -waitedDays)}T09:${String(index % 60).padStart(2, '0')}:00Z`,
      promise:
        peggedUnits > 0
          ? {
              version: slipDays > 0 ? 2 : 1,
              quantity: peggedUnits,
              shipBy: promisedOn,
              deliverBy: addDays(promisedOn, 3),
              parts: [{ quantity: peggedUnits, shipBy: promisedOn, deliverBy: addDays(promisedOn, 3) }],
              reasons: pegReasons(commitments),
            }
          : null,
      plannedShipBy: waitingUnits > 0 ? null : plannedOn,
      commitments,
      state,
      cause: 'supplier_delay',
    };
  });
}

function pegs(units: number, shipBy: string, chance: () => number): Commitment[] {
  if (units === 0) return [];
  const peg = (quantity: number, day: string): Commitment => ({
    kind: 'pegged',
    quantity,
    shipBy: day,
    location: 'LDN',
    supply: {
      kind: 'purchase_order',
      purchaseOrder: `PO-${1040 + Math.floor(chance() * 24)}`,
      line: 1 + Math.floor(chance() * 6),
      expectedOn: addDays(day, -4),
      stage: stages[Math.floor(chance() * stages.length)],
    },
  });
  if (units < 3 || chance() < 0.7) return [peg(units, shipBy)];
  const first = Math.ceil(units / 2);
  return [peg(first, addDays(shipBy, -9)), peg(units - first, shipBy)];
}

function pegReasons(commitments: readonly Commitment[]) {
  return commitments.map(({ kind, quantity, supply, shipBy }) =>
    kind === 'waiting'
      ? { code: 'nothing_backs', quantity }
      : { code: 'pegged_to_supply', quantity, ...supply, supply: supply!.kind, bufferDays: 3, shipBy },
  );
}

const TOLD = { by: 'order', at: '2026-03-01T09:00:00Z' } as const;
const NO_WORDS = { planner: [], agent: [], customer: [] };

export function stubExplanation(line: Backorder): Explanation {
  const promised = line.promise;
  const first = promised
    ? {
        ...promised,
        version: 1,
        shipBy: addDays(promised.shipBy, -7),
        deliverBy: addDays(promised.shipBy, -4),
      }
    : null;
  const at = line.waitingSince;
  const peg = line.commitments.find(({ kind }) => kind === 'pegged')?.supply;
  return {
    backorder: line,
    order: line.order,
    line: line.line,
    sku: line.sku,
    words: {
      planner: [
        `${line.quantity} ordered; nothing sellable was left after the lines ahead.`,
        ...(peg
          ? [`Pegged to ${peg.purchaseOrder} line ${peg.line}, the earliest placed supply with free units.`]
          : []),
        ...(line.state === 'late'
          ? ['The supplier moved the date, and the buffer no longer covers it.']
          : []),
        ...(line.state === 'unbacked'
          ? ['No placed purchase order has free units; drafts back nothing.']
          : []),
      ],
      agent: ['Waiting for a delivery from the supplier.'],
      customer: promised
        ? ['Your order is waiting for our next delivery.', `We expect to send it by ${promised.shipBy}.`]
        : ['Your item is out of stock, and we do not have a date yet.'],
    },
    reasons: [{ code: 'queue_ahead', lines: 12, units: 40 }],
    ahead: { lines: (line.quantity * 7) % 23, units: (line.quantity * 19) % 140 },
    promises: [
      ...(first && promised && promised.version > 1
        ? [{ ...first, madeAt: at, told: TOLD, wordsFor: NO_WORDS, reasons: pegReasons(line.commitments) }]
        : []),
      ...(promised
        ? [
            {
              ...promised,
              madeAt: promised.version > 1 ? '2026-03-03T15:20:00Z' : at,
              told: TOLD,
              wordsFor: NO_WORDS,
              reasons: [
                ...(promised.version > 1
                  ? [{ code: 'purchase_order_revised', purchaseOrder: peg?.purchaseOrder, reason: 'freight' }]
                  : []),
                ...pegReasons(line.commitments),
              ],
            },
          ]
        : []),
    ],
    history: [
      { at, kind: 'ordered', words: `${line.customer} ordered ${line.quantity}.` },
      ...(promised ? [{ at, kind: 'promised', words: 'A date was promised and confirmed.' }] : []),
      ...(promised && promised.version > 1
        ? [
            {
              at: '2026-03-03T15:20:00Z',
              kind: 'slipped',
              words: `${peg?.purchaseOrder} moved by 7 days; the promise moved with it.`,
            },
          ]
        : []),
    ].map((step) => ({ ...step, wordsFor: { planner: step.words, agent: null, customer: null } })),
  };
}

export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** mulberry32: small, seeded, the same everywhere. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
