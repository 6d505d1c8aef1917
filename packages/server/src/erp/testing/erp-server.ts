import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CallFaults } from '../../connections/testing/call-faults.ts';
import type { Faults } from '../../connections/testing/conformance.ts';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  // biome-ignore lint/suspicious/noExplicitAny: each simulator checks what it was sent
  readonly body: any;
}

export interface Answered {
  readonly status: number;
  readonly body?: unknown;
  readonly headers?: Record<string, string>;
}

export interface ErpServer {
  readonly address: string;
  readonly faults: Faults & { duplicate(calls: number): void };
  /** What goes wrong by itself, while it is switched on. */
  readonly calls: CallFaults;
  /** Requests that were answered as they were asked. */
  answered: number;
  close(): Promise<void>;
}

/** What is wrong with a request: it is answered with this status. */
export class Wrong extends Error {
  readonly status: number;
  constructor(status: number, words: string) {
    super(words);
    this.status = status;
  }
}

/** An HTTP server on loopback with faults. @param toldAs how this system tells a fault of the request */
export async function erpServer(
  answer: (asked: Asked) => Answered | Promise<Answered>,
  toldAs: (status: number, words: string) => unknown,
  expire?: () => void,
): Promise<ErpServer> {
  const calls = new CallFaults();
  let duplicates = 0;
  const server = createServer(async (request, response) => {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const send = ({ status, body, headers = {} }: Answered) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      // With a type of its own it is sent as it is.
      const sent = headers['content-type'] === undefined ? JSON.stringify(body) : String(body);
      response.end(body === undefined ? '' : sent);
    };
    const fault = calls.next();
    if (fault === 'hang_before') return;
    if (fault === 'throttled') {
      send({ status: 429, body: toldAs(429, 'Too many requests'), headers: { 'retry-after': '2' } });
      return;
    }
    if (fault === 'error_before') {
      send({ status: 502, body: toldAs(502, 'Bad gateway') });
      return;
    }
    const url = new URL(request.url ?? '/', 'http://erp');
    const text = Buffer.concat(pieces).toString();
    try {
      const asked: Asked = {
        method: request.method ?? 'GET',
        path: url.pathname,
        query: url.searchParams,
        headers: request.headers,
        body: request.headers['content-type']?.includes('json') ? JSON.parse(text) : text,
      };
      const first = await answer(asked);
      one.answered++;
      if (fault === 'hang_after') return;
      if (fault === 'lost_after') return void response.destroy();
      if (fault === 'error_after') return send({ status: 502, body: toldAs(502, 'Bad gateway') });
      // A proxy in between asked twice: the second time it has happened already.
      if (duplicates > 0) {
        duplicates--;
        send(await answer(asked));
      } else send(first);
    } catch (error) {
      const status = error instanceof Wrong ? error.status : 500;
      send({ status, body: toldAs(status, (error as Error).message) });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const one: ErpServer = {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    answered: 0,
    calls,
    faults: {
      throttle: (many) => calls.ask('throttled', many),
      fail: (many) => calls.ask('error_before', many),
      hang: (many) => calls.hang(many),
      duplicate: (many) => void (duplicates = many),
      ...(expire === undefined ? {} : { expireToken: expire }),
    },
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
  return one;
}
