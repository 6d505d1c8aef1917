import type { Cells } from './cells.ts';
import { currencyOf } from './currency.ts';
import { type Format, rowByRow } from './format.ts';
import { HashedSet } from './hashed-set.ts';
import type { Column } from './header.ts';
import { columnNames, listOf, optionalUnits, refuseRepeat } from './places.ts';
import { problem } from './problem.ts';
import { checkCode } from './words.ts';

const LIFECYCLES = ['upcoming', 'active', 'discontinued'] as const;

/** Items, from Kept's own template or any system's list with a SKU, a title and a price. */
export const items: Format = {
  kind: 'items',
  required: [],
  survey: (_header, field) => ({ dates: [field('launch_on')], numbers: [field('price'), field('cost')] }),
  open(setup) {
    const { cells } = setup;
    const columns = {
      sku: setup.field('sku'),
      title: setup.field('title'),
      price: setup.field('price'),
      currency: setup.field('currency'),
      cost: setup.field('cost'),
      supplier: setup.field('supplier'),
      lifecycle: setup.field('lifecycle'),
      policy: setup.field('policy'),
      leadTimeDays: setup.field('lead_time_days'),
      moq: setup.field('moq'),
      orderMultiple: setup.field('order_multiple'),
      components: setup.field('components'),
      alternatives: setup.field('alternatives'),
      uoms: setup.field('uoms'),
      launchOn: setup.field('launch_on'),
    };
    const named = columnNames(columns);
    const seen = new HashedSet();
    return rowByRow(cells, setup, (fields, line) => {
      const sku = cells.code(fields, columns.sku, 'a SKU');
      if (sku !== '') refuseRepeat(cells, seen, columns.sku, sku, line);
      const title = cells.words(fields, columns.title);
      if (title === '' && cells.text(fields, columns.title) === '') {
        cells.fail(columns.title, '', problem('is missing', 'a title'));
      }
      const currency = currencyOf(setup, fields, columns.currency);
      const price = cells.amount(fields, columns.price, currency);
      const cost = cells.amount(fields, columns.cost, currency, -1);
      const supplierName = cells.text(fields, columns.supplier);
      const supplier =
        supplierName === ''
          ? ''
          : cells.resolved(columns.supplier, supplierName, cells.refs.supplier(supplierName));
      const lifecycle = cells.text(fields, columns.lifecycle).toLowerCase();
      if (lifecycle !== '' && !LIFECYCLES.includes(lifecycle as 'active')) {
        cells.fail(columns.lifecycle, lifecycle, problem('is not a lifecycle', LIFECYCLES.join(', ')));
      }
      const policy = cells.code(fields, columns.policy, 'a policy', false);
      const leadTimeDays = optionalUnits(cells, fields, columns.leadTimeDays, 3650);
      const moq = cells.units(fields, columns.moq, 1, 0);
      const orderMultiple = cells.units(fields, columns.orderMultiple, 1, 0);
      const components = pairs(cells, fields, columns.components, ':').map(([part, quantity]) => ({
        sku: part,
        quantity,
      }));
      const alternatives = listOf(cells, fields, columns.alternatives);
      const uoms = Object.fromEntries(pairs(cells, fields, columns.uoms, '='));
      const launchOn = cells.day(fields, columns.launchOn);
      if (cells.bad) return;
      if (supplier !== '') cells.refs.meetSupplier(supplier, line);
      const item = {
        sku,
        title,
        price: { amount: price, currency },
        ...(cost < 0 ? {} : { cost: { amount: cost, currency } }),
        ...(supplier === '' ? {} : { supplier }),
        ...(lifecycle === '' ? {} : { lifecycle: lifecycle as 'active' }),
        ...(policy === '' ? {} : { policy }),
        ...(leadTimeDays === undefined ? {} : { leadTimeDays }),
        ...(moq === 0 ? {} : { moq }),
        ...(orderMultiple === 0 ? {} : { orderMultiple }),
        ...(components.length === 0 ? {} : { components }),
        ...(alternatives.length === 0 ? {} : { alternatives }),
        ...(Object.keys(uoms).length === 0 ? {} : { uoms }),
        ...(launchOn === null ? {} : { launchOn }),
      };
      setup.emit({ kind: 'item', item }, { line, columns: named });
    });
  },
};

/** "MUG:2|BOX:1": a code and whole units, each; errors are told. */
function pairs(cells: Cells, fields: string[], column: Column, between: string): [string, number][] {
  const found: [string, number][] = [];
  const parts = listOf(cells, fields, column);
  if (parts.length > 100)
    cells.fail(column, cells.text(fields, column), problem(`holds ${parts.length} parts`, 'at most 100'));
  for (const part of parts) {
    const at = part.lastIndexOf(between);
    const code = part.slice(0, at).trim();
    const units = part.slice(at + 1).trim();
    if (at < 1 || !/^[1-9]\d{0,8}$/.test(units) || code === '') {
      cells.fail(
        column,
        part,
        problem('is not a code with its units', `CODE${between}2, several joined with |`),
      );
      continue;
    }
    const wrong = checkCode(code);
    if (wrong) cells.fail(column, code, wrong);
    found.push([code, Number(units)]);
  }
  return found;
}
