import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { orderFact } from './http-pushes.ts';

/** A shop with a history, in a process of its own and without limits: `node orders-shop.ts ORDERS SKUS`. */
const [orders = 0, skus = 1] = process.argv.slice(2).map(Number);
const PAGE = 1000;

const server = createServer((request, response) => {
  const from = Number(new URL(request.url!, 'http://shop').searchParams.get('cursor') ?? 0);
  const to = Math.min(orders, from + PAGE);
  const facts = Array.from({ length: to - from }, (_, n) =>
    orderFact(`H${from + n}`, `SKU-${(from + n) % skus}`),
  );
  response.setHeader('content-type', 'application/json');
  response.end(JSON.stringify({ facts, cursor: String(to), more: to < orders, progress: to / orders }));
});
server.listen(0, '127.0.0.1', () =>
  console.log(`at http://127.0.0.1:${(server.address() as AddressInfo).port}`),
);
