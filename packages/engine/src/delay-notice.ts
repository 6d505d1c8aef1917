import { type DayNumber, isWorkingDay, MONDAY_TO_FRIDAY, type WorkingCalendar } from './day.ts';
import type { Regime } from './jurisdiction.ts';
import type { LawRowId } from './law.ts';

/**
 * The law's clock: what a slip asks of the seller, by which day, what the customer's silence comes to, and when an order is
 * cancelled by itself. The rows are data in law.ts, each with its source. All days are calendar days where the goods go and
 * are never rolled forward; a deadline is met until its day ends.
 */
export interface DelayFacts {
  readonly regime: Regime;
  /**
   * The day on which the order was complete: payment or its authorisation, and all that is needed to ship (435.1(c)). Null:
   * not yet, and no clock runs (RULES 5).
   */
  readonly completedOn: DayNumber | null;
  /** The latest day stated before ordering, the upper end of a range: shipment in the US, delivery in EU and UK. */
  readonly stated: DayNumber | null;
  /** The day first promised, which the brand's own rule holds it to where nothing was stated. */
  readonly firstPromised: DayNumber | null;
  /** Wholesale's last day. */
  readonly cancelAfter: DayNumber | null;
  /** The buyer applied to the seller for credit to pay. */
  readonly sellerCredit: boolean;
  /** Delivery on time was agreed or evident as essential (CRD 18(2), CRA s. 28(6)). */
  readonly timeEssential: boolean;
  /** The seller refused to deliver. */
  readonly refusedOn: DayNumber | null;
  /** Units that the carrier does not have. */
  readonly open: number;
  /** When the open units go by what is known now, on the regime's clock. Null: no day can be given. */
  readonly expected: DayNumber | null;
  /** Whether that day has recorded backing; a day without is no day (435.2(a), (b)). */
  readonly backed: boolean;
  /** Notices that were really sent, in order. */
  readonly notices: readonly NoticeSent[];
  /** What the customer said, in order. */
  readonly answers: readonly CustomerAnswer[];
  readonly today: DayNumber;
}

export interface NoticeSent {
  readonly sentOn: DayNumber;
  /** The new day that it told; null: it said that none can be given. */
  readonly revised: DayNumber | null;
  readonly backed: boolean;
}

export type CustomerAnswer =
  /** Accepted expressly: until this day, or for as long as it takes. */
  | { readonly kind: 'wait'; readonly on: DayNumber; readonly until: DayNumber | null }
  | { readonly kind: 'cancel'; readonly on: DayNumber }
  /** The further time that a consumer sets (CRD 18(2), CRA s. 28(7)). */
  | { readonly kind: 'additional_period'; readonly on: DayNumber; readonly until: DayNumber };

export type SilenceMeans =
  /** Saying nothing agrees to the new day. */
  | 'consent'
  /** Saying nothing cancels the order at the end of `on`. */
  | 'cancelled'
  /** Saying nothing changes nothing: the old day binds. */
  | 'nothing';

export interface Silence {
  readonly means: SilenceMeans;
  /** The last day on which the customer can prevent it; null where it has no day. */
  readonly on: DayNumber | null;
}

export interface NoticeDuty {
  readonly kind: 'delay_notice' | 'renewed_delay_notice';
  /** No day can be told: the reason, and the right to cancel at any time, have to be. */
  readonly indefinite: boolean;
  /** The last day on which it counts. Null: none, it is told at once. */
  readonly by: DayNumber | null;
  /** The last day on which Kept sends it: the working day before, or today where that is past. */
  readonly sendBy: DayNumber;
}

export type DutyState =
  /** Not complete, or nothing was stated or promised. */
  | 'no_clock'
  /** Nothing is open any more. */
  | 'fulfilled'
  | 'in_time'
  /** The customer has to be told. */
  | 'notice_due'
  /** Told, and silence cancels. */
  | 'awaiting_consent'
  /** The customer agreed to wait, without a day. */
  | 'waits'
  /** Past its day, and the customer may end it. */
  | 'overdue'
  /** It is to be cancelled and refunded now. */
  | 'cancel';

