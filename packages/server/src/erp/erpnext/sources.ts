import type { Fact } from '../../connections/index.ts';
import type { Source } from '../follow.ts';
import { type ErpLine, type ErpOrder, orderFact, refOfDraft, type Stage } from '../order-fact.ts';
import { fraction, ONE, times, unitCost } from '../units.ts';
import { instantOf } from '../zoned.ts';
import type { Context, Doc, ErpnextRest } from './rest.ts';

type Row = Readonly<Record<string, unknown>>;
const words = (told: unknown) => (typeof told === 'string' && told.trim() !== '' ? told.trim() : null);
/** Some decimals come as numbers, some as text; nothing is null. */
const decimal = (told: unknown) => (told === null || told === undefined || told === '' ? '0' : String(told));

export function supplierSource(rest: ErpnextRest): Source {
  return {
    page: (asked) => rest.changed('Supplier', [], asked),
    async facts(changed, { signal }) {
      const names = changed.map((one) => one.id);
      const rows = await rest.list(
        'Supplier',
        ['name', 'supplier_name'],
        [['name', 'in', names]],
        names.length,
        signal,
      );
      return rows.map(
        (row): Fact => ({
          kind: 'supplier',
          externalId: `Supplier/${row.name}`,
          supplier: { code: row.name, title: words(row.supplier_name) ?? row.name },
        }),
      );
    },
  };
}

export function itemSource(rest: ErpnextRest, { settings }: Context): Source {
  return {
    page: (asked) => rest.changed('Item', [['is_stock_item', '=', 1]], asked),
    async facts(changed, { signal }) {
      const names = changed.map((one) => one.id);
      const company = await rest.read('Company', settings.company, signal);
      const currency = words(company.default_currency);
      const rows = await rest.list(
        'Item',
        ['name', 'item_code', 'item_name', 'standard_rate', 'valuation_rate', 'modified'],
        [['name', 'in', names]],
        names.length,
        signal,
      );
      return rows.flatMap((row): Fact[] => {
        const price = unitCost(decimal(row.standard_rate), currency, ONE);
        const cost = unitCost(decimal(row.valuation_rate), currency, ONE);
        const sku = words(row.item_code);
        if (price === undefined || sku === null) return [];
        return [
          {
            kind: 'item',
            externalId: `Item/${row.name}`,
            sourceUpdatedAt: instantOf(String(row.modified), settings.timeZone),
            item: {
              sku,
              title: words(row.item_name) ?? sku,
              price,
              ...(cost === undefined || cost.amount === 0 ? {} : { cost }),
            },
          },
        ];
      });
    },
  };
}

/** A receipt moves its order's stamp in most versions, and is asked for itself in case it did not. */
export function orderSources(rest: ErpnextRest, context: Context): readonly Source[] {
  const company = ['company', '=', context.settings.company] as const;
  return [
    {
      page: (asked) => rest.changed('Purchase Order', [company], asked),
      facts: (changed, { history, signal }) =>
        readOrders(
          rest,
          context,
          changed.map((one) => String(one.id)),
          history,
          signal,
        ),
    },
    {
      page: (asked) => rest.changed('Purchase Receipt', [company], asked),
      async facts(changed, { history, signal }) {
        const orders = new Set<string>();
        for (const { id } of changed) {
          const receipt = await rest.read('Purchase Receipt', String(id), signal);
          for (const row of receipt.items as readonly Row[]) {
            const order = words(row.purchase_order);
            if (order !== null) orders.add(order);
          }
        }
        return readOrders(rest, context, [...orders], history, signal);
      },
    },
  ];
}

async function readOrders(
  rest: ErpnextRest,
  { settings, log }: Context,
  names: readonly string[],
  history: boolean,
  signal: AbortSignal | undefined,
): Promise<readonly Fact[]> {
  const telling = {
    locations: settings.locations,
    history,
    warn: (said: string, data: Record<string, unknown>) => log.warn(said, data),
  };
  const facts: Fact[] = [];
  for (const name of names) {
    const told = orderOf(await rest.read('Purchase Order', name, signal), settings.timeZone);
    const fact = told === null ? null : orderFact(told, telling);
    if (fact !== null) facts.push(fact);
  }
  return facts;
}

function orderOf(doc: Doc, timeZone: string): ErpOrder | null {
  const supplier = words(doc.supplier);
  if (supplier === null) return null;
  const stage: Stage = doc.docstatus === 2 ? 'cancelled' : doc.docstatus === 1 ? 'confirmed' : 'draft';
  // Closed by a person: what has not come will not.
  const closed = doc.status === 'Closed';
  return {
    externalId: `Purchase Order/${doc.name}`,
    ref: refOfDraft(words(doc.title)) ?? doc.name,
    supplier,
    placedOn: String(doc.transaction_date).slice(0, 10),
    stage,
    updatedAt: instantOf(String(doc.modified), timeZone),
    currency: words(doc.currency),
    lines: (doc.items as readonly Row[]).flatMap((row) => lineOf(row, doc, closed)),
  };
}

function lineOf(row: Row, doc: Doc, closed: boolean): ErpLine[] {
  const sku = words(row.item_code);
  const warehouse = words(row.warehouse) ?? words(doc.set_warehouse);
  // What goes to no warehouse is not stocked.
  if (sku === null || warehouse === null) return [];
  const factor = fraction(decimal(row.conversion_factor ?? 1));
  const received = times(fraction(decimal(row.received_qty)), factor);
  const nothing = received.over === 0n;
  return [
    {
      line: String(row.name),
      sku,
      quantity: closed && !nothing ? received : times(fraction(decimal(row.qty)), factor),
      received,
      expectedOn: words(row.expected_delivery_date) ?? words(row.schedule_date) ?? words(doc.schedule_date),
      warehouse,
      ...(closed && nothing ? { stage: 'cancelled' as const } : {}),
      price: decimal(row.rate),
      factor,
    },
  ];
}
