import type { SourceColumns } from './pegging.ts';
import type { Commitment, LinePosition } from './position.ts';

/** The item's sources while it is decided. */
interface Item {
  readonly count: number;
  readonly sources: SourceColumns;
  indexOf(commitment: Commitment): number;
  serves(source: number, channel: number): boolean;
}

/** A line, or a part of it, as it stands in the queue. */
interface Queued {
  readonly line: LinePosition;
  readonly need: number;
  readonly commitments: readonly Commitment[];
}

/**
 * What stays where it is for locked lines, whatever their rank (RULES 14): all that backs them, as long as its source can carry
 * it. Of a source that has too few units, those who are not locked lose theirs first; then the lowest-ranked who are. What is
 * lost or can no longer be used goes back to its source, and the line asks for it like any other.
 * @param rows in rank order
 * @returns for each locked row what it keeps; rows that are not locked are left out
 */
export function pin<Row extends Queued>(state: Item, rows: readonly Row[]): Map<Row, Commitment[]> {
  const pinned = new Map<Row, Commitment[]>();
  const locked = rows.filter((row) => row.line.locked === true);
  if (locked.length === 0) return pinned;
  const { free } = state.sources;
  for (const row of locked) {
    let room = row.need;
    const stays: Commitment[] = [];
    for (const one of row.commitments) {
      if (one.kind === 'waiting') continue;
      const source = state.indexOf(one);
      const kept = state.serves(source, row.line.channel) ? Math.min(one.quantity, room) : 0;
      free[source]! += one.quantity - kept;
      room -= kept;
      if (kept > 0) stays.push({ ...one, quantity: kept });
    }
    pinned.set(row, stays);
  }
  const others = unlockedUnits(state, rows);
  for (let source = 0; source < state.count; source++) {
    let over = -free[source]! - others[source]!;
    for (let r = locked.length - 1; r >= 0 && over > 0; r--) {
      const one = pinned.get(locked[r]!)!.find((candidate) => state.indexOf(candidate) === source);
      if (one === undefined) continue;
      const lost = Math.min(over, one.quantity);
      one.quantity -= lost;
      free[source]! += lost;
      over -= lost;
    }
  }
  for (const [row, stays] of pinned)
    pinned.set(
      row,
      stays.filter((one) => one.quantity > 0),
    );
  return pinned;
}

function unlockedUnits(state: Item, rows: readonly Queued[]): Int32Array {
  const units = new Int32Array(state.count);
  for (const { line, commitments } of rows) {
    if (line.locked === true) continue;
    for (const one of commitments) if (one.kind !== 'waiting') units[state.indexOf(one)]! += one.quantity;
  }
  return units;
}
