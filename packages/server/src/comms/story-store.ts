import type pg from 'pg';

/** Orders with all that decides what their customers are told, as stored; several orders at once. Instants ISO 8601. */
export interface OrderRow {
  order_id: number;
  ref: string;
  channel: string;
  channel_kind: string;
  messages: 'email' | 'channel' | 'none';
  sends: string[];
  placed_at: string;
  recorded_at: string;
  payment_due_at: string | null;
  customer_name: string;
  customer_email: string | null;
  customer_phone: string | null;
  locale: string | null;
  country: string;
  region: string | null;
  business: boolean;
  currency: string;
  shipping: number | null;
  shipping_tax: number | null;
}

export interface LineRow {
  order_id: number;
  line: number;
  line_ref: string;
  sku: string;
  title: string;
  policy: string;
  alternatives: string[];
  ordered: number;
  shipped: number;
  cancelled: number;
  price: number;
  discount: number;
  tax: number;
  waiting_since: string | null;
  told_version: number;
  promise_version: number;
  cancel_after: string | null;
  stated_ship_by: string | null;
  stated_deliver_by: string | null;
  first_ship_by: string | null;
  told_parts: string | null;
  told_made_at: string | null;
  parts: string | null;
  made_at: string | null;
  shipped_before: number | null;
  reasons: string | null;
}

export interface MessageRow {
  message_id: number;
  order_id: number;
  kind: string;
  cause: string;
  state: string;
  lines: string;
  due_at: string;
  legal_by: string | null;
  written_at: string;
  sent_at: string | null;
  attempts: number;
  trouble: string | null;
  subject: string | null;
}

export interface DeedRow {
  kind: 'shipment' | 'cancellation';
  order_id: number;
  event_id: number;
  line: number;
  quantity: number;
  by: string | null;
  reason: string | null;
  carrier: string | null;
  tracking: string | null;
  at: string;
}

export interface PaymentRow {
  order_id: number;
  payment_id: string;
  kind: string;
  amount: number;
  currency: string;
  happened_at: string;
  capture_before: string | null;
  network: string | null;
}

export interface ChoiceRow {
  order_id: number;
  event_id: number;
  line: number;
  kind: 'wait' | 'cancel' | 'switch' | 'additional_period';
  quantity: number | null;
  until_on: string | null;
  sku: string | null;
  reason: string | null;
  actor: string;
  happened_at: string;
}

export interface StoryRows {
  readonly orders: readonly OrderRow[];
  readonly lines: ReadonlyMap<number, LineRow[]>;
  readonly messages: ReadonlyMap<number, MessageRow[]>;
  readonly deeds: ReadonlyMap<number, DeedRow[]>;
  readonly payments: ReadonlyMap<number, PaymentRow[]>;
  readonly choices: ReadonlyMap<number, ChoiceRow[]>;
}

/** One statement per table, all travelling together. Read without a lock. */
export async function readStories(
  client: pg.PoolClient,
  brandId: number,
  orders: readonly number[],
): Promise<StoryRows> {
  const read = async <Row>(name: string, text: string): Promise<Row[]> =>
    (await client.query({ name: `story-${name}`, text, values: [brandId, orders] })).rows as Row[];
  const [heads, lines, messages, deeds, payments, choices] = await Promise.all([
    read<OrderRow>(
      'orders',
      `select o.order_id, o.ref, c.code as channel, c.kind as channel_kind, c.messages, c.sends, o.placed_at, o.recorded_at,
         o.payment_due_at, o.customer_name, o.customer_email, o.customer_phone, o.locale, o.country, o.region, o.business, o.currency,
         o.shipping, o.shipping_tax
       from customer_order o join channel c on c.brand_id = o.brand_id and c.channel_id = o.channel_id
       where o.brand_id = $1 and o.order_id = any($2::bigint[]) order by o.order_id`,
    ),
    read<LineRow>(
      'lines',
      `select l.order_id, l.line, l.line_ref, i.sku, d.title, i.policy, d.alternatives, l.ordered,
         l.shipped, l.cancelled, l.price, l.discount, l.tax, l.waiting_since, l.told_version, l.promise_version,
         l.cancel_after, l.stated_ship_by, l.stated_deliver_by, f.ship_by as first_ship_by, t.parts as told_parts,
         t.made_at as told_made_at, p.parts, p.made_at, p.shipped_before, p.reasons
       from order_line l
       join item i on i.brand_id = l.brand_id and i.item_id = l.item_id
       join item_detail d on d.brand_id = l.brand_id and d.item_id = l.item_id
       left join promise f on f.brand_id = l.brand_id and f.order_id = l.order_id and f.line = l.line and f.version = 1
       left join promise t on t.brand_id = l.brand_id and t.order_id = l.order_id and t.line = l.line
         and t.version = l.told_version
       left join promise p on p.brand_id = l.brand_id and p.order_id = l.order_id and p.line = l.line
         and p.version = l.promise_version
       where l.brand_id = $1 and l.order_id = any($2::bigint[]) order by l.order_id, l.line`,
    ),
    read<MessageRow>(
      'messages',
      `select message_id, order_id, kind, cause, state, lines, due_at, legal_by, written_at, sent_at, attempts, trouble, subject
       from message where brand_id = $1 and order_id = any($2::bigint[]) order by message_id`,
    ),
    read<DeedRow>(
      'deeds',
      `select 'shipment' as kind, order_id, event_id, line, quantity, null as by, null as reason, carrier, tracking,
         shipped_at as at
       from shipment where brand_id = $1 and order_id = any($2::bigint[])
       union all
       select 'cancellation', order_id, event_id, line, quantity, by, reason, null, null, happened_at
       from cancellation where brand_id = $1 and order_id = any($2::bigint[])
       order by at, event_id, line`,
    ),
    read<PaymentRow>(
      'payments',
      `select order_id, payment_id, kind, amount, currency, happened_at, capture_before, network from payment
       where brand_id = $1 and order_id = any($2::bigint[]) order by happened_at, payment_id`,
    ),
    read<ChoiceRow>(
      'choices',
      `select order_id, event_id, line, kind, quantity, until_on, sku, reason, actor, happened_at from customer_choice
       where brand_id = $1 and order_id = any($2::bigint[]) order by happened_at, event_id, line`,
    ),
  ]);
  return {
    orders: heads,
    lines: byOrder(lines),
    messages: byOrder(messages),
    deeds: byOrder(deeds),
    payments: byOrder(payments),
    choices: byOrder(choices),
  };
}

function byOrder<Row extends { order_id: number }>(rows: readonly Row[]): Map<number, Row[]> {
  const grouped = new Map<number, Row[]>();
  for (const row of rows) {
    const own = grouped.get(row.order_id);
    if (own === undefined) grouped.set(row.order_id, [row]);
    else own.push(row);
  }
  return grouped;
}
