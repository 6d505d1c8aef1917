import { type Format, rowByRow } from './format.ts';
import { HashedSet } from './hashed-set.ts';
import { columnNames, refuseRepeat } from './places.ts';

/**
 * Amazon's FBA inventory report. Fulfillable units are sellable. Reserved ones are on hand as well, but only those
 * that orders in Kept hold are told as stock by the store (RULES 6): the rest are on their way between Amazon's
 * warehouses. Units that cannot be sold are damaged. Inbound ones are supply, not stock.
 */
export const amazonFbaInventory: Format = {
  kind: 'amazon_fba_inventory',
  required: ['sku', ['fnsku', 'asin'], 'afn-fulfillable-quantity'],
  survey: () => ({ dates: [], numbers: [] }),
  open(setup) {
    const { cells, header } = setup;
    const c = {
      sku: header.column('sku'),
      title: header.column('product-name'),
      price: header.column('your-price'),
      listed: header.column('afn-listing-exists'),
      fulfillable: header.column('afn-fulfillable-quantity'),
      unsellable: header.column('afn-unsellable-quantity'),
      reserved: header.column('afn-reserved-quantity'),
      transfer: header.column('afn-fc-transfer-quantity'),
    };
    const location = setup.refs.locationOfFile((code, title) => /\b(fba|amazon)\b/i.test(`${code} ${title}`));
    const named = columnNames({ sku: c.sku, counted: c.fulfillable });
    const currency = setup.options.currency ?? setup.refs.known.currency;
    const seen = new HashedSet();
    return rowByRow(cells, setup, (fields, line) => {
      if (/^no$/i.test(cells.text(fields, c.listed)) && cells.text(fields, c.fulfillable) === '')
        return setup.ignore(1);
      const sku = cells.sku(fields, c.sku);
      if (sku !== '') refuseRepeat(cells, seen, c.sku, sku, line);
      const fulfillable = cells.units(fields, c.fulfillable, 0);
      const unsellable = cells.units(fields, c.unsellable, 0, 0);
      const reserved = cells.units(fields, c.reserved, 0, 0) - cells.units(fields, c.transfer, 0, 0);
      const title = cells.words(fields, c.title);
      const price = cells.amount(fields, c.price, currency, -1);
      if (cells.bad) return;
      setup.refs.meetItem(sku, line, title, price < 0 ? null : { amount: price, currency });
      const place = { line, columns: named };
      const sellable = {
        kind: 'stock' as const,
        sku,
        location,
        condition: 'sellable' as const,
        counted: fulfillable,
      };
      setup.emit(reserved > 0 ? { ...sellable, reserved } : sellable, place);
      if (c.unsellable.index >= 0)
        setup.emit({ kind: 'stock', sku, location, condition: 'damaged', counted: unsellable }, place);
    });
  },
};
