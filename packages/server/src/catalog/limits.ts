import type { ItemChannel, ItemChannelInput } from '@kept/contract';
import type pg from 'pg';
import type { z } from 'zod';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { recordEvents } from '../platform/outbox.ts';
import { loadSettings, lockSettings } from '../promising/index.ts';
import { notFound, wrong } from './errors.ts';
import {
  countCommitted,
  findItemAndChannel,
  type LimitRow,
  lockItem,
  readLimit,
  type StoredLimit,
  upsertLimit,
} from './limit-store.ts';
import { replanItems } from './replan.ts';
import { queuedAmong } from './replan-store.ts';

type Input = z.output<typeof ItemChannelInput>;
type View = z.output<typeof ItemChannel>;

/** Sets a channel's limits for an item (RULES 16); the item is decided again. */
export async function saveLimit(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  { sku, channel: code }: { sku: string; channel: string },
  input: Input,
): Promise<{ limit: View; created: boolean }> {
  checkLimit(input);
  const { item, channel } = await place(client, brandId, sku, code);
  const { timeZone } = await loadSettings(client, kept.db, brandId);
  await lockSettings(client, brandId, 'shared');
  await lockItem(client, brandId, item);
  const before = await readLimit(client, brandId, item, channel);
  const row: LimitRow = {
    protected: input.protected ?? null,
    maximum: input.maximum ?? null,
    buffer: input.buffer ?? null,
    unit: input.unit,
    from: input.from ?? null,
    until: input.until ?? null,
  };
  if (before !== null && (Object.keys(row) as (keyof LimitRow)[]).every((key) => before[key] === row[key]))
    return { limit: limitView(sku, code, before), created: false };
  const committed = await countCommitted(client, brandId, item, channel, { ...row, timeZone });
  const limit: StoredLimit = { ...row, committed };
  await upsertLimit(client, brandId, item, channel, limit);
  const event = await kept.ids.take(brandId, 'event', 1);
  const data = { sku, channel: code, ...row };
  const at = kept.clock.now().toISOString();
  await recordEvents(client, brandId, [{ id: event, kind: 'channel_limit.saved', data, at }]);
  await replanItems(kept, client, brandId, await queuedAmong(client, brandId, [item]), {
    event,
    cause: { code: 'channel_limit_changed', channel: code },
  });
  return { limit: limitView(sku, code, limit), created: before === null };
}

export async function viewLimit(
  client: pg.PoolClient,
  brandId: number,
  { sku, channel: code }: { sku: string; channel: string },
): Promise<View> {
  const { item, channel } = await place(client, brandId, sku, code);
  const limit = await readLimit(client, brandId, item, channel);
  if (limit === null)
    throw new KeptError(
      'not_found',
      `Channel ${JSON.stringify(code)} has no limits for ${JSON.stringify(sku)}: it may sell all that is free. PUT at the same address sets some.`,
    );
  return limitView(sku, code, limit);
}

async function place(client: pg.PoolClient, brandId: number, sku: string, code: string) {
  const { item, channel } = await findItemAndChannel(client, brandId, sku, code);
  if (item === null) throw notFound('item with the SKU', sku, 'items');
  if (channel === null) throw notFound('channel with the code', code, 'channels');
  return { item, channel };
}

function checkLimit(input: Input): void {
  if (input.from !== undefined && input.until !== undefined && input.until < input.from)
    throw wrong('until', 'expected a day that is not before `from`');
  if (input.unit === 'units') return;
  for (const path of ['protected', 'maximum', 'buffer'] as const)
    if ((input[path] ?? 0) > 100) throw wrong(path, 'expected a share of at most 100 per cent');
}

function limitView(sku: string, channel: string, limit: StoredLimit): View {
  return {
    sku,
    channel,
    protected: limit.protected ?? undefined,
    maximum: limit.maximum ?? undefined,
    buffer: limit.buffer ?? undefined,
    unit: limit.unit,
    from: limit.from ?? undefined,
    until: limit.until ?? undefined,
    committed: limit.committed,
  };
}
