import { standardHeaders } from '../packages/server/src/platform/standard-webhooks.ts';
import { drive, type Load, type LoadOutcome } from './http-sockets.ts';

/** A load of signed pushes from a process of its own: its options are its only argument, as JSON; its outcome is a line of JSON. */
export interface PushLoad extends Load {
  readonly path: string;
  readonly secret: string;
  readonly skus: readonly string[];
  /** Pushes of no two loads may have the same name. */
  readonly name: string;
}

function load(options: PushLoad): Promise<LoadOutcome> {
  const { path, secret, skus, name } = options;
  let sent = 0;
  const request = () => {
    const number = ++sent;
    const body = JSON.stringify({ facts: [orderFact(`${name}-${number}`, skus[number % skus.length]!)] });
    const signed = Object.entries(standardHeaders(secret, `${name}-${number}`, new Date(), body))
      .map(([header, value]) => `${header}: ${value}\r\n`)
      .join('');
    return `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n${signed}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  };
  return drive(options, request, 200);
}

/** An order of one unit that a channel sold, as it tells it. */
export function orderFact(ref: string, sku: string) {
  const at = new Date().toISOString();
  return {
    kind: 'order',
    externalId: `gid://shop/Order/${ref}`,
    sourceUpdatedAt: at,
    order: {
      ref,
      channel: 'web',
      mode: 'placed',
      placedAt: at,
      sourceUpdatedAt: at,
      customer: { name: `Customer ${ref}`, email: `customer-${ref}@example.com` },
      shipTo: { country: 'GB', zip: 'E1 6AN' },
      lines: [{ line: 1, sku, quantity: 1, price: { amount: 1999, currency: 'GBP' } }],
    },
  };
}

if (import.meta.main) console.log(JSON.stringify(await load(JSON.parse(process.argv[2]!))));
