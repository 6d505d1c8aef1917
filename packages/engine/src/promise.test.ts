import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Leg, type ReviewedLine, reviewOrder, type Step, stillOpen } from './promise.ts';

/** '5@10 2@14' is 5 units by day 10 and 2 by day 14; delivery takes two days. */
const steps = (text: string): Step[] =>
  text
    .split(' ')
    .filter(Boolean)
    .map((part) => {
      const [quantity, shipBy] = part.split('@').map(Number) as [number, number];
      return { quantity, shipBy, deliverBy: shipBy + 2 };
    });
const text = (parts: readonly Step[]) => parts.map((part) => `${part.quantity}@${part.shipBy}`).join(' ');
const leg = (planned: string, promisable = planned, per = 1): Leg => ({
  per,
  planned: steps(planned),
  promisable: steps(promisable),
});

function line(
  open: number,
  promised: string | null,
  legs: readonly Leg[],
  shipped = 0,
  shippedBefore = 0,
): ReviewedLine {
  const promise = promised === null ? null : { version: 1, parts: steps(promised), shippedBefore };
  return { open, shipped, promise, legs };
}

function review(one: ReviewedLine, improveByDays: number | null = null): string | null {
  const [next] = reviewOrder([one], false, improveByDays);
  return next ? `${next.change}: ${text(next.parts)}`.trim() : null;
}

describe('a promise', () => {
  test.each<[string, ReviewedLine, string | null]>([
    [
      'is first made by what is promisable, not by the plan',
      line(7, null, [leg('5@10 2@14', '5@10 2@20')]),
      'first: 5@10 2@20',
    ],
    ['is not made where nothing backs it', line(7, null, [leg('')]), null],
    ['covers what is backed, and says nothing of the rest', line(7, null, [leg('5@10')]), 'first: 5@10'],
    ['stays while the plan keeps it', line(7, '5@10 2@20', [leg('5@10 2@18', '5@10 2@25')]), null],
    ['stays when the plan gets better', line(2, '2@20', [leg('2@10')]), null],
    [
      'is told later where the plan breaks it, with the buffer in it',
      line(2, '2@20', [leg('2@22', '2@30')]),
      'later: 2@30',
    ],
    [
      'keeps the days of the parts that are kept',
      line(7, '5@10 2@20', [leg('5@10 2@22', '5@10 2@30')]),
      'later: 5@10 2@30',
    ],
    ['loses the units that nothing backs any more', line(7, '5@10 2@20', [leg('5@10')]), 'fewer: 5@10'],
    ['grows with what is backed now', line(7, '5@10', [leg('5@10 2@20', '5@10 2@25')]), 'more: 5@10 2@25'],
    ['is withdrawn when nothing backs it', line(2, '2@20', [leg('')]), 'withdrawn:'],
    ['comes back after it was withdrawn', line(2, '', [leg('2@30', '2@40')]), 'more: 2@40'],
    ['shrinks with a cancellation, latest part first', line(5, '5@10 2@20', [leg('5@10')]), 'shrunk: 5@10'],
    ['is fulfilled, not changed, by a shipment', line(2, '5@10 2@20', [leg('2@20')], 5), null],
    [
      'slips for what is still open after a part of it shipped',
      line(2, '5@10 2@20', [leg('2@25', '2@30')], 5),
      'later: 2@30',
    ],
    ['counts shipments since it was made', line(4, '4@20', [leg('4@20')], 3, 3), null],
    [
      'covers units that nothing backed when the rest shipped',
      line(2, '5@10', [leg('2@20', '2@25')], 5),
      'more: 2@25',
    ],
    ['is over when nothing is open', line(0, '5@10', [leg('')], 5), null],
    ['has nothing to say of a line that was cancelled whole', line(0, '5@10', [leg('')]), null],
  ])('%s', (_, one, answer) => {
    expect(review(one)).toBe(answer);
  });

  test('is bettered by policy alone, and only by that many days', () => {
    const better = line(2, '2@20', [leg('2@10', '2@12')]);
    expect(review(better, null)).toBeNull();
    expect(review(better, 9)).toBeNull();
    expect(review(better, 8)).toBe('improved: 2@12');
  });

  test('is not bettered by nothing', () => {
    expect(review(line(2, '2@20', [leg('2@20')]), 0)).toBeNull();
  });

  test('never counts its versions twice', () => {
    const [next] = reviewOrder([line(2, '2@20', [leg('2@22', '2@30')])], false, null);
    expect(next).toMatchObject({ version: 2, shippedBefore: 0 });
  });

  test('is late where the units come in time to leave but not to arrive', () => {
    const slow = { per: 1, planned: [{ quantity: 2, shipBy: 20, deliverBy: 30 }], promisable: steps('2@28') };
    expect(review(line(2, '2@20', [slow]))).toBe('later: 2@28');
  });
});

