import {
  AccessLost,
  type Action,
  type Availability,
  Busy,
  type Connection,
  type Connector,
  type Finding,
  type Page,
  type Push,
  type Reading,
} from '../../connections/index.ts';
import { ACTIONS, act, settle } from './act.ts';
import { type Pace, ShopifyClient } from './client.ts';
import { authorise, missingScopes } from './install.ts';
import type { Nodes } from './nodes.ts';
import * as operations from './operations.ts';
import { publishAvailability } from './publish.ts';
import { type ShopOf, ShopReader, STREAMS } from './read-shop.ts';
import { PreorderPlans } from './selling-plans.ts';
import {
  API_VERSION,
  type ShopifyContext,
  type ShopifySecrets,
  type ShopifySettings,
  secrets,
  settings,
} from './settings.ts';
import { receiveWebhook, TOPICS } from './webhooks.ts';

/** A Shopify store by its Admin API: orders and stock in, availability, holds and changes of orders out. */
export const shopifyConnector = (pace: Pace = {}): Connector<ShopifySettings, ShopifySecrets> => ({
  kind: 'shopify',
  role: 'channel',
  title: 'Shopify',
  streams: STREAMS,
  can: { push: true, publish: true, act: ACTIONS },
  settings,
  secrets,
  authorise,
  parting: ({ clientSecret }) => ({ clientSecret }),
  open: (context) => new ShopifyConnection(context, pace),
});
export const shopify = shopifyConnector();

/** What Kept keeps in the shop beside its own: definitions of metafields, with what the shop's pages may read. */
const DEFINITIONS = [
  { ownerType: 'PRODUCTVARIANT', key: 'availability', type: 'json', name: 'Availability', shown: true },
  { ownerType: 'PRODUCTVARIANT', key: 'ships_on', type: 'date', name: 'Ships on', shown: true },
  {
    ownerType: 'PRODUCTVARIANT',
    key: 'policy_before',
    type: 'single_line_text_field',
    name: 'Policy before',
    shown: false,
  },
  { ownerType: 'ORDER', key: 'promise', type: 'json', name: 'Promise', shown: false },
  { ownerType: 'ORDER', key: 'promised_ship_date', type: 'date', name: 'Promised ship date', shown: false },
  { ownerType: 'ORDER', key: 'switches', type: 'json', name: 'Switches', shown: false },
] as const;
const OWNERS = ['PRODUCTVARIANT', 'ORDER'] as const;

class ShopifyConnection implements Connection {
  readonly #context: ShopifyContext;
  readonly #client: ShopifyClient;
  readonly #reader: ShopReader;
  #prepared: Promise<void> | undefined;

  constructor(context: ShopifyContext, pace: Pace) {
    this.#context = context;
    this.#client = new ShopifyClient(context, pace);
    this.#reader = new ShopReader(this.#client, context);
  }

