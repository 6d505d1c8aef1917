import type { DayNumber } from './day.ts';
import type { Duty } from './delay-notice.ts';
import type { PromisePart } from './position.ts';

/**
 * Which messages an order's story calls for. One message per customer, order and cause: lines that move together are told
 * together. Looked at again after every fact and on `lookOn`; what was written already is told by its cause and not again.
 */
export interface OrderStory {
  /** The brand's day on which it was ordered. */
  readonly placedOn: DayNumber;
  /** It became known long after it was placed (an import, late news): whoever took it has confirmed it. */
  readonly recordedLate: boolean;
  /** What the channel sends itself (RULES 30); null: everything. */
  readonly channelSends: ReadonlySet<MessageKind> | null;
  readonly lines: readonly LineStory[];
  readonly shipments: readonly { readonly event: number; readonly lines: readonly number[] }[];
  readonly cancellations: readonly {
    readonly event: number;
    readonly by: string;
    readonly lines: readonly number[];
  }[];
  readonly refunds: readonly { readonly payment: string }[];
  readonly messages: readonly MessageStory[];
  readonly today: DayNumber;
  /** Today where the goods go, by which the duties were reckoned. */
  readonly lawToday: DayNumber;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export interface LineStory {
  readonly line: number;
  readonly open: number;
  /** It was on backorder, preorder or made to order, at its placing or since. */
  readonly waited: boolean;
  /** The promise that the customer knows; null: none yet. */
  readonly told: ToldPromise | null;
  /** The newest one. */
  readonly promise: ToldPromise | null;
  readonly duty: Duty;
}

export interface ToldPromise {
  readonly version: number;
  /** Earliest first; none: withdrawn. */
  readonly parts: readonly PromisePart[];
  /** The brand's day on which it was made. */
  readonly madeOn: DayNumber;
}

export type MessageKind =
  | 'confirmation'
  | 'update'
  | 'delay_notice'
  | 'renewed_delay_notice'
  | 'improved'
  | 'shipped'
  | 'cancelled'
  | 'refunded';

/** A message as it was written. */
export interface MessageStory {
  readonly kind: MessageKind;
  readonly cause: string;
  /** Written, and not sent yet. */
  readonly pending: boolean;
  /** Milliseconds since 1970; null: not sent. */
  readonly sentAt: number | null;
  /** The brand's day on which it was written. */
  readonly writtenOn: DayNumber;
  readonly lines: readonly number[];
}

export interface MessageDraft {
  readonly kind: MessageKind;
  /** One message per cause. */
  readonly cause: string;
  readonly lines: readonly number[];
  /** Versions of the lines' promises that it tells. */
  readonly versions: Readonly<Record<number, number>>;
  /** When it is to go out, in milliseconds since 1970. */
  readonly dueAt: number;
  /** The last day on which it counts, where a law or a contract wants it. */
  readonly by: DayNumber | null;
}

export interface TouchpointPolicy {
  /** The mid-wait update goes out this many days before the promised one. */
  readonly updateDays: number;
  /** Waits of fewer days are told half-way, and of fewer than the other not at all (RULES 29). */
  readonly shortWaitDays: number;
  readonly noUpdateDays: number;
  /** Long waits hear something every so many weeks; null: only the mid-wait update. */
  readonly everyWeeks: number | null;
  /** No second message within so many hours, unless a law wants it. */
  readonly quietHours: number;
  /** A slip takes the place of an update that is due within so many days. */
  readonly slipReplacesDays: number;
}

export const TOUCHPOINTS: TouchpointPolicy = {
  updateDays: 7,
  shortWaitDays: 14,
  noUpdateDays: 4,
  everyWeeks: 4,
  quietHours: 4,
  slipReplacesDays: 3,
};

export interface Touchpoints {
  readonly messages: readonly MessageDraft[];
  /** Pending messages that the new ones take the place of, by cause. */
  readonly superseded: readonly string[];
  /** The brand's day on which to look again, though nothing happens; null: none. */
  readonly lookOn: DayNumber | null;
  /** The same by the law's days, which end where the goods go. */
  readonly lawLookOn: DayNumber | null;
}

export function touchpointsOf(story: OrderStory, policy: TouchpointPolicy = TOUCHPOINTS): Touchpoints {
  const drafts: MessageDraft[] = [];
  const superseded: string[] = [];
  const written = new Set(story.messages.map((one) => one.cause));
  const add = (
    kind: MessageKind,
    cause: string,
    lines: readonly LineStory[],
    by: DayNumber | null = null,
  ) => {
    if (written.has(cause) || lines.length === 0) return;
    if (story.channelSends === null || story.channelSends.has(kind)) return;
    drafts.push({
      kind,
      cause,
      lines: lines.map((one) => one.line),
      versions: Object.fromEntries(lines.map((one) => [one.line, one.promise?.version ?? 0])),
      dueAt: dueAt(story, policy, kind, by),
      by,
    });
  };
  const waited = story.lines.filter((line) => line.waited);
  const named = (lines: readonly number[]) => waited.filter((line) => lines.includes(line.line));

  if (!story.recordedLate) add('confirmation', 'placed', waited);
  const news = story.lines.map((line) => ({ line, news: newsOf(line) }));
  // What was stated before ordering may be missed from the start, by a promise that never moved.
  const slips = news
    .filter(({ line, news }) => news === 'slip' || line.duty.state === 'notice_due')
    .map((one) => one.line);
  const better = news
    .filter(({ line, news }) => news === 'better' && !slips.includes(line))
    .map((one) => one.line);
  // What is confirmed in this moment needs no second message about the same promise.
  const confirming = drafts.some((draft) => draft.kind === 'confirmation');
  if (slips.length > 0) {
    const renewed = slips.some(
      (line) => line.duty.notice?.kind === 'renewed_delay_notice' || toldBefore(story, line),
    );
    const by = least(slips.map((line) => line.duty.notice?.by ?? null));
    const moved = [...slips, ...better];
    add(renewed ? 'renewed_delay_notice' : 'delay_notice', causeOf(moved), moved, by);
    if (drafts.some((draft) => draft.kind.endsWith('delay_notice')))
      superseded.push(...pending(story, 'update', 'improved', 'delay_notice', 'renewed_delay_notice'));
  } else if (better.length > 0 && !confirming) {
    add('improved', causeOf(better), better);
    if (drafts.some((draft) => draft.kind === 'improved')) superseded.push(...pending(story, 'improved'));
  }
  for (const { event, lines } of story.shipments) add('shipped', `event:${event}`, named(lines));
  // A channel that cancels tells its customer itself.
  // A channel that cancels tells its customer itself, and a switch is not the end of anything.
  for (const { event, by, lines } of story.cancellations)
    if (by !== 'channel' && by !== 'switch') add('cancelled', `event:${event}`, named(lines));
  if (waited.length > 0)
    for (const { payment } of story.refunds) add('refunded', `payment:${payment}`, waited);

  const updates = waited
    .map((line) => ({ line, on: updateOn(story, line, policy) }))
    .filter((one): one is { line: LineStory; on: DayNumber } => one.on !== null);
  const due = updates.filter((one) => one.on <= story.today);
  const slipSoon =
    drafts.some((draft) => draft.kind.endsWith('delay_notice')) ||
    pending(story, 'delay_notice', 'renewed_delay_notice').length > 0;
  if (due.length > 0 && !confirming && !slipSoon)
    add(
      'update',
      `update:${causeOf(due.map((one) => one.line))}:${story.today}`,
      due.map((one) => one.line),
    );
  return {
    messages: drafts,
    superseded: superseded.filter((cause) => !drafts.some((draft) => draft.cause === cause)),
    lookOn: least(updates.map((one) => (one.on > story.today ? one.on : story.today + 1))),
    lawLookOn: least(story.lines.map((line) => lawLookOn(line, story.lawToday))),
  };
}

/** Whether a newer promise is worse or better than the one that the customer knows. Fewer units by their own wish are neither. */
function newsOf(line: LineStory): 'slip' | 'better' | null {
  const { told, promise, open } = line;
  if (open === 0 || promise === null || promise.version === (told?.version ?? 0)) return null;
  const was = told === null ? null : lastDay(told.parts);
  const is = lastDay(promise.parts);
  if (was === null) return is === null ? null : 'better';
  if (is === null || is > was) return 'slip';
  if (units(promise.parts) < Math.min(open, units(told!.parts))) return 'slip';
  return is < was ? 'better' : null;
}

/** A notice about this line went out before, so that this one renews it. */
function toldBefore(story: OrderStory, { line }: LineStory): boolean {
  return story.messages.some(
    (one) => one.kind.endsWith('delay_notice') && one.sentAt !== null && one.lines.includes(line),
  );
}

/**
 * When the next mid-wait update is due (RULES 29): a week before the latest promise told; half-way for waits under 14 days;
 * none under 4. Long waits hear something every n weeks until then. Null: none, or it was written.
 */
export function updateOn(
  story: Pick<OrderStory, 'messages' | 'placedOn'>,
  line: LineStory,
  policy: TouchpointPolicy,
): DayNumber | null {
  const { told, open } = line;
  const promised = told === null ? null : lastDay(told.parts);
  if (open === 0 || told === null || promised === null) return null;
  const begun = told.version === 1 ? story.placedOn : told.madeOn;
  const wait = promised - begun;
  if (wait < policy.noUpdateDays) return null;
  const last = wait < policy.shortWaitDays ? begun + Math.floor(wait / 2) : promised - policy.updateDays;
  const heard = story.messages.filter((one) => one.lines.includes(line.line) && HEARD.has(one.kind));
  const heardOn = Math.max(begun, ...heard.map((one) => one.writtenOn));
  // One that was heard close before the last one, or after, was the last one.
  const updated = heard.some((one) => one.kind === 'update' && one.writtenOn >= last);
  if (updated || heardOn >= last) return null;
  if (heardOn > begun && last - heardOn <= policy.slipReplacesDays) return null;
  if (policy.everyWeeks === null) return last;
  const next = heardOn + policy.everyWeeks * 7;
  return next <= last - policy.updateDays ? next : last;
}

const HEARD: ReadonlySet<MessageKind> = new Set([
  'update',
  'delay_notice',
  'renewed_delay_notice',
  'improved',
]);

/** The law's next day for a line: a silence that ends, a deadline that passes. Notices go out at once, and need no day. */
function lawLookOn({ duty, open }: LineStory, today: DayNumber): DayNumber | null {
  if (open === 0) return null;
  const days = [duty.silence?.on, duty.deadline]
    .filter((day): day is DayNumber => typeof day === 'number')
    // A deadline is met until its day ends: what follows is seen on the day after.
    .map((day) => day + 1)
    .filter((day) => day > today);
  return days.length === 0 ? null : Math.min(...days);
}

/** At once; after a message of the last hours later, unless a law's day is near. What has happened to the order itself is told at once. */
function dueAt(story: OrderStory, policy: TouchpointPolicy, kind: MessageKind, by: DayNumber | null): number {
  if (AT_ONCE.has(kind)) return story.now;
  const last = Math.max(0, ...story.messages.map((one) => one.sentAt ?? 0));
  const quiet = last + policy.quietHours * 3_600_000;
  if (by !== null && by - story.today <= 1) return story.now;
  return Math.max(story.now, quiet);
}

const AT_ONCE: ReadonlySet<MessageKind> = new Set(['confirmation', 'shipped', 'cancelled', 'refunded']);

function pending(story: OrderStory, ...kinds: MessageKind[]): string[] {
  return story.messages.filter((one) => one.pending && kinds.includes(one.kind)).map((one) => one.cause);
}

/** Versions are never given twice, so they name what was told. */
function causeOf(lines: readonly LineStory[]): string {
  return `promise:${lines
    .map(({ line, promise }) => `${line}.${promise?.version ?? 0}`)
    .sort()
    .join(',')}`;
}

function lastDay(parts: readonly PromisePart[]): DayNumber | null {
  return parts.at(-1)?.shipBy ?? null;
}

function units(parts: readonly PromisePart[]): number {
  let sum = 0;
  for (const part of parts) sum += part.quantity;
  return sum;
}

function least(days: readonly (DayNumber | null)[]): DayNumber | null {
  const known = days.filter((day): day is DayNumber => day !== null);
  return known.length === 0 ? null : Math.min(...known);
}
