import { positionDigest } from './allocation.ts';
import type { Desk } from './desk.ts';
import type { LineName, Outcome, RankLines, Reallocate, Transfer } from './fact.ts';
import { type ItemState, openUnits } from './item-state.ts';
import type { Commitment, LinePosition } from './position.ts';

const DONE: Outcome = { kind: 'done' };

/** Lines stand elsewhere in their queues. Nobody loses a unit by that: the queue decides free, freed and short units (RULES 14). */
export function rankLines(desk: Desk, fact: RankLines): Outcome {
  for (const { order, line, rank, addedRank, moved } of fact.ranks)
    for (const leg of desk.legsOf(order, line)) {
      const state = desk.state(leg.item);
      state.touch(leg);
      leg.rank = rank;
      leg.moved = moved;
      if (leg.added !== null && addedRank !== null) leg.added = { ...leg.added, rank: addedRank };
      desk.rebalance(state);
    }
  return DONE;
}

/**
 * Units change hands as it was approved, and not otherwise: where the item is not as it was when this was previewed, where a line
 * has not what it is to give, is locked, or would get more than it needs, nothing changes at all.
 */
export function reallocate(desk: Desk, fact: Reallocate): Outcome {
  const state = desk.state(fact.item);
  if (positionDigest(state) !== fact.digest) return { kind: 'outdated' };
  const after = afterTransfers(state, fact.transfers);
  if (after === null) return { kind: 'outdated' };
  for (const [line, commitments] of after) {
    for (const one of line.commitments) state.release(one, one.quantity);
    for (const one of commitments) state.release(one, -one.quantity);
    state.setCommitments(line, commitments);
  }
  desk.settled(state);
  return DONE;
}

/** What backs each line that a transfer names, after all of them; null: they do not fit what is there. */
function afterTransfers(
  state: ItemState,
  transfers: readonly Transfer[],
): Map<LinePosition, Commitment[]> | null {
  const lines = new Map(state.position.lines.map((line) => [`${line.order}:${line.line}`, line]));
  const after = new Map<LinePosition, Commitment[]>();
  const free = state.sources.free.slice();
  const backing = (line: LinePosition) => {
    let commitments = after.get(line);
    if (commitments === undefined) {
      commitments = line.commitments.filter((one) => one.kind !== 'waiting').map((one) => ({ ...one }));
      after.set(line, commitments);
    }
    return commitments;
  };
  const named = (name: LineName) => lines.get(`${name.order}:${name.line}`);
  for (const { kind, source, quantity, from, to } of transfers) {
    const index = state.indexOf({ kind, source, quantity });
    free[index]! += quantity * (Number(from !== null) - Number(to !== null));
    if (from !== null) {
      const loser = named(from);
      if (loser === undefined || loser.locked === true) return null;
      const one = backing(loser).find((held) => held.kind === kind && held.source === source);
      if (one === undefined || one.quantity < quantity) return null;
      one.quantity -= quantity;
    }
    if (to !== null) {
      const gainer = named(to);
      if (gainer === undefined || gainer.locked === true || !state.serves(index, gainer.channel)) return null;
      const own = backing(gainer);
      const one = own.find((held) => held.kind === kind && held.source === source);
      if (one === undefined) own.push({ kind, source, quantity });
      else one.quantity += quantity;
    }
  }
  for (const [source, units] of free.entries())
    if (units < Math.min(0, state.sources.free[source]!)) return null;
  for (const [line, commitments] of after) {
    const backed = commitments.filter((one) => one.quantity > 0);
    const missing = openUnits(line) - backed.reduce((units, one) => units + one.quantity, 0);
    if (missing < 0) return null;
    after.set(line, missing > 0 ? [...backed, { kind: 'waiting', source: 0, quantity: missing }] : backed);
  }
  return after;
}
