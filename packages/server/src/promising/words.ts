import type { Reason } from '@kept/engine';
import { ALLOCATION_PHRASES } from './words-of-allocation.ts';

/** Who is told. A customer never reads "pegged", a planner never reads "oops". */
export type Audience = 'planner' | 'agent' | 'customer';

const plural = (count: unknown, one: string, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;

/** Made once: making one takes a thousand times as long as using it. */
const dayFormat = (year: 'numeric' | undefined) =>
  new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year,
    timeZone: 'UTC',
  });
const THIS_YEAR = dayFormat(undefined);
const ANY_YEAR = dayFormat('numeric');

/** '2026-03-14' as "Sat 14 Mar", with the year where it is not this one. */
export function spellDay(day: unknown, today: string): string {
  if (typeof day !== 'string') return 'a day not known yet';
  const format = day.slice(0, 4) === today.slice(0, 4) ? THIS_YEAR : ANY_YEAR;
  return format.format(new Date(`${day}T00:00:00Z`)).replace(',', '');
}

const SLIP_WORDS: Record<string, string> = {
  production: 'production took longer',
  materials: 'materials came late',
  freight: 'the freight was delayed',
  customs: 'customs held it',
  moq: 'the supplier needed a larger order first',
  quality: 'the goods did not pass our checks',
};

/** A supply as planners call it. */
function supplyName(reason: Reason): string {
  if (typeof reason.purchaseOrder === 'string') return reason.purchaseOrder;
  return typeof reason.ref === 'string' ? reason.ref : 'a supply';
}

/** From one day to another; one that is not known any more is no day. */
function movedWords({ from, to }: Reason, today: string): string {
  return to === null
    ? `has no date any more; it was expected on ${spellDay(from, today)}`
    : `moved from ${spellDay(from, today)} to ${spellDay(to, today)}`;
}

/** Where a buffer comes from, so that a planner knows how far to trust it. */
function bufferWords({ buffer, receipts, serviceLevel }: Reason): string {
  if (buffer === 'policy') return ' (set by the policy)';
  if (buffer === 'receipts')
    return ` (learnt: ${Math.round(Number(serviceLevel) * 100)} % of promises are to be kept, ${Number(receipts) === 0 ? 'no receipt of this supplier yet' : `${plural(receipts, 'receipt')} of this supplier`})`;
  return buffer === 'prior' ? ' (assumed until there are receipts to learn from)' : '';
}

/** How long work takes that an order started, and how that is known. */
function workWords({ leadTime, leadTimeDays, made }: Reason): string {
  if (leadTime === undefined) return '';
  const known =
    leadTime === 'receipts'
      ? `learnt from ${made} made`
      : 'as the item says, until enough was made to learn from';
  return ` Such work takes ${plural(leadTimeDays, 'day')} (${known}).`;
}

type Phrase = (reason: Reason, today: string) => Partial<Record<Audience, string>>;

