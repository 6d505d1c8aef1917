import type { Commitment, Supply } from './backorders.ts';
import { words } from './words.ts';

export type Backing = {
  /** The supply whose units come first. */
  first: Supply | null;
  /** How many other supplies take part. */
  more: number;
  waitingUnits: number;
};

/** What stands behind a line's waiting units, for one cell. Stock on hand is no part of a backorder. */
export function backingOf(commitments: readonly Commitment[]): Backing {
  const pegged = commitments
    .filter((commitment) => commitment.kind === 'pegged' && commitment.supply)
    .sort((left, right) => (left.shipBy ?? '9').localeCompare(right.shipBy ?? '9'));
  const supplies = new Map(pegged.map(({ supply }) => [supplyKey(supply!), supply!]));
  const [first] = supplies.values();
  return {
    first: first ?? null,
    more: Math.max(0, supplies.size - 1),
    waitingUnits: commitments
      .filter(({ kind }) => kind === 'waiting')
      .reduce((units, { quantity }) => units + quantity, 0),
  };
}

/** What people call a supply: its purchase order, else its own reference, else what it is. */
export function supplyName(supply: Supply): string {
  return supply.purchaseOrder ?? supply.ref ?? words.backing.kinds[supply.kind];
}

export function stageWords(supply: Supply): string | undefined {
  return supply.stage ? (words.backing.stages[supply.stage] ?? supply.stage) : undefined;
}

function supplyKey(supply: Supply): string {
  return [supply.kind, supply.purchaseOrder ?? supply.ref ?? ''].join(' ');
}
