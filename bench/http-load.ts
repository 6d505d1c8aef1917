import { drive, type Load, type LoadOutcome } from './http-sockets.ts';

/**
 * A load of orders from a process of its own, so that it does not share the server's thread. Its options are its only
 * argument, as JSON; its outcome is the line of JSON it prints.
 */

export interface OrderLoad extends Load {
  readonly key: string;
  readonly skus: readonly string[];
  /** Orders of no two loads may have the same name. */
  readonly name: string;
}

function load(options: OrderLoad): Promise<LoadOutcome> {
  const { key, skus, name } = options;
  const headers = `POST /v1/orders HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${key}\r\ncontent-type: application/json\r\n`;
  let sent = 0;
  const request = () => {
    const sku = skus[Math.floor(Math.random() * skus.length)]!;
    const number = ++sent;
    const body = `{"ref":"${name}-${number}","channel":"web","placedAt":"${new Date().toISOString()}","customer":{"name":"Customer ${number}","email":"customer${number}@example.com"},"shipTo":{"country":"GB","zip":"E1 6AN"},"lines":[{"line":1,"sku":"${sku}","quantity":1,"price":{"amount":1999,"currency":"GBP"}}]}`;
    return `${headers}content-length: ${body.length}\r\n\r\n${body}`;
  };
  return drive(options, request, 201);
}

if (import.meta.main) console.log(JSON.stringify(await load(JSON.parse(process.argv[2]!))));
