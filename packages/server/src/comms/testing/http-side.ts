import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HttpSide {
  readonly url: string;
  readonly got: { readonly headers: IncomingHttpHeaders; readonly body: string }[];
  /** Answers the next so many requests with a status instead of taking them. */
  refuse(status: number, times: number, headers?: Record<string, string>): void;
  close(): Promise<void>;
}

/** A server on a port of its own that keeps what is posted to it. */
export async function httpSide(): Promise<HttpSide> {
  const got: HttpSide['got'] = [];
  let refusing: { status: number; times: number; headers?: Record<string, string> } = { status: 0, times: 0 };
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request.setEncoding('utf8')) body += chunk;
    if (refusing.times > 0) {
      refusing = { ...refusing, times: refusing.times - 1 };
      response.writeHead(refusing.status, refusing.headers).end('{"message":"not like this"}');
      return;
    }
    got.push({ headers: request.headers, body });
    response.writeHead(201).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/in`,
    got,
    refuse(status, times, headers) {
      refusing = { status, times, ...(headers === undefined ? {} : { headers }) };
    },
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
