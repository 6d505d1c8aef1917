import type pg from 'pg';
import { KeptError } from '../platform/errors.ts';
import { findOrderByName } from '../promising/index.ts';
import type { OrderIdentity } from './order-store.ts';
import { nameOf, type PlaceResult, type Prepared } from './place-request.ts';

/** Settles what is recorded already; of orders with one name in the same batch only the first goes on. */
export function withoutKnown(
  found: readonly OrderIdentity[],
  prepared: readonly Prepared[],
  results: (PlaceResult | undefined)[],
): Prepared[] {
  const known = new Map(found.map((one) => [nameOf(one.channel, one.ref), one]));
  const first = new Set<string>();
  return prepared.filter((one) => {
    const there = known.get(one.name);
    if (there !== undefined) {
      results[one.index] = sameOrOther(one, there.order, there.content);
      return false;
    }
    if (first.has(one.name)) return false;
    first.add(one.name);
    return true;
  });
}

function sameOrOther(one: Prepared, order: number, content: string): PlaceResult {
  if (content === one.content) return { kind: 'known', order };
  if (one.request.order.mode === 'placed') return { kind: 'edit', order };
  const name = `${one.request.order.channel}:${one.request.order.ref}`;
  const detail = `Order ${name} is recorded with other content. Use another ref, or POST /v1/orders/${encodeURIComponent(name)}/changes to change it.`;
  return { kind: 'failed', error: new KeptError('order_differs', detail, { order: name }) };
}

/** A second order with a name that the batch has just recorded is held against the first. */
export function twins(prepared: readonly Prepared[], results: (PlaceResult | undefined)[]): PlaceResult[] {
  const recorded = new Map<string, Prepared>();
  for (const one of prepared) {
    const first = recorded.get(one.name);
    const result = results[one.index];
    if (result !== undefined) {
      if (first === undefined && result.kind === 'placed') recorded.set(one.name, one);
      continue;
    }
    results[one.index] =
      first === undefined
        ? // The first with this name was refused: this one is refused alike if it is the same, and may come again if not.
          sameRefusal(prepared, results, one)
        : sameOrOther(one, first.order, first.content);
  }
  return results as PlaceResult[];
}

function sameRefusal(
  prepared: readonly Prepared[],
  results: readonly (PlaceResult | undefined)[],
  one: Prepared,
): PlaceResult {
  const first = prepared.find((other) => other.name === one.name && results[other.index]);
  const result = first === undefined ? undefined : results[first.index];
  if (result !== undefined && first!.content === one.content) return result;
  return {
    kind: 'failed',
    error: new KeptError('overloaded', 'Another order with this ref came at the same moment; try again.'),
  };
}

/** The orders that replacements stand for. */
export async function findReplaced(
  client: pg.PoolClient,
  brandId: number,
  fresh: readonly Prepared[],
  results: (PlaceResult | undefined)[],
): Promise<void> {
  for (const one of fresh) {
    const { replaces } = one.request.order;
    if (replaces === undefined) continue;
    one.replaces = await findOrderByName(client, brandId, replaces);
    if (one.replaces === null)
      results[one.index] = {
        kind: 'failed',
        error: new KeptError(
          'not_found',
          `The order ${JSON.stringify(replaces)}, which this one replaces, is not here.`,
          {
            errors: [{ path: 'replaces', message: 'expected an order that is recorded' }],
          },
        ),
      };
  }
}
