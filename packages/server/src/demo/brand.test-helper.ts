/** The demo brand as a reader of its facts sees it: records, then revisions, per item and location. */
import { demoReceipts, demoRecords, demoRevisions } from './index.ts';

type Records = ReturnType<typeof demoRecords> extends Generator<infer R> ? R : never;
export type Of<Kind extends Records['kind']> = Extract<Records, { kind: Kind }>;

export interface OpenLine {
  order: Of<'order'>['order'];
  line: number;
  open: number;
}
export interface Supply {
  ref: string;
  supplier: string;
  open: number;
  received: number;
  placedOn: string;
  firstExpectedOn: string | null;
  expectedOn: string | null;
  stage: string;
  mode: string;
  /** Dates that moved, in order. */
  slips: { reason: string; later: boolean }[];
  schedules: number;
}
export interface ItemView {
  item: Of<'item'>['item'];
  /** Orders at the location, oldest first. */
  lines: OpenLine[];
  waitingUnits: number;
  sellable: number;
  qualityHold: number;
  returned: number;
  damaged: number;
  /** Open ones, earliest date first. */
  supplies: Supply[];
  /** Units that sellable stock does not cover. */
  uncovered: number;
}

export function brandOn(today: string) {
  const now = new Date(`${today}T15:00:00Z`);
  const records: Records[] = [...demoRecords(today, now)];
  const revisions = demoRevisions(today);
  const receipts = demoReceipts(today);
  const of = <Kind extends Records['kind']>(kind: Kind) =>
    records.filter((record): record is Of<Kind> => record.kind === kind);
  const items = new Map(of('item').map(({ item }) => [item.sku, item]));

  function suppliesOf(sku: string, location: string): Supply[] {
    return of('purchase_order')
      .flatMap(({ ref, purchaseOrder }) =>
        purchaseOrder.lines
          .filter((line) => line.sku === sku && line.location === location)
          .map((line) => {
            const said = revisions.filter((step) => step.purchaseOrder === ref && step.line === line.line);
            let stands = line.expectedOn;
            const slips: Supply['slips'] = [];
            for (const step of said) {
              if (step.expectedOn !== stands)
                slips.push({ reason: step.reason, later: (step.expectedOn ?? '9999') > (stands ?? '') });
              stands = step.expectedOn;
            }
            return {
              ref,
              supplier: purchaseOrder.supplier,
              open: line.quantity - (line.received ?? 0),
              received: line.received ?? 0,
              placedOn: purchaseOrder.placedOn,
              firstExpectedOn: line.expectedOn,
              expectedOn: stands,
              stage: said.findLast((step) => step.stage)?.stage ?? purchaseOrder.stage,
              mode: purchaseOrder.freightMode!,
              slips,
              schedules: line.schedules?.length ?? 0,
            };
          }),
      )
      .filter((supply) => supply.open > 0)
      .sort((one, other) => (one.expectedOn ?? '9999').localeCompare(other.expectedOn ?? '9999'));
  }

  function view(sku: string, location: 'warehouse' | 'fba' = 'warehouse'): ItemView {
    const lines: OpenLine[] = [];
    for (const { order, history } of of('order'))
      if ((order.channel === 'amazon') === (location === 'fba'))
        for (const { line, sku: ordered, quantity } of order.lines) {
          const done = history?.find((entry) => entry.line === line);
          const open = quantity - (done?.shipped ?? 0) - (done?.cancelled ?? 0);
          if (ordered === sku && open > 0) lines.push({ order, line: Number(line), open });
        }
    const counted = (condition: string) =>
      of('stock').find(
        (stock) => stock.sku === sku && stock.location === location && stock.condition === condition,
      )?.counted ?? 0;
    const waitingUnits = lines.reduce((sum, line) => sum + line.open, 0);
    return {
      item: items.get(sku)!,
      lines,
      waitingUnits,
      sellable: counted('sellable'),
      qualityHold: counted('quality_hold'),
      returned: counted('returned'),
      damaged: counted('damaged'),
      supplies: suppliesOf(sku, location),
      uncovered: Math.max(0, waitingUnits - counted('sellable')),
    };
  }
  return { today, now, records, revisions, receipts, of, items, view };
}
export type Brand = ReturnType<typeof brandOn>;
