import { dayNumber, dayText, localTime, type RefundBasis, type Regime, refundDue } from '@kept/engine';
import type { RefundRow } from './refund-store.ts';
import type { Story } from './story.ts';
import type { DeedRow } from './story-store.ts';

/** What an order's cancellations leave to be paid back, and which of it is settled. */
export interface Refunds {
  readonly owed: readonly Omit<RefundRow, 'done_at'>[];
  /** Events of the cancellations whose refunds are done. */
  readonly done: readonly number[];
}

/**
 * One refund per cancellation. The whole of what was taken, shipping included, where nothing left and nothing is to leave; what
 * a part of an order comes to, a person confirms once some of it has shipped. What was authorised and never taken gets a
 * statement that nothing will be charged.
 */
export function refundsOf(story: Story, known: readonly RefundRow[]): Refunds {
  const taken = sumOf(story, 'captured');
  const back = sumOf(story, 'refunded');
  const owed: Omit<RefundRow, 'done_at'>[] = [];
  let promised = known.reduce((sum, one) => sum + one.amount, 0);
  for (const [event, deeds] of cancellations(story)) {
    if (known.some((one) => one.event_id === event) || deeds[0]!.by === 'channel') continue;
    const left = Math.max(0, taken - promised);
    const row =
      deeds[0]!.by === 'switch'
        ? switchRefund(story, event, deeds, left)
        : refundOf(story, event, deeds, left);
    if (row === null) continue;
    promised += row.amount;
    owed.push(row);
  }
  // Oldest first, as money comes back.
  let settled = back;
  const done: number[] = [];
  for (const one of [...known, ...owed]) {
    const told = story.messages.some(
      (message) => message.cause === `event:${one.event_id}` && message.state === 'sent',
    );
    if (one.kind === 'statement' ? told : one.amount > 0 && settled >= one.amount) done.push(one.event_id);
    settled -= one.amount;
  }
  const open = new Set([...known.filter((one) => one.done_at === null), ...owed].map((one) => one.event_id));
  return { owed, done: done.filter((event) => open.has(event)) };
}

function refundOf(
  story: Story,
  event: number,
  deeds: readonly DeedRow[],
  left: number,
): Omit<RefundRow, 'done_at'> {
  const { row, regimes, zone } = story;
  const captured = sumOf(story, 'captured');
  const authorised = story.payments.some((one) => one.kind === 'authorised');
  const nothingShipped = story.lines.every((line) => line.row.shipped === 0);
  const allCancelled = story.lines.every((line) => line.open === 0);
  const whole = nothingShipped && allCancelled;
  const value = deeds.reduce((sum, deed) => sum + priceOf(story, deed), 0);
  const kind = captured > 0 ? (nothingShipped ? 'refund' : 'confirm') : authorised ? 'statement' : 'confirm';
  const amount = kind === 'statement' ? 0 : captured > 0 ? (whole ? left : Math.min(left, value)) : value;
  const basis = basisOf(story, deeds[0]!);
  const arose = localTime(Date.parse(deeds[0]!.at), zone).day;
  const due = regimes
    .map((regime) => ({ regime, by: refundDue(regime, basis, arose).by }))
    .reduce((a, b) => (b.by < a.by ? b : a));
  return {
    order_id: row.order_id,
    event_id: event,
    regime: due.regime,
    basis,
    kind,
    amount,
    currency: row.currency,
    arose_on: dayText(arose),
    due_on: dayText(due.by),
  };
}

