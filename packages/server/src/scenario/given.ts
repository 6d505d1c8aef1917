import type { CallStep, ScenarioBrand } from './scenario.ts';

/**
 * What a story begins with, and the short way of writing an order. Both become plain calls of the API, filled in with what
 * a story seldom cares about; scenarios/README.md says which.
 */

type Body = Readonly<Record<string, unknown>>;

export interface Given {
  readonly policies?: Readonly<Record<string, Body>> | undefined;
  readonly channels?: Readonly<Record<string, Body | string | null>> | undefined;
  readonly suppliers?: Readonly<Record<string, Body | string | null>> | undefined;
  readonly locations?: Readonly<Record<string, Body | string | null>> | undefined;
  readonly items?: Readonly<Record<string, Body | null>> | undefined;
  /** SKU → units at the first location, or location → units. */
  readonly stock?: Readonly<Record<string, number | Readonly<Record<string, number>>>> | undefined;
  readonly limits?: Readonly<Record<string, Readonly<Record<string, Body>>>> | undefined;
  readonly purchaseOrders?: Readonly<Record<string, Body>> | undefined;
  readonly supplies?: Readonly<Record<string, Body>> | undefined;
  readonly orders?: readonly Body[] | undefined;
}

/** What is filled in where a story does not say it. */
export interface Defaults {
  readonly channel: string;
  readonly location: string;
  /** What an order's line costs: as its item, where the story made it. */
  readonly prices: ReadonlyMap<string, unknown>;
  readonly brand: ScenarioBrand;
}

/** Where in the file a thing stands, by its path. */
export type LineOf = (path: readonly (string | number)[]) => number;

const UNIT_PRICE_MINOR = 2000;

/** The first channel and location that a story names; `web` and `main` where it names none. */
export function defaultsOf(given: Given, brand: ScenarioBrand): Defaults {
  return {
    channel: Object.keys(given.channels ?? {})[0] ?? 'web',
    location: Object.keys(given.locations ?? {})[0] ?? 'main',
    prices: new Map(
      Object.entries(given.items ?? {}).flatMap(([sku, body]) =>
        body?.price === undefined ? [] : [[sku, body.price] as const],
      ),
    ),
    brand,
  };
}

/** The calls that bring about what is given, in the order in which one needs the other. */
export function callsOf(given: Given, defaults: Defaults, lineOf: LineOf): CallStep[] {
  const { channel, location, brand } = defaults;
  const calls: CallStep[] = [];
  const add = (method: string, path: string, body: unknown, ...at: (string | number)[]) =>
    calls.push({
      kind: 'call',
      given: true,
      line: lineOf(['given', ...at]),
      say: null,
      method,
      path,
      query: {},
      headers: {},
      body,
      expect: {},
      save: {},
    });
  const named = (body: Body | string | null): Body =>
    typeof body === 'string' ? { title: body } : (body ?? {});
  const entries = <T>(of: Readonly<Record<string, T>> | undefined) => Object.entries(of ?? {});

  for (const [name, body] of entries(given.policies))
    add('PUT', `/v1/policies/${encodeURIComponent(name)}`, body, 'policies', name);
  for (const [code, body] of entries(given.channels ?? { [channel]: null }))
    add(
      'PUT',
      `/v1/channels/${encodeURIComponent(code)}`,
      { title: code, kind: code, ...named(body) },
      'channels',
      code,
    );
  for (const [code, body] of entries(given.suppliers))
    add(
      'PUT',
      `/v1/suppliers/${encodeURIComponent(code)}`,
      { title: code, ...named(body) },
      'suppliers',
      code,
    );
  for (const [code, body] of entries(given.locations ?? { [location]: null }))
    add(
      'PUT',
      `/v1/locations/${encodeURIComponent(code)}`,
      { title: code, ...named(body) },
      'locations',
      code,
    );
  for (const [sku, body] of entries(given.items)) {
    const item = { title: sku, ...body, price: moneyOf(body?.price ?? UNIT_PRICE_MINOR, brand) };
    add('PUT', `/v1/items/${encodeURIComponent(sku)}`, item, 'items', sku);
  }
  for (const [sku, units] of entries(given.stock))
    for (const [place, counted] of typeof units === 'number' ? [[location, units] as const] : entries(units))
      add(
        'POST',
        '/v1/stock/adjustments',
        { sku, location: place, counted, reason: 'opening count' },
        'stock',
        sku,
      );
  for (const [sku, channels] of entries(given.limits))
    for (const [code, body] of entries(channels)) {
      const path = `/v1/items/${encodeURIComponent(sku)}/channels/${encodeURIComponent(code)}`;
      add('PUT', path, body, 'limits', sku, code);
    }
  for (const [ref, body] of entries(given.purchaseOrders)) {
    const path = `/v1/purchase-orders/${encodeURIComponent(ref)}`;
    add('PUT', path, purchaseOrderOf(body, location), 'purchaseOrders', ref);
  }
  for (const [ref, body] of entries(given.supplies))
    add('PUT', `/v1/supplies/${encodeURIComponent(ref)}`, { location, ...body }, 'supplies', ref);
  for (const [index, body] of (given.orders ?? []).entries())
    add('POST', '/v1/orders', orderOf(body, defaults), 'orders', index);
  return calls;
}

/** A purchase order; one with a single line may say the line's own words at the top. */
function purchaseOrderOf(body: Body, location: string): Body {
  const { sku, quantity, expectedOn, location: place, uom, received, schedules, lines, ...header } = body;
  const single = { sku, quantity, expectedOn, location: place, uom, received, schedules };
  const listed = Array.isArray(lines) ? (lines as Body[]) : [single];
  return {
    supplier: 'acme',
    placedOn: 'today',
    stage: 'confirmed',
    ...header,
    lines: listed.map((line, index) => ({
      line: index + 1,
      ...withoutUndefined({ ...line, location: line.location ?? location }),
    })),
  };
}

/** What belongs to a line, where an order of one line says it at the top. */
const LINE_WORDS = new Set([
  'sku',
  'quantity',
  'price',
  'discount',
  'tax',
  'kind',
  'hold',
  'uom',
  'notBefore',
  'cancelAfter',
  'statedShipBy',
  'statedDeliverBy',
]);

/** An order as the API wants it, from what a story says of it. */
export function orderOf(body: Body, { channel, prices, brand }: Defaults): Body {
  const { ref, customer, lines, ...rest } = body;
  const own = Object.fromEntries(Object.entries(rest).filter(([word]) => LINE_WORDS.has(word)));
  const order = Object.fromEntries(Object.entries(rest).filter(([word]) => !LINE_WORDS.has(word)));
  const listed = Array.isArray(lines) ? (lines as Body[]) : [own];
  return {
    ...(ref === undefined ? {} : { ref }),
    channel,
    placedAt: 'now',
    customer: typeof customer === 'string' ? { name: customer } : (customer ?? { name: 'Somebody' }),
    shipTo: { country: brand.country },
    ...order,
    lines: listed.map((line, index) => ({
      line: index + 1,
      ...line,
      price: moneyOf(line.price ?? prices.get(String(line.sku)) ?? UNIT_PRICE_MINOR, brand),
    })),
  };
}

const moneyOf = (price: unknown, { currency }: ScenarioBrand) =>
  typeof price === 'number' ? { amount: price, currency } : price;

const withoutUndefined = (body: Body) =>
  Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
