import { onTestFinished } from 'vitest';
import type { Action, Availability, Fact, Outcome, Push } from '../../../connections/index.ts';
import { shopify } from '../connector.ts';
import { type ShopifySettings, secrets, settings } from '../settings.ts';
import { ShopifySimulator, type SimulatorOptions } from '../simulator/server.ts';
import { numberIn, type SimOrder } from '../simulator/state.ts';

export const NOW = new Date('2026-03-02T10:00:00Z');

/** A simulated shop with one location, and a connection to it, without Kept around it. */
export async function openShop(
  told: Partial<ShopifySettings> = {},
  { simulator: options = {}, pushUrl = null }: { simulator?: SimulatorOptions; pushUrl?: string | null } = {},
) {
  const simulator = await new ShopifySimulator({
    now: () => NOW,
    pointsPerSecond: 5000,
    ...options,
  }).listen();
  onTestFinished(() => simulator.close());
  const { shop } = simulator;
  const place = shop.addLocation('Warehouse');
  const saved: unknown[] = [];
  const context = {
    settings: settings.parse({ shop: shop.domain, channel: 'web', adminUrl: simulator.url, ...told }),
    secrets: secrets.parse({ ...simulator.app, ...simulator.token() }),
    now: () => NOW,
    fetch,
    log: { info: () => {}, warn: () => {} },
    saveSecrets: async (renewed: unknown) => void saved.push(renewed),
    pushUrl,
  };
  const connection = shopify.open(context);
  const pages = async (stream: string, cursor: string | null = null) => {
    const facts: Fact[] = [];
    let last = cursor;
    for await (const page of connection.changes(stream, cursor, {})) {
      facts.push(...page.facts);
      last = page.cursor;
    }
    return { facts, cursor: last };
  };
  return { simulator, shop, place, context, connection, saved, pages };
}

export type OpenShop = Awaited<ReturnType<typeof openShop>>;

type Asked<Kind extends Action['kind']> = Omit<
  Extract<Action, { kind: Kind }>,
  'kind' | 'order' | 'at' | 'id'
>;

/** Asks for an action of an order, under a name of its own. */
export function ask<Kind extends Action['kind']>(
  { connection }: Pick<OpenShop, 'connection'>,
  order: SimOrder,
  kind: Kind,
  asked: Asked<Kind>,
  id = `${kind}-1`,
): Promise<Outcome> {
  const about = { channel: 'web', ref: order.name, externalId: order.id };
  return connection.act!({ id, at: NOW.toISOString(), order: about, kind, ...asked } as unknown as Action);
}

/** A line of an order as actions name it. */
export const lineOf = (order: SimOrder, index: number, quantity: number) => {
  const { id, variant } = order.lines[index]!;
  return { line: String(numberIn(id)), sku: variant.sku!, quantity };
};

export const offered = (
  sku: string,
  variants: readonly string[],
  over: Partial<Availability> = {},
): Availability => ({
  sku,
  channel: 'web',
  externalIds: [...variants],
  title: sku,
  state: 'backorder',
  now: 0,
  later: [{ quantity: 5, shipBy: '2026-03-20' }],
  copy: 'Ships by 20 March',
  charge: 'at_order',
  asOf: NOW.toISOString(),
  ...over,
});

export const push = (body: string, headers: Record<string, string>): Push => ({
  headers,
  body: Buffer.from(body),
  query: {},
  path: '',
});
