import {
  dayText,
  type MessageDraft,
  startOfDay,
  TOUCHPOINTS,
  type TouchpointPolicy,
  type Touchpoints,
  touchpointsOf,
} from '@kept/engine';
import type pg from 'pg';
import { cancelByLaw } from '../demand/index.ts';
import { withBrand } from '../platform/database.ts';
import { type LoggedEvent, takeEvents } from '../platform/event-reader.ts';
import type { Kept } from '../platform/kept.ts';
import { recordEvents } from '../platform/outbox.ts';
import { loadSettings, touchBook } from '../promising/index.ts';
import { saveStandings } from './desk-store.ts';
import { lookAtWaiting, lookBy, passOnNews, setLooks, takeLooks } from './look-store.ts';
import { insertMessages, type NewMessage, supersede } from './message-store.ts';
import { referenceOf } from './reference.ts';
import { insertRefunds, type RefundRow, readRefunds, refundsDone } from './refund-store.ts';
import { refundsOf } from './refunds.ts';
import { type CommsSettings, loadCommsSettings } from './settings.ts';
import { standingOf } from './standing.ts';
import { type Story, storiesOf, type ToldLine } from './story.ts';
import { readStories } from './story-store.ts';

/** Rows taken in one transaction: enough to share the round trips, few enough to be over soon. */
const EVENTS = 5000;
const NEWS = 5000;
const LOOKS = 2000;
/** What a day brings is told in the morning, at this hour of the brand's. */
const MORNING_HOUR = 9;

/** Facts after which an order is looked at. */
const ABOUT_AN_ORDER = /^(order\.(shipped|cancelled|changed|chosen|edited)|payment\.)/;

/**
 * Writes every message that is due to be written, and carries out what silence means: reads on in the log, passes on promises
 * that moved, and looks at each order that something happened to or whose day has come. Run as often as one likes; each
 * cause makes one message. Nothing is sent here.
 * @returns how many orders were looked at
 */
export async function writeMessages(kept: Kept, brandId: number): Promise<number> {
  await readLog(kept, brandId);
  const now = kept.clock.now().toISOString();
  while ((await withBrand(kept.db, brandId, (client) => passOnNews(client, brandId, now, NEWS))) === NEWS);
  let looked = 0;
  for (;;) {
    const { orders, lapsed } = await withBrand(kept.db, brandId, (client) => look(kept, client, brandId));
    for (const one of lapsed) await cancelByLaw(kept, brandId, one);
    looked += orders;
    if (orders < LOOKS && lapsed.length === 0) return looked;
    // What the law has ended is news to be told at once.
    if (lapsed.length > 0) await readLog(kept, brandId);
  }
}

async function readLog(kept: Kept, brandId: number): Promise<void> {
  for (;;) {
    const events = await withBrand(kept.db, brandId, async (client) => {
      const taken = await takeEvents(client, brandId, 'comms', EVENTS);
      if (taken === null || taken.length === 0) return 0;
      const now = kept.clock.now().toISOString();
      await lookAtWaiting(client, brandId, ordersOf(taken, /^order\.placed$/), now);
      const about = ordersOf(taken, ABOUT_AN_ORDER).map((order) => ({ order, at: now }));
      await lookBy(client, brandId, about);
      return taken.length;
    });
    if (events < EVENTS) return;
  }
}

function ordersOf(events: readonly LoggedEvent[], kinds: RegExp): number[] {
  const orders = new Set<number>();
  for (const { kind, data } of events)
    if (kinds.test(kind) && typeof data?.order === 'number') orders.add(data.order);
  return [...orders];
}

/** Lines whose customers let the law's day pass in silence. */
export interface Lapsed {
  readonly order: number;
  readonly lines: readonly number[];
  /** The end of that day, where the goods go. */
  readonly at: Date;
  readonly row: string;
}

async function look(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
): Promise<{ orders: number; lapsed: Lapsed[] }> {
  const now = kept.clock.now();
  const orders = await takeLooks(client, brandId, now.toISOString(), LOOKS);
  if (orders.length === 0) return { orders: 0, lapsed: [] };
  const [brand, { settings }] = await Promise.all([
    loadSettings(client, kept.db, brandId),
    loadCommsSettings(client, brandId),
  ]);
  const [rows, refunds] = await Promise.all([
    readStories(client, brandId, orders),
    readRefunds(client, brandId, orders),
  ]);
  const policy = policyOf(settings);
  const looked = storiesOf(rows, brand, settings, now).map((story) => ({
    story,
    touchpoints: touchpointsOf(story.engine, policy),
    refunds: refundsOf(
      story,
      refunds.filter((one) => one.order_id === story.row.order_id),
    ),
    lapsed: settings.cancelsByLaw === 'automatic' && !settings.shadow ? lapsedOf(story) : null,
  }));
  const drafts = looked.flatMap(({ story, touchpoints }) =>
    touchpoints.messages.map((draft) => ({ story, draft })),
  );
  const first = drafts.length === 0 ? 0 : await kept.ids.take(brandId, 'message', drafts.length);
  const morning = startOfDay(looked[0]!.story.engine.today, brand.timeZone) + MORNING_HOUR * 3_600_000;
  const at = now.toISOString();
  await insertMessages(
    client,
    brandId,
    drafts.map(({ story, draft }, index) => newMessage(brandId, first + index, story, draft, morning)),
    at,
  );
  await supersede(
    client,
    brandId,
    looked.flatMap(({ story, touchpoints }) =>
      touchpoints.superseded.map((cause) => ({ order: story.row.order_id, cause })),
    ),
  );
  const owed = looked.flatMap((one) => one.refunds.owed);
  await insertRefunds(client, brandId, owed);
  await refundsDone(
    client,
    brandId,
    looked.flatMap((one) => one.refunds.done),
    at,
  );
  const unasked = new Set(looked.flatMap(({ story }) => unaskedCancellations(story)));
  await tellRefunds(kept, client, brandId, owed, unasked, at);
  const standings = looked.map(({ story }) => standingOf(story));
  await saveStandings(
    client,
    brandId,
    standings.filter((one) => one !== null),
    looked.filter((_, index) => standings[index] === null).map(({ story }) => story.row.order_id),
  );
  // Lines whose customers were asked, or have answered, are in another state of the book as of now.
  await touchBook(client, brandId, { lines: [], always: true }, at);
  await setLooks(
    client,
    brandId,
    looked.map(({ story, touchpoints }) => ({
      order: story.row.order_id,
      at: nextLook(story, touchpoints, brand.timeZone, now),
    })),
  );
  return { orders: orders.length, lapsed: looked.flatMap((one) => one.lapsed ?? []) };
}

