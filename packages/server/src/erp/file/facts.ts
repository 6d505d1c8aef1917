import type { Fact } from '../../connections/index.ts';
import type { ImportRecord } from '../../imports/index.ts';
import type { FileSettings } from './settings.ts';

export interface OfFile {
  /** When the file was written. */
  readonly writtenAt: string;
  /** Read for the first time: what came is history, and moves no stock. */
  readonly history: boolean;
}

/** A record of a file as a fact; null where it is not of an ERP. */
export function factOf(
  record: ImportRecord,
  settings: FileSettings,
  { writtenAt, history }: OfFile,
): Fact | null {
  const sourceUpdatedAt = writtenAt;
  const locationOf = (name: string) => settings.locations[name] ?? name;
  const supplierOf = (name: string) => settings.suppliers[name] ?? name;
  switch (record.kind) {
    case 'item': {
      const { supplier, ...item } = record.item;
      const sold = supplier === undefined ? item : { ...item, supplier: supplierOf(supplier) };
      return { kind: 'item', externalId: `item/${item.sku}`, sourceUpdatedAt, item: sold };
    }
    case 'supplier':
      return {
        kind: 'supplier',
        externalId: `supplier/${record.supplier.code}`,
        sourceUpdatedAt,
        supplier: record.supplier,
      };
    case 'location':
      return {
        kind: 'location',
        externalId: `location/${record.location.code}`,
        sourceUpdatedAt,
        location: record.location,
      };
    case 'stock': {
      const { sku, condition, counted } = record;
      const location = locationOf(record.location);
      const externalId = `stock/${sku}/${location}/${condition}`;
      return { kind: 'stock', externalId, sourceUpdatedAt, sku, location, condition, counted };
    }
    case 'purchase_order': {
      const { ref, assumed, purchaseOrder } = record;
      const lines = purchaseOrder.lines.map((line) => inPieces(line, settings));
      return {
        kind: 'purchase_order',
        externalId: `purchase-order/${ref}`,
        sourceUpdatedAt,
        ref,
        ...(assumed === undefined ? {} : { assumed }),
        purchaseOrder: {
          ...purchaseOrder,
          supplier: supplierOf(purchaseOrder.supplier),
          lines: lines.map(({ received, ...line }) => ({
            ...line,
            location: locationOf(line.location),
            ...(history && received !== undefined ? { received } : {}),
          })),
        },
        received: lines.map(({ line, received = 0 }) => ({ line, quantity: received })),
      };
    }
    default:
      return null;
  }
}

type OrderLine = Extract<ImportRecord, { kind: 'purchase_order' }>['purchaseOrder']['lines'][number];

/** A line in a unit of the settings, in pieces. */
function inPieces({ uom, ...line }: OrderLine, { units }: FileSettings): OrderLine {
  const factor = uom === undefined ? 1 : (units[uom] ?? 1);
  if (factor === 1) return line;
  const { quantity, received, schedules, unitCost } = line;
  return {
    ...line,
    quantity: quantity * factor,
    ...(received === undefined ? {} : { received: received * factor }),
    ...(unitCost === undefined
      ? {}
      : { unitCost: { ...unitCost, amount: Math.round(unitCost.amount / factor) } }),
    ...(schedules === undefined
      ? {}
      : { schedules: schedules.map((one) => ({ ...one, quantity: one.quantity * factor })) }),
  };
}
