import type { Order } from '../packages/server/src/demand/order-input.ts';
import { placeInTransaction } from '../packages/server/src/demand/place-service.ts';
import { withBrand } from '../packages/server/src/platform/database.ts';
import type { BenchBrand } from './brand.ts';

interface Statement {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

/** How a value of the recorded order becomes the new one's. */
type Renamed = readonly (readonly [number | string, number | string])[];

/** Larger than any quantity or price: an id found among values is one. */
const FIRST_ID = 3_000_000_000;

/**
 * The limit of a lone order: the statements by which Kept places one, recorded, and sent again for others with nothing in
 * between: one transaction, all reads and writes in one go.
 */
export class DirectTransaction {
  private readonly brand: BenchBrand;
  private readonly statements: readonly Statement[];
  private readonly ref: string;
  private readonly order: number;
  private readonly event: number;

  private constructor(
    brand: BenchBrand,
    statements: readonly Statement[],
    ref: string,
    order: number,
    event: number,
  ) {
    this.brand = brand;
    this.statements = statements;
    this.ref = ref;
    this.order = order;
    this.event = event;
  }

  static async record(brand: BenchBrand, order: Order): Promise<DirectTransaction> {
    const { kept, brandId } = brand;
    await kept.ids.take(brandId, 'order', FIRST_ID);
    await kept.ids.take(brandId, 'event', 2 * FIRST_ID);
    const event = await kept.ids.take(brandId, 'event', 1);
    const statements: Statement[] = [];
    const [answer] = await withBrand(kept.db, brandId, (client) => {
      const query = client.query.bind(client) as (statement: Statement) => Promise<unknown>;
      const recording = new Proxy(client, {
        get: (target, key) =>
          key === 'query'
            ? (statement: Statement) => {
                statements.push(statement);
                return query(statement);
              }
            : Reflect.get(target, key),
      });
      return placeInTransaction(kept, recording, brandId, [order]);
    });
    if (answer === undefined || answer instanceof Error) throw answer;
    return new DirectTransaction(brand, statements, order.ref, Number(answer.order.id), event + 1);
  }

  /** @param ref as long as the recorded order's */
  async run(ref: string): Promise<void> {
    const { kept, brandId } = this.brand;
    const renamed: Renamed = [
      [this.ref, ref],
      [this.order, await kept.ids.take(brandId, 'order', 1)],
      [this.event, await kept.ids.take(brandId, 'event', 1)],
    ];
    const client = await kept.db.pool.connect();
    try {
      await Promise.all([
        client.query(`begin; set local app.brand = ${brandId}`),
        ...this.statements.map(({ name, text, values }) =>
          client.query({ name, text, values: values.map((value) => rename(value, renamed)) }),
        ),
        client.query('commit'),
      ]);
    } finally {
      client.release();
    }
  }
}

function rename(value: unknown, renamed: Renamed): unknown {
  if (Array.isArray(value)) return value.map((one) => rename(one, renamed));
  if (Buffer.isBuffer(value)) return renameBytes(value, renamed);
  return renamed.find(([was]) => was === value)?.[1] ?? value;
}

/** In a column sent as PostgreSQL keeps it, an id is eight bytes, a name its characters. */
function renameBytes(column: Buffer, renamed: Renamed): Buffer {
  const copy = Buffer.from(column);
  for (const [was, is] of renamed) {
    const at = copy.indexOf(bytesOf(was));
    if (at >= 0) bytesOf(is).copy(copy, at);
  }
  return copy;
}

function bytesOf(value: number | string): Buffer {
  if (typeof value === 'string') return Buffer.from(value);
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(value));
  return bytes;
}