export interface Duty {
  readonly regime: Regime;
  readonly state: DutyState;
  /** T: the day that was stated, or that the law sets. */
  readonly original: DayNumber | null;
  /** The day that binds now: T, or the one that took its place. */
  readonly deadline: DayNumber | null;
  readonly notice: NoticeDuty | null;
  /** What silence comes to, after the notice that was sent or the one that is due. */
  readonly silence: Silence | null;
  /** When the order is to be cancelled: the right to the refund arises on this day. */
  readonly cancelledOn: DayNumber | null;
  /** What the customer may do besides cancelling. */
  readonly customerMay: readonly ('set_additional_period' | 'terminate' | 'reject_part')[];
  /** What was missed, to be said and never papered over. */
  readonly missed: readonly { readonly row: LawRowId; readonly on: DayNumber }[];
  /** The rows that were applied, with their sources in law.ts. */
  readonly rows: readonly LawRowId[];
}

/** What the table of the order's regime asks as of `today`. `calendar` is the brand's: on its working days notices are sent. */
export function dutyOf(facts: DelayFacts, calendar: WorkingCalendar = MONDAY_TO_FRIDAY): Duty {
  switch (facts.regime) {
    case 'us':
      return unitedStates(facts, calendar);
    case 'eu':
    case 'uk':
      return consumerRights(facts, calendar, facts.regime);
    case 'contract':
      return contract(facts, calendar);
    case 'brand':
      return brandRule(facts, calendar);
  }
}

/** Where two laws bind an order, the stricter of their answers in each respect. */
export function strictest(first: Duty, ...others: readonly Duty[]): Duty {
  return others.reduce((a, b) => {
    const strict = STATE_ORDER.indexOf(a.state) >= STATE_ORDER.indexOf(b.state) ? a : b;
    const notice = earlierNotice(a.notice, b.notice);
    return {
      ...strict,
      original: earlier(a.original, b.original),
      deadline: earlier(a.deadline, b.deadline),
      notice,
      silence: strictSilence(a.silence, b.silence),
      cancelledOn: earlier(a.cancelledOn, b.cancelledOn),
      customerMay: [...new Set([...a.customerMay, ...b.customerMay])],
      missed: [...a.missed, ...b.missed],
      rows: [...new Set([...a.rows, ...b.rows])],
    };
  }, first);
}

const STATE_ORDER: readonly DutyState[] = [
  'no_clock',
  'fulfilled',
  'in_time',
  'waits',
  'awaiting_consent',
  'overdue',
  'notice_due',
  'cancel',
];

/** 16 CFR 435.2. T counts from the order and from what was stated then, never from a notice. */
function unitedStates(facts: DelayFacts, calendar: WorkingCalendar): Duty {
  const { completedOn, today, open } = facts;
  const duty = blank(facts);
  if (completedOn === null) return { ...duty, rows: ['us_complete'] };
  const original = facts.stated ?? completedOn + (facts.sellerCredit ? 50 : 30);
  const firstRow: LawRowId =
    facts.stated !== null ? 'us_stated' : facts.sellerCredit ? 'us_fifty' : 'us_thirty';
  if (open === 0) return { ...duty, state: 'fulfilled', original, deadline: original, rows: [firstRow] };
  const ended = endedByPerson(facts);
  const clock = walkConsents(facts, original);
  const rows: LawRowId[] = [firstRow, ...clock.rows];
  const base: Duty = { ...duty, original, deadline: clock.deadline, rows };
  if (ended !== null && ended.on <= (clock.lapse ?? clock.deadline ?? ended.on))
    return {
      ...base,
      state: 'cancel',
      cancelledOn: ended.on,
      rows: [...rows, ended.by === 'buyer' ? 'us_buyer_cancels' : 'us_seller_stops'],
    };
  if (clock.deadline === null) return { ...base, state: 'waits' };

  // Told, and silence cancels: at T+30 after the first notice, at R after a renewed one.
  if (clock.lapse !== null) {
    const silence: Silence = { means: 'cancelled', on: clock.lapse };
    if (today > clock.lapse) return { ...base, state: 'cancel', silence, cancelledOn: clock.lapse };
    if (!isWorse(facts, clock.offered)) return { ...base, state: 'awaiting_consent', silence };
    // The day that was offered will not be kept either.
    const notice = noticeDuty(facts, clock.lapse, calendar, true);
    return { ...base, state: 'notice_due', notice, silence, rows: [...rows, 'us_renewed'] };
  }
  if (today > clock.deadline) {
    const row: LawRowId = clock.renewed ? 'us_no_renewed_notice' : 'us_no_notice';
    const missed = [{ row, on: clock.deadline }];
    return { ...base, state: 'cancel', cancelledOn: clock.deadline, missed, rows: [...rows, row] };
  }
  if (!isWorse(facts, clock.deadline)) return { ...base, state: 'in_time' };
  const notice = noticeDuty(facts, clock.deadline, calendar, clock.renewed);
  const short = !clock.renewed && !notice.indefinite && facts.expected! <= original + 30;
  const silence: Silence = short
    ? { means: 'consent', on: null }
    : { means: 'cancelled', on: clock.renewed ? clock.deadline : original + 30 };
  const row: LawRowId = clock.renewed ? 'us_renewed' : short ? 'us_first_short' : 'us_first_long';
  return { ...base, state: 'notice_due', notice, silence, rows: [...rows, row] };
}

