import type { CommitmentKind, LinePosition, PromisePart, PromisePosition } from '@kept/engine';
import { dayNumber } from '@kept/engine';
import type pg from 'pg';
import {
  DAYS_TO_2000,
  millisecondsOf,
  readBigints,
  readFloats,
  readInts,
  readTexts,
} from '../platform/column-reader.ts';
import { ints } from '../platform/columns.ts';

export const COMMITMENT_KINDS: readonly CommitmentKind[] = ['reserved', 'pegged', 'waiting'];

/** Which lines of items: every open line; or those of some orders, and with `units` also the heads of the queues. */
export type LineScope = 'queue' | { readonly orders: readonly number[]; readonly units?: number };

/** What nearly no line has: it is told apart, so that the columns of all of them stay few. */
const UNUSUAL = `
  case when l.shipped > 0 or l.cancelled > 0 or l.added > 0 or l.not_before is not null or l.cancel_after is not null
      or o.customer_class is not null or k.per is not null or p.shipped_before > 0 or position('],' in p.parts) > 0 then
    json_build_array(l.shipped, l.cancelled, l.added, l.added_rank, l.not_before, l.cancel_after, o.customer_class, k.per,
      p.shipped_before, p.parts)::text end`;

/** Bits of `flags`, above the kind of the commitment. */
const FLAGS = { kind: 3, shipComplete: 4, locked: 8, moved: 16, component: 32 } as const;

/** A commitment of a line, with the line. */
const LINES = `
  select c.item_id, c.order_id, c.line, c.source, c.quantity, l.ordered, l.rank, o.channel_id, o.country, o.placed_at,
    l.price::float8 * l.ordered - l.discount as value, p.version, p.quantity as promised, p.ship_by, p.deliver_by,
    c.kind::int + case when o.ship_complete then ${FLAGS.shipComplete} else 0 end
      + case when l.locked or l.released > l.shipped then ${FLAGS.locked} else 0 end
      + case when l.moved then ${FLAGS.moved} else 0 end
      + case when l.item_id <> c.item_id then ${FLAGS.component} else 0 end as flags, ${UNUSUAL} as unusual
  from commitment c
  join order_line l on l.brand_id = c.brand_id and l.order_id = c.order_id and l.line = c.line
  join customer_order o on o.brand_id = c.brand_id and o.order_id = c.order_id
  left join order_line_component k
    on k.brand_id = c.brand_id and k.order_id = c.order_id and k.line = c.line and k.item_id = c.item_id
  left join promise p
    on p.brand_id = c.brand_id and p.order_id = c.order_id and p.line = c.line and p.version = l.promise_version`;

/** In rank order; what backs a line lies together. */
const ORDER = 'order by c.item_id, l.rank, c.order_id, c.line, c.kind, c.source';

const COLUMNS = [
  'item_id',
  'order_id',
  'line',
  'source',
  'quantity',
  'ordered',
  'rank',
  'channel_id',
  'country',
  'placed_at',
  'value',
  'version',
  'promised',
  'ship_by',
  'deliver_by',
  'flags',
  'unusual',
] as const;
type Columns = Readonly<Record<(typeof COLUMNS)[number], Buffer | null>>;

const inColumns = (rows: string, also = '') =>
  `select ${also}${COLUMNS.map((name) => `array_send(array_agg(${name})) as ${name}`).join(', ')} from (${rows}) line`;

/**
 * Who could take units that become free: on each supply, and among those who wait, the first lines by rank. A line takes at
 * least one unit, and no source gives up more units than became free, so that as many lines are enough. One more tells that
 * somebody still waits.
 */
const HEADS = `
  with source as (
    select item_id, 1::smallint as kind, supply_id as source from supply
    where brand_id = $1 and item_id = any($2) and pegged > 0
    union all
    select unnest($2::int[]), 2::smallint, 0),
  picked as (
    select distinct h.order_id, h.line from source s cross join lateral (
      select order_id, line from commitment
      where brand_id = $1 and item_id = s.item_id and kind = s.kind and source = s.source
      order by rank, order_id, line limit $4::int + 1) h
    union
    select order_id, line from commitment where brand_id = $1 and order_id = any($3))`;

