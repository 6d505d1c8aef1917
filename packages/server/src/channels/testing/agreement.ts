import { isDeepStrictEqual } from 'node:util';
import { expect } from 'vitest';
import { faultsOf } from '../../testing/brand.ts';
import { currentOf, numberIn } from '../shopify/simulator/state.ts';
import { type ConnectedBrand, PARTNER_NUMBER } from './connected-brand.ts';

const CONNECTIONS = ['erp', 'shop', 'seller', 'partners'];

interface Line {
  readonly line: string | number;
  readonly sku: string;
  readonly ordered: number;
  readonly cancelled: number;
  readonly shipped: number;
  readonly open: number;
  readonly promise: {
    readonly parts: readonly { readonly quantity: number; readonly shipBy: string }[];
  } | null;
}

/** What each system says, beside what Kept says of the same: equal where all agree. */
export async function bothSides(brand: ConnectedBrand): Promise<{ there: object; here: object }> {
  const sides = [shopSides, amazonSides, partnerSides, erpSides, offerSides];
  const told = await Promise.all(sides.map((side) => side(brand)));
  return {
    there: Object.assign({}, ...told.map((one) => one.there)),
    here: Object.assign({}, ...told.map((one) => one.here)),
  };
}

/** Works until all agree; then nothing is refused, nothing waits, and every invariant holds. */
export async function agree(brand: ConnectedBrand, mostRounds = 30): Promise<void> {
  const open = () =>
    Promise.all(
      CONNECTIONS.map(async (name) => {
        const { state, waiting } = await brand.call('GET', `/v1/connections/${name}`);
        return { name, state, ...waiting };
      }),
    );
  const settled = CONNECTIONS.map((name) => ({
    name,
    state: 'active',
    pushes: 0,
    actions: 0,
    availabilities: 0,
    refusedFacts: 0,
    refusedActions: 0,
  }));
  let sides = await bothSides(brand);
  for (let round = 0; round < mostRounds; round++) {
    if (isDeepStrictEqual(sides.here, sides.there) && isDeepStrictEqual(await open(), settled)) break;
    await brand.work(1);
    sides = await bothSides(brand);
  }
  expect(sides.here).toEqual(sides.there);
  expect(await open()).toEqual(settled);
  expect(brand.partner.complaints).toEqual([]);
  expect(brand.amazon.violations).toEqual([]);
  expect(await faultsOf(brand.kept.kept)).toEqual([]);
}

type Sides = { there: Record<string, unknown>; here: Record<string, unknown> };

async function linesOf({ kept }: ConnectedBrand, name: string): Promise<Line[]> {
  const { status, body } = await kept.call('GET', `/v1/orders/${encodeURIComponent(name)}`);
  return status === 200 ? body.lines : [];
}

const units = (lines: readonly { sku: string; wanted: number; shipped: number }[]) =>
  lines
    .filter((line) => line.wanted > 0)
    .map(({ sku, wanted, shipped }) => `${shipped} of ${wanted} ${sku}`)
    .sort();
const unitsHere = (lines: readonly Line[]) =>
  units(lines.map(({ sku, ordered, cancelled, shipped }) => ({ sku, wanted: ordered - cancelled, shipped })));

/** Orders with what is still wanted and has left, what was given back of the money, and the days that stand with them. */
async function shopSides(brand: ConnectedBrand): Promise<Sides> {
  const sides: Sides = { there: {}, here: {} };
  for (const order of brand.shop.orders) {
    const name = `web:${order.name}`;
    const told = JSON.parse(order.metafields.get('promise') ?? '{"lines":[]}') as {
      lines: { line: string; shipBy: string | null }[];
    };
    sides.there[name] = {
      lines: units(
        order.lines.map((line) => ({
          sku: line.variant.sku!,
          wanted: currentOf(line),
          shipped: line.fulfilled,
        })),
      ),
      back: order.transactions
        .filter((one) => one.kind === 'REFUND')
        .reduce((cents, one) => cents + Math.round(Number(one.amount) * 100), 0),
      promised: told.lines
        .map(({ line, shipBy }) => {
          const there = order.lines.find((one) => String(numberIn(one.id)) === line);
          return `${there?.variant.sku ?? line} by ${shipBy}`;
        })
        .sort(),
    };
    const lines = await linesOf(brand, name);
    const { body: charge } = await brand.kept.call('GET', `/v1/orders/${encodeURIComponent(name)}/charge`);
    sides.here[name] = {
      lines: unitsHere(lines),
      back: charge.refunded?.amount ?? 0,
      promised: lines.map(({ sku, promise }) => `${sku} by ${promise?.parts.at(-1)?.shipBy ?? null}`).sort(),
    };
  }
  return sides;
}

