import {
  ChannelInput,
  ItemInput,
  LineRef,
  LocationInput,
  OrderInput,
  PurchaseOrderInput,
  QuantityOrZero,
  Sku,
  StockCondition,
  SupplierInput,
} from '@kept/contract';
import { z } from 'zod';
import type { RowReader, Setup } from './format.ts';
import { HashedSet } from './hashed-set.ts';
import { type Kind, NeedsAnswer } from './options.ts';
import type { Layout } from './passes.ts';
import { FileProblem, problem } from './problem.ts';
import type { ImportRecord } from './records.ts';

const Code = Sku;
const History = z
  .array(z.object({ line: LineRef, shipped: QuantityOrZero, cancelled: QuantityOrZero }))
  .max(5000);

/** A line of each kind: the API's own shape, with the name that the API takes from the path. */
const SHAPES = {
  items: ItemInput.extend({ sku: Sku }),
  locations: LocationInput.extend({ code: Code }),
  channels: ChannelInput.extend({ code: Code }),
  suppliers: SupplierInput.extend({ code: Code }),
  stock: z.object({
    sku: Sku,
    location: Code,
    condition: StockCondition.default('sellable'),
    counted: QuantityOrZero,
  }),
  orders: z.looseObject({ history: History.optional() }),
  purchase_orders: PurchaseOrderInput.extend({ ref: Code }),
} as const;
export type JsonKind = keyof typeof SHAPES;

/** What a line of JSON is, by the names it has; null where they do not tell. */
function jsonKind(value: unknown): JsonKind | null {
  if (typeof value !== 'object' || value === null) return null;
  const has = (...names: string[]) => names.every((name) => name in value);
  if (has('ref', 'channel', 'lines')) return 'orders';
  if (has('ref', 'supplier', 'lines')) return 'purchase_orders';
  if (has('sku', 'counted')) return 'stock';
  if (has('sku', 'title')) return 'items';
  if (has('code', 'kind')) return 'channels';
  if (has('code') && ['channels', 'cutOff', 'timeZone', 'country', 'closed'].some((name) => has(name)))
    return 'locations';
  if (has('code') && ['leadTimeDays', 'moq', 'paymentTerms', 'status'].some((name) => has(name)))
    return 'suppliers';
  return null;
}

/** Kinds that lines of JSON may be of: the plain ones, not the platforms' exports. */
const isJsonKind = (kind: Kind): kind is JsonKind => kind in SHAPES;

/** The kind of a file of JSON lines: the one that was said, else what its first line is. Throws {@link NeedsAnswer}. */
export function jsonKindOf(layout: Layout, said: Kind | undefined): JsonKind {
  if (said !== undefined) {
    if (isJsonKind(said)) return said;
    throw new FileProblem(
      `lines of JSON cannot be of the kind ${said}`,
      'items, stock, orders, purchase_orders, locations, channels or suppliers',
    );
  }
  let kind: JsonKind | null = null;
  try {
    kind = jsonKind(JSON.parse(layout.samples[0]![0]!));
  } catch {
    throw new FileProblem('the first line is not JSON', 'one JSON object on each line', 1);
  }
  if (kind !== null) return kind;
  throw new NeedsAnswer(['kind'], 'the first line does not tell what it is: say --kind');
}

/** Reads lines of JSON, one record each; `fields` holds the line as its only field. */
export function jsonReader(setup: Setup, kind: JsonKind): RowReader {
  const { cells } = setup;
  const seen = new HashedSet();
  const told = (path: string, value: unknown, message: string, expected = 'the shape that the API takes') => {
    const text = value === undefined ? null : typeof value === 'string' ? value : JSON.stringify(value);
    cells.fail({ index: 0, name: path === '' ? '(line)' : path }, text, problem(message, expected));
  };
  return {
    row(fields, line) {
      cells.line = line;
      cells.bad = false;
      const value = parse(fields[0]!);
      if (value === undefined) told('', fields[0], 'is not JSON', 'one JSON object on each line');
      else {
        const record = read(setup, kind, value, told);
        if (record) {
          const key = identity(record);
          const first = seen.add(key, line);
          if (first !== 0)
            told('', key.split('\n')[0], `is there twice, first on line ${first}`, 'each one once');
          if (!cells.bad) setup.emit(record, { line, columns: {} });
        }
      }
      if (cells.bad) setup.skip(1);
    },
    unreadable() {
      setup.skip(1);
    },
    end() {},
  };
}

type Told = (path: string, value: unknown, message: string, expected?: string) => void;