/** Up to so many items a statement is planned once and for all. */
const FEW = 8;

/** Open lines of items in rank order, each once per item with all that backs it there. */
export async function loadLines(
  client: pg.PoolClient,
  brandId: number,
  items: readonly number[],
  scope: LineScope,
): Promise<LinePosition[]> {
  const wanted = ints(items, (item) => item);
  const { rows } =
    scope === 'queue'
      ? await client.query<Columns>({
          // Planned for what is there: a plan kept from when a table was small reads all of it for every line.
          ...(items.length > FEW ? {} : { name: 'load-queue' }),
          text: inColumns(`${LINES} where c.brand_id = $1 and c.item_id = any($2::int[]) ${ORDER}`),
          values: [brandId, wanted],
        })
      : scope.units !== undefined
        ? await client.query<Columns>({
            name: 'load-heads',
            text: `${HEADS} ${inColumns(`${LINES} join picked on picked.order_id = c.order_id and picked.line = c.line
                   where c.brand_id = $1 and c.item_id = any($2::int[]) ${ORDER}`)}`,
            values: [brandId, wanted, scope.orders, scope.units],
          })
        : await client.query<Columns>({
            name: 'load-lines-of-orders',
            text: inColumns(
              `${LINES} where c.brand_id = $1 and c.item_id = any($2::int[]) and c.order_id = any($3) ${ORDER}`,
            ),
            values: [brandId, wanted, scope.orders],
          });
  return linesFrom(rows[0]!);
}

/** Items whose lines are told together. */
export const PART_ITEMS = 500;

/**
 * All open lines of a brand, part by part: of the items 0 to 499, 500 to 999 and so on, from a part on; parts without lines
 * are left out. The tables are read once, in the order in which they lie, which is a seventh of the work of looking each
 * line up. In a transaction of its own, of one snapshot.
 */
export async function* readAllLines(
  client: pg.PoolClient,
  brandId: number,
  firstPart: number,
): AsyncGenerator<{ part: number; lines: LinePosition[] }> {
  // All rows are wanted, not the first ones; and no plan that is good for a few lines, where statistics are not yet there.
  await client.query(
    `set local cursor_tuple_fraction = 1; set local work_mem = '64MB'; set local enable_nestloop = off`,
  );
  const part = `c.item_id / ${PART_ITEMS}`;
  const rows = `${LINES.replace('select', `select ${part} as part,`)}
    where c.brand_id = ${brandId} and c.item_id >= ${firstPart * PART_ITEMS} ${ORDER.replace('order by', `order by ${part},`)}`;
  await client.query(
    `declare all_lines no scroll cursor for ${inColumns(rows, 'part, ')} group by part order by part`,
  );
  await client.query('reset enable_nestloop');
  const next = () => client.query<Columns & { part: number }>('fetch next from all_lines');
  for (let fetched = next(); ; ) {
    const [row] = (await fetched).rows;
    if (row === undefined) break;
    // The next part is made while somebody looks at this one.
    fetched = next();
    yield { part: row.part, lines: linesFrom(row) };
  }
}