/** What cancelling all that is open now, or so many units by line, would leave to be paid back. Null: nothing is open. */
export function refundIfCancelled(
  story: Story,
  known: readonly RefundRow[],
  now: Date,
  units?: ReadonlyMap<number, number>,
): (Pick<RefundRow, 'kind' | 'amount' | 'due_on' | 'currency'> & { readonly whole: boolean }) | null {
  const goneOf = (line: Story['lines'][number]) =>
    Math.min(line.open, units?.get(line.row.line) ?? (units ? 0 : line.open));
  const open = story.lines.filter((line) => goneOf(line) > 0);
  if (open.length === 0) return null;
  const event = Number.MAX_SAFE_INTEGER;
  const deeds = open.map(
    (line): DeedRow => ({
      kind: 'cancellation',
      order_id: story.row.order_id,
      event_id: event,
      line: line.row.line,
      quantity: goneOf(line),
      by: 'customer',
      reason: null,
      carrier: null,
      tracking: null,
      at: now.toISOString(),
    }),
  );
  const cancelled: Story = {
    ...story,
    deeds: [...story.deeds, ...deeds],
    lines: story.lines.map((line) => ({ ...line, open: line.open - goneOf(line) })),
  };
  const promised = known.reduce((sum, one) => sum + one.amount, 0);
  const left = Math.max(0, sumOf(story, 'captured') - promised);
  const whole = story.lines.every((line) => line.row.shipped === 0);
  return { ...refundOf(cancelled, event, deeds, left), whole };
}

/** Another item that costs less leaves something over. A person confirms it, since taxes are the shop's to reckon. */
function switchRefund(
  story: Story,
  event: number,
  deeds: readonly DeedRow[],
  left: number,
): Omit<RefundRow, 'done_at'> | null {
  const { shipping, shipping_tax } = story.row;
  const ordered = story.lines.reduce(
    (sum, { row }) => {
      const kept = row.ordered - row.cancelled;
      const share = (total: number) => (row.ordered === 0 ? 0 : Math.round((total * kept) / row.ordered));
      return sum + row.price * kept - share(row.discount) + share(row.tax);
    },
    (shipping ?? 0) + (shipping_tax ?? 0),
  );
  const amount = left - ordered;
  return amount > 0 ? { ...refundOf(story, event, deeds, left), kind: 'confirm', amount } : null;
}

/** Whoever withdraws in time needs no reason, and has 14 days to get the money; after a missed day it is the delay's. */
function basisOf(story: Story, deed: DeedRow): RefundBasis {
  if (deed.by === 'law') return 'delay';
  if (deed.by !== 'customer') return 'agreement';
  const day = localTime(Date.parse(deed.at), story.zone).day;
  const line = story.lines.find((one) => one.row.line === deed.line);
  const deadline = line?.engine.duty.deadline ?? null;
  const late = deadline !== null && day > deadline;
  return late ? 'delay' : 'withdrawal';
}

/** The units' share of the line's price, discount and tax. Shares are differences of running totals, so that they add up. */
function priceOf(story: Story, deed: DeedRow): number {
  const line = story.lines.find((one) => one.row.line === deed.line);
  if (line === undefined) return 0;
  const { price, discount, tax, ordered } = line.row;
  const before = story.deeds
    .filter((one) => one.kind === 'cancellation' && one.line === deed.line && one.event_id < deed.event_id)
    .reduce((units, one) => units + one.quantity, 0);
  const share = (total: number) =>
    ordered === 0
      ? 0
      : Number(
          (BigInt(total) * BigInt(before + deed.quantity)) / BigInt(ordered) -
            (BigInt(total) * BigInt(before)) / BigInt(ordered),
        );
  return Math.max(0, price * deed.quantity - share(discount) + share(tax));
}

function cancellations(story: Story): Map<number, DeedRow[]> {
  const events = new Map<number, DeedRow[]>();
  for (const deed of story.deeds) {
    if (deed.kind !== 'cancellation') continue;
    const one = events.get(deed.event_id);
    if (one === undefined) events.set(deed.event_id, [deed]);
    else one.push(deed);
  }
  return events;
}

function sumOf(story: Story, kind: string): number {
  return story.payments.filter((one) => one.kind === kind).reduce((sum, one) => sum + one.amount, 0);
}

/** How a refund's day was reckoned, in words and with its source. */
export function refundRule(row: Pick<RefundRow, 'regime' | 'basis' | 'arose_on'>) {
  const { rule, source } = refundDue(row.regime as Regime, row.basis, dayNumber(row.arose_on));
  return { rule, source };
}