function read(setup: Setup, kind: JsonKind, value: unknown, told: Told): ImportRecord | null {
  const schema = kind === 'orders' ? OrderInput : SHAPES[kind];
  const given = kind === 'orders' && isObject(value) ? { mode: 'placed', ...value } : value;
  const result = schema.safeParse(given);
  for (const issue of result.error?.issues ?? []) {
    told(
      issue.path.join('.'),
      at(given, issue.path),
      issue.message.replace(/^expected/, 'is not what was expected:'),
      issue.message,
    );
  }
  const history = kind === 'orders' ? SHAPES.orders.safeParse(value) : null;
  for (const issue of history?.error?.issues ?? [])
    told(issue.path.join('.'), at(value, issue.path), issue.message);
  if (!result.success || (history && !history.success)) return null;
  return record(setup, kind, result.data, history?.data?.history, told);
}

function record(
  setup: Setup,
  kind: JsonKind,
  data: unknown,
  history: z.output<typeof History> | undefined,
  told: Told,
): ImportRecord | null {
  const { refs, cells } = setup;
  const check = (path: string, text: string, found: ReturnType<typeof refs.sku>) => {
    if (typeof found === 'string') return found;
    told(path, text, found.message, found.expected);
    return text;
  };
  switch (kind) {
    case 'items':
      return { kind: 'item', item: data as z.output<typeof SHAPES.items> };
    case 'locations':
      return { kind: 'location', location: data as z.output<typeof SHAPES.locations> };
    case 'channels':
      return { kind: 'channel', channel: data as z.output<typeof SHAPES.channels> };
    case 'suppliers':
      return { kind: 'supplier', supplier: data as z.output<typeof SHAPES.suppliers> };
    case 'stock': {
      const stock = data as z.output<typeof SHAPES.stock>;
      check('sku', stock.sku, refs.sku(stock.sku));
      const location = check('location', stock.location, refs.location(stock.location));
      if (cells.bad) return null;
      refs.meetItem(stock.sku, cells.line, '', null);
      refs.meetLocation(location, cells.line);
      return { kind: 'stock', ...stock, location };
    }
    case 'orders': {
      const order = data as z.output<typeof OrderInput>;
      if (order.mode !== 'placed')
        told('mode', order.mode, 'asks instead of telling', 'placed: a file tells what was sold');
      order.channel = check('channel', order.channel, refs.channelOfRow(order.channel, cells.line));
      for (const [index, line] of order.lines.entries())
        check(`lines.${index}.sku`, line.sku, refs.sku(line.sku));
      const wrong = history?.find((entry) => {
        const line = order.lines.find((candidate) => String(candidate.line) === String(entry.line));
        return !line || entry.shipped + entry.cancelled > line.quantity;
      });
      if (wrong)
        told('history', wrong, 'does not fit a line', 'lines of the order, and no more than was ordered');
      if (cells.bad) return null;
      for (const line of order.lines) refs.meetItem(line.sku, cells.line, '', line.price);
      return history && history.length > 0 ? { kind: 'order', order, history } : { kind: 'order', order };
    }
    case 'purchase_orders': {
      const { ref, ...purchaseOrder } = data as z.output<typeof SHAPES.purchase_orders>;
      purchaseOrder.supplier = check(
        'supplier',
        purchaseOrder.supplier,
        refs.supplier(purchaseOrder.supplier),
      );
      for (const [index, line] of purchaseOrder.lines.entries()) {
        check(`lines.${index}.sku`, line.sku, refs.sku(line.sku));
        line.location = check(`lines.${index}.location`, line.location, refs.location(line.location));
      }
      if (cells.bad) return null;
      refs.meetSupplier(purchaseOrder.supplier, cells.line);
      for (const line of purchaseOrder.lines) {
        refs.meetItem(line.sku, cells.line, '', null, line.unitCost ?? null);
        refs.meetLocation(line.location, cells.line);
      }
      return { kind: 'purchase_order', ref, purchaseOrder };
    }
  }
}

/** What makes two lines the same thing. The part before the first line break is shown. */
function identity(record: ImportRecord): string {
  switch (record.kind) {
    case 'item':
      return record.item.sku;
    case 'location':
      return record.location.code;
    case 'channel':
      return record.channel.code;
    case 'supplier':
      return record.supplier.code;
    case 'stock':
      return `${record.sku}\n${record.location}\n${record.condition}`;
    case 'order':
      return `${record.order.ref}\n${record.order.channel}`;
    case 'purchase_order':
    case 'order_cancellation':
      return record.ref;
    case 'listing':
      return `${record.externalId}\n${record.channel}`;
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) => (inner as Record<PropertyKey, unknown> | null | undefined)?.[key],
    value,
  );
}
