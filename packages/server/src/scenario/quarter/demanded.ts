/**
 * What an order's customer had to be told by the tables and rules, reckoned from an order's evidence with a pencil: from the
 * promises that were made, the parcels, the cancellations, the payments and the answers. It knows nothing of the engine, and
 * reads messages only to hold them against what it reckons.
 */

// biome-ignore lint/suspicious/noExplicitAny: the evidence as the API tells it
export type Evidence = any;

export interface Demanded {
  readonly kind: string;
  /** Milliseconds of the tick at which it is due to go out. */
  readonly at: number;
}

const HOUR = 3_600_000;
const DAY = 86_400_000;
/** A second message within so many hours waits, unless the law's day is here (issue: quiet time). */
const QUIET_HOURS = 4;
const dayOf = (at: number) => Math.floor(at / DAY);
const numberOf = (day: string) => Date.parse(`${day}T00:00:00Z`) / DAY;

interface Line {
  readonly line: unknown;
  readonly promises: { at: number; shipBy: number | null; quantity: number; afterParcels: boolean }[];
  readonly shipped: { at: number; quantity: number }[];
  readonly cancelled: { at: number; quantity: number }[];
  readonly ordered: number;
  told: { shipBy: number | null; quantity: number; index: number; at: number; afterParcels: boolean };
  heard: number[];
}

/** @param ticks the instants at which messages are written and sent */
export function demandedOf(
  evidence: Evidence,
  waited: ReadonlySet<unknown>,
  ticks: readonly number[],
): Demanded[] {
  const lines = linesOf(evidence, waited);
  const placed = Date.parse(evidence.placedAt);
  const demanded: Demanded[] = [];
  let lastSent = Number.NEGATIVE_INFINITY;
  let pending = null as { kind: string; due: number; lines: Line[]; versions: string } | null;
  let confirmed = false;
  const send = (kind: string, at: number) => {
    demanded.push({ kind, at });
    lastSent = at;
  };
  const openAt = (line: Line, at: number) =>
    line.ordered -
    sum(line.shipped.filter((one) => one.at <= at)) -
    sum(line.cancelled.filter((one) => one.at <= at));
  const newestAt = (line: Line, at: number) => line.promises.findLastIndex((one) => one.at <= at);
  let before = Number.NEGATIVE_INFINITY;
  for (const at of ticks.filter((tick) => tick > placed)) {
    const since = (one: { at: number }) => one.at > before && one.at <= at;
    const confirming = !confirmed;
    const fresh = lines.flatMap((line): { line: Line; news: 'slip' | 'better' }[] => {
      const index = newestAt(line, at);
      if (openAt(line, at) === 0 || index <= line.told.index) return [];
      const is = line.promises[index]!;
      const was = line.told;
      if (confirming) return [];
      if (is.shipBy === null || (was.shipBy !== null && is.shipBy > was.shipBy))
        return [{ line, news: 'slip' }];
      if (was.shipBy === null) return [{ line, news: 'better' }];
      // What of a promise has left since it was made is not to come any more.
      const left = (one: { at: number; quantity: number; afterParcels: boolean }) =>
        one.quantity -
        sum(
          line.shipped.filter(
            (parcel) => parcel.at <= at && (one.afterParcels ? parcel.at > one.at : parcel.at >= one.at),
          ),
        );
      if (left(is) < Math.min(openAt(line, at), left(was))) return [{ line, news: 'slip' }];
      return is.shipBy < was.shipBy ? [{ line, news: 'better' }] : [];
    });
    const slips = fresh.filter((one) => one.news === 'slip');
    const better = fresh.filter((one) => one.news === 'better');
    if (slips.length > 0 || better.length > 0) {
      const kind = slips.length > 0 ? 'delay' : 'improved';
      const about = (slips.length > 0 ? [...slips, ...better] : better).map((one) => one.line);
      const versions = about.map((line) => `${line.line} ${newestAt(line, at)}`).join();
      // The same news that waits for the quiet time to be over is no news.
      if (pending?.kind !== kind || pending.versions !== versions) {
        pending = { kind, due: Math.max(at, lastSent + QUIET_HOURS * HOUR), lines: about, versions };
        for (const line of about) line.heard.push(dayOf(at));
      }
    }
    if (confirming) {
      confirmed = true;
      for (const line of lines) tell(line, newestAt(line, at));
      send('confirmation', at);
    }
    // What left or ended in one go is one message.
    const parcels = lines.flatMap((line) => line.shipped.filter(since).map((one) => one.at));
    const ends = (evidence.cancellations as { at: string; by: string; line: unknown }[])
      .filter((one) => one.by !== 'channel' && waited.has(one.line) && since({ at: Date.parse(one.at) }))
      .map((one) => one.at);
    for (let left = new Set(parcels).size; left > 0; left--) send('shipped', at);
    for (let left = new Set(ends).size; left > 0; left--) send('cancelled', at);
    for (const one of evidence.payments as { kind: string; at: string }[])
      if (one.kind === 'refunded' && since({ at: Date.parse(one.at) })) send('refunded', at);
    const due = lines.filter((line) => updateDue(line, openAt(line, at), placed, at));
    if (due.length > 0 && !confirming && pending?.kind !== 'delay') {
      for (const line of due) line.heard.push(dayOf(at));
      send('update', at);
    }
    if (pending !== null && pending.due <= at) {
      const told = pending.lines.filter((line) => openAt(line, at) > 0);
      if (told.length > 0) {
        for (const line of told) tell(line, newestAt(line, at));
        send(pending.kind, at);
      }
      pending = null;
    }
    before = at;
  }
  return demanded;

  function tell(line: Line, index: number) {
    const promise = line.promises[index];
    if (promise === undefined) return;
    line.told = { ...promise, index };
  }
}

