import { MAXIMUM_QUANTITY } from '@kept/contract';
import { type Format, type RowReader, rowByRow, type Setup } from './format.ts';
import { HashedSet } from './hashed-set.ts';
import type { Column } from './header.ts';
import { columnNames, refuseRepeat } from './places.ts';
import { problem } from './problem.ts';

const ON_HAND = ['on hand (current)', 'on hand', 'on hand (not editable)'];
/** Columns of the export that are not a location's. */
const OWN =
  /^(handle|title|option\d (name|value|linked to)|sku|hs code|coo|location|bin name|barcode|id|vendor|type)$/;

/**
 * Shopify's inventory export: what is on hand, not what is available, since that leaves out the units of open orders
 * which Kept backs itself (RULES 6). Of what is on hand, Shopify's "unavailable" units are held back as
 * quality_hold. "not stocked" is no fact at all; a negative count is drift, shown and taken as 0.
 */
export const shopifyInventory: Format = {
  kind: 'shopify_inventory',
  required: ['handle', 'title', 'sku', ['coo', 'hs code', 'location']],
  survey: () => ({ dates: [], numbers: [] }),
  open: (setup) => (setup.header.has('location') ? byRow(setup) : byColumn(setup)),
};

/** One row for each variant and location, with the states of its units in columns. */
function byRow(setup: Setup): RowReader {
  const { cells, header } = setup;
  const c = {
    sku: header.column('sku'),
    title: header.column('title'),
    location: header.column('location'),
    onHand: header.column(...ON_HAND),
    available: header.column('available (not editable)', 'available'),
    committed: header.column('committed (not editable)', 'committed'),
    unavailable: header.column('unavailable (not editable)', 'unavailable'),
  };
  const named = columnNames({ sku: c.sku, location: c.location, counted: c.onHand });
  const count = counter(setup, c.sku, named);
  let toldAvailable = false;
  return rowByRow(cells, setup, (fields, line) => {
    const told = c.onHand.index >= 0 ? c.onHand : c.available;
    if (!stocked(cells.text(fields, told))) return setup.ignore(1);
    const sku = skuOf(setup, fields, c.sku, c.title);
    const location = cells.location(fields, c.location);
    let onHand = cells.signedUnits(fields, told, 0);
    if (c.onHand.index < 0) {
      // on hand is what is available, committed and unavailable together
      if (c.committed.index >= 0) onHand += cells.signedUnits(fields, c.committed, 0);
      else if (!toldAvailable) {
        toldAvailable = true;
        setup.warn(line, told, null, LEAVES_OUT_COMMITTED);
      }
      onHand += cells.signedUnits(fields, c.unavailable, 0);
    }
    const unavailable = cells.signedUnits(fields, c.unavailable, 0);
    if (cells.bad) return;
    count(
      line,
      sku,
      location,
      onHand,
      unavailable,
      told,
      cells.text(fields, c.title),
      c.unavailable.index >= 0,
    );
  });
}

const LEAVES_OUT_COMMITTED =
  'this export tells only what is available, which leaves out the units of open orders: export all states to have them counted';

/** The old export: one row for each variant, and a column of available units for each location. */
function byColumn(setup: Setup): RowReader {
  const { cells, header } = setup;
  const sku = header.column('sku');
  const title = header.column('title');
  const places: { column: Column; code: string }[] = [];
  for (const name of header.names) {
    if (name === '' || OWN.test(name.toLowerCase().trim())) continue;
    const found = setup.refs.location(name);
    if (typeof found === 'string') places.push({ column: header.column(name), code: found });
    else {
      cells.line = header.line;
      cells.fail(header.column(name), name, found);
    }
  }
  const count = counter(setup, sku, columnNames({ sku }));
  setup.warn(header.line, null, null, LEAVES_OUT_COMMITTED);
  return rowByRow(cells, setup, (fields, line) => {
    const stockedAt = places.filter(({ column }) => stocked(cells.text(fields, column)));
    if (stockedAt.length === 0) return setup.ignore(1);
    const code = skuOf(setup, fields, sku, title);
    const units = stockedAt.map(({ column }) => cells.signedUnits(fields, column, 0));
    if (cells.bad) return;
    for (const [index, { column, code: location }] of stockedAt.entries()) {
      count(line, code, location, units[index]!, 0, column, cells.text(fields, title), false);
    }
  });
}

function counter(setup: Setup, skuColumn: Column, named: Record<string, string>) {
  const { cells } = setup;
  const seen = new HashedSet();
  return (
    line: number,
    sku: string,
    location: string,
    onHand: number,
    unavailable: number,
    column: Column,
    title: string,
    split: boolean,
  ) => {
    refuseRepeat(cells, seen, skuColumn, sku, line, `${sku}\n${location}`);
    if (onHand > MAXIMUM_QUANTITY)
      cells.fail(column, String(onHand), problem('is too many units', 'at most 10,000,000 units'));
    if (cells.bad) return;
    if (onHand < 0)
      setup.warn(line, column, String(onHand), 'is negative: the shop has drifted; counted as 0');
    const counted = Math.max(0, onHand);
    const held = Math.min(counted, Math.max(0, unavailable));
    const place = { line, columns: named };
    setup.refs.meetItem(sku, line, title, null);
    setup.refs.meetLocation(location, line);
    setup.emit({ kind: 'stock', sku, location, condition: 'sellable', counted: counted - held }, place);
    if (split) setup.emit({ kind: 'stock', sku, location, condition: 'quality_hold', counted: held }, place);
  };
}

/** Whether a cell tells a count at all. */
function stocked(text: string): boolean {
  return text !== '' && text.toLowerCase() !== 'not stocked';
}

function skuOf(setup: Setup, fields: string[], column: Column, title: Column): string {
  const { cells } = setup;
  if (cells.text(fields, column) !== '') return cells.sku(fields, column);
  const name = cells.text(fields, title).slice(0, 100);
  cells.fail(
    column,
    '',
    problem(`is missing for "${name}"`, 'a SKU: give the variant one in Shopify and export again'),
  );
  return '';
}
