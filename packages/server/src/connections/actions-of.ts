import type { Order } from '@kept/contract';
import type { z } from 'zod';
import type { LoggedEvent } from '../platform/event-reader.ts';
import type { Action, ActionKind } from './connector.ts';
import type { OrderOf } from './thing-store.ts';

/** What an action of an order is made of. Everything is given: nothing is asked here. */
export interface OrderNow {
  readonly of: OrderOf;
  readonly state: z.output<typeof Order>;
  readonly held: boolean;
}

export interface Shipped {
  readonly line: string | number;
  readonly sku: string;
  readonly quantity: number;
  readonly location: string | null;
  readonly carrier: string | null;
  readonly tracking: string | null;
  readonly shippedAt: string;
}

type Line = z.output<typeof Order>['lines'][number];
type LineUnits = { readonly line: string | number; readonly quantity: number };

/** What a fact about an order asks of the system that the order is from; nothing, where that system told the fact itself. */
export function actionsOfOrder(
  event: LoggedEvent,
  now: OrderNow,
  shipped: readonly Shipped[],
  can: ReadonlySet<ActionKind>,
): Action[] {
  const { of, state } = now;
  const id = (kind: ActionKind) => `${kind}:${event.id}:${of.order}`;
  const about = (kind: ActionKind) => ({
    id: id(kind),
    at: event.at,
    order: { channel: of.channel, ref: of.ref, externalId: of.externalId },
  });
  const own = event.actor === `connection:${of.connection}`;
  const actions: Action[] = [];
  const ask = (action: Action) => {
    if (can.has(action.kind)) actions.push(action);
  };
  const news = (what: 'placed' | 'changed') =>
    ask({ ...about('tell_order'), kind: 'tell_order', news: what, state });
  switch (event.kind) {
    case 'order.placed': {
      // It is news there, though they told it: what Kept decided of it.
      if (state.mode === 'request') news('placed');
      const waiting = waitingLines(state.lines);
      if (waiting.length > 0)
        ask({
          ...about('hold'),
          kind: 'hold',
          lines: waiting,
          reason: 'awaiting_stock',
          words: 'Waits for stock that is on its way',
        });
      break;
    }
    case 'order.cancelled':
    case 'order.changed': {
      const cancelled: LineUnits[] = event.data.cancelled ?? [];
      const to = event.data.reason?.switched === undefined ? undefined : event.data.placed?.[0];
      if (own) break;
      if (to !== undefined && cancelled[0] !== undefined) {
        const from = withSku(state.lines, cancelled)[0];
        if (from !== undefined) ask({ ...about('switch'), kind: 'switch', from, to });
      } else if (cancelled.length > 0)
        ask({
          ...about('cancel'),
          kind: 'cancel',
          lines: withSku(state.lines, cancelled),
          whole: state.lines.every((line) => line.open === 0 && line.shipped === 0),
          by: byOf(event.data.reason?.by),
          reason: String(event.data.reason?.reason ?? 'cancelled'),
        });
      news('changed');
      break;
    }
    case 'order.shipped': {
      if (own || shipped.length === 0) break;
      const [first] = shipped as [Shipped];
      ask({
        ...about('confirm_shipment'),
        kind: 'confirm_shipment',
        lines: shipped.map(({ line, sku, quantity }) => ({ line, sku, quantity })),
        shippedAt: first.shippedAt,
        ...(first.location === null ? {} : { location: first.location }),
        ...(first.carrier === null ? {} : { carrier: first.carrier }),
        ...(first.tracking === null ? {} : { tracking: first.tracking }),
      });
      break;
    }
    case 'order.released':
      if (now.held)
        ask({
          ...about('release'),
          kind: 'release',
          lines: withSku(state.lines, event.data.lines ?? []),
        });
      break;
  }
  return actions;
}

/** What a promise that moved asks: it is told once for each state of the order's promises. */
export function actionsOfNews({ of, state }: OrderNow, at: string, can: ReadonlySet<ActionKind>): Action[] {
  const versions = state.lines.map((line) => line.promise?.version ?? 0).join('.');
  const order = { channel: of.channel, ref: of.ref, externalId: of.externalId };
  const about = (kind: ActionKind) => ({ id: `${kind}:${of.order}:${versions}`, at, order });
  const dated = state.lines.flatMap(({ line, sku, promise, open }) =>
    promise === null || open === 0 ? [] : [{ line, sku, quantity: promise.quantity, shipBy: promise.shipBy }],
  );
  const actions: Action[] = [];
  if (can.has('reschedule') && dated.length > 0)
    actions.push({ ...about('reschedule'), kind: 'reschedule', lines: dated });
  if (can.has('tell_order'))
    actions.push({ ...about('tell_order'), kind: 'tell_order', news: 'moved', state });
  return actions;
}

function waitingLines(lines: readonly Line[]) {
  return lines.flatMap(({ line, sku, commitments }) => {
    const quantity = commitments
      .filter((one) => one.kind !== 'reserved')
      .reduce((units, one) => units + one.quantity, 0);
    return quantity > 0 ? [{ line, sku, quantity }] : [];
  });
}

function withSku(lines: readonly Line[], named: readonly LineUnits[]) {
  return named.flatMap(({ line, quantity }) => {
    const found = lines.find((one) => String(one.line) === String(line));
    return found === undefined ? [] : [{ line: found.line, sku: found.sku, quantity }];
  });
}

function byOf(by: unknown): 'customer' | 'brand' | 'law' | 'channel' {
  return by === 'brand' || by === 'law' || by === 'channel' ? by : 'customer';
}
