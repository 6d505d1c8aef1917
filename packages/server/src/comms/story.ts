import {
  type CustomerAnswer,
  type DayNumber,
  type DelayFacts,
  type Duty,
  dayNumber,
  dutyOf,
  type LineStory,
  lawZone,
  localTime,
  type MessageKind,
  type NoticeSent,
  type OrderStory,
  type PromisePart,
  type Regime,
  regimesOf,
  strictest,
  type ToldPromise,
} from '@kept/engine';
import type { Settings } from '../promising/index.ts';
import type { CommsSettings } from './settings.ts';
import type {
  ChoiceRow,
  DeedRow,
  LineRow,
  MessageRow,
  OrderRow,
  PaymentRow,
  StoryRows,
} from './story-store.ts';

/** An order as its messages, its page and its duties see it: what is stored, and what the engine makes of it. */
export interface Story {
  readonly row: OrderRow;
  readonly lines: readonly StoryLine[];
  readonly messages: readonly MessageRow[];
  readonly deeds: readonly DeedRow[];
  readonly payments: readonly PaymentRow[];
  readonly choices: readonly ChoiceRow[];
  readonly regimes: readonly Regime[];
  /** Where the order's legal days end, and today there. */
  readonly zone: string;
  readonly brandZone: string;
  readonly lawToday: DayNumber;
  readonly engine: OrderStory;
}

export interface StoryLine {
  readonly row: LineRow;
  readonly open: number;
  readonly madeToOrder: boolean;
  readonly facts: DelayFacts;
  readonly engine: LineStory;
}

/** What is told of a line in a message; kept with it as JSON. */
export interface ToldLine {
  readonly line: number;
  readonly version: number;
  /** Open units when it was written. */
  readonly quantity: number;
  readonly parts: readonly {
    readonly quantity: number;
    readonly shipBy: string;
    readonly deliverBy: string;
  }[];
  readonly before: string | null;
}

/** Parcels and cancellations older than this are history when they become known, and no news to anybody. */
const NEWS_MS = 7 * 86_400_000;
/** An order that becomes known later than this after it was placed was confirmed by whoever took it. */
const LATE_MS = 2 * 86_400_000;

export function storiesOf(rows: StoryRows, brand: Settings, comms: CommsSettings, now: Date): Story[] {
  return rows.orders.map((row) => storyOf(row, rows, brand, comms, now));
}

function storyOf(row: OrderRow, rows: StoryRows, brand: Settings, comms: CommsSettings, now: Date): Story {
  const messages = rows.messages.get(row.order_id) ?? [];
  const deeds = rows.deeds.get(row.order_id) ?? [];
  const payments = rows.payments.get(row.order_id) ?? [];
  const choices = rows.choices.get(row.order_id) ?? [];
  const zone = lawZone(row.country, row.region, brand.timeZone);
  const lawDay = (instant: string | Date) => localTime(new Date(instant).getTime(), zone).day;
  const brandDay = (instant: string | Date) => localTime(new Date(instant).getTime(), brand.timeZone).day;
  const lawToday = lawDay(now);
  const wholesale = /^(wholesale|b2b|edi)/i.test(row.channel_kind);
  const business = row.business || wholesale;
  const exempt = comms.usExemption === 'business_orders' ? (business ? 'counsel' : null) : comms.usExemption;
  const regimes = regimesOf({ shipTo: row.country, buyer: null, business, usExemption: exempt });
  const completedOn = completed(row, payments, lawDay);
  const context: LineContext = { messages, choices, regimes, completedOn, lawDay, brandDay, lawToday, brand };
  const lines = (rows.lines.get(row.order_id) ?? []).map((line) => storyLine(line, context));
  const recent = (deed: DeedRow) => now.getTime() - Date.parse(deed.at) < NEWS_MS;
  const engine: OrderStory = {
    placedOn: brandDay(row.placed_at),
    recordedLate: Date.parse(row.recorded_at) - Date.parse(row.placed_at) > LATE_MS,
    channelSends: row.messages === 'none' ? null : new Set(row.sends as MessageKind[]),
    lines: lines.map((line) => line.engine),
    shipments: byEvent(deeds.filter((deed) => deed.kind === 'shipment' && recent(deed))),
    cancellations: byEvent(deeds.filter((deed) => deed.kind === 'cancellation' && recent(deed))),
    refunds: payments
      .filter((one) => one.kind === 'refunded' && now.getTime() - Date.parse(one.happened_at) < NEWS_MS)
      .map((one) => ({ payment: one.payment_id })),
    messages: messages.map((one) => ({
      kind: one.kind as MessageKind,
      cause: one.cause,
      pending: one.state === 'waiting' || one.state === 'failed' || one.state === 'bounced',
      // What came back told nobody anything.
      sentAt: one.sent_at === null || one.state === 'bounced' ? null : Date.parse(one.sent_at),
      writtenOn: brandDay(one.written_at),
      lines: toldLines(one).map((told) => told.line),
    })),
    today: brandDay(now),
    lawToday,
    now: now.getTime(),
  };
  return {
    row,
    lines,
    messages,
    deeds,
    payments,
    choices,
    regimes,
    zone,
    brandZone: brand.timeZone,
    lawToday,
    engine,
  };
}

