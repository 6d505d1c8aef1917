import type { Evidence } from './demanded.ts';

/** LAW.md's tables once more, by their words: which silence ends an order, and on which day. Days are numbers since 1970. */

const numberOf = (day: string) => Date.parse(`${day}T00:00:00Z`) / 86_400_000;
const dayOf = (instant: string) => Math.floor(Date.parse(instant) / 86_400_000);

interface Step {
  readonly on: number;
  /** A notice that told this day (null: none), or a yes to wait until this day. */
  readonly notice?: { readonly until: number | null };
  readonly wait?: { readonly until: number | null };
}

export interface Lawful {
  /** The day at whose end silence ends the line; null: it does not. */
  readonly endsOn: number | null;
  /** A notice that counts had to be out by then, and was not. */
  readonly lateNotices: number;
}

/** @param told what each notice told of the line: the promise that stood when it went out */
export function lawfulOf(evidence: Evidence, line: { line: unknown; statedShipBy: string | null }): Lawful {
  const [regime] = evidence.regimes as string[];
  const steps = stepsOf(evidence, line.line);
  const stated = line.statedShipBy === null ? null : numberOf(line.statedShipBy);
  if (regime === 'us') return unitedStates(stated ?? dayOf(evidence.placedAt) + 30, steps);
  // EU and UK: silence is never consent and ends nothing. Wholesale: the contract's own day, of which there is none here.
  if (regime !== 'brand') return { endsOn: null, lateNotices: 0 };
  return ownRule(stated ?? firstPromise(evidence, line.line), steps);
}

/** 16 CFR 435.2: T from the order; R within T+30 by silence; beyond it silence ends at T+30; a second slip ends at R. */
function unitedStates(day: number, steps: readonly Step[]): Lawful {
  let binds = day;
  let endsOn: number | null = null;
  let moved = false;
  let lateNotices = 0;
  for (const { on, notice, wait } of steps) {
    if (on > (endsOn ?? binds)) {
      if (notice !== undefined) lateNotices++;
      break;
    }
    if (notice !== undefined && endsOn === null && (notice.until === null || notice.until > binds)) {
      if (!moved && notice.until !== null && notice.until <= day + 30) {
        binds = notice.until;
        moved = true;
      } else endsOn = moved ? binds : day + 30;
    }
    if (wait !== undefined) {
      if (wait.until === null) return { endsOn: null, lateNotices };
      if (wait.until > binds) {
        binds = wait.until;
        moved = true;
        endsOn = null;
      }
    }
  }
  return { endsOn, lateNotices };
}

/** The brand's own rule: beyond 30 days of the first day a wait needs a yes, and a week to say it. */
function ownRule(day: number, steps: readonly Step[]): Lawful {
  let yes = day;
  let last: { on: number; until: number | null } | null = null;
  for (const { on, notice, wait } of steps) {
    if (wait !== undefined) {
      if (wait.until === null) return { endsOn: null, lateNotices: 0 };
      yes = Math.max(yes, wait.until);
    }
    if (notice !== undefined) last = { on, until: notice.until };
  }
  if (last === null || (last.until !== null && last.until <= Math.max(day + 30, yes)))
    return { endsOn: null, lateNotices: 0 };
  return { endsOn: Math.max(day + 30, last.on + 7), lateNotices: 0 };
}

function stepsOf(evidence: Evidence, line: unknown): Step[] {
  const promises = (evidence.promises as { line: unknown; madeAt: string; shipBy: string | null }[]).filter(
    (one) => one.line === line,
  );
  const steps: Step[] = [];
  for (const { kind, state, writtenAt, sentAt, lines } of evidence.messages as {
    kind: string;
    state: string;
    writtenAt: string;
    sentAt: string | null;
    lines: unknown[];
  }[]) {
    if (!kind.endsWith('delay_notice') || state !== 'sent' || sentAt === null || !lines.includes(line))
      continue;
    const shipBy = promises.findLast((one) => one.madeAt <= writtenAt)?.shipBy ?? null;
    steps.push({ on: dayOf(sentAt), notice: { until: shipBy === null ? null : numberOf(shipBy) } });
  }
  for (const { line: about, choice, at, until } of evidence.answers as {
    line: unknown;
    choice: string;
    at: string;
    until: string | null;
  }[])
    if (about === line && choice === 'wait')
      steps.push({ on: dayOf(at), wait: { until: until === null ? null : numberOf(until) } });
  return steps.toSorted((a, b) => a.on - b.on);
}

function firstPromise(evidence: Evidence, line: unknown): number {
  const first = (evidence.promises as { line: unknown; shipBy: string | null }[]).find(
    (one) => one.line === line,
  );
  return first?.shipBy ? numberOf(first.shipBy) : Number.MAX_SAFE_INTEGER;
}
