import type { Fact } from '../../connections/index.ts';
import type { Source } from '../follow.ts';
import { ONE, unitCost } from '../units.ts';
import { partOf } from './orders.ts';
import type { Row, TrytonRpc } from './rpc.ts';
import { changedOf, newestOf, stampOf } from './stamps.ts';

const SECONDS_A_DAY = 86_400;

/** Parties from whom something is bought. */
export function supplierSource(rpc: TrytonRpc): Source {
  return {
    page: (asked) => changedOf(rpc, 'party.party', [['active', 'in', [true, false]]], asked),
    async facts(changed, { signal }) {
      const ids = changed.map((one) => one.id);
      const rows = await rpc.read(
        'party.party',
        [
          ['id', 'in', ids],
          ['active', 'in', [true, false]],
        ],
        ['code', 'name', 'supplier_lead_time', 'create_date', 'write_date'],
        { signal },
      );
      const sells = new Set<unknown>();
      for (const model of ['purchase.product_supplier', 'purchase.purchase'])
        for (const row of await rpc.read(model, [['party', 'in', ids]], ['party'], { signal }))
          sells.add(row.party);
      return rows.filter((row) => sells.has(row.id) && row.code && row.name).map(supplierFact);
    },
  };
}

function supplierFact(row: Row): Fact {
  const seconds = row.supplier_lead_time as number | null;
  return {
    kind: 'supplier',
    externalId: `party/${row.id}`,
    sourceUpdatedAt: stampOf(row),
    supplier: {
      code: String(row.code),
      title: String(row.name),
      ...(seconds === null || seconds === undefined
        ? {}
        : { leadTimeDays: Math.ceil(seconds / SECONDS_A_DAY) }),
    },
  };
}

/** A variant's stamp does not move with its product's: both are asked. */
export function itemSources(rpc: TrytonRpc): readonly Source[] {
  const source = (model: string, field: string): Source => ({
    page: (asked) => changedOf(rpc, model, [], asked),
    facts: (changed, { signal }) =>
      readItems(
        rpc,
        field,
        changed.map((one) => one.id),
        signal,
      ),
  });
  return [source('product.product', 'id'), source('product.template', 'template')];
}

async function readItems(
  rpc: TrytonRpc,
  field: string,
  ids: readonly (string | number)[],
  signal: AbortSignal | undefined,
): Promise<readonly Fact[]> {
  const rows = await rpc.read(
    'product.product',
    [
      [field, 'in', ids],
      ['type', '=', 'goods'],
      ['code', '!=', null],
    ],
    [
      'code',
      'rec_name',
      'template.name',
      'template.create_date',
      'template.write_date',
      'list_price_uom',
      'cost_price',
      'create_date',
      'write_date',
    ],
    { signal },
  );
  const currency = await currencyOf(rpc, signal);
  return rows.flatMap((row) => itemFact(row, currency));
}

function itemFact(row: Row, currency: string | null): Fact[] {
  const template = partOf(row, 'template');
  const price = unitCost((row.list_price_uom as string | null) ?? '0', currency, ONE);
  const cost = unitCost(row.cost_price as string | null, currency, ONE);
  if (!row.code || price === undefined) return [];
  return [
    {
      kind: 'item',
      externalId: `product/${row.id}`,
      sourceUpdatedAt: newestOf([row, template]),
      item: {
        sku: String(row.code),
        title: String(template.name ?? row.rec_name),
        price,
        ...(cost === undefined || cost.amount === 0 ? {} : { cost }),
      },
    },
  ];
}

/** The company's. */
export async function currencyOf(rpc: TrytonRpc, signal?: AbortSignal): Promise<string | null> {
  const company = await rpc.company(signal);
  if (company === null) return null;
  const [row] = await rpc.read('company.company', [['id', '=', company]], ['currency.code'], { signal });
  return row === undefined ? null : ((partOf(row, 'currency').code as string | undefined) ?? null);
}
