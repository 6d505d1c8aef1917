import { whatIf } from '../packages/server/src/allocation/what-if.ts';
import { createApplier, type ImportRecord } from '../packages/server/src/imports/index.ts';
import { withBrand } from '../packages/server/src/platform/database.ts';
import { type BenchBrand, oneUnit, openBrand, stockShop } from './brand.ts';
import { alternate, type Bench, type BenchOptions, type Measured, spreadText } from './measure.ts';

/** A purchase order that backs so many lines is asked about. */
const LINES = 10_000;
const MOST_MILLISECONDS = 200;
/** With every order's story read, and what it would be told decided. */
const MOST_MILLISECONDS_TOLD = 2000;
/** Calls in one measurement; the fastest counts. */
const TIMES = 3;

export const bench: Bench = {
  name: 'what-if',
  async *run({ quick }: BenchOptions): AsyncGenerator<Measured> {
    for (const items of [1, 100]) {
      const brand = await openBrand(4);
      try {
        yield* await measure(brand, items, quick);
      } finally {
        await brand.close();
      }
    }
  },
};

async function measure(brand: BenchBrand, items: number, quick: boolean): Promise<Measured[]> {
  const skus = Array.from({ length: items }, (_, index) => `SKU-${index + 1}`);
  await stockShop(
    brand,
    skus.map((sku) => ({ sku, stock: 0, coming: 0 })),
  );
  await purchase(brand, skus);
  await sell(brand, skus);
  const slipped = dayFromNow(60);
  const changes = skus.map((_, index) => ({
    kind: 'purchase_order_revision' as const,
    purchaseOrder: 'PO-BIG',
    line: index + 1,
    expectedOn: slipped,
    reason: 'customs' as const,
  }));
  let hit = 0;
  const ask = (messages: boolean) =>
    timed(async () => {
      const answer = await withBrand(brand.kept.db, brand.brandId, (client) =>
        whatIf(brand.kept, client, brand.brandId, { changes, limit: 200, messages }),
      );
      hit = answer.hit.lines;
    });
  const figures = await alternate(quick ? 3 : 9, {
    kept: () => ask(false),
    told: () => ask(true),
    load: () => timed(() => load(brand)),
  });
  if (hit !== LINES) throw new Error(`${hit} lines were hit, not ${LINES}`);
  const limit = figures.load!.median;
  const work = `a slip of a purchase order that backs ${LINES.toLocaleString('en')} lines of ${items} item${items === 1 ? '' : 's'}`;
  const row = (
    what: string,
    spread: NonNullable<typeof figures.kept>,
    most: number,
    note: string,
  ): Measured => ({
    row: {
      bench: 'what-if',
      work: what,
      kept: spread.median,
      unit: 'ms',
      limit,
      peers: {},
      ratio: spread.median / limit,
      goal: `≤ ${most.toLocaleString('en')} ms`,
      holds: spread.median <= most,
    },
    spread: spreadText(spread),
    note,
  });
  return [
    row(
      `${work}, without messages`,
      figures.kept!,
      MOST_MILLISECONDS,
      'what-if: from the question to the answer, before it is written as JSON. The limit is reading the same rows: commitments, lines, orders and promises, joined in one statement, into plain objects.',
    ),
    row(
      `${work}, with what customers would be told`,
      figures.told!,
      MOST_MILLISECONDS_TOLD,
      'what-if with messages, as the API answers unless told otherwise: every order that is hit is read with its messages, choices and payments, and the law is asked as it is when the slip happens.',
    ),
  ];
}

/** The lines with all that a decision needs to know of them. */
async function load({ kept, brandId }: BenchBrand): Promise<void> {
  await withBrand(kept.db, brandId, async (client) => {
    const { rows } = await client.query(
      `select c.*, l.ordered, l.shipped, l.cancelled, l.price, l.discount, o.channel_id, o.country, o.placed_at,
         o.customer_class, o.customer_name, o.ref, p.version, p.parts
       from commitment c join order_line l using (brand_id, order_id, line) join customer_order o using (brand_id, order_id)
       left join promise p on p.brand_id = c.brand_id and p.order_id = c.order_id and p.line = c.line
         and p.version = l.promise_version
       where c.brand_id = $1 order by c.item_id, l.rank, c.order_id, c.line`,
      [brandId],
    );
    if (rows.length !== LINES) throw new Error(`${rows.length} rows were read`);
  });
}

async function timed(work: () => Promise<void>): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let time = 0; time < TIMES; time++) {
    const started = performance.now();
    await work();
    best = Math.min(best, performance.now() - started);
  }
  return best;
}

async function purchase(brand: BenchBrand, skus: readonly string[]): Promise<void> {
  const expectedOn = dayFromNow(20);
  const quantity = LINES / skus.length;
  await apply(brand, [
    {
      kind: 'purchase_order',
      ref: 'PO-BIG',
      purchaseOrder: {
        supplier: 'acme',
        placedOn: dayFromNow(-5),
        stage: 'confirmed',
        lines: skus.map((sku, index) => ({ line: index + 1, sku, quantity, expectedOn, location: 'main' })),
      },
    },
  ]);
}

async function sell(brand: BenchBrand, skus: readonly string[]): Promise<void> {
  const orders = Array.from({ length: LINES }, (_, index) => oneUnit(skus[index % skus.length]!, 'placed'));
  await apply(
    brand,
    orders.map((order): ImportRecord => ({ kind: 'order', order })),
  );
  await brand.asOwner('analyze');
}

async function apply({ kept, brandId }: BenchBrand, records: readonly ImportRecord[]): Promise<void> {
  const applier = createApplier(kept, brandId);
  await applier.begin();
  for (let from = 0; from < records.length; from += 2000)
    for (const outcome of await applier.apply(records.slice(from, from + 2000)))
      if (outcome.state === 'refused') throw new Error(`${outcome.path}: ${outcome.message}`);
  await applier.commit();
}

function dayFromNow(days: number): string {
  return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
}
