import type { BenchBrand } from './brand.ts';
import type { PlanSize } from './plan-input.ts';

/**
 * A brand whose book was taken over as it stood: orders in their thousands, none of them backed or promised yet, and purchase
 * orders on their way. Written with a statement per table, since a million orders through the front door take minutes; what
 * they come to is what the full check of `kept doctor` accepts.
 */

/** Lines of one order, and of one purchase order. */
const LINES_PER_ORDER = 2;
const LINES_PER_PURCHASE = 100;
/** Rules of the default ranking: no class, no promise, then the second of the order. */
const RANK = '65535 * 2::bigint ^ 34 + extract(epoch from o.placed_at)::bigint';

/** Every line asks 1 to 5 units, every supply brings 1 to 20 within a year; a third of what is asked finds nothing. */
export async function takeOver(brand: BenchBrand, { lines, items, supplies }: PlanSize): Promise<void> {
  const b = brand.brandId;
  await shop(brand, items);
  await run(brand, [
    `insert into purchase_order (brand_id, ref, supplier, placed_on, stage)
     select ${b}, 'PO-' || n, 'acme', current_date - 5, 'confirmed' from generate_series(0, ${supplies / LINES_PER_PURCHASE}) n`,
    `insert into supply (brand_id, item_id, supply_id, kind, ref, line, location_id, stage, ordered, open, expected_on)
     select ${b}, item_id, row_number() over (partition by item_id order by n), 'purchase_order', 'PO-' || n / ${LINES_PER_PURCHASE},
       n % ${LINES_PER_PURCHASE}, 1, 'confirmed', units, units, current_date + days
     from (select n, 1 + floor(random() * ${items})::int as item_id, 1 + floor(random() * 20)::int as units,
             1 + floor(random() * 365)::int as days from generate_series(1, ${supplies}) n) s`,
  ]);
  await book(brand, lines, `1 + floor(random() * ${items})::int`, '1 + floor(random() * 5)::int');
}

/** Purchase orders and, in days from now, when they are expected; each brings every item as many units as are asked of it. */
export async function takeOverQueues(
  brand: BenchBrand,
  { lines, items, purchases }: { lines: number; items: number; purchases: Readonly<Record<string, number>> },
): Promise<void> {
  const b = brand.brandId;
  await shop(brand, items);
  for (const [index, [ref, days]] of Object.entries(purchases).entries())
    await run(brand, [
      `insert into purchase_order (brand_id, ref, supplier, placed_on, stage)
       values (${b}, '${ref}', 'acme', current_date - 5, 'confirmed')`,
      `insert into supply (brand_id, item_id, supply_id, kind, ref, line, location_id, stage, ordered, open, expected_on)
       select ${b}, n, ${index + 1}, 'purchase_order', '${ref}', n, 1, 'confirmed', ${lines / items}, ${lines / items},
         current_date + ${days} from generate_series(1, ${items}) n`,
    ]);
  await book(brand, lines, `1 + (o.order_id * ${LINES_PER_ORDER} + l) % ${items}`, '1');
}

async function shop(brand: BenchBrand, items: number): Promise<void> {
  const b = brand.brandId;
  await run(brand, [
    'select setseed(0.42)',
    `insert into channel (brand_id, channel_id, code, title, kind) values (${b}, 1, 'web', 'Web shop', 'web')`,
    `insert into location (brand_id, location_id, code, title, country) values (${b}, 1, 'main', 'Warehouse', 'GB')`,
    `insert into supplier (brand_id, code, title) values (${b}, 'acme', 'Acme')`,
    `insert into item (brand_id, item_id, sku) select ${b}, n, 'SKU-' || n from generate_series(1, ${items}) n`,
    `insert into item_detail (brand_id, item_id, title, price, currency)
     select ${b}, n, 'Item ' || n, 1999, 'GBP' from generate_series(1, ${items}) n`,
  ]);
}

/** Orders over the last sixty days, of which nothing is backed. */
async function book(brand: BenchBrand, lines: number, item: string, units: string): Promise<void> {
  const b = brand.brandId;
  const orders = lines / LINES_PER_ORDER;
  await run(brand, [
    `update item i set next_supply = s.next from (select item_id, max(supply_id) + 1 as next from supply
       where brand_id = ${b} group by item_id) s where i.brand_id = ${b} and i.item_id = s.item_id`,
    `insert into customer_order (brand_id, order_id, channel_id, ref, mode, placed_at, recorded_at, content, customer_name,
       customer_email, country, currency)
     select ${b}, n, 1, 'R' || n, 1, now() - interval '60 days' * random(), now(), md5(n::text), 'Customer ' || n,
       'customer' || n || '@example.com', 'GB', 'GBP' from generate_series(1, ${orders}) n`,
    `insert into order_line (brand_id, order_id, line, line_ref, item_id, ordered, price, rank, waiting_since)
     select ${b}, o.order_id, l, l::text, ${item}, ${units}, 1999, ${RANK}, now()
     from customer_order o, generate_series(1, ${LINES_PER_ORDER}) l where o.brand_id = ${b}`,
    `insert into commitment (brand_id, item_id, kind, source, rank, order_id, line, quantity)
     select brand_id, item_id, 2, 0, rank, order_id, line, ordered from order_line where brand_id = ${b}`,
    `update item i set backordered = c.units from (select item_id, sum(quantity) as units from commitment
       where brand_id = ${b} group by item_id) c where i.brand_id = ${b} and i.item_id = c.item_id`,
    `insert into event (brand_id, event_id, kind, data, at)
     select ${b}, n, 'order.placed', json_build_object('order', n), now() from generate_series(1, ${orders}) n`,
    `insert into id_block (brand_id, kind, next) select ${b}, kind, ${orders + 1} from unnest(array['event', 'order']) kind
     on conflict (brand_id, kind) do update set next = id_block.next + ${orders}`,
    `update brand set settings_version = settings_version + 1 where brand_id = ${b}`,
    'delete from item_change',
    'vacuum analyze',
    `select capture_book(${b}, array_agg(order_id), array_agg(line), null, null, now()) from order_line where brand_id = ${b}`,
    `select take_up_book(${b}, 2147483647)`,
    `select fold_book(${b}, 2147483647)`,
    'vacuum analyze',
  ]);
}

async function run(brand: BenchBrand, statements: readonly string[]): Promise<void> {
  for (const sql of statements) await brand.asOwner(sql);
}
