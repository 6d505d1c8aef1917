import type { PurchaseOrder, SupplyView } from '@kept/contract';
import {
  dayNumber,
  dayText,
  defaultPolicy,
  NO_DAY,
  promisableUnits,
  type SupplyPosition,
  supplyDays,
} from '@kept/engine';
import type { z } from 'zod';
import { type Settings, worldAt } from '../promising/index.ts';
import { compareNames, nameOf } from './line-ref.ts';
import type { HeaderRow } from './order-store.ts';
import type { StoredSupply } from './supply-store.ts';

type SupplyAnswer = z.output<typeof SupplyView>;

/** Supplies as planners see them. Their days are as of now, since time alone moves those of a late one. */
export function supplyViews(
  supplies: readonly StoredSupply[],
  settings: Settings,
  now: Date,
  header?: HeaderRow,
): SupplyAnswer[] {
  const world = worldAt(settings, now);
  return supplies.map((stored) => {
    const policy = settings.policies.get(stored.policy) ?? defaultPolicy('backorder');
    const position = positionOf(stored, settings, header);
    const { promisable } = supplyDays(position, policy, world);
    const spoken = stored.pegged + stored.held;
    return {
      id: `${stored.item}-${stored.supply}`,
      kind: stored.kind,
      sku: stored.sku,
      location: settings.locations[stored.place]?.code ?? '',
      ...(stored.kind === 'purchase_order' ? { purchaseOrder: stored.ref } : { ref: stored.ref }),
      line: nameOf(stored.line),
      schedule: nameOf(stored.schedule),
      stage: stored.stage,
      quantity: stored.ordered,
      ...(stored.unitCost === null
        ? {}
        : { unitCost: { amount: stored.unitCost, currency: stored.currency ?? settings.currency } }),
      ordered: stored.ordered,
      received: stored.received,
      open: stored.open,
      pegged: stored.pegged,
      held: stored.held,
      free: promisable >= NO_DAY ? 0 : Math.max(0, promisableUnits(position, policy) - spoken),
      expectedOn: stored.expectedOn,
      promisableOn: promisable >= NO_DAY ? null : dayText(promisable),
    };
  });
}

export function purchaseOrderViews(
  headers: readonly HeaderRow[],
  supplies: readonly StoredSupply[],
  settings: Settings,
  now: Date,
): z.output<typeof PurchaseOrder>[] {
  const byRef = Map.groupBy(supplies, (supply) => supply.ref);
  return headers.map((header) => {
    const lines = [...(byRef.get(header.ref) ?? [])].sort(
      (a, b) => compareNames(a.line, b.line) || compareNames(a.schedule, b.schedule),
    );
    return {
      ...header,
      stage: header.stage as SupplyAnswer['stage'],
      lines: supplyViews(lines, settings, now, header),
    };
  });
}

function positionOf(stored: StoredSupply, settings: Settings, header: HeaderRow | undefined): SupplyPosition {
  return {
    id: stored.supply,
    kind: stored.kind,
    place: stored.place,
    stage: stored.stage,
    open: stored.open,
    received: stored.received,
    pegged: stored.pegged,
    held: stored.held,
    expected: stored.expectedOn === null ? null : dayNumber(stored.expectedOn),
    ref: stored.ref,
    line: stored.line,
    supplier: header?.supplier ?? null,
    freight: header?.freightMode ?? null,
    abandoned: stored.kind === 'purchase_order' && settings.abandonedOrders.has(stored.ref),
  };
}