async function amazonSides(brand: ConnectedBrand): Promise<Sides> {
  const sides: Sides = { there: {}, here: {} };
  for (const order of brand.amazon.world.orders.values()) {
    const name = `amazon-us:${order.orderId}`;
    sides.there[name] = units(
      order.items.map((item) => ({
        sku: item.sellerSku,
        wanted: item.quantity - item.cancelled,
        shipped: item.fulfilled,
      })),
    );
    sides.here[name] = unitsHere(await linesOf(brand, name));
  }
  return sides;
}

/** What a partner was told last of each line, and what it was told has left. */
async function partnerSides(brand: ConnectedBrand): Promise<Sides> {
  const sides: Sides = { there: {}, here: {} };
  const { partner } = brand;
  for (const number of partner.orders) {
    const name = `wholesale:north-${number}`;
    const lines = await linesOf(brand, name);
    sides.there[name] = {
      shipped: partner.shipped.get(`${number}/1`) ?? 0,
      told: (partner.told.get(`${number}/1`) ?? [])
        .map(([, quantity, day]) => `${quantity} on ${day}`)
        .sort(),
    };
    const [line] = lines;
    sides.here[name] = {
      shipped: line?.shipped ?? 0,
      told: (line?.promise?.parts ?? [])
        .map(({ quantity, shipBy }) => `${quantity} on ${shipBy.replaceAll('-', '')}`)
        .sort(),
    };
  }
  return sides;
}

/** Purchase orders in stock units. */
async function erpSides({ buying, kept }: ConnectedBrand): Promise<Sides> {
  const sides: Sides = { there: {}, here: {} };
  for (const order of buying.orders) {
    sides.there[order.number] = order.lines.map(
      (line) => `${line.received * 12} of ${line.quantity * 12} ${line.sku} on ${line.on}`,
    );
    const { body } = await kept.call('GET', `/v1/purchase-orders/${order.number}`);
    sides.here[order.number] = (
      (body.lines ?? []) as { received: number; ordered: number; sku: string; expectedOn: string }[]
    ).map((line) => `${line.received} of ${line.ordered} ${line.sku} on ${line.expectedOn}`);
  }
  return sides;
}

/** What each channel was told may be had of lamps, and what Kept answers of it there now. */
async function offerSides({ call, variants, amazon, partner }: ConnectedBrand): Promise<Sides> {
  const answer = (channel: string): Promise<Answer> =>
    call('GET', `/v1/availability?sku=LAMP&channel=${channel}&quantity=100000`);
  const [web, seller, wholesale] = [
    await answer('web'),
    await answer('amazon-us'),
    await answer('wholesale'),
  ];
  const told = JSON.parse(variants.LAMP.metafields.get('availability') ?? '{}') as Partial<Answer>;
  const listing = amazon.world.listings.get('LAMP')!;
  // A listing has one day for all of its units: the shelf, or else the next arrival.
  const next = seller.now > 0 ? undefined : seller.later[0];
  return {
    there: {
      'lamps in the shop': [told.now, told.later, variants.LAMP.inventoryPolicy],
      'lamps at Amazon': [listing.quantity, listing.restockOn ?? null],
      'lamps for the partner': partner.availability.get(PARTNER_NUMBER),
    },
    here: {
      'lamps in the shop': [web.now, web.later, web.later.length > 0 ? 'CONTINUE' : 'DENY'],
      'lamps at Amazon': [next?.quantity ?? seller.now, next?.shipBy ?? null],
      'lamps for the partner': wholesale.now,
    },
  };
}

interface Answer {
  readonly now: number;
  readonly later: readonly { readonly quantity: number; readonly shipBy: string }[];
}
