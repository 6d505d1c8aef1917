import type { Cells } from './cells.ts';
import type { Column } from './header.ts';
import { problem } from './problem.ts';

export interface MeasuredColumns {
  quantity: Column;
  uom: Column;
  factor: Column;
}
/** A quantity in the item's own unit (`uom` absent) or in one of its units of measure. */
export interface Measured {
  /** NaN where the cell is wrong. */
  quantity: number;
  uom?: string;
  /** Stock units that one of the file's units has become in `quantity`: 1 unless the file's own factor was applied. */
  factor: number;
}

/** What ERPs call the single piece: such a unit needs no factor. */
const PIECES = new Set([
  ...[
    'unit',
    'units',
    'unit(s)',
    'each',
    'ea',
    'ea.',
    'pc',
    'pcs',
    'pc.',
    'piece',
    'pieces',
    'nos',
    'nos.',
    'no',
    'item',
    'items',
  ],
  ...['stk', 'stk.', 'stück', 'stueck', 'st', 'st.', 'stck', 'stck.', 'c62', 'h87'],
]);

/**
 * A quantity with its unit of measure. The file's factor is applied at once; a unit that the item knows goes along
 * as it is; any other is an error, since nobody can say how many pieces it holds (RULES 7).
 */
export function readMeasured(
  cells: Cells,
  fields: string[],
  columns: MeasuredColumns,
  sku: string,
  least: 0 | 1,
): Measured {
  if (columns.uom.index < 0 && columns.factor.index < 0) {
    return { quantity: cells.units(fields, columns.quantity, least), factor: 1 };
  }
  const uom = cells.text(fields, columns.uom);
  const factor = cells.units(fields, columns.factor, 1, 0);
  if (Number.isNaN(factor)) return { quantity: Number.NaN, factor: 1 };
  if (factor > 1) return { quantity: cells.unitsTimes(fields, columns.quantity, factor, least), factor };
  if (uom === '' || factor === 1 || PIECES.has(uom.toLowerCase())) {
    return { quantity: cells.units(fields, columns.quantity, least), factor: 1 };
  }
  const known = cells.refs.known.skus.get(sku)?.uoms ?? {};
  const name = Object.keys(known).find((own) => own.toLowerCase() === uom.toLowerCase());
  if (name === undefined) {
    const names = Object.keys(known).join(', ');
    cells.fail(
      columns.uom,
      uom,
      problem(
        'is a unit of measure that the item does not have',
        `${names === '' ? '' : `${names}, `}the single unit, or a column with the factor`,
      ),
    );
    return { quantity: Number.NaN, factor: 1 };
  }
  const text = cells.text(fields, columns.quantity);
  if (/[.,]\d*[1-9]/.test(text)) {
    return {
      quantity: cells.unitsTimes(fields, columns.quantity, known[name]!, least),
      factor: known[name]!,
    };
  }
  return { quantity: cells.units(fields, columns.quantity, least), uom: name, factor: 1 };
}
