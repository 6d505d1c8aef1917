import {
  type Commitment,
  dayText,
  defaultPolicy,
  NO_DAY,
  type PromisePosition,
  type Reason,
  type SupplyPosition,
  stockDay,
  type World,
} from '@kept/engine';
import type { Settings } from './world-store.ts';

/** A commitment as the API answers it (contract: Commitment). */
export interface CommitmentView {
  kind: Commitment['kind'];
  quantity: number;
  sku?: string;
  location?: string;
  supply?: {
    kind: SupplyPosition['kind'];
    purchaseOrder?: string;
    line?: string | number;
    schedule?: string | number;
    ref?: string;
    expectedOn: string | null;
    stage: string;
  };
  shipBy: string | null;
}

/** What a view needs of the supply behind a peg; days as 'YYYY-MM-DD'. */
export interface SupplyFacts {
  readonly kind: SupplyPosition['kind'];
  readonly ref: string;
  readonly line: string | null;
  readonly schedule: string | null;
  readonly place: number;
  readonly stage: string;
  readonly expectedOn: string | null;
  /** If it comes when expected. */
  readonly plannedOn: string | null;
  /** As it would be promised now. */
  readonly promisableOn: string | null;
}

/** What a commitment is seen with. */
export interface CommitmentContext {
  readonly settings: Settings;
  readonly world: World;
  /** The item's policy. */
  readonly policy: string;
  readonly notBefore: string | null;
  /** The day that the line's promise in force ends on. */
  readonly promised: string | null;
  /** The order leaves in one parcel, on that day. */
  readonly shipComplete: boolean;
}

export function commitmentView(
  commitment: Commitment,
  context: CommitmentContext,
  supply: SupplyFacts | null,
): CommitmentView {
  const { settings, world, notBefore, promised, shipComplete } = context;
  const { kind, quantity, source } = commitment;
  const notEarlier = (day: string | null) => {
    if (day === null) return null;
    const asked = notBefore !== null && notBefore > day ? notBefore : day;
    return shipComplete && promised !== null && promised > asked ? promised : asked;
  };
  if (kind === 'waiting') return { kind, quantity, shipBy: null };
  if (kind === 'reserved') {
    const policy = settings.policies.get(context.policy) ?? defaultPolicy('backorder');
    const day = stockDay(source, policy, world);
    const location = settings.locations[source]?.code;
    return { kind, quantity, location, shipBy: notEarlier(day >= NO_DAY ? null : dayText(day)) };
  }
  if (supply === null) throw new Error(`a peg on supply ${source} has no supply`);
  return {
    kind,
    quantity,
    location: settings.locations[supply.place]?.code,
    supply: {
      kind: supply.kind,
      ...(supply.kind === 'purchase_order'
        ? {
            purchaseOrder: supply.ref,
            ...(supply.line === null ? {} : { line: JSON.parse(supply.line) }),
            ...(supply.schedule === null ? {} : { schedule: JSON.parse(supply.schedule) }),
          }
        : { ref: supply.ref }),
      expectedOn: supply.expectedOn,
      stage: supply.stage,
    },
    shipBy: notEarlier(keptDay(supply, promised)),
  };
}

/** The day a supply's units leave: the promise that was made on it, for as long as the plan keeps that, else what could be promised now. */
function keptDay({ plannedOn, promisableOn }: SupplyFacts, promised: string | null): string | null {
  const keeps = promised !== null && plannedOn !== null && plannedOn <= promised;
  return keeps && promisableOn !== null && promisableOn > promised ? promised : promisableOn;
}

export interface PromiseView {
  version: number;
  quantity: number;
  shipBy: string;
  deliverBy: string;
  parts: { quantity: number; shipBy: string; deliverBy: string }[];
  reasons: Reason[];
}

/** A promise as the API answers it; null where none was made, or nothing backs it any more. */
export function promiseView(promise: PromisePosition | null, reasons: readonly Reason[]): PromiseView | null {
  const last = promise?.parts.at(-1);
  if (promise === null || last === undefined) return null;
  return {
    version: promise.version,
    quantity: promise.parts.reduce((units, part) => units + part.quantity, 0),
    shipBy: dayText(last.shipBy),
    deliverBy: dayText(Math.max(...promise.parts.map((part) => part.deliverBy))),
    parts: promise.parts.map((part) => ({
      quantity: part.quantity,
      shipBy: dayText(part.shipBy),
      deliverBy: dayText(part.deliverBy),
    })),
    reasons: [...reasons],
  };
}
