import type { Database } from './cluster.ts';
/** What the database shows of a round's deeds, by the names that they were given. */
export interface Traces {
  /** Of each tag, all events that tell of it. */
  readonly events: ReadonlyMap<string, readonly TracedEvent[]>;
  /** By ref. */
  readonly orders: ReadonlyMap<string, readonly TracedOrder[]>;
  /** By id. */
  readonly holds: ReadonlyMap<string, TracedHold>;
  /** Which hold a deed made, by its Idempotency-Key. */
  readonly holdOf: ReadonlyMap<string, string>;
}

export interface TracedEvent {
  readonly id: string;
  readonly kind: string;
  /** Rows that the ledgers have under this event. */
  readonly cancelled: number;
  readonly shipped: number;
  readonly moved: number;
  readonly received: number;
}

export interface TracedLine {
  readonly line: number;
  readonly sku: string;
  readonly ordered: number;
  readonly shipped: number;
  readonly cancelled: number;
  readonly refused: number;
}

export interface TracedOrder {
  readonly ref: string;
  readonly lines: readonly TracedLine[];
}

export interface TracedHold {
  readonly sku: string;
  readonly open: boolean;
  readonly expiresAt: number;
  /** Units that it keeps. */
  readonly kept: number;
}

/** @param prefix of every tag of the round */
export async function readTraces(client: Database, prefix: string, since: Date): Promise<Traces> {
  return {
    events: await readEvents(client, prefix, since),
    orders: await readOrders(client, prefix),
    ...(await readHolds(client, prefix, since)),
  };
}

async function readEvents(client: Database, prefix: string, since: Date): Promise<Traces['events']> {
  const { rows } = await client.query(
    `select e.event_id as id, e.kind, e.data,
       (select coalesce(sum(quantity), 0)::int from cancellation x where x.brand_id = 1 and x.event_id = e.event_id) as cancelled,
       (select coalesce(sum(quantity), 0)::int from shipment x where x.brand_id = 1 and x.event_id = e.event_id) as shipped,
       coalesce(m.moved, 0)::int as moved, coalesce(r.received, 0)::int as received
     from event e
     left join (select event_id, sum(delta) as moved from stock_movement
       where brand_id = 1 and recorded_at >= $1 group by 1) m on m.event_id = e.event_id
     left join (select event_id, sum(quantity) as received from supply_receipt
       where brand_id = 1 and recorded_at >= $1 group by 1) r on r.event_id = e.event_id
     where e.brand_id = 1 and e.at >= $1 and e.kind in ('order.placed', 'order.cancelled', 'order.changed', 'order.shipped',
       'stock.adjusted', 'supply.received', 'purchase_order.revised', 'hold.placed', 'hold.released')`,
    [since],
  );
  const events = new Map<string, TracedEvent[]>();
  for (const { data, ...event } of rows) {
    const tag = tagOf(event.kind, JSON.parse(data));
    if (tag.startsWith(prefix) || event.kind.startsWith('hold.'))
      events.set(tag, [...(events.get(tag) ?? []), event]);
  }
  return events;
}

// biome-ignore lint/suspicious/noExplicitAny: each kind has its own data
function tagOf(kind: string, data: any): string {
  switch (kind) {
    case 'order.placed':
      return data.ref;
    case 'order.cancelled':
    case 'order.changed':
      return data.reason.reason ?? '';
    case 'order.shipped':
      return data.reason.tracking ?? '';
    case 'supply.received':
      return data.id ?? '';
    // Nothing else is known of a hold's release than which it was.
    case 'hold.placed':
    case 'hold.released':
      return `${kind} ${data.hold}`;
    default:
      return data.reason ?? '';
  }
}

async function readOrders(client: Database, prefix: string): Promise<Map<string, TracedOrder[]>> {
  const { rows } = await client.query(
    `select o.ref, coalesce(json_agg(json_build_object('line', l.line_ref::int, 'sku', i.sku, 'ordered', l.ordered,
       'shipped', l.shipped, 'cancelled', l.cancelled, 'refused', l.refused) order by l.line)
       filter (where l.line is not null), '[]')::text as lines
     from customer_order o
     left join order_line l on l.brand_id = o.brand_id and l.order_id = o.order_id
     left join item i on i.brand_id = l.brand_id and i.item_id = l.item_id
     where o.brand_id = 1 and o.ref like $1 || '%' group by o.brand_id, o.order_id, o.ref`,
    [prefix],
  );
  return Map.groupBy(
    rows.map(({ ref, lines }): TracedOrder => ({ ref, lines: JSON.parse(lines) })),
    ({ ref }) => ref,
  );
}

async function readHolds(
  client: Database,
  prefix: string,
  since: Date,
): Promise<Pick<Traces, 'holds' | 'holdOf'>> {
  const holds = await client.query(
    `select h.hold_id, i.sku, h.open, h.expires_at, h.commitments from hold h
     join item i on i.brand_id = h.brand_id and i.item_id = h.item_id where h.brand_id = 1 and h.expires_at >= $1`,
    [since],
  );
  const named = await client.query(
    `select external_id, answer from inbox where brand_id = 1 and source = 'POST /v1/holds' and external_id like $1 || '%'`,
    [prefix],
  );
  const keptOf = (commitments: string) =>
    (JSON.parse(commitments) as { quantity: number }[]).reduce((units, one) => units + one.quantity, 0);
  return {
    holds: new Map(
      holds.rows.map((row) => [
        row.hold_id,
        {
          sku: row.sku,
          open: row.open,
          expiresAt: Date.parse(row.expires_at),
          kept: row.open ? keptOf(row.commitments) : 0,
        },
      ]),
    ),
    holdOf: new Map(named.rows.map((row) => [row.external_id, JSON.parse(row.answer).id])),
  };
}

/** Holds that were to end before an instant and have not. */
export async function countOverdue(client: Database, before: Date): Promise<number> {
  const { rows } = await client.query(
    'select count(*)::int as overdue from hold where brand_id = 1 and open and expires_at < $1',
    [before],
  );
  return rows[0].overdue;
}

/** What lies there and is open of some items, when nothing is under way. */
export interface TracedItem {
  readonly sku: string;
  readonly stock: number;
  readonly coming: number;
  readonly open: number;
}

export async function readItems(client: Database, skus: readonly string[]): Promise<TracedItem[]> {
  const { rows } = await client.query(
    `select i.sku,
       (select coalesce(sum(sellable), 0)::int from stock s where s.brand_id = 1 and s.item_id = i.item_id) as stock,
       (select coalesce(sum(open), 0)::int from supply s where s.brand_id = 1 and s.item_id = i.item_id) as coming,
       (select coalesce(sum(ordered - shipped - cancelled), 0)::int from order_line l
         where l.brand_id = 1 and l.item_id = i.item_id) as open
     from item i where i.brand_id = 1 and i.sku = any($1)`,
    [skus],
  );
  return rows;
}
