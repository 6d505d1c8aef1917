import {
  type Commitment,
  dayText,
  type ItemPosition,
  NO_DAY,
  type PlacedLine,
  type PromisePosition,
  type Reason,
  type World,
} from '@kept/engine';
import type pg from 'pg';
import {
  type CommitmentView,
  commitmentView,
  type Decided,
  EARLIEST,
  type PromiseView,
  promiseFrom,
  promiseView,
  readCommitments,
  type Settings,
  type SupplyFacts,
} from '../promising/index.ts';
import type { Order } from './order-input.ts';

export interface OrderLineView {
  line: string | number;
  sku: string;
  ordered: number;
  shipped: number;
  cancelled: number;
  open: number;
  commitments: CommitmentView[];
  promise: PromiseView | null;
  refused?: number;
}
export interface OrderView {
  id: string;
  ref: string;
  channel: string;
  mode: 'request' | 'placed';
  placedAt: string;
  customer: { name: string; email: string | null; class: string | null };
  shipTo: { country: string };
  lines: OrderLineView[];
}

/** Orders as they stand, read without a lock: several at once, in no order. */
export async function viewOrders(
  client: pg.PoolClient,
  brandId: number,
  settings: Settings,
  world: World,
  orders: readonly number[],
): Promise<Map<number, OrderView>> {
  const [heads, lines, commitments] = await Promise.all([
    client.query({
      name: 'view-orders',
      // Each by its number: before the tables have statistics, a join is planned that walks through all of a channel's orders.
      text: `select o.order_id, o.ref, o.mode, o.placed_at, c.code, o.customer_name, o.customer_email, o.customer_class,
               o.country
             from unnest($2::bigint[]) as n(order_id)
             cross join lateral (
               select * from customer_order where brand_id = $1 and order_id = n.order_id limit 1) o
             join channel c on c.brand_id = $1 and c.channel_id = o.channel_id`,
      values: [brandId, orders],
    }),
    client.query({
      name: 'view-lines',
      text: `select l.order_id, l.line, l.line_ref, l.item_id, i.sku, i.policy, l.ordered, l.shipped, l.cancelled, l.refused,
               ${EARLIEST} as not_before, p.version, p.parts, p.shipped_before, p.reasons, p.ship_by, o.ship_complete
             from order_line l
             join customer_order o on o.brand_id = l.brand_id and o.order_id = l.order_id
             join item i on i.brand_id = l.brand_id and i.item_id = l.item_id
             left join promise p on p.brand_id = l.brand_id and p.order_id = l.order_id and p.line = l.line
               and p.version = l.promise_version
             where l.brand_id = $1 and l.order_id = any($2) order by l.order_id, l.line`,
      values: [brandId, orders],
    }),
    readCommitments(client, brandId, orders),
  ]);
  const views = new Map<number, OrderView>();
  for (const row of heads.rows)
    views.set(row.order_id, {
      id: String(row.order_id),
      ref: row.ref,
      channel: row.code,
      mode: row.mode === 1 ? 'placed' : 'request',
      placedAt: row.placed_at,
      customer: { name: row.customer_name, email: row.customer_email, class: row.customer_class },
      shipTo: { country: row.country },
      lines: [],
    });
  for (const row of lines.rows) {
    const own = commitments.get(`${row.order_id}:${row.line}`) ?? [];
    const context = {
      settings,
      world,
      policy: row.policy,
      notBefore: row.not_before,
      promised: row.ship_by,
      shipComplete: row.ship_complete,
    };
    views.get(row.order_id)?.lines.push({
      line: JSON.parse(row.line_ref),
      sku: row.sku,
      ordered: row.ordered,
      shipped: row.shipped,
      cancelled: row.cancelled,
      open: row.ordered - row.shipped - row.cancelled,
      commitments: own.map(({ commitment, supply, item, sku }) => ({
        ...commitmentView(commitment, context, supply),
        ...(item === row.item_id ? {} : { sku }),
      })),
      // A line that was cancelled whole is promised nothing; the ledger keeps what it had been promised.
      promise:
        row.version === null || row.cancelled === row.ordered
          ? null
          : promiseView(promiseFrom(row), JSON.parse(row.reasons)),
      ...(row.refused > 0 ? { refused: row.refused } : {}),
    });
  }
  return views;
}