/** RULES 29, and every four weeks while the wait is long. */
function updateDue(line: Line, open: number, placed: number, at: number): boolean {
  const { told } = line;
  if (open === 0 || told.shipBy === null || told.index < 0) return false;
  const begun = dayOf(told.index === 0 ? placed : told.at);
  const wait = told.shipBy - begun;
  if (wait < 4) return false;
  const last = wait < 14 ? begun + Math.floor(wait / 2) : told.shipBy - 7;
  const heardOn = Math.max(begun, ...line.heard);
  if (heardOn >= last || (heardOn > begun && last - heardOn <= 3)) return false;
  const next = heardOn + 28;
  return dayOf(at) >= (next <= last - 7 ? next : last);
}

function linesOf(evidence: Evidence, waited: ReadonlySet<unknown>): Line[] {
  const deeds = (list: { line: unknown; at: string; quantity: number }[], line: unknown) =>
    list
      .filter((one) => one.line === line)
      .map((one) => ({ at: Date.parse(one.at), quantity: one.quantity }));
  return (evidence.lines as { line: unknown; ordered: number }[])
    .filter((one) => waited.has(one.line))
    .map(({ line, ordered }) => ({
      line,
      ordered,
      promises: (
        evidence.promises as {
          line: unknown;
          madeAt: string;
          shipBy: string | null;
          quantity: number;
          change: string;
        }[]
      )
        .filter((one) => one.line === line)
        .map((one) => ({
          at: Date.parse(one.madeAt),
          shipBy: one.shipBy === null ? null : numberOf(one.shipBy),
          quantity: one.quantity,
          // A cancellation of the same hour came after the parcels, and its promise is of what was left.
          afterParcels: one.change === 'shrunk',
        })),
      shipped: deeds(evidence.shipments, line),
      cancelled: deeds(evidence.cancellations, line),
      told: { shipBy: null, quantity: 0, index: -1, at: 0, afterParcels: false },
      heard: [],
    }));
}

const sum = (deeds: readonly { quantity: number }[]) => deeds.reduce((units, one) => units + one.quantity, 0);
