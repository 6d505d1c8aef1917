import { sum } from './quantity.ts';

/** When the money for units that wait is taken. Amounts are minor units; a deposit's amount is per unit. */
export type ChargeTerms =
  | { readonly kind: 'at_order' }
  | { readonly kind: 'deposit'; readonly amount?: number; readonly percent?: number }
  | { readonly kind: 'authorise' }
  | { readonly kind: 'at_shipment' }
  | { readonly kind: 'invoice'; readonly days: number };

/** A policy's terms, and those of channels that have their own: wholesale is invoiced. */
export interface ChargePolicy {
  readonly terms: ChargeTerms;
  readonly channels?: Readonly<Record<string, ChargeTerms>>;
}

const AT_ORDER: ChargeTerms = { kind: 'at_order' };

/** What a policy charges by in a channel; at order where nothing was said. */
export function termsFor(policy: ChargePolicy | undefined, channel: string): ChargeTerms {
  return policy?.channels?.[channel] ?? policy?.terms ?? AT_ORDER;
}

/** A deposit on units worth `value` together: an amount per unit or a share, half up to the cent, and never more than they cost. */
export function depositOf(
  { amount, percent }: Extract<ChargeTerms, { kind: 'deposit' }>,
  value: number,
  units: number,
): number {
  const asked = amount !== undefined ? amount * units : Math.floor((value * (percent ?? 0) + 50) / 100);
  return Math.min(value, asked);
}

/**
 * Allots an amount to lines pro rata to what they cost, the remainder to the last that costs anything (RULES 31). The parts
 * come to the amount; all of it goes to the last line where none costs anything.
 */
export function allot(amount: number, values: readonly number[]): number[] {
  const whole = sum(values);
  const last = whole === 0 ? values.length - 1 : values.findLastIndex((value) => value > 0);
  const parts = values.map((value, index) =>
    index === last || whole === 0 ? 0 : Number((BigInt(amount) * BigInt(value)) / BigInt(whole)),
  );
  if (last >= 0) parts[last] = amount - sum(parts);
  return parts;
}

/** A line as its money sees it: units, and what all of them cost the customer, tax in and discount off. */
export interface ChargedLine {
  readonly line: number;
  readonly units: number;
  readonly amount: number;
}

/** What happened to an order's money and goods, in the order in which it did. */
export type ChargeEvent =
  | { readonly kind: 'captured'; readonly amount: number; readonly lines?: readonly number[] }
  | { readonly kind: 'refunded'; readonly amount: number }
  | { readonly kind: 'shipped'; readonly line: number; readonly units: number }
  | { readonly kind: 'cancelled'; readonly line: number; readonly units: number };

export interface LineStanding {
  readonly line: number;
  readonly open: number;
  /** What the open units cost. */
  readonly openAmount: number;
  /** Collected for units that have not shipped. */
  readonly prepaid: number;
  /** Collected for units that have. */
  readonly paid: number;
  /** Shipped, and not paid for yet. */
  readonly owed: number;
}

/** Where an order's money stands. Always: captured − refunded = Σ prepaid + Σ paid + refundDue + credit. */
export interface ChargeStanding {
  readonly lines: readonly LineStanding[];
  readonly captured: number;
  readonly refunded: number;
  /** Collected for goods that have not shipped: Σ prepaid. */
  readonly prepaid: number;
  /** Shipped and not paid for: Σ owed. */
  readonly owed: number;
  /** Has to go back to the customer, since what it was paid for was cancelled. */
  readonly refundDue: number;
  /** More than everything costs. */
  readonly credit: number;
}

interface Line {
  readonly line: number;
  readonly units: number;
  readonly amount: number;
  open: number;
  shipped: number;
  prepaid: number;
  paid: number;
  owed: number;
}

/**
 * Follows an order's money to the cent. A capture pays first for what has shipped unpaid, then is allotted to what is open,
 * pro rata; one that names lines is theirs. Units that ship or are cancelled take along their share of what their line prepaid.
 */
