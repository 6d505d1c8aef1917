/**
 * A connector in an afternoon: a small shop with its own stock and orders, connected to Kept by its API alone.
 *
 *   KEPT_URL=http://127.0.0.1:4400 KEPT_KEY=… node examples/connector/shop.ts
 *
 * It tells Kept what it has and what it sold, and does what Kept asks: it shows what may be had, cancels, and lets orders go.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Kept, keptClient, readWebhook, webhookHeaders } from '@kept/client';

const CONNECTION = 'corner-shop';
const CHANNEL = 'corner';

interface Product {
  readonly sku: string;
  readonly title: string;
  readonly cents: number;
  stock: number;
}
interface Sale {
  readonly number: string;
  readonly sku: string;
  quantity: number;
  state: 'open' | 'cancelled';
}

/** What the shop's own page would show. */
export interface Shown {
  readonly now: number;
  readonly later: readonly { readonly quantity: number; readonly shipBy: string }[];
  readonly copy: string;
}

export class CornerShop {
  readonly products = new Map<string, Product>();
  readonly sales = new Map<string, Sale>();
  readonly shown = new Map<string, Shown>();
  private readonly kept: Kept;
  private readonly keptUrl: string;
  private readonly secret = `whsec_${randomBytes(24).toString('base64')}`;
  private readonly server = createServer((request, response) => {
    void this.told(request).then(
      (status) => response.writeHead(status).end(),
      () => response.writeHead(401).end(),
    );
  });
  private sent = 0;

  constructor(options: { readonly url: string; readonly key: string }) {
    this.kept = keptClient(options);
    this.keptUrl = options.url;
  }

  /** Opens the shop's address for what Kept tells, and connects. */
  async open(products: readonly Product[]): Promise<void> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    const { port } = this.server.address() as AddressInfo;
    await this.kept.call('PUT /v1/connections/{name}', {
      params: { name: CONNECTION },
      body: {
        kind: 'generic-channel',
        title: 'Corner shop',
        settings: { channel: CHANNEL, url: `http://127.0.0.1:${port}/kept` },
        secrets: { secret: this.secret },
      },
    });
    for (const product of products) this.products.set(product.sku, { ...product });
    await this.tell([
      fact('channel', CHANNEL, { channel: { code: CHANNEL, title: 'Corner shop', kind: 'web' } }),
      fact('location', 'shelf', { location: { code: 'shelf', title: 'The shelf', channels: [CHANNEL] } }),
      ...products.flatMap(({ sku, title, cents, stock }) => [
        fact('item', sku, { item: { sku, title, price: { amount: cents, currency: 'EUR' } } }),
        fact('listing', sku, { channel: CHANNEL, listing: { externalId: sku, sku, title } }),
        fact('stock', `${sku} ${stock}`, { sku, location: 'shelf', counted: stock }),
      ]),
    ]);
  }

  /** A customer bought something: the shop sold it, and Kept says when it leaves. */
  async sell(number: string, sku: string, quantity: number, email: string): Promise<void> {
    this.sales.set(number, { number, sku, quantity, state: 'open' });
    const price = { amount: this.products.get(sku)!.cents, currency: 'EUR' };
    await this.tell([
      fact('order', number, {
        order: {
          ...{ ref: number, channel: CHANNEL, mode: 'placed', placedAt: new Date().toISOString() },
          customer: { name: email.split('@')[0], email },
          shipTo: { country: 'DE' },
          lines: [{ line: 1, sku, quantity, price }],
        },
      }),
    ]);
  }

  /** When an order leaves, as its customer would be told. */
  async promiseOf(number: string): Promise<string | null> {
    const order = await this.kept.call('GET /v1/orders/{order}', {
      params: { order: `${CHANNEL}:${number}` },
    });
    return order.lines[0]?.promise?.shipBy ?? null;
  }

  close(): void {
    this.server.closeAllConnections();
    this.server.close();
  }

  /** Facts are signed; one that is told twice counts once. */
  private async tell(facts: readonly object[]): Promise<void> {
    const body = JSON.stringify({ facts });
    const headers = await webhookHeaders({ secret: this.secret, id: `push-${++this.sent}`, body });
    const address = `${this.keptUrl}/v1/connections/${CONNECTION}/pushes`;
    const { status } = await fetch(address, { method: 'POST', headers, body });
    if (status >= 300) throw new Error(`Kept answered ${status} to a push`);
  }

  /** Something that Kept tells or asks. @returns the status that says what became of it */
  private async told(request: IncomingMessage): Promise<number> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const headers = request.headers as Record<string, string>;
    const body = Buffer.concat(pieces).toString();
    const { type, data } = (await readWebhook({ secret: this.secret, headers, body })) as Told;
    if (type === 'availability.changed')
      for (const { sku, now, later, copy } of data.items) this.shown.set(sku, { now, later, copy });
    if (type !== 'action.requested') return 204;
    const sale = this.sales.get(data.order?.ref ?? '');
    if (sale === undefined) return 404;
    if (data.kind === 'cancel') sale.state = 'cancelled';
    return 204;
  }
}

type Told =
  | { type: 'availability.changed'; data: { items: (Shown & { sku: string })[] } }
  | { type: 'action.requested'; data: { kind: string; order?: { ref: string } } }
  | { type: 'connection.checked' | 'connection.ended' | 'action.asked_after'; data: object };

const fact = (kind: string, externalId: string, more: object) => ({ kind, externalId, ...more });

if (import.meta.main) {
  const { KEPT_URL = 'http://127.0.0.1:4400', KEPT_KEY } = process.env;
  if (KEPT_KEY === undefined)
    throw new Error('KEPT_KEY: expected an API key with connections:write and orders:read');
  const shop = new CornerShop({ url: KEPT_URL, key: KEPT_KEY });
  await shop.open([{ sku: 'CORNER-TEA', title: 'Tea', cents: 490, stock: 3 }]);
  await shop.sell('C-1', 'CORNER-TEA', 2, 'ada@example.com');
  console.log('The shop is open, and has sold two of three. What Kept tells it to show:');
  setInterval(() => console.log(Object.fromEntries(shop.shown)), 2000);
}