/** 435.1(c): complete once it is paid or its payment is authorised. Without a payment deadline it was, when it was placed. */
function completed(
  row: OrderRow,
  payments: readonly PaymentRow[],
  lawDay: (instant: string) => DayNumber,
): DayNumber | null {
  if (row.payment_due_at === null) return lawDay(row.placed_at);
  const paid = payments.find((one) => one.kind === 'authorised' || one.kind === 'captured');
  return paid === undefined ? null : lawDay(paid.happened_at);
}

interface LineContext {
  readonly messages: readonly MessageRow[];
  readonly choices: readonly ChoiceRow[];
  readonly regimes: readonly Regime[];
  readonly completedOn: DayNumber | null;
  readonly lawDay: (instant: string) => DayNumber;
  readonly brandDay: (instant: string) => DayNumber;
  readonly lawToday: DayNumber;
  readonly brand: Settings;
}

function storyLine(row: LineRow, context: LineContext): StoryLine {
  const { brandDay, regimes, brand } = context;
  const open = row.ordered - row.shipped - row.cancelled;
  const version = (number: number, parts: string | null, madeAt: string | null): ToldPromise | null =>
    number === 0 || parts === null || madeAt === null
      ? null
      : { version: number, parts: partsOf(parts), madeOn: brandDay(madeAt) };
  const facts = regimes.map((regime) => delayFacts(row, open, regime, context));
  const [first, ...others] = facts.map((one) => dutyOf(one, brand.calendar)) as [Duty, ...Duty[]];
  return {
    row,
    open,
    madeToOrder: brand.policies.get(row.policy)?.kind === 'made_to_order',
    facts: facts[0]!,
    engine: {
      line: row.line,
      open,
      waited: row.waiting_since !== null,
      told: version(row.told_version, row.told_parts, row.told_made_at),
      promise: version(row.promise_version, row.parts, row.made_at),
      duty: strictest(first, ...others),
    },
  };
}

/** What a law's table needs of a line, on that law's clock: shipment in the US, delivery in EU and UK. */
function delayFacts(row: LineRow, open: number, regime: Regime, context: LineContext): DelayFacts {
  const { messages, choices, lawDay, lawToday } = context;
  const delivery = regime === 'eu' || regime === 'uk';
  const last = (parts: ToldLine['parts']) => {
    const part = parts.at(-1);
    return part === undefined ? null : dayNumber(delivery ? part.deliverBy : part.shipBy);
  };
  const notices: NoticeSent[] = [];
  for (const one of messages) {
    if (one.sent_at === null || one.state !== 'sent' || !one.kind.endsWith('delay_notice')) continue;
    const told = toldLines(one).find((line) => line.line === row.line);
    if (told !== undefined)
      notices.push({ sentOn: lawDay(one.sent_at), revised: last(told.parts), backed: told.parts.length > 0 });
  }
  const parts = row.parts === null ? [] : partsOf(row.parts);
  const promised = parts.at(-1);
  const covered = parts.reduce((units, part) => units + part.quantity, 0) - shippedSince(row) >= open;
  const expected = promised === undefined ? null : delivery ? promised.deliverBy : promised.shipBy;
  const stated = delivery ? row.stated_deliver_by : row.stated_ship_by;
  const day = (text: string | null) => (text === null ? null : dayNumber(text));
  return {
    regime,
    completedOn: context.completedOn,
    stated: day(stated),
    firstPromised: day(row.first_ship_by),
    cancelAfter: day(row.cancel_after),
    sellerCredit: false,
    timeEssential: false,
    refusedOn: null,
    open,
    // What should have left already leaves today at the earliest.
    expected: expected === null || !covered ? null : Math.max(expected, lawToday),
    backed: covered,
    notices,
    answers: choices.filter((one) => one.line === row.line).flatMap((one) => answerOf(one, lawDay)),
    today: lawToday,
  };
}

const shippedSince = (row: LineRow) => Math.max(0, row.shipped - (row.shipped_before ?? 0));

/** A part that was cancelled is gone from the open units, and the rest goes on as it was. */
function answerOf(row: ChoiceRow, lawDay: (instant: string) => DayNumber): CustomerAnswer[] {
  const on = lawDay(row.happened_at);
  const until = row.until_on === null ? null : dayNumber(row.until_on);
  if (row.kind === 'wait') return [{ kind: 'wait', on, until }];
  if (row.kind === 'additional_period' && until !== null) return [{ kind: 'additional_period', on, until }];
  return [];
}

/** A ledger's parts: [[quantity, shipBy, deliverBy], …]. */
export function partsOf(text: string): PromisePart[] {
  const parts = JSON.parse(text) as [number, string, string][];
  return parts.map(([quantity, shipBy, deliverBy]) => ({
    quantity,
    shipBy: dayNumber(shipBy),
    deliverBy: dayNumber(deliverBy),
  }));
}

export function toldLines(row: Pick<MessageRow, 'lines'>): ToldLine[] {
  return JSON.parse(row.lines) as ToldLine[];
}

function byEvent(deeds: readonly DeedRow[]) {
  const events = new Map<number, { event: number; by: string; lines: number[] }>();
  for (const deed of deeds) {
    const one = events.get(deed.event_id);
    if (one === undefined)
      events.set(deed.event_id, { event: deed.event_id, by: deed.by ?? '', lines: [deed.line] });
    else one.lines.push(deed.line);
  }
  return [...events.values()];
}