interface Consents {
  /** Null: the customer waits for as long as it takes. */
  readonly deadline: DayNumber | null;
  /** Silence cancels at the end of this day. */
  readonly lapse: DayNumber | null;
  /** The day last offered while silence cancels. */
  readonly offered: DayNumber | null;
  /** A day has taken T's place, so that the next notice is a renewed one. */
  readonly renewed: boolean;
  readonly rows: readonly LawRowId[];
}

/** Which day binds after all that was told and answered. A notice after its day cures nothing. */
function walkConsents(facts: DelayFacts, original: DayNumber): Consents {
  let deadline = original;
  let lapse: DayNumber | null = null;
  let offered: DayNumber | null = null;
  let renewed = false;
  const rows: LawRowId[] = [];
  for (const step of inOrder(facts)) {
    if (step.on > (lapse ?? deadline)) break;
    if (step.kind === 'notice') {
      const revised = step.notice.backed ? step.notice.revised : null;
      if (lapse !== null) {
        offered = revised;
      } else if (revised === null || revised > deadline) {
        if (!renewed && revised !== null && revised <= original + 30) {
          deadline = revised;
          renewed = true;
          rows.push('us_first_short');
        } else {
          lapse = renewed ? deadline : original + 30;
          offered = revised;
          rows.push(renewed ? 'us_renewed' : 'us_first_long');
        }
      }
    } else if (step.answer.kind === 'wait') {
      const { until } = step.answer;
      if (until === null)
        return {
          deadline: null,
          lapse: null,
          offered: null,
          renewed: true,
          rows: [...rows, 'us_indefinite'],
        };
      if (until > deadline) {
        deadline = until;
        renewed = true;
        lapse = null;
        offered = null;
        rows.push('us_accepted');
      }
    }
  }
  return { deadline, lapse, offered, renewed, rows };
}

/** CRD art. 18 and CRA s. 28: the clock is delivery, silence is never consent, and nothing cancels by itself. */
function consumerRights(facts: DelayFacts, calendar: WorkingCalendar, regime: 'eu' | 'uk'): Duty {
  const { completedOn, today } = facts;
  const duty = blank(facts);
  if (completedOn === null) return { ...duty, rows: [`${regime}_stated`] };
  const original = facts.stated ?? completedOn + 30;
  const rows: LawRowId[] = [facts.stated === null ? `${regime}_thirty` : `${regime}_stated`];
  if (facts.open === 0) return { ...duty, state: 'fulfilled', original, deadline: original, rows };

  let deadline: DayNumber | null = original;
  let grace: DayNumber | null = null;
  for (const answer of facts.answers) {
    if (answer.kind === 'wait') {
      deadline = answer.until;
      grace = null;
      rows.push(`${regime}_accepted`);
    } else if (answer.kind === 'additional_period') {
      grace = answer.until;
      rows.push(`${regime}_period`);
    }
  }
  const base: Duty = { ...duty, original, deadline, rows };
  const cancelled = cancelledByBuyer(facts);
  if (cancelled !== null)
    return { ...base, state: 'cancel', cancelledOn: cancelled, rows: [...rows, `${regime}_terminated`] };
  const may: Duty['customerMay'][number][] = [];
  const late = deadline !== null && today > deadline;
  const atOnce = facts.refusedOn !== null || (late && facts.timeEssential);
  if (atOnce || (late && grace !== null && today > grace)) may.push('terminate');
  else if (late && grace === null) may.push('set_additional_period');
  if (regime === 'uk' && late) may.push('reject_part');
  const why: LawRowId[] = atOnce ? [`${regime}_at_once`] : late ? [`${regime}_missed`] : [];
  const missed = late ? [{ row: why[0]!, on: deadline! }] : [];
  const silence: Silence = { means: 'nothing', on: null };
  if (deadline !== null && isWorse(facts, deadline) && !isTold(facts))
    return {
      ...base,
      state: 'notice_due',
      notice: noticeDuty(facts, late ? null : deadline, calendar),
      silence,
      customerMay: may,
      missed,
      rows: [...rows, ...why, `${regime}_silence`],
    };
  const told = deadline !== null && isWorse(facts, deadline);
  const state =
    deadline === null ? 'waits' : late || atOnce ? 'overdue' : told ? 'awaiting_consent' : 'in_time';
  return {
    ...base,
    state,
    silence: told ? silence : null,
    customerMay: may,
    missed,
    rows: [...rows, ...why, ...(told ? ([`${regime}_silence`] as const) : [])],
  };
}