  async check(signal?: AbortSignal): Promise<readonly Finding[]> {
    const { settings: told } = this.#context;
    const found: Finding[] = [];
    let answer: {
      currentAppInstallation: { accessScopes: { handle: string }[] };
      shop: ShopOf & { myshopifyDomain: string };
    };
    try {
      answer = await this.#client.ask(operations.SHOP, {}, signal);
    } catch (error) {
      if (error instanceof Busy) return [{ code: 'busy', level: 'warning', words: error.message }];
      const code = error instanceof AccessLost ? 'access_lost' : 'unreachable';
      return [{ code, level: 'broken', words: (error as Error).message }];
    }
    const { shop, currentAppInstallation } = answer;
    found.push({ code: 'reachable', level: 'ok', words: `${shop.name} answers, in ${shop.currencyCode}.` });
    if (shop.myshopifyDomain !== told.shop)
      found.push({
        code: 'another_shop',
        level: 'broken',
        words: `The token belongs to ${shop.myshopifyDomain}, and the settings say ${told.shop}.`,
      });
    const missing = missingScopes(new Set(currentAppInstallation.accessScopes.map((one) => one.handle)));
    if (missing.length > 0)
      found.push({
        code: 'missing_scope',
        level: missing.some((scope) => scope !== 'read_all_orders') ? 'broken' : 'warning',
        words: `The app lacks ${missing.join(', ')}: grant them in the app's settings and install it again. Without read_all_orders only the last 60 days are read.`,
      });
    if (this.#context.pushUrl === null)
      found.push({
        code: 'no_webhooks',
        level: 'warning',
        words:
          'Kept does not know its own address, so that Shopify cannot tell it of changes: they are read at intervals.',
      });
    if (told.apiVersion !== API_VERSION)
      found.push({
        code: 'other_version',
        level: 'warning',
        words: `The connection is set to version ${told.apiVersion}; Kept is written for ${API_VERSION}.`,
      });
    return found;
  }

  async *changes(stream: string, cursor: string | null, reading: Reading): AsyncGenerator<Page> {
    if (stream === 'shop') await this.#prepare(reading.signal);
    yield* this.#reader.changes(stream, cursor, reading);
  }

  reconcile(stream: string, since: Date, reading: Reading): AsyncIterable<Page> {
    return this.#reader.reconcile(stream, since, reading);
  }

  receive(push: Push) {
    return receiveWebhook(this.#context.settings, this.#context.secrets, push);
  }

  reread(stream: string, ids: readonly string[], signal?: AbortSignal) {
    return this.#reader.reread(stream, ids, signal);
  }

  async publish(availabilities: readonly Availability[], signal?: AbortSignal) {
    await this.#prepare(signal);
    return publishAvailability(this.#client, this.#context, availabilities, signal);
  }

  act(action: Action, signal?: AbortSignal) {
    return act(this.#client, this.#context, action, signal);
  }

  settle(action: Action, handle: string, signal?: AbortSignal) {
    return settle(this.#client, action, handle, signal);
  }

  async disconnect(signal?: AbortSignal): Promise<void> {
    await this.#giveBackPolicies(signal);
    await this.#letHeldGo(signal);
    await new PreorderPlans(this.#client, this.#context).withdraw(signal);
    for (const owner of OWNERS)
      for (const { id } of await this.#definitions(owner, signal))
        await this.#client.change(operations.UNDEFINE, { id }, { signal });
    const { pushUrl } = this.#context;
    for (const { id, uri } of await this.#webhooks(signal))
      if (pushUrl === null || uri.startsWith(pushUrl))
        await this.#client.change(operations.UNSUBSCRIBE, { id }, { signal });
    this.#prepared = undefined;
  }

  /** Webhooks and definitions that are not there yet; once for as long as the connection is open. */
  #prepare(signal?: AbortSignal): Promise<void> {
    this.#prepared ??= this.#makeReady(signal).catch((error) => {
      this.#prepared = undefined;
      throw error;
    });
    return this.#prepared;
  }

  async #makeReady(signal?: AbortSignal): Promise<void> {
    for (const owner of OWNERS) {
      const there = new Set((await this.#definitions(owner, signal)).map((one) => one.key));
      for (const { ownerType, key, type, name, shown } of DEFINITIONS) {
        if (ownerType !== owner || there.has(key)) continue;
        const access = shown ? { access: { admin: 'MERCHANT_READ', storefront: 'PUBLIC_READ' } } : {};
        await this.#client.change(
          operations.DEFINE,
          { definition: { ownerType, namespace: '$app', key, type, name: `Kept: ${name}`, ...access } },
          { fine: ['TAKEN'], signal },
        );
      }
    }
    const { pushUrl } = this.#context;
    if (pushUrl === null) return;
    const there = new Set(
      (await this.#webhooks(signal)).flatMap(({ topic, uri }) => (uri === pushUrl ? [topic] : [])),
    );
    for (const topic of TOPICS)
      if (!there.has(topic))
        await this.#client.change(
          operations.SUBSCRIBE,
          { topic, subscription: { uri: pushUrl, format: 'JSON' } },
          { signal },
        );
  }

  #definitions(owner: (typeof OWNERS)[number], signal?: AbortSignal): Promise<{ id: string; key: string }[]> {
    return this.#client
      .ask<{ metafieldDefinitions: { nodes: { id: string; key: string }[] } }>(
        operations.DEFINITIONS,
        { owner },
        signal,
      )
      .then((answer) => answer.metafieldDefinitions.nodes);
  }

  #webhooks(signal?: AbortSignal): Promise<{ id: string; topic: string; uri: string }[]> {
    return this.#all(operations.WEBHOOKS, 'webhookSubscriptions', signal);
  }

  async #giveBackPolicies(signal?: AbortSignal): Promise<void> {
    const changed = await this.#all<{
      id: string;
      product: { id: string };
      before: { value: string } | null;
    }>(operations.CHANGED_POLICIES, 'productVariants', signal);
    const byProduct = Map.groupBy(
      changed.filter((one) => one.before !== null),
      (one) => one.product.id,
    );
    for (const [productId, variants] of byProduct) {
      const input = variants.map(({ id, before }) => ({ id, inventoryPolicy: before!.value }));
      await this.#client.change(operations.SET_POLICY, { productId, variants: input }, { signal });
    }
  }

  async #letHeldGo(signal?: AbortSignal): Promise<void> {
    const held = await this.#all<{
      id: string;
      fulfillmentHolds: { id: string; heldByRequestingApp: boolean }[];
    }>(operations.HELD, 'fulfillmentOrders', signal);
    for (const { id, fulfillmentHolds } of held) {
      const holdIds = fulfillmentHolds.filter((one) => one.heldByRequestingApp).map((one) => one.id);
      if (holdIds.length > 0) await this.#client.change(operations.RELEASE, { id, holdIds }, { signal });
    }
  }

  async #all<T>(operation: string, field: string, signal?: AbortSignal): Promise<T[]> {
    const found: T[] = [];
    for (let after: string | null = null; ; ) {
      const answer: Record<string, Nodes<T>> = await this.#client.ask(operation, { after }, signal);
      const { nodes, pageInfo } = answer[field]!;
      found.push(...nodes);
      if (!pageInfo?.hasNextPage) return found;
      after = pageInfo.endCursor;
    }
  }
}
