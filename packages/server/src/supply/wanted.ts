import type { PurchaseOrderInput } from '@kept/contract';
import { type Stage, toStockUnits } from '@kept/engine';
import type { z } from 'zod';
import { KeptError } from '../platform/errors.ts';
import type { KnownItem, Settings } from '../promising/index.ts';
import type { SupplyState } from './change-supplies.ts';
import { keyOf, storedName } from './line-ref.ts';

export type PurchaseOrderRecord = {
  readonly ref: string;
  readonly purchaseOrder: z.input<typeof PurchaseOrderInput>;
  /** Values that nobody said and that were filled in: an order that is there already keeps its own. */
  readonly assumed?: readonly ('placedOn' | 'stage')[];
};

/** A line, or one delivery of it, as the order says it. */
export interface Wanted {
  readonly state: SupplyState;
  readonly key: string;
  readonly receivedBefore: number;
  /** Its own stage, not its header's. */
  readonly ownStage: boolean;
}

interface Fault {
  readonly path: string;
  readonly message: string;
  readonly code: 'unknown_sku' | 'unknown_location' | 'invalid_input';
  readonly name?: string;
}

/** Which line and delivery a supply is. */
export const supplyKey = (supply: { line: string; schedule: string }) =>
  JSON.stringify([keyOf(supply.line), keyOf(supply.schedule)]);

/** The supplies that a purchase order's body speaks of, or all that is wrong with it. */
export function wantedOf(
  { ref, purchaseOrder }: PurchaseOrderRecord,
  items: ReadonlyMap<string, KnownItem>,
  settings: Settings,
): Wanted[] | KeptError {
  const wanted: Wanted[] = [];
  const faults: Fault[] = [];
  const seen = new Set<string>();
  for (const [index, line] of purchaseOrder.lines.entries()) {
    const at = `lines[${index}]`;
    const name = storedName(line.line);
    if (seen.has(keyOf(name))) faults.push(invalid(`${at}.line`, `line ${line.line} is there twice`));
    seen.add(keyOf(name));
    const item = items.get(line.sku);
    const place = settings.placeOf.get(line.location);
    if (item === undefined)
      faults.push({ path: `${at}.sku`, message: noItem(line.sku), code: 'unknown_sku', name: line.sku });
    if (place === undefined)
      faults.push({
        path: `${at}.location`,
        message: `no location has the code ${JSON.stringify(line.location)}`,
        code: 'unknown_location',
        name: line.location,
      });
    if (item === undefined || place === undefined) continue;
    const factor = line.uom === undefined ? 1 : item.uoms[line.uom];
    if (factor === undefined) {
      faults.push(invalid(`${at}.uom`, `${line.sku} has no unit of measure ${JSON.stringify(line.uom)}`));
      continue;
    }
    const units = (quantity: number, path: string) => {
      const stock = toStockUnits(quantity, factor);
      if (stock === null) faults.push(invalid(path, 'expected at most 10,000,000 stock units'));
      return stock ?? 0;
    };
    const common = {
      item: item.item,
      kind: 'purchase_order' as const,
      ref,
      line: name,
      place,
      // Whole minor units of a stock unit: the nearest where a case does not divide evenly.
      unitCost: line.unitCost === undefined ? null : Math.round(line.unitCost.amount / factor),
      currency: line.unitCost?.currency ?? null,
      from: null,
    };
    const parts: Delivery[] =
      line.schedules === undefined || line.schedules.length === 0
        ? [{ quantity: line.quantity, expectedOn: line.expectedOn, path: `${at}.quantity` }]
        : line.schedules.map((part, place) => ({ ...part, path: `${at}.schedules[${place}].quantity` }));
    let received = units(line.received ?? 0, `${at}.received`);
    const names = new Set<string>();
    for (const [place, part] of parts.entries()) {
      const schedule = storedName(part.id);
      if (names.has(keyOf(schedule)))
        faults.push(invalid(`${at}.schedules[${place}].id`, `schedule ${part.id} is there twice`));
      names.add(keyOf(schedule));
      const ordered = units(part.quantity, part.path);
      // What came before fills the deliveries in their order; what is too much came with the last.
      const receivedBefore = place === parts.length - 1 ? received : Math.min(received, ordered);
      received -= receivedBefore;
      const own = part.stage ?? line.stage;
      const stage: Stage = own ?? purchaseOrder.stage;
      const state = { ...common, schedule, stage, ordered, expectedOn: part.expectedOn };
      wanted.push({ state, key: supplyKey(state), receivedBefore, ownStage: own !== undefined });
    }
  }
  return faults.length === 0 ? wanted : errorOf(faults);
}

interface Delivery {
  readonly id?: string | number;
  readonly quantity: number;
  readonly expectedOn: string | null;
  readonly stage?: Stage;
  readonly path: string;
}

const invalid = (path: string, message: string): Fault => ({ path, message, code: 'invalid_input' });
const noItem = (sku: string) => `no item has the SKU ${JSON.stringify(sku)}`;

/** One error for all that is wrong: it has the code of what has to be mended first. */
function errorOf(faults: readonly Fault[]): KeptError {
  const first =
    faults.find((fault) => fault.code === 'unknown_sku') ??
    faults.find((fault) => fault.code === 'unknown_location') ??
    faults[0]!;
  const more = faults.length > 1 ? ` (and ${faults.length - 1} more)` : '';
  const mend =
    first.code === 'unknown_sku'
      ? `. PUT /v1/items/${encodeURIComponent(first.name!)} makes one`
      : first.code === 'unknown_location'
        ? `. PUT /v1/locations/${encodeURIComponent(first.name!)} makes one`
        : '';
  return new KeptError(first.code, `${first.path}: ${first.message}${mend}${more}.`, {
    errors: faults.map(({ path, message }) => ({ path, message })),
  });
}
