import { randomUUID } from 'node:crypto';
import { dayText } from '@kept/engine';
import type pg from 'pg';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { recordEvents } from '../platform/outbox.ts';
import { decideItems } from './decide-items.ts';
import { findHold } from './hold-store.ts';
import { lookupItems } from './item-store.ts';
import { commitmentView, type SupplyFacts } from './views.ts';

/**
 * Keeps units for a cart, for a time.
 * @throws KeptError `cannot_promise` where not all of them can be promised, `unknown_sku`, `unknown_channel`
 */
export async function placeHold(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  input: { sku: string; channel: string; quantity: number; ttlSeconds: number; offered?: boolean },
) {
  const item = (await lookupItems(client, brandId, [input.sku])).get(input.sku);
  if (item === undefined)
    throw new KeptError('unknown_sku', `No item has the SKU ${JSON.stringify(input.sku)}.`, {
      errors: [{ path: 'sku', message: 'expected the SKU of an item' }],
    });
  if (item.kit)
    throw new KeptError('invalid_input', `${input.sku} is a kit; hold its components.`, {
      errors: [{ path: 'sku', message: 'expected an item that is no kit' }],
    });
  const id = randomUUID();
  const expiresAt = kept.clock.now().getTime() + input.ttlSeconds * 1000;
  const event = await kept.ids.take(brandId, 'event', 1);
  const { decision, settings, world, positions } = await decideItems(kept, client, brandId, {
    items: [item.item],
    scope: { lines: 'none' },
    event,
    facts: ({ settings }) => {
      const channel = settings.channelOf.get(input.channel);
      if (channel === undefined)
        throw new KeptError('unknown_channel', `No channel has the code ${JSON.stringify(input.channel)}.`, {
          errors: [{ path: 'channel', message: 'expected the code of a channel' }],
        });
      const { quantity, offered = false } = input;
      return [{ kind: 'hold', item: item.item, id, channel, quantity, expiresAt, offered }];
    },
  });
  const outcome = decision.outcomes[0]!;
  if (outcome.kind === 'refused') {
    const [line] = outcome.lines;
    const by = line!.by === null ? null : dayText(line!.by);
    const lines = [{ line: 1, sku: input.sku, asked: input.quantity, available: line!.available, by }];
    throw new KeptError(
      'cannot_promise',
      `${line!.available} of ${input.quantity} ${input.sku} can be held.`,
      { lines },
    );
  }
  if (outcome.kind !== 'held') throw new Error(`a hold came out as ${outcome.kind}`);
  await recordEvents(client, brandId, [
    { id: event, kind: 'hold.placed', data: { hold: id, ...input }, at: kept.clock.now().toISOString() },
  ]);
  const state = decision.states.get(item.item)!;
  const context = {
    settings,
    world,
    policy: positions.get(item.item)!.policy.name,
    notBefore: null,
    promised: null,
    shipComplete: false,
  };
  return {
    id,
    sku: input.sku,
    channel: input.channel,
    quantity: input.quantity,
    expiresAt: new Date(expiresAt).toISOString(),
    commitments: outcome.commitments.map((one) => {
      const supply = one.kind === 'pegged' ? state.supplyOf(state.indexOf(one)) : null;
      const facts: SupplyFacts | null =
        supply === null
          ? null
          : {
              kind: supply.kind,
              ref: supply.ref,
              line: supply.line,
              schedule: supply.schedule ?? null,
              place: supply.place,
              stage: supply.stage,
              expectedOn: supply.expected === null ? null : dayText(supply.expected),
              plannedOn: null,
              promisableOn: dayText(state.sources.day[state.indexOf(one)]!),
            };
      return commitmentView(one, context, facts);
    }),
  };
}

/** Gives a hold's units back before its time. A hold that is over already changes nothing. */
export async function releaseHold(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  id: string,
): Promise<void> {
  const hold = await findHold(client, brandId, id);
  if (hold === null) throw new KeptError('not_found', `There is no hold ${JSON.stringify(id)}.`);
  if (!hold.open) return;
  const event = await kept.ids.take(brandId, 'event', 1);
  let open = true;
  await decideItems(kept, client, brandId, {
    items: [hold.item],
    scope: { lines: { orders: [], units: hold.quantity } },
    event,
    facts: ({ positions }) => {
      // Somebody else may have ended it while we waited for the item.
      open = positions.get(hold.item)!.holds.some((one) => one.id === id);
      return open ? [{ kind: 'release', item: hold.item, id, cause: { code: 'hold_released' } }] : [];
    },
  });
  if (!open) return;
  await recordEvents(client, brandId, [
    { id: event, kind: 'hold.released', data: { hold: id }, at: kept.clock.now().toISOString() },
  ]);
}
