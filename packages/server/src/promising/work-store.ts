import { dayText, type ItemState } from '@kept/engine';
import type pg from 'pg';
import { bigints, dates, ints, texts } from '../platform/columns.ts';

/** Which event began it, and when that was recorded (ISO 8601). */
interface Begun {
  eventOf(order: number): number;
  readonly event: number;
  readonly recordedAt: string;
}

/**
 * The first revision of work that orders have just started: when it began and by when it is expected, so that what it takes
 * can be learnt. To be sent before the supplies themselves are: work that is there already began before.
 */
export async function saveWorkBegun(
  client: pg.PoolClient,
  brandId: number,
  states: readonly ItemState[],
  cause: Begun,
): Promise<void> {
  const begun = states.flatMap((state) =>
    [...state.touchedSupplies]
      .filter((supply) => supply.made != null && supply.received === 0 && supply.open > 0)
      .map((supply) => ({ state, supply })),
  );
  if (begun.length === 0) return;
  const orderOf = ({ state, supply }: (typeof begun)[number]) =>
    state.position.lines.find((line) =>
      line.commitments.some((one) => one.kind === 'pegged' && one.source === supply.id),
    )?.order;
  await client.query({
    name: 'save-work-begun',
    text: `insert into supply_revision (brand_id, item_id, supply_id, revision, stage, ordered, open, expected_on, reason,
             event_id, happened_at, recorded_at)
           select $1, item_id, supply_id, 1, stage, open, open, expected_on, 'ordered', event_id, $8, $8
           from unnest($2::int[], $3::int[], $4::text[], $5::int[], $6::date[], $7::bigint[])
             as n(item_id, supply_id, stage, open, expected_on, event_id)
           where not exists (select from supply s
             where s.brand_id = $1 and s.item_id = n.item_id and s.supply_id = n.supply_id)`,
    values: [
      brandId,
      ints(begun, ({ state }) => state.position.item),
      ints(begun, ({ supply }) => supply.id),
      texts(begun, ({ supply }) => supply.stage),
      ints(begun, ({ supply }) => supply.open),
      dates(begun, ({ supply }) => (supply.expected === null ? null : dayText(supply.expected))),
      bigints(begun, (one) => {
        const order = orderOf(one);
        return order === undefined ? cause.event : cause.eventOf(order);
      }),
      cause.recordedAt,
    ],
  });
}