/** Cancellations that time brought about, by their events: neither a customer nor a person at the brand decided them. */
const unaskedCancellations = ({ deeds }: Story): number[] =>
  deeds
    .filter(({ by, reason }) => by === 'law' || (by === 'brand' && TIMED.has(reason ?? '')))
    .map((one) => one.event_id);
const TIMED = new Set(['cancel_after', 'unpaid', 'validation_missed']);

/** Whoever moves money follows the log: a refund is asked for where it is read, and seen to be done when it is paid. */
async function tellRefunds(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  owed: readonly Omit<RefundRow, 'done_at'>[],
  unasked: ReadonlySet<number>,
  at: string,
): Promise<void> {
  if (owed.length === 0) return;
  const first = await kept.ids.take(brandId, 'event', owed.length);
  await recordEvents(
    client,
    brandId,
    owed.map((one, index) => ({
      id: first + index,
      kind: 'refund.due',
      data: {
        order: one.order_id,
        cancellation: one.event_id,
        kind: one.kind,
        amount: { amount: one.amount, currency: one.currency },
        dueOn: one.due_on,
        unasked: unasked.has(one.event_id),
      },
      at,
    })),
  );
}

export function policyOf(settings: CommsSettings): TouchpointPolicy {
  const { updateDays, everyWeeks, quietHours } = settings;
  return { ...TOUCHPOINTS, updateDays, everyWeeks, quietHours };
}

function newMessage(
  brandId: number,
  id: number,
  story: Story,
  draft: MessageDraft,
  morning: number,
): NewMessage {
  const dueAt = draft.kind === 'update' ? Math.max(draft.dueAt, morning) : draft.dueAt;
  return {
    id,
    order: story.row.order_id,
    kind: draft.kind,
    cause: draft.cause,
    state: story.row.messages === 'channel' ? 'channel' : 'waiting',
    lines: JSON.stringify(draft.lines.map((line) => toldLine(story, line))),
    reference: referenceOf(brandId, story.row.order_id, draft.cause),
    dueAt: new Date(dueAt).toISOString(),
    legalBy: draft.by === null ? null : dayText(draft.by),
  };
}

/** What is told of a line now. */
export function toldLine(story: Story, number: number): ToldLine {
  const line = story.lines.find((one) => one.row.line === number)!;
  const { promise, told } = line.engine;
  const before = told?.parts.at(-1)?.shipBy;
  return {
    line: number,
    version: promise?.version ?? 0,
    quantity: line.open,
    parts: (promise?.parts ?? []).map((part) => ({
      quantity: part.quantity,
      shipBy: dayText(part.shipBy),
      deliverBy: dayText(part.deliverBy),
    })),
    before: before === undefined ? null : dayText(before),
  };
}

/** Lines that silence has ended, by a notice that was really sent. A deadline that was missed without one, a person decides on. */
function lapsedOf(story: Story): Lapsed[] {
  const ended = story.lines.filter(({ open, engine: { duty } }) => {
    const silent = duty.silence?.means === 'cancelled' && duty.missed.length === 0;
    return open > 0 && duty.state === 'cancel' && silent && duty.cancelledOn !== null;
  });
  const byDay = Map.groupBy(ended, (line) => line.engine.duty.cancelledOn!);
  return [...byDay].map(([day, lines]) => ({
    order: story.row.order_id,
    lines: lines.map((line) => line.row.line),
    at: new Date(startOfDay(day + 1, story.zone) - 1000),
    row: lines[0]!.engine.duty.rows.at(-1) ?? '',
  }));
}

function nextLook(story: Story, touchpoints: Touchpoints, brandZone: string, now: Date): string | null {
  const { lookOn, lawLookOn } = touchpoints;
  const instants = [
    ...(lookOn === null ? [] : [startOfDay(lookOn, brandZone) + MORNING_HOUR * 3_600_000]),
    ...(lawLookOn === null ? [] : [startOfDay(lawLookOn, story.zone)]),
  ];
  if (instants.length === 0) return null;
  // What was due this morning is written by now: the next look is never in the past, or it would never end.
  return new Date(Math.max(Math.min(...instants), now.getTime() + 60_000)).toISOString();
}