export function chargeStanding(
  ordered: readonly ChargedLine[],
  events: readonly ChargeEvent[],
): ChargeStanding {
  const lines = ordered.map(
    (one): Line => ({
      ...one,
      open: one.units,
      shipped: 0,
      prepaid: 0,
      paid: 0,
      owed: 0,
    }),
  );
  const lineOf = (number: number) => {
    const line = lines.find((one) => one.line === number);
    if (line === undefined) throw new Error(`line ${number} is not one of the order's`);
    return line;
  };
  let captured = 0;
  let refunded = 0;
  let refundDue = 0;
  let credit = 0;
  for (const event of events) {
    switch (event.kind) {
      case 'captured': {
        captured += event.amount;
        const chosen = event.lines === undefined ? lines : event.lines.map(lineOf);
        let left = give(event.amount, chosen, (line) => line.owed, payOwed);
        left = give(left, chosen, unpaid, prepay);
        if (left > 0 && chosen !== lines) {
          left = give(left, lines, (line) => line.owed, payOwed);
          left = give(left, lines, unpaid, prepay);
        }
        credit += left;
        break;
      }
      case 'shipped': {
        const line = lineOf(event.line);
        const value = amountOf(line, line.shipped + event.units) - amountOf(line, line.shipped);
        const share = shareOf(line, event.units);
        line.open -= event.units;
        line.shipped += event.units;
        // What is left of the line may cost a cent less than what its share would leave on it.
        const taken = Math.max(share, line.prepaid - openAmount(line));
        line.prepaid -= taken;
        const kept = Math.min(taken, value);
        credit += taken - kept;
        line.paid += kept;
        line.owed += value - kept;
        break;
      }
      case 'cancelled': {
        const line = lineOf(event.line);
        const taken = shareOf(line, event.units);
        line.prepaid -= taken;
        line.open -= event.units;
        refundDue += taken;
        // What is left of the line may cost a cent less than what is left on it.
        const over = Math.max(0, line.prepaid - openAmount(line));
        line.prepaid -= over;
        refundDue += over;
        break;
      }
      case 'refunded': {
        refunded += event.amount;
        let left = event.amount;
        const due = Math.min(left, refundDue);
        refundDue -= due;
        left -= due;
        const spare = Math.min(left, credit);
        credit -= spare;
        left -= spare;
        // Goodwill: first off what is shipped, then off what was prepaid.
        left = give(
          left,
          lines,
          (line) => line.paid,
          (line, amount) => {
            line.paid -= amount;
          },
        );
        left = give(
          left,
          lines,
          (line) => line.prepaid,
          (line, amount) => {
            line.prepaid -= amount;
          },
        );
        // More went back than ever came in: it is told as a negative credit, and no line's figure is bent for it.
        credit -= left;
        break;
      }
    }
  }
  return {
    lines: lines.map((line) => ({
      line: line.line,
      open: line.open,
      openAmount: openAmount(line),
      prepaid: line.prepaid,
      paid: line.paid,
      owed: line.owed,
    })),
    captured,
    refunded,
    prepaid: sum(lines.map((line) => line.prepaid)),
    owed: sum(lines.map((line) => line.owed)),
    refundDue,
    credit,
  };
}

/** What the first `units` of a line cost: cumulative, so that the parts of a line always come to the whole. */
function amountOf(line: Pick<Line, 'units' | 'amount'>, units: number): number {
  return line.units === 0 ? 0 : Number((BigInt(line.amount) * BigInt(units)) / BigInt(line.units));
}

function openAmount(line: Line): number {
  return amountOf(line, line.shipped + line.open) - amountOf(line, line.shipped);
}

const unpaid = (line: Line) => Math.max(0, openAmount(line) - line.prepaid);

function payOwed(line: Line, amount: number): void {
  line.owed -= amount;
  line.paid += amount;
}

function prepay(line: Line, amount: number): void {
  line.prepaid += amount;
}

/** What some of a line's open units take along of what it prepaid; the last take all that is left. */
function shareOf(line: Line, units: number): number {
  if (units > line.open) throw new Error(`line ${line.line} has ${line.open} open units, not ${units}`);
  return units === line.open
    ? line.prepaid
    : Number((BigInt(line.prepaid) * BigInt(units)) / BigInt(line.open));
}

/** Gives an amount to lines pro rata to what each can take; answers what none could. */
function give(
  amount: number,
  lines: readonly Line[],
  room: (line: Line) => number,
  take: (line: Line, amount: number) => void,
): number {
  const rooms = lines.map(room);
  const given = Math.min(amount, sum(rooms));
  if (given <= 0) return amount;
  // Largest remainders where all is full to the cent, RULES 31 where there is a cent to decide about: no line beyond its room.
  const parts = given === sum(rooms) ? rooms : within(allot(given, rooms), rooms);
  for (const [index, line] of lines.entries()) if (parts[index]! > 0) take(line, parts[index]!);
  return amount - given;
}

/** The remainder that the last line has no room for goes to those before it. */
function within(parts: number[], rooms: readonly number[]): number[] {
  let over = 0;
  for (let index = parts.length - 1; index >= 0; index--) {
    const all = parts[index]! + over;
    parts[index] = Math.min(all, rooms[index]!);
    over = all - parts[index]!;
  }
  return parts;
}

/** A payment that took money, and what of it has gone back already. */
export interface TakenPayment {
  readonly id: string;
  readonly amount: number;
  readonly refunded: number;
}

/**
 * Refunds go back the way the money came, the last payment first; never more than a payment took.
 * @returns what goes back to which payment, and what none of them can take back (money that came another way)
 */
export function refundsFor(
  amount: number,
  payments: readonly TakenPayment[],
): {
  readonly refunds: readonly { readonly payment: string; readonly amount: number }[];
  readonly rest: number;
} {
  const refunds: { payment: string; amount: number }[] = [];
  let rest = amount;
  for (const payment of [...payments].reverse()) {
    const back = Math.min(rest, payment.amount - payment.refunded);
    if (back <= 0) continue;
    refunds.push({ payment: payment.id, amount: back });
    rest -= back;
  }
  return { refunds, rest };
}
