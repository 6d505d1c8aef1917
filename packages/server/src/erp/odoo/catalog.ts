import type { Fact } from '../../connections/index.ts';
import type { Source } from '../follow.ts';
import { ONE, unitCost } from '../units.ts';
import { supplierCode } from './orders.ts';
import { changedOf, instant, type OdooRpc, type Row, textOf } from './rpc.ts';

export function supplierSource(rpc: OdooRpc): Source {
  const domain = [['supplier_rank', '>', 0]];
  return {
    page: (asked) => changedOf(rpc, 'res.partner', domain, asked),
    async facts(changed, { signal }) {
      const ids = changed.map((one) => one.id);
      const rows = await rpc.read('res.partner', [['id', 'in', ids]], ['ref', 'name'], {}, signal);
      return rows.map(
        (row): Fact => ({
          kind: 'supplier',
          externalId: `res.partner/${row.id}`,
          supplier: { code: supplierCode(row), title: textOf(row.name) ?? supplierCode(row) },
        }),
      );
    },
  };
}

/** A variant's stamp does not move with its product's: both are asked. */
export function itemSources(rpc: OdooRpc): readonly Source[] {
  const source = (model: string, field: string): Source => ({
    page: (asked) => changedOf(rpc, model, [['type', '!=', 'service']], asked),
    async facts(changed, { signal }) {
      const ids = changed.map((one) => one.id);
      const rows = await rpc.read(
        'product.product',
        [
          [field, 'in', ids],
          ['default_code', '!=', false],
        ],
        ['default_code', 'name', 'lst_price', 'standard_price', 'currency_id', 'write_date'],
        {},
        signal,
      );
      return rows.flatMap(itemFact);
    },
  });
  return [source('product.product', 'id'), source('product.template', 'product_tmpl_id')];
}

function itemFact(row: Row): Fact[] {
  const sku = textOf(row.default_code);
  const currency = Array.isArray(row.currency_id) ? String(row.currency_id[1]) : null;
  const price = unitCost(row.lst_price as number, currency, ONE);
  const cost = unitCost(row.standard_price as number, currency, ONE);
  if (sku === null || price === undefined) return [];
  return [
    {
      kind: 'item',
      externalId: `product.product/${row.id}`,
      sourceUpdatedAt: instant(row.write_date),
      item: {
        sku,
        title: textOf(row.name) ?? sku,
        price,
        ...(cost === undefined || cost.amount === 0 ? {} : { cost }),
      },
    },
  ];
}