/** Wholesale: the ship window. A slip is told at once; the window's end ends the line, as `cancelAfter` does. */
function contract(facts: DelayFacts, calendar: WorkingCalendar): Duty {
  const { cancelAfter, today } = facts;
  const deadline = cancelAfter ?? facts.stated ?? facts.firstPromised;
  const duty: Duty = { ...blank(facts), original: deadline, deadline, rows: ['contract_window'] };
  if (facts.completedOn === null || deadline === null) return duty;
  if (facts.open === 0) return { ...duty, state: 'fulfilled' };
  const over = cancelAfter !== null && today > cancelAfter ? { on: cancelAfter } : null;
  const ended = endedByPerson(facts) ?? over;
  if (ended !== null)
    return { ...duty, state: 'cancel', cancelledOn: ended.on, rows: ['contract_window', 'contract_ended'] };
  if (!isWorse(facts, deadline)) return { ...duty, state: today > deadline ? 'overdue' : 'in_time' };
  const silence: Silence =
    cancelAfter === null ? { means: 'nothing', on: null } : { means: 'cancelled', on: cancelAfter };
  if (isTold(facts)) return { ...duty, state: today > deadline ? 'overdue' : 'awaiting_consent', silence };
  return { ...duty, state: 'notice_due', notice: noticeDuty(facts, null, calendar), silence };
}

/** A brand's own rule gives a customer as long as this to say yes. */
const ANSWER_DAYS = 7;

/** The brand's own rule: any slip is told at once; beyond 30 days of the first date a wait needs a yes. */
function brandRule(facts: DelayFacts, calendar: WorkingCalendar): Duty {
  const { today } = facts;
  const original = facts.stated ?? facts.firstPromised;
  const duty: Duty = { ...blank(facts), original, deadline: original, rows: ['brand_slip'] };
  if (facts.completedOn === null || original === null) return duty;
  if (facts.open === 0) return { ...duty, state: 'fulfilled' };
  const ended = endedByPerson(facts);
  if (ended !== null)
    return { ...duty, state: 'cancel', cancelledOn: ended.on, rows: ['brand_slip', 'brand_ended'] };
  const accepted = facts.answers.findLast((answer) => answer.kind === 'wait');
  if (accepted?.kind === 'wait' && accepted.until === null)
    return { ...duty, state: 'waits', deadline: null };
  const deadline = accepted?.kind === 'wait' ? Math.max(accepted.until!, original) : original;
  const base: Duty = { ...duty, deadline };
  if (!isWorse(facts, deadline)) return { ...base, state: today > deadline ? 'overdue' : 'in_time' };
  const needsYes = isWorse(facts, Math.max(original + 30, deadline));
  const toldOn = isTold(facts) ? facts.notices.at(-1)!.sentOn : null;
  const silence: Silence = needsYes
    ? { means: 'cancelled', on: Math.max(original + 30, (toldOn ?? today) + ANSWER_DAYS) }
    : { means: 'consent', on: null };
  const rows: LawRowId[] = needsYes ? ['brand_slip', 'brand_yes'] : ['brand_slip'];
  if (toldOn === null)
    return { ...base, state: 'notice_due', notice: noticeDuty(facts, null, calendar), silence, rows };
  if (!needsYes) return { ...base, deadline: facts.expected, state: 'in_time', silence, rows };
  if (today > silence.on!) return { ...base, state: 'cancel', silence, cancelledOn: silence.on, rows };
  return { ...base, state: 'awaiting_consent', silence, rows };
}