/** Lines as the engine sees them, of columns in which what backs a line lies together. */
function linesFrom(columns: Columns): LinePosition[] {
  const item = readInts(columns.item_id);
  const order = readBigints(columns.order_id);
  const line = readInts(columns.line);
  const source = readInts(columns.source);
  const quantity = readInts(columns.quantity);
  const ordered = readInts(columns.ordered);
  const rank = readBigints(columns.rank);
  const channel = readInts(columns.channel_id);
  const country = readTexts(columns.country);
  const placedAt = readBigints(columns.placed_at);
  const value = readFloats(columns.value);
  const version = readInts(columns.version);
  const promised = readInts(columns.promised);
  const shipBy = readInts(columns.ship_by);
  const deliverBy = readInts(columns.deliver_by);
  const flags = readInts(columns.flags);
  const unusual = readTexts(columns.unusual);
  const lines: LinePosition[] = [];
  let current: LinePosition | null = null;
  for (let row = 0; row < item.length; row++) {
    const bits = flags[row]!;
    if (
      current === null ||
      current.item !== item[row] ||
      current.order !== order[row] ||
      current.line !== line[row]
    ) {
      const rare = unusual[row] === null ? NOTHING_UNUSUAL : unusualFrom(unusual[row]!);
      current = {
        order: order[row]!,
        line: line[row]!,
        item: item[row]!,
        per: rare.per,
        ordered: ordered[row]!,
        shipped: rare.shipped,
        cancelled: rare.cancelled,
        rank: rank[row]!,
        added: rare.added,
        channel: channel[row]!,
        country: country[row]!,
        placedAt: millisecondsOf(placedAt[row]!),
        class: rare.class,
        notBefore: rare.notBefore,
        cancelAfter: rare.cancelAfter,
        tied: (bits & (FLAGS.shipComplete | FLAGS.component)) !== 0,
        shipComplete: (bits & FLAGS.shipComplete) !== 0,
        value: value[row]!,
        locked: (bits & FLAGS.locked) !== 0,
        moved: (bits & FLAGS.moved) !== 0,
        promise:
          version[row] === 0
            ? null
            : {
                version: version[row]!,
                shippedBefore: rare.shippedBefore,
                parts:
                  rare.parts ??
                  (promised[row] === 0
                    ? []
                    : [
                        {
                          quantity: promised[row]!,
                          shipBy: shipBy[row]! + DAYS_TO_2000,
                          deliverBy: deliverBy[row]! + DAYS_TO_2000,
                        },
                      ]),
              },
        commitments: [],
      };
      lines.push(current);
    }
    current.commitments.push({
      kind: COMMITMENT_KINDS[bits & FLAGS.kind]!,
      source: source[row]!,
      quantity: quantity[row]!,
    });
  }
  return lines;
}

interface Unusual
  extends Pick<
    LinePosition,
    'per' | 'shipped' | 'cancelled' | 'added' | 'class' | 'notBefore' | 'cancelAfter'
  > {
  readonly shippedBefore: number;
  /** Null: the columns tell the one part there is. */
  readonly parts: readonly PromisePart[] | null;
}

const NOTHING_UNUSUAL: Unusual = {
  per: 1,
  shipped: 0,
  cancelled: 0,
  added: null,
  class: null,
  notBefore: null,
  cancelAfter: null,
  shippedBefore: 0,
  parts: null,
};

function unusualFrom(text: string): Unusual {
  const [
    shipped,
    cancelled,
    added,
    addedRank,
    notBefore,
    cancelAfter,
    customerClass,
    per,
    shippedBefore,
    parts,
  ] = JSON.parse(text);
  return {
    per: per ?? 1,
    shipped,
    cancelled,
    added: added > 0 ? { quantity: added, rank: addedRank } : null,
    class: customerClass,
    notBefore: notBefore === null ? null : dayNumber(notBefore),
    cancelAfter: cancelAfter === null ? null : dayNumber(cancelAfter),
    shippedBefore: shippedBefore ?? 0,
    parts: parts === null ? null : partsFrom(parts),
  };
}

export function promiseFrom(row: {
  version: number;
  parts: string;
  shipped_before: number;
}): PromisePosition {
  return { version: row.version, shippedBefore: row.shipped_before, parts: partsFrom(row.parts) };
}

function partsFrom(text: string): PromisePart[] {
  const parts = JSON.parse(text) as [number, string, string][];
  return parts.map(([quantity, shipBy, deliverBy]) => ({
    quantity,
    shipBy: dayNumber(shipBy),
    deliverBy: dayNumber(deliverBy),
  }));
}
