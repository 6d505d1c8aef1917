/**
 * The named items: for each a situation that the product is about, set up by hand so that it is there on every day.
 * examples/demo/README.md tells the stories.
 */
import type { Story, StoryPurchase, Units } from './story.ts';

const share = (part: number) => (waiting: number) => Math.max(1, Math.round(waiting * part));

/** On its way as told: confirmed soon, made, shipped so many days ago. */
const onTrack = (placed: number, expected: number, shippedOn?: number): StoryPurchase['said'] => [
  { on: placed + 3, expected, reason: 'other', stage: 'confirmed' },
  ...(placed + 14 < -1
    ? [{ on: placed + 14, expected, reason: 'other' as const, stage: 'in_production' as const }]
    : []),
  ...(shippedOn === undefined
    ? []
    : [{ on: shippedOn, expected, reason: 'other' as const, stage: 'in_transit' as const }]),
];
const dated = (
  ref: string,
  units: Units,
  placed: number,
  expected: number,
  shippedOn?: number,
): StoryPurchase => ({
  ref,
  units,
  placed,
  expected,
  said: onTrack(placed, expected, shippedOn),
});

export const STORIES: readonly Story[] = [
  {
    sku: '23084',
    situation: 'hero_queue',
    waiting: 200,
    purchases: [
      {
        ref: 'PO-118',
        units: share(0.6),
        placed: -41,
        expected: 3,
        said: [
          ...onTrack(-41, 3)!,
          { on: -16, expected: 12, reason: 'production' },
          { on: -3, expected: 12, reason: 'other', stage: 'in_transit' },
        ],
      },
    ],
  },
  { sku: '22423', situation: 'covered', waiting: 5, purchases: [dated('PO-201', share(1.8), -82, 9, -26)] },
  { sku: '85123A', situation: 'covered', waiting: 5, purchases: [dated('PO-202', share(2.5), -25, 6)] },
  { sku: '23203', situation: 'covered', waiting: 4, purchases: [dated('PO-203', share(2), -36, 5, -1)] },
  { sku: '23355', situation: 'covered', waiting: 5, purchases: [dated('PO-204', share(3), -66, 16, -14)] },
  {
    sku: '22086',
    situation: 'partly_covered',
    waiting: 8,
    purchases: [dated('PO-205', share(0.45), -17, 7)],
  },
  {
    sku: '23301',
    situation: 'partly_covered',
    waiting: 5,
    purchases: [dated('PO-206', share(0.6), -52, 18, -10)],
  },
  { sku: '23245', situation: 'uncovered', waiting: 4 },
  { sku: '47566', situation: 'uncovered', waiting: 3 },
  { sku: '22457', situation: 'uncovered', waiting: 4 },
  {
    sku: '22666',
    situation: 'slipped_once',
    waiting: 5,
    purchases: [
      {
        ref: 'PO-207',
        units: share(1.4),
        placed: -30,
        expected: -4,
        said: [...onTrack(-30, -4)!, { on: -8, expected: 8, reason: 'materials' }],
      },
    ],
  },
  {
    sku: '22993',
    situation: 'slipped_once',
    waiting: 4,
    purchases: [
      {
        ref: 'PO-208',
        units: share(2),
        placed: -90,
        expected: 2,
        said: [...onTrack(-90, 2, -34)!, { on: -5, expected: 17, reason: 'customs' }],
      },
    ],
  },
  {
    sku: '22727',
    situation: 'slipped_twice',
    waiting: 5,
    purchases: [
      {
        ref: 'PO-209',
        units: share(1.5),
        placed: -104,
        expected: -18,
        said: [
          ...onTrack(-104, -18)!,
          { on: -50, expected: -4, reason: 'production' },
          { on: -24, expected: -4, reason: 'other', stage: 'in_transit' },
          { on: -9, expected: 13, reason: 'freight' },
        ],
      },
    ],
  },
  {
    sku: '22726',
    situation: 'slipped_twice',
    waiting: 4,
    purchases: [
      {
        ref: 'PO-210',
        units: share(0.8),
        placed: -98,
        expected: -12,
        said: [
          ...onTrack(-98, -12)!,
          { on: -40, expected: 6, reason: 'materials' },
          { on: -6, expected: 27, reason: 'production' },
        ],
      },
    ],
  },
  { sku: '22138', situation: 'overdue', waiting: 3, purchases: [dated('PO-211', share(2), -100, -9, -44)] },
  {
    sku: '22139',
    situation: 'undated',
    waiting: 4,
    purchases: [{ ref: 'PO-212', units: share(2), placed: -20, expected: null }],
  },
  {
    sku: '22960',
    situation: 'date_withdrawn',
    waiting: 3,
    purchases: [
      {
        ref: 'PO-213',
        units: share(1.5),
        placed: -33,
        expected: -2,
        said: [...onTrack(-33, -2)!, { on: -6, expected: null, reason: 'materials' }],
      },
    ],
  },
  {
    sku: '22961',
    situation: 'draft_only',
    waiting: 4,
    purchases: [{ ref: 'PO-214', units: share(2), placed: -2, expected: 19, draft: true }],
  },
  { sku: '23343', situation: 'quality_hold', waiting: 4, qualityHold: share(1.6) },
  { sku: '22865', situation: 'returned_stock', waiting: 4, returned: share(0.7) },
  {
    sku: '22835',
    situation: 'short_receipt',
    waiting: 4,
    damaged: 14,
    purchases: [
      {
        ref: 'PO-215',
        units: 60,
        placed: -93,
        expected: -7,
        said: onTrack(-93, -7, -40),
        received: [
          { on: -5, units: 46 },
          { on: -5, units: 14, condition: 'damaged' },
        ],
      },
    ],
  },
  {
    sku: '21731',
    situation: 'part_received',
    waiting: 5,
    sellable: share(0.3),
    purchases: [
      {
        ref: 'PO-216',
        units: share(1.6),
        placed: -38,
        expected: -3,
        said: [...onTrack(-38, -3, -6)!, { on: -1, expected: 10, reason: 'production' }],
        received: [{ on: -3, units: share(0.5) }],
      },
    ],
  },
  {
    sku: '82482',
    situation: 'abandoned_supplier',
    waiting: 3,
    purchases: [dated('PO-217', share(2), -70, -48)],
  },
  {
    sku: '23552',
    situation: 'launch',
    waiting: 'all',
    notOnAmazon: true,
    noHistory: true,
    purchases: [dated('PO-218', share(1.7), -22, 17)],
    item: { lifecycle: 'upcoming', policy: 'preorder', launchIn: 21 },
  },
  {
    sku: '23284',
    situation: 'made_to_order',
    waiting: 5,
    notOnAmazon: true,
    noHistory: true,
    item: { policy: 'made_to_order', leadTimeDays: 14 },
  },
  {
    sku: 'KIT-22699',
    situation: 'kit',
    waiting: 2,
    notOnAmazon: true,
    noHistory: true,
    item: {
      components: [
        { sku: '22697', quantity: 1 },
        { sku: '22698', quantity: 1 },
        { sku: '22699', quantity: 1 },
      ],
    },
  },
  { sku: '22697', situation: 'kit_component_in_stock', sellable: (waiting) => waiting + 146 },
  {
    sku: '22698',
    situation: 'kit_component_short',
    waiting: 4,
    purchases: [dated('PO-219', share(1.5), -84, 11, -22)],
  },
  { sku: '22699', situation: 'kit_component_in_stock', sellable: (waiting) => waiting + 162 },
  {
    sku: '85099C',
    situation: 'discontinued',
    sellable: 36,
    item: { lifecycle: 'discontinued', alternatives: ['85099B', '85099F'] },
  },
  {
    sku: '23319',
    situation: 'big_order_ahead',
    waiting: '2011-11-08',
    purchases: [dated('PO-220', share(0.7), -15, 8)],
  },
  {
    sku: '22952',
    situation: 'amazon_partly_covered',
    amazonWaiting: 5,
    sellable: 310,
    purchases: [{ ...dated('PO-221', share(0.5), -19, 6), location: 'fba' }],
  },
  { sku: '23354', situation: 'amazon_oversold', amazonWaiting: 6, sellable: 180 },
  {
    sku: '22621',
    situation: 'moq_shortfall',
    waiting: 4,
    purchases: [
      {
        ref: 'PO-222',
        units: share(2.5),
        placed: -24,
        expected: -9,
        said: [
          { on: -21, expected: -9, reason: 'other', stage: 'confirmed' },
          { on: -15, expected: 9, reason: 'moq' },
        ],
      },
    ],
  },
  {
    sku: '23300',
    situation: 'deliveries_in_parts',
    waiting: 5,
    purchases: [
      {
        ref: 'PO-223',
        units: share(1.5),
        placed: -62,
        expected: 6,
        parts: [
          { share: 0.4, expected: 6 },
          { share: 0.6, expected: 27 },
        ],
      },
    ],
  },
  {
    sku: '85099B',
    situation: 'second_purchase_covers',
    waiting: 6,
    purchases: [dated('PO-224', share(0.4), -39, 4, -2), dated('PO-225', share(1.2), -25, 20)],
  },
  {
    sku: '22383',
    situation: 'beyond_longest_wait',
    waiting: 3,
    purchases: [dated('PO-226', share(3), -6, 96)],
  },
  { sku: '22578', situation: 'limited_drop', sellable: 24, item: { policy: 'drop' } },
  {
    sku: '23581',
    situation: 'demand_validation',
    waiting: 4,
    item: { policy: 'demand_validation', leadTimeDays: 45 },
    notOnAmazon: true,
    noHistory: true,
  },
  { sku: '20725', situation: 'about_to_run_out', sellable: 9, purchases: [dated('PO-227', 240, -8, 34)] },
  {
    sku: '22720',
    situation: 'expedited',
    waiting: 4,
    purchases: [
      {
        ref: 'PO-228',
        units: share(1.6),
        placed: -47,
        expected: 28,
        said: [...onTrack(-47, 28)!, { on: -4, expected: 4, reason: 'freight', stage: 'in_transit' }],
        mode: 'air_charter',
      },
    ],
  },
];

/** Wholesale orders with a window: not before and cancel after, in days after the order. */
export const WINDOWS: Readonly<Record<string, { notBefore: number; cancelAfter: number }>> = {
  '580055': { notBefore: 35, cancelAfter: 63 },
  '580133': { notBefore: 28, cancelAfter: 49 },
};
/** So many of the latest wholesale orders that hold a line that waits, and others that do not, ship complete. */
export const SHIP_COMPLETE_ORDERS = 2;
