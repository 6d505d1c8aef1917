import { createHmac, randomUUID } from 'node:crypto';
import type { SimShop } from './state.ts';

interface Delivery {
  readonly topic: string;
  readonly uri: string;
  readonly id: string;
  readonly body: string;
  tries: number;
}

const MOST_TRIES = 8;

/** Sends what happened to whoever subscribed to it, signed, and tries again where it was not taken. */
export class Webhooks {
  /** So many of the next are never sent. */
  miss = 0;
  /** Each is sent twice. */
  duplicates = false;
  /** They are kept back until `delivered`, and then sent the last first. */
  reversed = false;
  sent = 0;
  readonly #shop: SimShop;
  readonly #secret: string;
  readonly #now: () => Date;
  #waiting: Delivery[] = [];
  #sending: Promise<void> = Promise.resolve();

  constructor(shop: SimShop, secret: string, now: () => Date) {
    this.#shop = shop;
    this.#secret = secret;
    this.#now = now;
    shop.onChange = (topic, payload) => this.send(topic, payload);
  }

  send(topic: string, payload: Record<string, unknown>, to?: string): void {
    const uris =
      to === undefined
        ? this.#shop.subscriptions.flatMap((one) => (one.topic === topic ? [one.uri] : []))
        : [to];
    for (const uri of uris) {
      if (this.miss > 0) {
        this.miss--;
        continue;
      }
      const one = { topic, uri, id: randomUUID(), body: JSON.stringify(payload), tries: 0 };
      this.#waiting.push(one, ...(this.duplicates ? [{ ...one }] : []));
    }
    if (!this.reversed) this.#sending = this.#sending.then(() => this.#sendAll());
  }

  /** When all that happened so far was sent. */
  async delivered(): Promise<void> {
    if (this.reversed) this.#waiting.reverse();
    this.#sending = this.#sending.then(() => this.#sendAll());
    await this.#sending;
  }

  async #sendAll(): Promise<void> {
    for (let one = this.#waiting.shift(); one !== undefined; one = this.#waiting.shift()) {
      one.tries++;
      const taken = await this.#post(one).catch(() => false);
      if (taken) this.sent++;
      else if (one.tries < MOST_TRIES) this.#waiting.push(one);
    }
  }

  async #post({ topic, uri, id, body }: Delivery): Promise<boolean> {
    const response = await fetch(uri, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-shopify-topic': topic.toLowerCase().replace('_', '/'),
        'x-shopify-shop-domain': this.#shop.domain,
        'x-shopify-webhook-id': id,
        'x-shopify-triggered-at': this.#now().toISOString(),
        'x-shopify-hmac-sha256': createHmac('sha256', this.#secret).update(body).digest('base64'),
      },
      body,
    });
    await response.arrayBuffer();
    return response.ok;
  }
}