/** The reasons of each promise that was made, by its parts: the line that was promised has the very same. */
export type ReasonsOfParts = ReadonlyMap<PromisePosition['parts'], readonly Reason[]>;

export function reasonsOfParts(decided: Decided): ReasonsOfParts {
  const reasons = new Map<PromisePosition['parts'], readonly Reason[]>();
  for (const one of decided.promises) reasons.set(one.promise.parts, one.reasons);
  return reasons;
}

/** The answer to an order that has just been placed, made from its decision without reading anything back. */
export function viewPlaced(
  order: number,
  input: Order,
  decided: Decided,
  reasons: ReasonsOfParts,
  lines: readonly PlacedLine[],
): OrderView {
  const { settings, world, decision } = decided;
  return {
    id: String(order),
    ref: input.ref,
    channel: input.channel,
    mode: input.mode,
    placedAt: new Date(input.placedAt).toISOString(),
    customer: {
      name: input.customer.name,
      email: input.customer.email ?? null,
      class: input.customer.class ?? null,
    },
    shipTo: { country: input.shipTo.country },
    lines: lines.map((line, index): OrderLineView => {
      const asked = input.lines[index]!;
      const [leg] = line.legs;
      const promise = leg?.promise ?? null;
      return {
        line: asked.line,
        sku: asked.sku,
        ordered: line.ordered,
        shipped: leg?.shipped ?? 0,
        cancelled: leg?.cancelled ?? 0,
        open: line.ordered - (leg?.shipped ?? 0) - (leg?.cancelled ?? 0),
        commitments: line.legs.flatMap((part) => {
          const state = decision.states.get(part.item)!;
          return part.commitments.map((commitment) => {
            const view = commitmentView(
              commitment,
              {
                settings,
                world,
                policy: state.position.policy.name,
                notBefore: earliest(asked.notBefore, state.position),
                promised: lastDay(promise),
                shipComplete: input.shipComplete,
              },
              commitment.kind === 'pegged' ? supplyFacts(state, commitment) : null,
            );
            return state.position.sku === asked.sku ? view : { ...view, sku: state.position.sku };
          });
        }),
        promise: promiseView(promise, (promise && reasons.get(promise.parts)) ?? []),
        ...(line.refused > 0 ? { refused: line.refused } : {}),
      };
    }),
  };
}

function lastDay(promise: PromisePosition | null): string | null {
  const last = promise?.parts.at(-1);
  return last === undefined ? null : dayText(last.shipBy);
}

/** The day the line asks for, or its item's launch where that is later. */
function earliest(notBefore: string | undefined, item: ItemPosition): string | null {
  const launch = item.lifecycle === 'upcoming' && item.launchDay !== null ? dayText(item.launchDay) : null;
  if (notBefore === undefined || launch === null) return notBefore ?? launch;
  return notBefore > launch ? notBefore : launch;
}

function supplyFacts(
  state: Decided['decision']['states'] extends ReadonlyMap<number, infer State> ? State : never,
  commitment: Commitment,
): SupplyFacts {
  const index = state.indexOf(commitment);
  const supply = state.supplyOf(index)!;
  const day = state.sources.day[index]!;
  return {
    kind: supply.kind,
    ref: supply.ref,
    line: supply.line,
    schedule: supply.schedule ?? null,
    place: supply.place,
    stage: supply.stage,
    expectedOn: supply.expected === null ? null : dayText(supply.expected),
    plannedOn: null,
    promisableOn: day >= NO_DAY ? null : dayText(day),
  };
}