describe('a kit', () => {
  test('leaves whole, on the day of its last component', () => {
    expect(review(line(2, null, [leg('2@10'), leg('4@10 2@15', undefined, 2)]))).toBe('first: 2@10');
    expect(review(line(2, null, [leg('2@10'), leg('2@10 2@15', undefined, 2)]))).toBe('first: 1@10 1@15');
  });

  test('is not promised in parts of a kit', () => {
    expect(review(line(2, null, [leg('2@10'), leg('3@10', undefined, 2)]))).toBe('first: 1@10');
    expect(review(line(2, null, [leg('2@10'), leg('1@10', undefined, 2)]))).toBeNull();
  });

  test('slips when one component does', () => {
    expect(review(line(1, '1@10', [leg('1@10'), leg('1@12', '1@15')]))).toBe('later: 1@15');
  });
});

describe('an order that ships complete', () => {
  const both = (first: ReviewedLine, second: ReviewedLine) =>
    reviewOrder([first, second], true, null).map((next) =>
      next ? `${next.change}: ${text(next.parts)}` : null,
    );

  test('leaves on the day of its latest line', () => {
    expect(both(line(2, null, [leg('2@10')]), line(3, null, [leg('1@10 2@14')]))).toEqual([
      'first: 2@14',
      'first: 3@14',
    ]);
  });

  test('has no date while one of its units has none', () => {
    expect(both(line(2, null, [leg('2@10')]), line(3, null, [leg('1@10')]))).toEqual([null, null]);
  });

  test('slips as one', () => {
    expect(both(line(2, '2@14', [leg('2@10')]), line(3, '3@14', [leg('3@20', '3@25')]))).toEqual([
      'later: 2@25',
      'later: 3@25',
    ]);
  });

  test('keeps its date when a line has shipped, even with more than was ordered', () => {
    expect(both(line(0, '2@14', [leg('')], 2), line(3, '3@14', [leg('3@14')]))).toEqual([null, null]);
    expect(both(line(-1, '2@14', [leg('')], 3), line(3, '3@14', [leg('3@14')]))).toEqual([null, null]);
  });
});

test('what is still open of a promise: shipments fulfil the earliest parts, cancellations drop the latest', () => {
  const promise = { version: 1, parts: steps('5@10 2@14'), shippedBefore: 1 };
  expect(text(stillOpen(promise, { open: 7, shipped: 1 }))).toBe('5@10 2@14');
  expect(text(stillOpen(promise, { open: 4, shipped: 4 }))).toBe('2@10 2@14');
  expect(text(stillOpen(promise, { open: 3, shipped: 4 }))).toBe('2@10 1@14');
  expect(text(stillOpen(promise, { open: 0, shipped: 8 }))).toBe('');
});

test('a new version always promises exactly what is backed, and the plan keeps it', () => {
  const list = fc.array(
    fc.record({ quantity: fc.integer({ min: 1, max: 4 }), shipBy: fc.nat(20), slack: fc.nat(5) }),
    {
      maxLength: 4,
    },
  );
  const toSteps = (parts: { quantity: number; shipBy: number; slack: number }[], slack: boolean) =>
    parts
      .map(({ quantity, ...part }) => {
        const shipBy = part.shipBy + (slack ? part.slack : 0);
        return { quantity, shipBy, deliverBy: shipBy + 2 };
      })
      .sort((a, b) => a.shipBy - b.shipBy);
  const each = (parts: readonly Step[]) =>
    parts.flatMap((part) => new Array<number>(part.quantity).fill(part.shipBy));
  fc.assert(
    fc.property(
      list,
      fc.option(list),
      fc.nat(3),
      fc.option(fc.nat(4)),
      (backing, promised, missing, improveByDays) => {
        const legs = [{ per: 1, planned: toSteps(backing, false), promisable: toSteps(backing, true) }];
        const backed = each(legs[0]!.planned).length;
        const [before] =
          promised === null
            ? [null]
            : reviewOrder(
                [
                  {
                    open: 99,
                    shipped: 0,
                    promise: null,
                    legs: [{ per: 1, planned: toSteps(promised, true), promisable: toSteps(promised, true) }],
                  },
                ],
                false,
                null,
              );
        const one = { open: backed + missing, shipped: 0, promise: before ?? null, legs };
        const [next] = reviewOrder([one], false, improveByDays);
        const parts = next ? next.parts : before ? stillOpen(before, one) : [];
        expect(each(parts).length).toBe(backed);
        for (const [unit, day] of each(legs[0]!.planned).entries())
          expect(day).toBeLessThanOrEqual(each(parts)[unit]!);
        // Said once, it is said: the next look finds nothing new.
        const after = { ...one, promise: next ?? one.promise };
        expect(reviewOrder([after], false, improveByDays)).toEqual([null]);
      },
    ),
    { numRuns: 500 },
  );
});
