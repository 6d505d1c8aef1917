import type { LineDuty } from '@kept/contract';
import { dayText, LAW, type LawRowId } from '@kept/engine';
import type pg from 'pg';
import type { z } from 'zod';
import type { Kept } from '../platform/kept.ts';
import { loadSettings } from '../promising/index.ts';
import { ordersWithDuties } from './duty-store.ts';
import { loadCommsSettings } from './settings.ts';
import { type Story, type StoryLine, storiesOf } from './story.ts';
import { readStories } from './story-store.ts';

type DutyView = z.output<typeof LineDuty>;

/** Orders whose stories are read together. */
const CHUNK = 500;

/**
 * What the law, a contract or the brand's own rule asks of open lines, as of now; of one order, or of all that something hangs
 * on, by order. `states` keeps some of them.
 */
export async function dutiesOf(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  filter: { readonly order?: number | undefined; readonly states?: ReadonlySet<string> | undefined },
  limit: number,
  after: number,
): Promise<{ items: DutyView[]; next: number | null }> {
  const items: DutyView[] = [];
  let last = after;
  for (;;) {
    const orders =
      filter.order === undefined ? await ordersWithDuties(client, brandId, last, CHUNK) : [filter.order];
    for (const story of await readNow(kept, client, brandId, orders)) {
      last = story.row.order_id;
      const duties = story.lines
        .filter((line) => filter.order !== undefined || line.open > 0)
        .map((line) => dutyView(story, line))
        .filter((duty) => filter.states === undefined || filter.states.has(duty.state));
      items.push(...duties);
      // A page ends with an order, so that the next one begins with the one after.
      if (items.length >= limit) return { items, next: last };
    }
    if (filter.order !== undefined || orders.length < CHUNK) return { items, next: null };
  }
}

/** Orders' stories as of now, in the order of their ids. */
export async function readNow(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  orders: readonly number[],
): Promise<Story[]> {
  if (orders.length === 0) return [];
  const [brand, { settings }, rows] = await Promise.all([
    loadSettings(client, kept.db, brandId),
    loadCommsSettings(client, brandId),
    readStories(client, brandId, orders),
  ]);
  return storiesOf(rows, brand, settings, kept.clock.now());
}

export function dutyView(story: Story, line: StoryLine): DutyView {
  const { duty } = line.engine;
  const day = (number: number | null) => (number === null ? null : dayText(number));
  const source = (row: LawRowId) => LAW[row].source;
  return {
    order: `${story.row.channel}:${story.row.ref}`,
    customer: story.row.customer_name,
    shipTo: story.row.country,
    line: JSON.parse(line.row.line_ref),
    sku: line.row.sku,
    open: line.open,
    regime: story.regimes.join('+'),
    state: duty.state,
    original: day(duty.original),
    deadline: day(duty.deadline),
    expected: day(line.facts.expected),
    notice:
      duty.notice === null
        ? null
        : { ...duty.notice, by: day(duty.notice.by), sendBy: dayText(duty.notice.sendBy) },
    silence: duty.silence === null ? null : { means: duty.silence.means, on: day(duty.silence.on) },
    cancelledOn: day(duty.cancelledOn),
    customerMay: [...duty.customerMay],
    missed: duty.missed.map(({ row, on }) => ({ row, on: dayText(on), source: source(row) })),
    rows: duty.rows.map((id) => ({ id, ...LAW[id] })),
  };
}
