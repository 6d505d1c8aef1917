import type { ChargeTerms, Dues } from '@kept/engine';
import type pg from 'pg';

export interface StoredPayment {
  readonly id: string;
  readonly kind: 'authorised' | 'captured' | 'refunded' | 'disputed';
  readonly amount: number;
  readonly currency: string;
  readonly at: string;
  readonly captureBefore: string | null;
  readonly provider: string;
  readonly reference: string | null;
  readonly network: string | null;
  readonly of: string | null;
  /** Under which it was recorded. */
  readonly event: number;
}

export interface OrderMoney {
  readonly order: number;
  readonly name: string;
  readonly channel: string;
  /** A channel had sold it already. */
  readonly placed: boolean;
  readonly currency: string;
  /** The customer's; null: not told. */
  readonly locale: string | null;
  /** What its shipping costs, tax in. */
  readonly shipping: number;
  readonly lines: readonly {
    readonly line: number;
    readonly ref: string | number;
    readonly units: number;
    readonly amount: number;
    /** What was stated when it was ordered; null: all of it at order. Dues are null where they were not recorded. */
    readonly stated: { readonly terms: ChargeTerms; readonly dues: Dues | null } | null;
  }[];
  readonly payments: readonly StoredPayment[];
  /** Shipments and cancellations. */
  readonly moves: readonly {
    readonly kind: 'shipped' | 'cancelled';
    readonly line: number;
    readonly units: number;
    readonly at: string;
    readonly event: number;
  }[];
}

const PAYMENT = `payment_id as id, kind, amount, currency, happened_at as at, capture_before as "captureBefore", provider,
  reference, network, of_payment as of, event_id as event`;

/** All that an order's money follows from, as the ledgers have it. What was shipped or cancelled before Kept knew it has no time. */
export async function readOrderMoney(
  client: pg.PoolClient,
  brandId: number,
  order: number,
): Promise<OrderMoney> {
  const [orders, lines, payments, moves] = await Promise.all([
    client.query(
      `select c.code as channel, c.code || ':' || o.ref as name, o.mode, o.currency, o.locale, o.shipping, o.shipping_tax
       from customer_order o join channel c on c.brand_id = o.brand_id and c.channel_id = o.channel_id
       where o.brand_id = $1 and o.order_id = $2`,
      [brandId, order],
    ),
    client.query(
      `select l.line, l.line_ref, l.ordered, l.shipped, l.cancelled,
         l.price * l.ordered - l.discount + l.tax as amount, s.terms, s.due_now, s.authorised, s.at_shipment, s.invoiced
       from order_line l
       left join line_charge s on s.brand_id = l.brand_id and s.order_id = l.order_id and s.line = l.line
       where l.brand_id = $1 and l.order_id = $2 order by l.line`,
      [brandId, order],
    ),
    client.query(
      `select ${PAYMENT} from payment where brand_id = $1 and order_id = $2 order by happened_at, event_id`,
      [brandId, order],
    ),
    client.query(
      `select 'shipped' as kind, line, quantity as units, shipped_at as at, event_id as event from shipment
       where brand_id = $1 and order_id = $2
       union all
       select 'cancelled', line, quantity, happened_at, event_id from cancellation where brand_id = $1 and order_id = $2
       order by at, event`,
      [brandId, order],
    ),
  ]);
  const [head] = orders.rows;
  const known = (kind: string, line: number) =>
    moves.rows.reduce(
      (units, row) => (row.kind === kind && row.line === line ? units + row.units : units),
      0,
    );
  const before = lines.rows.flatMap((row) =>
    (['shipped', 'cancelled'] as const).map((kind) => ({
      kind,
      line: row.line as number,
      units: (row[kind] as number) - known(kind, row.line),
      at: '',
      event: 0,
    })),
  );
  return {
    order,
    name: head.name,
    channel: head.channel,
    placed: head.mode === 1,
    currency: head.currency,
    locale: head.locale,
    shipping: (head.shipping ?? 0) + (head.shipping_tax ?? 0),
    lines: lines.rows.map((row) => ({
      line: row.line,
      ref: JSON.parse(row.line_ref),
      units: row.ordered,
      amount: Math.max(0, row.amount),
      stated: statedOf(row),
    })),
    payments: payments.rows,
    moves: [...before.filter((one) => one.units > 0), ...moves.rows],
  };
}

// biome-ignore lint/suspicious/noExplicitAny: a row of the statement above, column by column
function statedOf(row: any): OrderMoney['lines'][number]['stated'] {
  if (row.terms === null) return null;
  const dues =
    row.due_now === null
      ? null
      : {
          dueNow: row.due_now,
          authorised: row.authorised,
          atShipment: row.at_shipment,
          invoiced: row.invoiced,
        };
  return { terms: JSON.parse(row.terms), dues };
}

/** Authorisations that nothing has taken the place of, of orders that still wait for goods. */
export async function openAuthorisations(
  client: pg.PoolClient,
  brandId: number,
): Promise<(StoredPayment & { order: number; refused: boolean })[]> {
  const { rows } = await client.query(
    `select ${PAYMENT}, p.order_id as order,
       exists (select from signal s where s.brand_id = p.brand_id
         and s.kind = 'authorisation_lapsing' and s.subject = p.order_id || ':' || p.payment_id
         and coalesce((s.data::json ->> 'final')::boolean, true)) as refused
     from payment p
     where p.brand_id = $1 and p.kind = 'authorised'
       and not exists (select from payment n where n.brand_id = p.brand_id and n.order_id = p.order_id
         and n.of_payment = p.payment_id and n.kind in ('authorised', 'captured'))
       and not exists (select from signal s where s.brand_id = p.brand_id
         and s.kind = 'authorisation_lapsed' and s.subject = p.order_id || ':' || p.payment_id)
       and exists (select from order_line l where l.brand_id = p.brand_id and l.order_id = p.order_id
         and l.ordered > l.shipped + l.cancelled)
       and p.amount > coalesce((select sum(case n.kind when 'captured' then n.amount else 0 end) from payment n
         where n.brand_id = p.brand_id and n.order_id = p.order_id and n.of_payment is null), 0)`,
    [brandId],
  );
  return rows;
}