/** Each reason in the words of each audience; what an audience has no word for, it is not told. */
const PHRASES: Record<string, Phrase> = {
  ...ALLOCATION_PHRASES,
  reserved_from_stock: (reason, today) => ({
    planner: `${plural(reason.quantity, 'unit')} reserved from stock at ${reason.location}, leaving ${spellDay(reason.shipBy, today)}.`,
    agent: `${plural(reason.quantity, 'unit')} in stock and set aside.`,
    customer: `${plural(reason.quantity, 'item')} set aside for you.`,
  }),
  pegged_to_supply: (reason, today) => ({
    planner:
      `${plural(reason.quantity, 'unit')} pegged to ${supplyName(reason)} (${String(reason.stage).replace('_', ' ')}, expected ${spellDay(reason.expectedOn, today)}): ` +
      (reason.bufferDays === undefined
        ? `they leave by ${spellDay(reason.shipBy, today)}.`
        : `with ${plural(reason.bufferDays, 'day')} of buffer${bufferWords(reason)} and ${plural(reason.receivingDays, 'working day')} to receive, they leave by ${spellDay(reason.shipBy, today)}.`) +
      workWords(reason),
    agent: `${plural(reason.quantity, 'unit')} on the way to us, leaving by ${spellDay(reason.shipBy, today)}.`,
    customer: `${plural(reason.quantity, 'item')} on the way to us: we send ${reason.quantity === 1 ? 'it' : 'them'} by ${spellDay(reason.shipBy, today)}.`,
  }),
  nothing_backs: (reason) => ({
    planner: `Nothing backs ${plural(reason.quantity, 'unit')}: no free stock and no dated supply is left for them.`,
    agent: `${plural(reason.quantity, 'unit')} without a date: no delivery is planned for them yet.`,
    customer: `We have no date yet for ${plural(reason.quantity, 'item')}.`,
  }),
  not_before: (reason, today) => ({
    planner: `Not before ${spellDay(reason.day, today)}, so it takes the latest supply that keeps that day.`,
    agent: `Asked for not before ${spellDay(reason.day, today)}.`,
    customer: `You asked for it not before ${spellDay(reason.day, today)}.`,
  }),
  ships_complete: () => ({
    planner: 'Ships complete: the day is that of the latest line.',
    agent: 'The order goes out in one parcel, when the last item is here.',
    customer: 'You asked for one parcel: it goes out when everything is here.',
  }),
  supply_slipped: (reason, today) => ({
    planner: `${supplyName(reason)} ${movedWords(reason, today)}${typeof reason.reason === 'string' ? ` (${reason.reason})` : ''}.`,
    agent: `Our delivery ${movedWords(reason, today)}: ${SLIP_WORDS[String(reason.reason)] ?? 'it is late'}.`,
    customer: `Our delivery is late: ${SLIP_WORDS[String(reason.reason)] ?? 'it takes longer than our supplier had told us'}.`,
  }),
  supply_cancelled: (reason) => ({
    planner: `${supplyName(reason)} was cancelled.`,
    agent: 'The delivery that your units were to come from was cancelled.',
    customer: 'The delivery we were waiting for was cancelled.',
  }),
  supply_changed: (reason) =>
    Number(reason.quantityTo) < Number(reason.quantityFrom)
      ? {
          planner: `${supplyName(reason)} was cut from ${reason.quantityFrom} to ${plural(reason.quantityTo, 'unit')}.`,
          agent: 'Our delivery brings fewer units than ordered.',
          customer: 'Our delivery brings fewer items than we had ordered.',
        }
      : { planner: `${supplyName(reason)} changed.`, agent: 'Our delivery changed.' },
  supply_pulled_in: (reason, today) => ({
    planner: `${supplyName(reason)} comes earlier: ${spellDay(reason.to, today)} instead of ${spellDay(reason.from, today)}.`,
    agent: 'Our delivery comes earlier.',
    customer: 'Our delivery comes earlier.',
  }),
  supply_added: (reason) => ({
    planner: `${supplyName(reason)} is new.`,
    agent: 'A new delivery is planned.',
    customer: 'A new delivery is on its way to us.',
  }),
  supplier_abandoned: (reason) => ({
    planner: `The supplier ${reason.supplier ?? ''} was given up; what it was to send backs nothing.`,
    agent: 'The supplier will not deliver.',
    customer: 'Our supplier cannot deliver.',
  }),
  supplier_active: () => ({ planner: 'The supplier delivers again.', agent: 'The supplier delivers again.' }),
  supplier_changed: () => ({ planner: 'The supplier changed.' }),
  location_changed: () => ({
    planner: 'A location opened, closed or serves other channels.',
    agent: 'We ship from elsewhere.',
    customer: 'We have to send it from another place.',
  }),
  policy_changed: () => ({ planner: 'The item’s policy changed.' }),
  item_changed: () => ({ planner: 'The item changed.' }),
  brand_changed: () => ({ planner: 'The brand’s calendar or zone changed.' }),
  channel_limit_changed: () => ({ planner: 'A channel’s share of the item changed.' }),
  hold_expired: () => ({ planner: 'A cart’s hold ran out.' }),
  hold_released: () => ({ planner: 'A cart gave its units back.' }),
  shipped: () => ({
    planner: 'Units left.',
    agent: 'Units were sent.',
    customer: 'We sent a part of your order.',
  }),
  validation_missed: () => ({
    planner: 'The campaign missed its goal; what was ordered was cancelled.',
    agent: 'Too few ordered it for it to be made; the order was cancelled and is refunded.',
    customer: 'Too few people ordered it for us to have it made. You get your money back the way you paid.',
  }),
  launched: (reason) => ({
    planner: `${reason.sku} was launched.`,
    agent: 'The item is out.',
    customer: 'It is out now.',
  }),
  cancel_after: () => ({ planner: 'Its last day passed; it was cancelled.', agent: 'Its last day passed.' }),
  law: () => ({
    planner: 'The customer’s silence cancelled it, by law.',
    agent: 'Nobody answered the delay notice in time, so the law cancelled it.',
    customer: 'We did not hear from you in time, so the order was cancelled.',
  }),
  unpaid: () => ({ planner: 'It was not paid in time.', agent: 'It was not paid in time.' }),
  received: (reason) => ({
    planner: `${supplyName(reason)} came in.`,
    agent: 'Our delivery came in.',
    customer: 'Our delivery came in.',
  }),
  received_short: (reason) =>
    reason.condition === 'damaged'
      ? {
          planner: `${supplyName(reason)} came in damaged: ${plural(reason.quantity, 'unit')}.`,
          agent: `${plural(reason.quantity, 'unit')} of our delivery came damaged.`,
          customer: 'A part of our delivery arrived damaged.',
        }
      : {
          planner: `${supplyName(reason)} came in short${reason.short === undefined ? '' : `, by ${plural(reason.short, 'unit')}`}.`,
          agent: 'Our delivery came with fewer units than ordered.',
          customer: 'Our delivery came with fewer items than we had ordered.',
        },
  stock_counted: () => ({
    planner: 'Stock was counted anew.',
    agent: 'We counted our stock anew.',
    customer: 'We counted our stock and found fewer than we thought.',
  }),
  stock_adjusted: () => ({
    planner: 'Stock was adjusted.',
    agent: 'Our stock changed.',
    customer: 'Our stock changed.',
  }),
  quality_hold: () => ({
    planner: 'Units are held for a quality check.',
    agent: 'The units are held for a quality check.',
    customer: 'We are checking the quality of the items before we send them.',
  }),
  released: () => ({ planner: 'Held units were released.', agent: 'Held units are free again.' }),
  cancelled: (reason) => ({
    planner: `Units were cancelled (${String(reason.by ?? '')}).`.replace(' ()', ''),
    agent: 'Units were cancelled.',
  }),
  order_changed: () => ({
    planner: 'The order was changed.',
    agent: 'The order was changed.',
    customer: 'Your order was changed.',
  }),
  replanned: () => ({ planner: 'Planned again.', agent: 'We looked at the dates again.' }),
  day_passed: () => ({
    planner: 'The delivery that backs it is overdue, and each day it is out its arrival is less near.',
    agent: 'Our delivery is overdue.',
    customer: 'Our delivery is late.',
  }),
};

const CHANGES: Record<string, Partial<Record<Audience, string>>> = {
  withdrawn: {
    planner: 'Nothing is left to back the promise; it is withdrawn.',
    agent: 'There is no date any more.',
    customer: 'We have no date for you at this moment.',
  },
  improved: {
    planner: 'The date is better by as much as the policy asks for, so it is told.',
    agent: 'The date is earlier than before.',
    customer: 'It comes earlier than we had said.',
  },
  fewer: {
    planner: 'Fewer units are backed than were promised.',
    agent: 'Fewer units can be promised than before.',
    customer: 'We have no date any more for a part of it.',
  },
};

/** Reasons in the words of one audience. */
export function wordsOf(reasons: readonly Reason[], audience: Audience, today: string): string[] {
  const words: string[] = [];
  for (const reason of reasons) {
    const phrase = PHRASES[reason.code]?.(reason, today)[audience];
    if (phrase !== undefined) words.push(phrase);
    else if (audience === 'planner' && PHRASES[reason.code] === undefined)
      words.push(`${reason.code.replaceAll('_', ' ')}.`);
    const change = typeof reason.change === 'string' ? CHANGES[reason.change]?.[audience] : undefined;
    if (change !== undefined) words.push(change);
  }
  return words;
}
