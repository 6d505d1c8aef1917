import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ConnectionAction, type ConnectionFact, PublishedAvailability } from '@kept/contract';
import { z } from 'zod';
import { readStandard } from '../../../platform/standard-webhooks.ts';

const Posted = z.discriminatedUnion('type', [
  z.object({ type: z.literal('connection.checked'), timestamp: z.iso.datetime(), data: z.object({}) }),
  z.object({ type: z.literal('connection.ended'), timestamp: z.iso.datetime(), data: z.object({}) }),
  z.object({
    type: z.literal('availability.changed'),
    timestamp: z.iso.datetime(),
    data: z.object({ items: z.array(PublishedAvailability).min(1).max(100) }),
  }),
  z.object({ type: z.literal('action.requested'), timestamp: z.iso.datetime(), data: ConnectionAction }),
  z.object({
    type: z.literal('action.asked_after'),
    timestamp: z.iso.datetime(),
    data: z.object({ id: z.string(), handle: z.string() }),
  }),
]);

export interface OtherSide {
  readonly url: string;
  readonly secret: string;
  readonly facts: ConnectionFact[];
  readonly posted: z.output<typeof Posted>[];
  /** What Kept left there: whom it tells. */
  traces: number;
  readonly faults: { throttle(calls: number): void; fail(calls: number): void; hang(calls: number): void };
  close(): Promise<void>;
}

/** Among the statuses with which calls are answered: not at all. */
const HANG = 0;
const PAGE = 3;
/** Told again before the cursor: cursors overlap. */
const OVERLAP = 1;

/**
 * A system that speaks what docs/CONNECTORS.md says, and refuses whatever is otherwise: each request's signature, each
 * body's shape.
 */
export async function otherSide(): Promise<OtherSide> {
  const secret = `whsec_${Buffer.from('a secret of the tests, long enough').toString('base64')}`;
  const side = { facts: [] as ConnectionFact[], posted: [] as z.output<typeof Posted>[], traces: 0 };
  const answering: number[] = [];
  const seen = new Set<string>();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const fault = answering.shift();
    if (fault === HANG) return;
    if (fault !== undefined) response.writeHead(fault, { 'retry-after': '1' }).end('{}');
    else {
      const [status, value] = answerTo(request, Buffer.concat(chunks));
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    }
  });

  /** @returns status and body */
  function answerTo(request: IncomingMessage, body: Buffer): [number, unknown] {
    const address = new URL(request.url!, 'http://side');
    const signedBytes = request.method === 'GET' ? Buffer.from(address.search) : body;
    const read = readStandard(secret, request.headers, signedBytes);
    if (read === null) return [401, { why: 'not signed' }];
    if (request.method === 'GET') {
      side.traces++;
      const cursor = Number(address.searchParams.get('cursor') ?? 0);
      const first = Math.max(0, cursor - OVERLAP);
      const next = Math.min(side.facts.length, cursor + PAGE);
      return [
        200,
        {
          facts: side.facts.slice(first, next),
          cursor: String(next),
          more: next < side.facts.length,
          progress: side.facts.length === 0 ? 1 : next / side.facts.length,
        },
      ];
    }
    const posted = Posted.safeParse(JSON.parse(body.toString()));
    if (!posted.success) return [422, { why: z.prettifyError(posted.error) }];
    if (posted.data.type === 'connection.ended') side.traces = 0;
    else side.traces++;
    if (!seen.has(read.id)) side.posted.push(posted.data);
    if (posted.data.type === 'action.requested') seen.add(read.id);
    return [200, { state: 'done' }];
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return Object.assign(side, {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/kept`,
    secret,
    faults: {
      throttle: (calls: number) => void answering.push(...Array<number>(calls).fill(429)),
      fail: (calls: number) => void answering.push(...Array<number>(calls).fill(500)),
      hang(calls: number) {
        if (calls === 0) answering.length = 0;
        answering.push(...Array<number>(calls).fill(HANG));
      },
    },
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  });
}
