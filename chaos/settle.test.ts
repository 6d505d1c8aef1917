import { describe, expect, test } from 'vitest';
import type { Deed, Done } from './deed.ts';
import { OwnOrder } from './own-order.ts';
import { compareOrders, expectedOrders, settle } from './settle.ts';
import type { TracedEvent, TracedOrder, Traces } from './traces.ts';

/** What clients were told, held against a database that is right, and against ones that are wrong. */

const ORDER_PATH = { method: 'POST', path: '/v1/orders' } as const;
const answered = { id: '1', lines: [{ line: 1, ordered: 2, commitments: [] }] };

function placing(): Deed {
  const asked = [
    { line: 1, sku: 'A', quantity: 2 },
    { line: 2, sku: 'B', quantity: 1 },
  ];
  const order = new OwnOrder('o', 'web', 'request', asked);
  return {
    ...ORDER_PATH,
    tag: 'o',
    kind: 'order',
    repeatable: true,
    accepted: [200, 201],
    refused: [409],
    order,
    asked,
  };
}

function cancelling(): Deed {
  const { order } = placing();
  const body = { lines: [{ line: 1, quantity: 2 }] };
  return { ...ORDER_PATH, tag: 'c', kind: 'cancellation', repeatable: true, accepted: [200], order, body };
}

const told = (deed: Deed, status: number | null, lost = 0): Done => ({
  deed,
  begin: 0,
  end: status === null ? null : 1,
  answer: status === null ? null : { status, body: answered },
  sends: 1 + lost,
  lost,
});

const event = (more: Partial<TracedEvent> = {}): TracedEvent => ({
  id: '1',
  kind: 'order.placed',
  cancelled: 0,
  shipped: 0,
  moved: 0,
  received: 0,
  ...more,
});
const line = (number: number, sku: string, ordered: number, more: object = {}) => ({
  line: number,
  sku,
  ordered,
  shipped: 0,
  cancelled: 0,
  refused: 0,
  ...more,
});
const whole: TracedOrder = { ref: 'o', lines: [line(1, 'A', 2), line(2, 'B', 1)] };

function database(events: Record<string, TracedEvent[]>, orders: Record<string, TracedOrder[]> = {}): Traces {
  return {
    events: new Map(Object.entries(events)),
    orders: new Map(Object.entries(orders)),
    holds: new Map(),
    holdOf: new Map(),
  };
}

function faultsOf(done: Done, traces: Traces): string[] {
  const faults: string[] = [];
  settle([done], traces, faults);
  return faults;
}

describe('what is right is not a fault', () => {
  const there = database({ o: [event()] }, { o: [whole] });
  const nothing = database({});
  test.each<[string, Done, Traces]>([
    ['an acknowledged order that is there', told(placing(), 201), there],
    ['a refused order that is not', told(placing(), 409), nothing],
    ['an unanswered order that is there, whole', told(placing(), null, 1), there],
    ['an unanswered order that is not', told(placing(), null, 1), nothing],
    ['a refusal after a try that had no answer and came through', told(placing(), 409, 1), there],
    [
      'a cancellation with all of its units',
      told(cancelling(), 200),
      database({ c: [event({ cancelled: 2 })] }),
    ],
  ])('%s', (_, done, traces) => {
    expect(faultsOf(done, traces)).toEqual([]);
  });
});

describe('what is wrong is found', () => {
  test.each<[string, Done, Traces]>([
    ['an acknowledged order that is lost', told(placing(), 201), database({})],
    ['a refused order that is there', told(placing(), 409), database({ o: [event()] }, { o: [whole] })],
    ['an order that is there twice', told(placing(), 201), database({ o: [event()] }, { o: [whole, whole] })],
    [
      'an order of which twice was told',
      told(placing(), 201),
      database({ o: [event(), event()] }, { o: [whole] }),
    ],
    ['an order without its event', told(placing(), null, 1), database({}, { o: [whole] })],
    ['an order without its rows', told(placing(), null, 1), database({ o: [event()] })],
    [
      'an order without its second line',
      told(placing(), null, 1),
      database({ o: [event()] }, { o: [{ ref: 'o', lines: [line(1, 'A', 2)] }] }),
    ],
    [
      'a cancellation of some of its units',
      told(cancelling(), 200),
      database({ c: [event({ cancelled: 1 })] }),
    ],
    ['a cancellation that is lost', told(cancelling(), 200), database({})],
    ['an order that nobody placed', told(placing(), 409), database({}, { x: [whole] })],
    ['a fact that nobody asked for', told(placing(), 409), database({ x: [event()] })],
  ])('%s', (_, done, traces) => {
    expect(faultsOf(done, traces)).not.toEqual([]);
  });

  test('an order that stands otherwise than its deeds have left it', () => {
    const placed = told(placing(), 201);
    const traces = database({ o: [event()] }, { o: [whole] });
    const expected = expectedOrders(settle([placed], traces, []));
    const faults: string[] = [];
    compareOrders(expected, traces.orders, faults);
    expect(faults).toEqual([]);
    const lost = { ref: 'o', lines: [line(1, 'A', 2, { cancelled: 1 }), line(2, 'B', 1)] };
    compareOrders(expected, new Map([['o', [lost]]]), faults);
    compareOrders(expected, new Map(), faults);
    expect(faults).toHaveLength(3);
  });
});
