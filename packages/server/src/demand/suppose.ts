import type pg from 'pg';
import { findOrderByName, type Supposed } from '../promising/index.ts';
import { factsOf, lineOrFail, orderOrFail } from './change-order.ts';
import { NO_CHANGE } from './order-plan.ts';

/** What somebody supposes to be cancelled of an order; without lines, all that is open. */
export interface SupposedCancellation {
  readonly order: string;
  readonly lines?: readonly { readonly line: string | number; readonly quantity: number }[] | undefined;
  readonly by: 'customer' | 'brand' | 'law' | 'channel';
  readonly reason: string;
}

/**
 * A cancellation as the facts that it would be; read without a lock and never written.
 * @throws KeptError `not_found` for an order that is not there, `invalid_input` for a line, `conflict` for more than is open
 */
export async function supposeCancellation(
  client: pg.PoolClient,
  brandId: number,
  { order: name, lines, by, reason }: SupposedCancellation,
  happenedAt: Date,
): Promise<Supposed> {
  const order = await orderOrFail(client, brandId, await findOrderByName(client, brandId, name), name);
  const cancel =
    lines?.map(({ line, quantity }, index) => ({
      line: lineOrFail(order, line, `lines[${index}].line`),
      quantity,
    })) ??
    order.lines
      .map((line) => ({ line, quantity: line.ordered - line.shipped - line.cancelled }))
      .filter(({ quantity }) => quantity > 0);
  const cause = {
    event: 'order.cancelled',
    reason: { code: 'cancelled', by, reason },
    happenedAt,
    mode: 'placed',
  } as const;
  return {
    items: [...new Set(cancel.flatMap(({ line }) => line.legs.map((leg) => leg.item)))],
    supplies: [],
    facts: (loaded) => factsOf(order, { ...NO_CHANGE, cancel }, [], cause, loaded),
  };
}
