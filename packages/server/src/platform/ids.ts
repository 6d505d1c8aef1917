import { type Db, withBrand } from './database.ts';

/** Things that are numbered per brand. */
export type IdKind =
  | 'order'
  | 'event'
  | 'movement'
  | 'hold'
  | 'queue_move'
  | 'reallocation'
  | 'message'
  | 'notice';

const BLOCK = 10_000;

/**
 * Ids without a sequence: each process takes blocks of them per brand and kind, and gives them out of memory. Unique
 * between any number of processes; a block that a process did not use up is lost, so ids have gaps.
 */
export interface Ids {
  /** The first of `count` consecutive ids. */
  take(brandId: number, kind: IdKind, count: number): Promise<number>;
}

export function openIds(db: Db): Ids {
  const blocks = new Map<string, { next: number; end: number }>();
  const pending = new Map<string, Promise<void>>();

  async function refill(brandId: number, kind: IdKind, count: number): Promise<void> {
    const size = Math.max(BLOCK, count);
    const reserve = { ...db, pool: db.reserve };
    const next = await withBrand(reserve, brandId, async (client) => {
      const { rows } = await client.query(
        `insert into id_block (brand_id, kind, next) values ($1, $2, $3::bigint + 1)
         on conflict (brand_id, kind) do update set next = id_block.next + $3 returning next`,
        [brandId, kind, size],
      );
      return rows[0].next as number;
    });
    blocks.set(`${brandId}:${kind}`, { next: next - size, end: next });
  }

  return {
    async take(brandId, kind, count) {
      const key = `${brandId}:${kind}`;
      for (;;) {
        const block = blocks.get(key);
        if (block !== undefined && block.end - block.next >= count) {
          const first = block.next;
          block.next += count;
          return first;
        }
        // One refill at a time: whoever comes meanwhile waits for it and looks again.
        let refilling = pending.get(key);
        if (refilling === undefined) {
          refilling = refill(brandId, kind, count).finally(() => pending.delete(key));
          pending.set(key, refilling);
        }
        await refilling;
      }
    },
  };
}
