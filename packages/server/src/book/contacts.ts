import type { ContactsInput, ContactsRecorded } from '@kept/contract';
import type pg from 'pg';
import type { z } from 'zod';
import type { Kept } from '../platform/kept.ts';
import { findOrderByName, takeUpBook } from '../promising/index.ts';
import { type ContactRow, findContactOrder, insertContacts } from './contact-store.ts';

/** Records what a helpdesk tells: which of its contacts were about which order. The same contact twice counts once. */
export async function recordContacts(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  { source, contacts }: z.output<typeof ContactsInput>,
): Promise<z.input<typeof ContactsRecorded>> {
  await takeUpBook(client, brandId);
  const rows: ContactRow[] = [];
  for (const { id, at, order, email, topic } of contacts) {
    const named = order === undefined ? null : await findOrderByName(client, brandId, order);
    const found = named ?? (email === undefined ? null : await findContactOrder(client, brandId, email, at));
    rows.push({ ref: id, order: found, at, topic: topic ?? null });
  }
  const fresh = await insertContacts(client, brandId, source, rows, kept.clock.now().toISOString());
  return {
    recorded: fresh.length,
    known: rows.length - fresh.length,
    unmatched: rows.filter((row) => row.order === null).map(({ ref }) => ref),
  };
}
