import { writeMessages } from '../packages/server/src/comms/look.ts';
import { countMessages } from '../packages/server/src/comms/message-store.ts';
import { placeInTransaction } from '../packages/server/src/demand/place-service.ts';
import { withBrand } from '../packages/server/src/platform/database.ts';
import { saveRevisions } from '../packages/server/src/supply/index.ts';
import { oneUnit, openBrand, stockShop } from './brand.ts';
import type { Bench } from './measure.ts';

const ALL = 100_000;
const QUICK = 10_000;
const STEP = 2000;

/** Customers who wait for one delivery are hit by one slip of it: until every message is written, none left out or twice. */
export const bench: Bench = {
  name: 'messages',
  async *run({ quick }) {
    const customers = quick ? QUICK : ALL;
    const brand = await openBrand(10);
    try {
      await stockShop(brand, [{ sku: 'CUP', stock: 0, coming: customers }]);
      const { kept, brandId } = brand;
      for (let from = 0; from < customers; from += STEP) {
        const orders = Array.from({ length: STEP }, () => stated(oneUnit('CUP', 'placed')));
        await withBrand(kept.db, brandId, (client) => placeInTransaction(kept, client, brandId, orders));
      }
      const confirming = await seconds(() => writeMessages(kept, brandId));
      const expectedOn = new Date(Date.now() + 90 * 86_400_000).toISOString().slice(0, 10);
      const revision = { purchaseOrder: 'PO-1', line: 1, expectedOn, reason: 'freight' } as const;
      await withBrand(kept.db, brandId, (client) => saveRevisions(kept, client, brandId, [revision]));
      const telling = await seconds(() => writeMessages(kept, brandId));
      const counts = await withBrand(kept.db, brandId, (client) => countMessages(client, brandId));
      const notices = (await brand.asOwner(
        `select count(*)::int as messages, count(distinct order_id)::int as orders from message where kind = 'delay_notice'`,
      )) as { messages: number; orders: number }[];
      const { messages, orders } = notices[0]!;
      const whole = messages === customers && orders === customers;
      const row = (work: string, kept: number, holds: boolean | null) => ({
        row: {
          bench: 'messages',
          work,
          kept,
          unit: 's',
          limit: null,
          peers: {},
          ratio: null,
          goal: holds === null ? '' : 'at most 60 s for 100,000, none lost, none twice',
          holds,
        },
        note: counts.map((one) => `${one.messages} ${one.state}`).join(', '),
      });
      const scale = ALL / customers;
      yield row(`${customers} confirmations written`, confirming, null);
      yield row(
        `${customers} customers hit by one slip: notices written`,
        telling,
        whole && telling * scale <= 60,
      );
    } finally {
      await brand.close();
    }
  },
};

/** The delivery day was stated before ordering, so that only the slip calls for a notice. */
function stated(order: ReturnType<typeof oneUnit>): ReturnType<typeof oneUnit> {
  const statedDeliverBy = new Date(Date.now() + 60 * 86_400_000).toISOString().slice(0, 10);
  return { ...order, lines: order.lines.map((line) => ({ ...line, statedDeliverBy })) };
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}
