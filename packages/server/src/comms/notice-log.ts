import type pg from 'pg';
import { withBrand } from '../platform/database.ts';
import { type LoggedEvent, takeEvents } from '../platform/event-reader.ts';
import type { Kept } from '../platform/kept.ts';
import { insertNotices, type NewNotice, recipientsOf } from './notice-store.ts';
import type { NoticeName } from './notice-words.ts';

const EVENTS = 5000;

/** What each event calls for: to whoever left an address, or to an order's customer. */
const NOTICES: Readonly<Record<string, NoticeName>> = {
  'back_in_stock.asked': 'back_in_stock_confirm',
  'back_in_stock.told': 'back_in_stock',
  'drop.joined': 'drop_joined',
  'drop.offered': 'drop_offered',
  'drop.passed': 'drop_passed',
  'validation.kept': 'validation_met',
  'substitute.offered': 'substitute_offered',
};

/** Writes the notices that events call for, each once: the reader's place and what comes of it are one transaction. */
export async function writeNotices(kept: Kept, brandId: number): Promise<void> {
  for (;;) {
    const read = await withBrand(kept.db, brandId, async (client) => {
      const events = await takeEvents(client, brandId, 'notices', EVENTS);
      if (events === null || events.length === 0) return 0;
      await writeFrom(kept, client, brandId, events);
      return events.length;
    });
    if (read < EVENTS) return;
  }
}

async function writeFrom(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  events: readonly LoggedEvent[],
): Promise<void> {
  const told = events.filter((event) => NOTICES[event.kind] !== undefined);
  if (told.length === 0) return;
  const ofOrders = told.flatMap(({ data }) => (typeof data.email === 'string' ? [] : [data.order as number]));
  const recipients = await recipientsOf(client, brandId, ofOrders);
  const notices: Omit<NewNotice, 'id'>[] = [];
  for (const { id, kind, data } of told) {
    const known =
      typeof data.email === 'string'
        ? { to: data.email, locale: data.locale ?? null }
        : recipients.get(data.order);
    if (known === undefined) continue;
    notices.push({
      ...known,
      event: id,
      kind: NOTICES[kind]!,
      order: typeof data.order === 'number' ? data.order : null,
      sku: data.sku ?? null,
      facts: JSON.stringify(data),
    });
  }
  if (notices.length === 0) return;
  const first = await kept.ids.take(brandId, 'notice', notices.length);
  const at = kept.clock.now().toISOString();
  await insertNotices(
    client,
    brandId,
    notices.map((one, index) => ({ ...one, id: first + index })),
    at,
  );
}
