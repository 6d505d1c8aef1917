import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { BackorderQuery } from '@kept/contract';
import { stubBackorders, stubBrand, stubChannels, stubExplanation, stubToday } from './stub-data.ts';

type Backorder = ReturnType<typeof stubBackorders>[number];
/** How the stub answers: as usual, with nobody waiting, with a failure, or to nobody it knows. */
export type StubMood = 'usual' | 'empty' | 'failing' | 'signed-out' | 'slow';

export type Stub = {
  url: string;
  mood: StubMood;
  lines: Backorder[];
  requests: string[];
  close: () => Promise<void>;
};

/** Kept's answers for the pages' tests, from made-up data: no database, no engine, the same on each run. */
export async function startStub(options: { pages: string; lines?: number; port?: number }): Promise<Stub> {
  const server = createServer((request, response) => {
    answer(stub, options.pages, request, response).catch((error: unknown) => {
      send(response, 500, { title: String(error), status: 500, code: 'stub_failed', detail: String(error) });
    });
  });
  await new Promise<void>((ready) => server.listen(options.port ?? 0, '127.0.0.1', ready));
  const stub: Stub = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mood: 'usual',
    lines: stubBackorders(options.lines ?? 2000),
    requests: [],
    close: () =>
      new Promise((closed) => {
        server.closeAllConnections();
        server.close(() => closed());
      }),
  };
  return stub;
}

async function answer(stub: Stub, pages: string, request: IncomingMessage, response: ServerResponse) {
  const url = new URL(request.url ?? '/', 'http://stub');
  if (!url.pathname.startsWith('/v1/')) return sendPage(pages, url.pathname, response);
  stub.requests.push(`${url.pathname}${url.search}`);
  if (stub.mood === 'slow') await new Promise((later) => setTimeout(later, 60_000).unref());
  if (stub.mood === 'signed-out')
    return send(response, 401, {
      type: 'about:blank',
      title: 'Sign in',
      status: 401,
      code: 'signed_out',
      detail: 'No session.',
    });
  if (url.pathname === '/v1/session')
    return send(response, 200, { brand: stubBrand, today: stubToday, user: null }, request);
  if (url.pathname === '/v1/channels')
    return send(response, 200, { items: stubChannels, next: null }, request);
  if (stub.mood === 'failing')
    return send(response, 503, {
      type: 'about:blank',
      title: 'Unavailable',
      status: 503,
      code: 'unavailable',
      detail: 'The database is restarting.',
    });
  if (url.pathname === '/v1/backorders') return sendBackorders(stub, url, request, response);
  const id = /^\/v1\/backorders\/([^/]+)\/explanation$/.exec(url.pathname)?.[1];
  const line = stub.lines.find((known) => known.id === id);
  if (line) return send(response, 200, stubExplanation(line), request);
  send(response, 404, {
    type: 'about:blank',
    title: 'Not found',
    status: 404,
    code: 'not_found',
    detail: 'No such line.',
  });
}

function sendBackorders(stub: Stub, url: URL, request: IncomingMessage, response: ServerResponse) {
  const query = BackorderQuery.parse(Object.fromEntries(url.searchParams));
  const all = stub.mood === 'empty' ? [] : stub.lines;
  const beforeState = all.filter(
    (line) =>
      (!query.channel || line.channel === query.channel) &&
      (!query.sku || line.sku === query.sku) &&
      (!query.purchaseOrder ||
        line.commitments.some(({ supply }) => supply?.purchaseOrder === query.purchaseOrder)) &&
      (!query.search ||
        [line.order, line.customer, line.sku, line.title].some((text) =>
          text.toLowerCase().includes(query.search!.toLowerCase()),
        )),
  );
  const found = beforeState.filter((line) => !query.state || line.state === query.state);
  if (query.sort !== 'queue') {
    const turn = query.direction === 'desc' ? -1 : 1;
    found.sort((left, right) => turn * compare(sortKey(left, query.sort), sortKey(right, query.sort)));
  }
  const from = Number(query.cursor ?? 0);
  const next = from + query.limit < found.length ? String(from + query.limit) : null;
  const byState: Record<string, { lines: number; units: number }> = {};
  for (const line of beforeState) {
    const figures = (byState[line.state] ??= { lines: 0, units: 0 });
    figures.lines += 1;
    figures.units += line.quantity;
  }
  const totals = {
    lines: found.length,
    units: found.reduce((units, line) => units + line.quantity, 0),
    value: found.length
      ? [{ amount: found.reduce((amount, line) => amount + line.value.amount, 0), currency: 'GBP' }]
      : [],
    byState,
  };
  send(response, 200, { items: found.slice(from, from + query.limit), next, totals }, request);
}

function sortKey(line: Backorder, sort: string): string | number {
  if (sort === 'value') return line.value.amount;
  if (sort === 'shipBy') return line.promise?.shipBy ?? '9999';
  return (line as unknown as Record<string, string | number>)[sort]!;
}

function compare(left: string | number, right: string | number): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

function send(response: ServerResponse, status: number, body: unknown, request?: IncomingMessage) {
  const text = JSON.stringify(body);
  const etag = `"${createHash('sha1').update(text).digest('base64url')}"`;
  if (status === 200 && request?.headers['if-none-match'] === etag) {
    response.writeHead(304, { etag }).end();
    return;
  }
  const type = status === 200 ? 'application/json' : 'application/problem+json';
  response.writeHead(status, { 'content-type': type, etag, 'cache-control': 'private, no-cache' }).end(text);
}

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

/** A file of the build; any other path is the application's own, as the real server does it. */
async function sendPage(pages: string, path: string, response: ServerResponse) {
  const file = extname(path) ? join(pages, normalize(path)) : join(pages, 'index.html');
  const content = await readFile(file).catch(() => null);
  if (!content) return void response.writeHead(404).end();
  response
    .writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' })
    .end(content);
}