function blank(facts: DelayFacts): Duty {
  return {
    regime: facts.regime,
    state: 'no_clock',
    original: null,
    deadline: null,
    notice: null,
    silence: null,
    cancelledOn: null,
    customerMay: [],
    missed: [],
    rows: [],
  };
}

type Step =
  | { readonly kind: 'notice'; readonly on: DayNumber; readonly notice: NoticeSent }
  | { readonly kind: 'answer'; readonly on: DayNumber; readonly answer: CustomerAnswer };

/** By day; on one day a notice comes before the answer to it. */
function inOrder(facts: DelayFacts): Step[] {
  const steps: Step[] = [
    ...facts.notices.map((notice): Step => ({ kind: 'notice', on: notice.sentOn, notice })),
    ...facts.answers.map((answer): Step => ({ kind: 'answer', on: answer.on, answer })),
  ];
  return steps.sort((a, b) => a.on - b.on);
}

/** Whether the units go later than a day, by what is known and backed. */
function isWorse(facts: DelayFacts, day: DayNumber | null): boolean {
  const expected = facts.backed ? facts.expected : null;
  if (day === null) return false;
  return expected === null || expected > day;
}

/** Whether the newest notice told what is known now, or worse. */
function isTold(facts: DelayFacts): boolean {
  const last = facts.notices.at(-1);
  if (last === undefined) return false;
  return last.revised === null || !isWorse(facts, last.revised);
}

/** Whoever ended it first: the buyer, who cancels, or the seller, who will not ship. */
function endedByPerson(facts: DelayFacts): { on: DayNumber; by: 'buyer' | 'seller' } | null {
  const cancelled = cancelledByBuyer(facts);
  if (cancelled !== null && (facts.refusedOn === null || cancelled <= facts.refusedOn))
    return { on: cancelled, by: 'buyer' };
  return facts.refusedOn === null ? null : { on: facts.refusedOn, by: 'seller' };
}

function cancelledByBuyer(facts: DelayFacts): DayNumber | null {
  return facts.answers.find((answer) => answer.kind === 'cancel')?.on ?? null;
}

/** Kept acts with margin: on the working day before, and today where that is past. The first notice, or one that renews it. */
function noticeDuty(
  facts: DelayFacts,
  by: DayNumber | null,
  calendar: WorkingCalendar,
  renewed = facts.notices.length > 0,
): NoticeDuty {
  return {
    kind: renewed ? 'renewed_delay_notice' : 'delay_notice',
    indefinite: facts.expected === null || !facts.backed,
    by,
    sendBy: by === null ? facts.today : Math.max(facts.today, workingDayBefore(calendar, by)),
  };
}

/** The last working day before a day. */
export function workingDayBefore(calendar: WorkingCalendar, day: DayNumber): DayNumber {
  for (let before = day - 1; before > day - 3660; before--) if (isWorkingDay(calendar, before)) return before;
  return day - 1;
}

function earlier(a: DayNumber | null, b: DayNumber | null): DayNumber | null {
  return a === null ? b : b === null ? a : Math.min(a, b);
}

function earlierNotice(a: NoticeDuty | null, b: NoticeDuty | null): NoticeDuty | null {
  if (a === null || b === null) return a ?? b;
  return {
    ...a,
    indefinite: a.indefinite || b.indefinite,
    by: earlier(a.by, b.by),
    sendBy: Math.min(a.sendBy, b.sendBy),
  };
}

/** Cancelling is stricter than standing still, and that than consent. */
function strictSilence(a: Silence | null, b: Silence | null): Silence | null {
  if (a === null || b === null) return a ?? b;
  const order: SilenceMeans[] = ['consent', 'nothing', 'cancelled'];
  if (a.means === b.means) return { means: a.means, on: earlier(a.on, b.on) };
  return order.indexOf(a.means) > order.indexOf(b.means) ? a : b;
}
