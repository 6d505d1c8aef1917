import { type DayNumber, dayText, foreseeNotice, type PromisePart, type SilenceMeans } from '@kept/engine';
import type pg from 'pg';
import type { Kept } from '../platform/kept.ts';
import { loadSettings } from '../promising/index.ts';
import { policyOf } from './look.ts';
import { readRefunds } from './refund-store.ts';
import { refundIfCancelled } from './refunds.ts';
import { loadCommsSettings } from './settings.ts';
import { type Story, storiesOf } from './story.ts';
import { type LineRow, readStories, type StoryRows } from './story-store.ts';

/** How a line would stand after a change that is only supposed. */
export interface SupposedLine {
  readonly order: number;
  readonly line: number;
  readonly open: number;
  /** What would be promised of its open units; the same as now where `told` is false. */
  readonly promised: readonly PromisePart[];
  /** A new version of its promise would be made. */
  readonly told: boolean;
  /** Units that would end. */
  readonly cancelled: number;
}

interface Foreseen {
  readonly story: Story;
  readonly notices: readonly { readonly kind: string; readonly by: string | null }[];
  readonly silence: { readonly means: SilenceMeans; readonly on: DayNumber | null } | null;
  readonly ended: number;
  readonly cancelled: number;
  /** What would go back at once, and what would if silence ended it. */
  readonly refund: number;
  readonly refundIfSilent: number;
}

/**
 * What a supposed change would have its customers told and asked, which orders it would end, and how much money it would send
 * back: by the functions that do it when it happens. Nothing is written.
 */
export async function foreseeMessages(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  lines: readonly SupposedLine[],
  limit: number,
) {
  const supposed = new Map<number, SupposedLine[]>();
  for (const line of lines)
    if (line.told || line.cancelled > 0)
      supposed.set(line.order, [...(supposed.get(line.order) ?? []), line]);
  const orders = [...supposed.keys()];
  const now = kept.clock.now();
  const [brand, { settings }, rows, refunds] = await Promise.all([
    loadSettings(client, kept.db, brandId),
    loadCommsSettings(client, brandId),
    readStories(client, brandId, orders),
    readRefunds(client, brandId, orders),
  ]);
  const policy = policyOf(settings);
  const before = storiesOf(rows, brand, settings, now);
  const after = storiesOf(supposedRows(rows, supposed, now), brand, settings, now);
  const foreseen = before.flatMap((story, index): Foreseen[] => {
    const notice = foreseeNotice(story.engine, after[index]!.engine, policy);
    const own = supposed.get(story.row.order_id)!;
    const cancelled = own.reduce((units, line) => units + line.cancelled, 0);
    if (notice === null && cancelled === 0) return [];
    const known = refunds.filter((one) => one.order_id === story.row.order_id);
    const units = new Map(own.map((line) => [line.line, line.cancelled]));
    const back = (of: ReadonlyMap<number, number> | undefined) =>
      refundIfCancelled(story, known, now, of)?.amount ?? 0;
    const silence = notice?.silence ?? null;
    return [
      {
        story,
        notices: [
          ...(notice?.messages ?? []).map(({ kind, by }) => ({ kind, by: by === null ? null : dayText(by) })),
          ...(cancelled > 0 ? [{ kind: 'cancelled', by: null }] : []),
        ],
        silence,
        ended: notice?.ended.length ?? 0,
        cancelled,
        refund: cancelled > 0 ? back(units) : 0,
        refundIfSilent: silence?.means === 'cancelled' ? back(undefined) : 0,
      },
    ];
  });
  return viewOf(foreseen, limit);
}

/** The rows as they would be: with the promises that would be made. */
function supposedRows(
  rows: StoryRows,
  supposed: ReadonlyMap<number, readonly SupposedLine[]>,
  now: Date,
): StoryRows {
  const lines = new Map<number, LineRow[]>();
  for (const [order, own] of rows.lines) {
    const changes = supposed.get(order) ?? [];
    lines.set(
      order,
      own.map((row) => {
        const change = changes.find((one) => one.line === row.line);
        if (change === undefined) return row;
        const cancelled = row.cancelled + change.cancelled;
        if (!change.told) return { ...row, cancelled };
        return {
          ...row,
          cancelled,
          promise_version: row.promise_version + 1,
          parts: JSON.stringify(
            change.promised.map((part) => [part.quantity, dayText(part.shipBy), dayText(part.deliverBy)]),
          ),
          made_at: now.toISOString(),
          shipped_before: row.shipped,
        };
      }),
    );
  }
  return { ...rows, lines };
}

function viewOf(foreseen: readonly Foreseen[], limit: number) {
  const kinds = new Map<string, number>();
  const silences = new Map<
    SilenceMeans,
    { orders: number; first: DayNumber | null; last: DayNumber | null }
  >();
  const refund = new Map<string, number>();
  const refundIfSilent = new Map<string, number>();
  let ended = 0;
  let cancelled = 0;
  for (const one of foreseen) {
    const { currency } = one.story.row;
    for (const { kind } of one.notices) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    if (one.ended > 0) ended++;
    if (one.cancelled > 0) cancelled++;
    add(refund, currency, one.refund);
    add(refundIfSilent, currency, one.refundIfSilent);
    if (one.silence === null) continue;
    const { means, on } = one.silence;
    const known = silences.get(means) ?? { orders: 0, first: null, last: null };
    silences.set(means, {
      orders: known.orders + 1,
      first: on === null ? known.first : Math.min(on, known.first ?? on),
      last: on === null ? known.last : Math.max(on, known.last ?? on),
    });
  }
  const day = (number: DayNumber | null) => (number === null ? null : dayText(number));
  return {
    notices: [...kinds].map(([kind, orders]) => ({ kind, orders })),
    silence: [...silences].map(([means, { orders, first, last }]) => ({
      means,
      orders,
      firstOn: day(first),
      lastOn: day(last),
    })),
    cancelled,
    endedByLaw: ended,
    refunds: moneyOf(refund),
    refundsIfSilent: moneyOf(refundIfSilent),
    orders: foreseen
      .toSorted((a, b) => (a.silence?.on ?? Number.MAX_VALUE) - (b.silence?.on ?? Number.MAX_VALUE))
      .slice(0, limit)
      .map((one) => ({
        order: `${one.story.row.channel}:${one.story.row.ref}`,
        customer: one.story.row.customer_name,
        regime: one.story.regimes.join('+'),
        notices: [...one.notices],
        silence: one.silence === null ? null : { means: one.silence.means, on: day(one.silence.on) },
        refundIfSilent: { amount: one.refundIfSilent, currency: one.story.row.currency },
      })),
    more: Math.max(0, foreseen.length - limit),
  };
}

function add(sums: Map<string, number>, currency: string, amount: number): void {
  if (amount !== 0) sums.set(currency, (sums.get(currency) ?? 0) + amount);
}

const moneyOf = (sums: ReadonlyMap<string, number>) =>
  [...sums].map(([currency, amount]) => ({ amount, currency }));
