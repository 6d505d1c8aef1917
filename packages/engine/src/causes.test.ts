import { expect, test } from 'vitest';
import { classify, type EpisodeRecords } from './causes.ts';

const supply = {
  name: 'PO-1',
  quantity: 100,
  firstExpectedOn: 95,
  arrivedOn: 95,
  allowedDays: 5,
  reason: null,
};
const campaign = { name: 'spring', from: 90, toldOn: 40, leadTimeDays: 30, ordered: 150, planned: 40 };
const reorder = { crossedOn: 60, orderedOn: 80, neededUnits: 60, moq: 120, leadTimeDays: 30 };

/** Day 100, a hundred short, and nothing that would say why. */
function episode(more: Partial<EpisodeRecords>): EpisodeRecords {
  return {
    openedOn: 100,
    shortUnits: 100,
    intended: null,
    demand: { ordered: 300, expected: 290, high: 330 },
    campaigns: [],
    supplies: [],
    oversold: { taken: 0, sellable: 0, channels: [] },
    heldUnits: 0,
    reorder: null,
    ...more,
  };
}

test.each<[string, Partial<EpisodeRecords>, string]>([
  ['no record explains it', {}, 'undetermined'],
  ['orders above the range', { demand: { ordered: 400, expected: 290, high: 330 } }, 'forecast_undershoot'],
  ['orders within the range', { demand: { ordered: 329, expected: 290, high: 330 } }, 'undetermined'],
  ['orders that chance brings', { demand: { ordered: 361, expected: 290, high: 330 } }, 'undetermined'],
  [
    'orders that chance does not bring',
    { demand: { ordered: 364, expected: 290, high: 330 } },
    'forecast_undershoot',
  ],
  ['a delivery that slipped', { supplies: [{ ...supply, arrivedOn: 120 }] }, 'supplier_delay'],
  [
    'a slip that the plan allowed for',
    { supplies: [{ ...supply, firstExpectedOn: 98, arrivedOn: 102 }] },
    'undetermined',
  ],
  [
    'a delivery that was never due before',
    { supplies: [{ ...supply, firstExpectedOn: 110, arrivedOn: 130 }] },
    'undetermined',
  ],
  [
    'orders that grew lately',
    { demand: { ordered: 340, expected: 290, high: 330, recent: { ordered: 150, expected: 90, high: 112 } } },
    'forecast_undershoot',
  ],
  [
    'a delivery that waited for a larger order',
    { supplies: [{ ...supply, arrivedOn: 120, reason: 'moq' }] },
    'moq_shortfall',
  ],
  [
    'channels that sold the same units',
    { oversold: { taken: 180, sellable: 90, channels: ['a', 'b'] } },
    'multichannel_oversell',
  ],
  ['an order that waited for its MOQ', { reorder }, 'moq_shortfall'],
  ['a need above the MOQ', { reorder: { ...reorder, neededUnits: 130 } }, 'undetermined'],
  ['a campaign told too late', { campaigns: [{ ...campaign, toldOn: 85 }] }, 'promotional_surprise'],
  ['a campaign told in time', { campaigns: [campaign] }, 'undetermined'],
  ['units that cannot ship', { heldUnits: 90 }, 'quality_or_returns_hold'],
  ['a few held units', { heldUnits: 9 }, 'undetermined'],
  ['a wait that was meant', { intended: 'limited_drop', heldUnits: 90 }, 'limited_drop'],
])('%s', (_, records, cause) => {
  expect(classify(episode(records)).causes).toEqual([{ cause, weight: 1 }]);
});

test('two causes share an episode by what each explains', () => {
  const { causes, evidence } = classify(
    episode({ supplies: [{ ...supply, arrivedOn: null }], heldUnits: 60 }),
  );
  expect(causes).toEqual([
    { cause: 'supplier_delay', weight: 1 / 1.6 },
    { cause: 'quality_or_returns_hold', weight: 0.6 / 1.6 },
  ]);
  expect(evidence).toContainEqual({
    cause: 'supplier_delay',
    units: 100,
    data: { supply: 'PO-1', daysLate: null, reason: null },
  });
});
