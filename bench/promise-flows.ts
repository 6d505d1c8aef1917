import { createPlaceService, placeInTransaction } from '../packages/server/src/demand/place-service.ts';
import { withBrand } from '../packages/server/src/platform/database.ts';
import { type BenchBrand, oneUnit } from './brand.ts';

/** Orders that wait for their answer at once, in a flash sale. */
export const IN_FLIGHT = 4096;
/** Who takes one order a transaction has as many connections. */
export const CLIENTS = 32;

export const HOT = 'HOT';
export const RANDOM = Array.from({ length: 10_000 }, (_, number) => `SKU-${number}`);

export const oneOf = (skus: readonly string[]) => skus[Math.floor(Math.random() * skus.length)]!;

/** Orders per second of callers who each send the next order when they have the answer to the last. */
async function perSecond(callers: number, seconds: number, place: (caller: number) => Promise<unknown>) {
  const began = performance.now();
  const until = began + seconds * 1000;
  let done = 0;
  const call = async (_: unknown, caller: number) => {
    while (performance.now() < until) {
      const answer = await place(caller);
      if (answer instanceof Error) throw answer;
      done++;
    }
  };
  await Promise.all(Array.from({ length: callers }, call));
  return (done * 1000) / (performance.now() - began);
}

/** As Kept does it: whatever came together is one transaction. With several services, each has its share of the items. */
export function together({ kept, brandId }: BenchBrand, skus: readonly string[], services = 1) {
  const parts = Array.from({ length: services }, (_, part) => ({
    service: createPlaceService(kept),
    skus: skus.filter((_sku, index) => index % services === part),
  }));
  return (seconds: number) =>
    perSecond(IN_FLIGHT, seconds, (caller) => {
      const part = parts[caller % services]!;
      return part.service.place(brandId, oneUnit(oneOf(part.skus)));
    });
}

/** The same flow, one order a transaction. */
export function singly({ kept, brandId }: BenchBrand, skus: readonly string[]) {
  return (seconds: number) =>
    perSecond(CLIENTS, seconds, async () => {
      const [answer] = await withBrand(kept.db, brandId, (client) =>
        placeInTransaction(kept, client, brandId, [oneUnit(oneOf(skus))]),
      );
      return answer;
    });
}
