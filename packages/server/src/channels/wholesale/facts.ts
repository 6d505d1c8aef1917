import type pg from 'pg';
import type { Fact } from '../../connections/index.ts';
import { viewOrderNamed } from '../../demand/index.ts';
import { withBrand } from '../../platform/database.ts';
import { raiseSignals, withdrawSignal } from '../../signals/index.ts';
import type { ReceivedChange, ReceivedOrder } from './documents.ts';
import type { Exchange } from './exchange.ts';
import {
  messagesAfter,
  type OpenMessage,
  readEdiOrder,
  saveEdiOrder,
  settleMessage,
} from './exchange-store.ts';
import type { Partner } from './partner.ts';
import type { KeptOrder } from './to-answer.ts';
import { toChanges } from './to-changes.ts';
import { type KnownLine, refOf, toOrder } from './to-order.ts';

/** A message as the facts that it tells. */
export interface ToldMessage {
  readonly id: string;
  readonly at: string;
  readonly facts: readonly Fact[];
}

const MESSAGES = 200;

/**
 * What partners' messages ask for, as facts, in the order in which they came, one message at a time: a change is read against
 * its order as it is by then. What cannot be read as a fact waits for a person, and is passed by.
 */
export async function* messageFacts(
  exchange: Exchange,
  after: { readonly at: string; readonly id: string } | null,
  { keep = false }: { readonly keep?: boolean } = {},
): AsyncGenerator<ToldMessage> {
  const { kept, brandId, connection } = exchange;
  let place = after;
  const seen = new Set<string>();
  for (;;) {
    const rows = await withBrand(kept.db, brandId, (client) =>
      messagesAfter(client, brandId, connection, place, MESSAGES),
    );
    const fresh = rows.filter((one) => !seen.has(one.message_id));
    for (const row of fresh) {
      seen.add(row.message_id);
      const facts = await factsOf(exchange, row);
      if (place === null || isAfter(row, place))
        place = { at: new Date(row.received_at).toISOString(), id: row.message_id };
      if (facts === null) continue;
      yield { id: row.message_id, at: new Date(row.received_at).toISOString(), facts };
      // Whoever asks for the next has applied these.
      if (!keep) await settle(exchange, row);
    }
    if (fresh.length === 0) return;
  }
}

const isAfter = (row: OpenMessage, place: { at: string; id: string }) => {
  const [a, b] = [new Date(row.received_at).getTime(), new Date(place.at).getTime()];
  return a > b || (a === b && row.message_id > place.id);
};

function settle({ kept, brandId }: Exchange, row: OpenMessage): Promise<void> {
  return withBrand(kept.db, brandId, async (client) => {
    if (row.state === 'done') return;
    const at = kept.clock.now().toISOString();
    await settleMessage(client, brandId, row.message_id, { state: 'done', trouble: null, at });
    await withdrawSignal(kept, client, brandId, 'partner_message', row.message_id);
  });
}

/** Null: it waits for a person. */
export function factsOf(exchange: Exchange, row: OpenMessage): Promise<readonly Fact[] | null> {
  const { kept, brandId, partners } = exchange;
  return withBrand(kept.db, brandId, async (client) => {
    const partner = partners.find((one) => one.code === row.partner);
    const document = JSON.parse(row.document) as ReceivedOrder | ReceivedChange;
    const told =
      partner === undefined
        ? { troubles: [`Partner ${row.partner} is not set up any more.`] }
        : document.kind === 'order'
          ? await orderFacts(exchange, client, partner, row, document)
          : await changeFacts(exchange, client, partner, row, document);
    if ('facts' in told) return told.facts;
    await toPerson(exchange, client, row, told.troubles);
    return null;
  });
}

type Told = { readonly facts: readonly Fact[] } | { readonly troubles: readonly string[] };

async function orderFacts(
  { brandId, connection }: Exchange,
  client: pg.PoolClient,
  partner: Partner,
  row: OpenMessage,
  received: ReceivedOrder,
): Promise<Told> {
  const ref = refOf(received, partner);
  const before = await readEdiOrder(client, brandId, ref);
  if (received.purpose === 'cancel')
    return before === null
      ? { troubles: [`It cancels order ${received.number}, which has not come.`] }
      : { facts: [cancellation(partner, ref, row.message_id)] };
  const taken = toOrder(received, partner);
  if ('troubles' in taken) return { troubles: taken.troubles.map((one) => one.words) };
  await saveEdiOrder(client, brandId, {
    ref,
    connection,
    partner: partner.code,
    number: received.number,
    release: received.release,
    ordered_on: received.orderedOn,
    // What was agreed to after the order came stays, when the order itself is told again.
    known: before?.known ?? JSON.stringify(taken.known),
    ship_to: received.shipTo === null ? null : JSON.stringify(received.shipTo),
    change: before?.change ?? null,
    told: before?.told ?? null,
  });
  return { facts: [{ kind: 'order', externalId: `${partner.code}:${ref}`, order: taken.order }] };
}

const cancellation = (partner: Partner, ref: string, id: string): Fact => ({
  kind: 'cancellation',
  externalId: id,
  order: `${partner.channel}:${ref}`,
  cancellation: { id, by: 'customer', reason: `${partner.code} cancelled it` },
});

async function changeFacts(
  { kept, brandId }: Exchange,
  client: pg.PoolClient,
  partner: Partner,
  row: OpenMessage,
  received: ReceivedChange,
): Promise<Told> {
  const ref = refOf(received, partner);
  const before = await readEdiOrder(client, brandId, ref);
  const order = await viewOrderNamed(kept, client, brandId, `${partner.channel}:${ref}`);
  if (before === null || order === null)
    return { troubles: [`It changes order ${received.number}, which Kept does not have.`] };
  if (received.purpose === 'cancel') {
    await saveEdiOrder(client, brandId, { ...before, change: received.change });
    return { facts: [cancellation(partner, ref, row.message_id)] };
  }
  const known = JSON.parse(before.known) as KnownLine[];
  // A change that was done before is told again as it is known by now: it has nothing left to say.
  if (row.state === 'done') return { facts: [] };
  const changed = toChanges(received, known, order as KeptOrder, partner);
  if ('troubles' in changed) return { troubles: changed.troubles.map((one) => one.words) };
  await saveEdiOrder(client, brandId, {
    ...before,
    known: JSON.stringify(changed.known),
    change: received.change ?? '',
  });
  if (changed.changes.length === 0) return { facts: [] };
  const id = row.message_id;
  return {
    facts: [
      {
        kind: 'change',
        externalId: id,
        order: `${partner.channel}:${ref}`,
        changes: { id, lines: [...changed.changes], reason: `${partner.code} changed it` },
      },
    ],
  };
}

/** Nothing is lost and nothing is guessed: the message stays, with what a person must decide. */
async function toPerson(
  { kept, brandId }: Exchange,
  client: pg.PoolClient,
  row: OpenMessage,
  troubles: readonly string[],
): Promise<void> {
  const at = kept.clock.now().toISOString();
  const trouble = JSON.stringify(troubles);
  await settleMessage(client, brandId, row.message_id, { state: 'task', trouble, at });
  const { number } = JSON.parse(row.document) as { number?: string };
  const more = troubles.length > 3 ? ` And ${troubles.length - 3} more.` : '';
  const words = `${row.type}${number === undefined ? '' : ` ${number}`} of ${row.partner} waits for a person: ${troubles.slice(0, 3).join(' ')}${more}`;
  const data = { words, partner: row.partner, type: row.type, message: row.message_id };
  await raiseSignals(kept, client, brandId, [{ kind: 'partner_message', subject: row.message_id, data }]);
}
