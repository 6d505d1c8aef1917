import { type Format, rowByRow } from './format.ts';
import { HashedSet } from './hashed-set.ts';
import { readMeasured } from './measured.ts';
import { columnNames, refuseRepeat } from './places.ts';
import { problem } from './problem.ts';

const CONDITIONS = new Map<string, 'sellable' | 'quality_hold' | 'returned' | 'damaged'>([
  ...['', 'sellable', 'available', 'good', 'new', 'ok', 'frei', 'verfügbar'].map(
    (word) => [word, 'sellable'] as const,
  ),
  ...[
    'quality hold',
    'hold',
    'on hold',
    'quarantine',
    'qc',
    'blocked',
    'gesperrt',
    'sperrbestand',
    'qualitätsprüfung',
  ].map((word) => [word, 'quality_hold'] as const),
  ...['returned', 'return', 'returns', 'retoure'].map((word) => [word, 'returned'] as const),
  ...['damaged', 'unsellable', 'defective', 'defekt', 'beschädigt'].map((word) => [word, 'damaged'] as const),
]);

/** Counted stock, from Kept's own template or any system's list with a SKU and what is on hand. */
export const stock: Format = {
  kind: 'stock',
  required: [],
  survey: (_header, field) => ({ dates: [], numbers: [field('counted')] }),
  open(setup) {
    const { cells } = setup;
    const columns = {
      sku: setup.field('sku'),
      location: setup.field('location'),
      condition: setup.field('condition'),
      counted: setup.field('counted'),
    };
    const measured = { quantity: columns.counted, uom: setup.field('uom'), factor: setup.field('factor') };
    const title = setup.field('title');
    const ofFile = columns.location.index < 0 ? setup.refs.locationOfFile() : '';
    const named = columnNames(columns);
    const seen = new HashedSet();
    return rowByRow(cells, setup, (fields, line) => {
      const sku = cells.sku(fields, columns.sku);
      const location = ofFile === '' ? cells.location(fields, columns.location) : ofFile;
      const word = cells.text(fields, columns.condition);
      const condition = CONDITIONS.get(word.toLowerCase().replaceAll('_', ' '));
      if (condition === undefined) {
        cells.fail(
          columns.condition,
          word,
          problem('is not a condition', 'sellable, quality_hold, returned or damaged'),
        );
      }
      const read = readMeasured(cells, fields, measured, sku, 0);
      // a count has no unit of its own in the records: it is stored in stock units
      const factor = read.uom === undefined ? 1 : (cells.refs.known.skus.get(sku)?.uoms[read.uom] ?? 1);
      if (!cells.bad) refuseRepeat(cells, seen, columns.sku, sku, line, `${sku}\n${location}\n${condition}`);
      const name = cells.words(fields, title);
      if (cells.bad) return;
      cells.refs.meetItem(sku, line, name, null);
      cells.refs.meetLocation(location, line);
      setup.emit(
        { kind: 'stock', sku, location, condition: condition!, counted: read.quantity * factor },
        { line, columns: named },
      );
    });
  },
};
