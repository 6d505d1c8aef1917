import { describe, expect, test } from 'vitest';
import { dayNumber, dayText, MONDAY_TO_FRIDAY, NO_DAY } from './day.ts';
import { deliverBy, promisableUnits, stockDay, supplyDays } from './lead-time.ts';
import { defaultPolicy } from './policy.ts';
import type { SupplyPosition, World } from './position.ts';

const today = dayNumber('2026-03-02');
const location = {
  code: 'main',
  calendar: MONDAY_TO_FRIDAY,
  closed: false,
  shipDay: today,
  country: 'US',
};
const world: World = {
  today,
  now: 0,
  locations: [location, { ...location, closed: true }],
  channels: [],
  sight: { places: 2, sees: new Uint8Array() },
  transitDays: { domestic: 3, abroad: 7 },
};
// 1 day to receive and 1 to handle; 10 days of buffer while a PO is confirmed.
const policy = { ...defaultPolicy('backorder'), handlingDays: 1 };
const supply = (over: Partial<SupplyPosition> = {}): SupplyPosition => ({
  id: 1,
  kind: 'purchase_order',
  place: 0,
  stage: 'confirmed',
  open: 10,
  received: 0,
  pegged: 0,
  held: 0,
  expected: dayNumber('2026-03-12'),
  ref: 'PO-1',
  line: '1',
  schedule: null,
  ...over,
});
const days = (over: Partial<SupplyPosition>) => {
  const { planned, promisable, bufferDays } = supplyDays(supply(over), policy, world);
  return [
    planned === NO_DAY ? 'never' : dayText(planned),
    promisable === NO_DAY ? 'never' : dayText(promisable),
    bufferDays,
  ];
};
const expected = (text: string) => ({ expected: dayNumber(text) });

describe('the days of a supply', () => {
  test('are its expected day and receiving and handling, on working days; the promise has the buffer in it', () => {
    // Thursday the 12th, and two working days; Sunday the 22nd begins on Monday.
    expect(days({})).toEqual(['2026-03-16', '2026-03-25', 10]);
  });

  test.each(['draft', 'cancelled'] as const)('there are none while it is %s', (stage) => {
    expect(days({ stage })).toEqual(['never', 'never', 0]);
    expect(promisableUnits(supply({ stage }), policy)).toBe(0);
  });

  test('an unknown date is no date', () => {
    expect(days({ expected: null })).toEqual(['never', 'never', 0]);
  });

  test('a supplier that was given up backs nothing, whatever its orders still say', () => {
    expect(days({ abandoned: true })).toEqual(['never', 'never', 0]);
  });

  test('what comes to a closed location backs nothing', () => {
    expect(days({ place: 1 })).toEqual(['never', 'never', 0]);
    expect(days({ place: 7 })).toEqual(['never', 'never', 0]);
    expect(stockDay(1, policy, world)).toBe(NO_DAY);
  });

  test('the nearer the goods, the smaller the buffer', () => {
    const buffers = (['placed', 'confirmed', 'in_transit', 'arrived'] as const).map(
      (stage) => days({ stage })[2],
    );
    expect(buffers).toEqual([14, 10, 5, 1]);
  });

  test('what is expected today is not yet late', () => {
    expect(days(expected('2026-03-02'))).toEqual(['2026-03-04', '2026-03-16', 10]);
  });

  test('an overdue supply is not "tomorrow": the later it is, the later it will be (RULES 21)', () => {
    // 20 days late: half as much again is planned, as much again is promised.
    expect(days(expected('2026-02-10'))).toEqual(['2026-03-16', '2026-03-25', 20]);
    // 1 day late: the buffer of its stage is still the longer.
    expect(days(expected('2026-03-01'))).toEqual(['2026-03-05', '2026-03-16', 10]);
  });

  test('a day of waiting never makes an overdue supply come sooner', () => {
    let last = 0;
    for (let late = -5; late < 60; late++) {
      const { promisable, planned } = supplyDays(supply({ expected: today }), policy, {
        ...world,
        today: today + late,
      });
      expect(promisable).toBeGreaterThanOrEqual(last);
      expect(planned).toBeLessThanOrEqual(promisable);
      last = promisable;
    }
  });
});

describe('the units of a supply', () => {
  test('may be promised in part, by stage, and never in fractions', () => {
    const careful = { ...policy, promisablePercent: { ...policy.promisablePercent, confirmed: 75 } };
    expect(promisableUnits(supply({ open: 10 }), careful)).toBe(7);
  });

  test('that an order started are all for it', () => {
    const careful = { ...policy, promisablePercent: { ...policy.promisablePercent, placed: 0 } };
    expect(promisableUnits(supply({ open: 3, kind: 'production', stage: 'placed' }), careful)).toBe(3);
  });
});

test('delivery abroad takes longer than at home, and home is where the units lie', () => {
  expect(deliverBy(100, 0, 'US', world)).toBe(103);
  expect(deliverBy(100, 0, 'DE', world)).toBe(107);
});
