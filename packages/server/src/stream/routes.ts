import { clearInterval, clearTimeout, setInterval, setTimeout } from 'node:timers';
import { Changes, Instant, Problem } from '@kept/contract';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { followLog, type Heard } from './follow.ts';
import { countEventsSince, type Place } from './stream-store.ts';

const HEARTBEAT_MS = 15_000;
/** A stream ends by itself, so that its listener comes back and is asked again who it is. */
const LASTS_MS = 15 * 60_000;
const RETRY_MS = 2_000;
/** Nobody reads a summary of more than a month. */
const MOST_CHANGES_MS = 31 * 86_400_000;

/** What changes, as it changes: server-sent events out of the log. */
export function streamRoutes(app: FastifyInstance, kept: Kept): void {
  const { listen } = followLog(kept);
  const ends = new Set<() => void>();
  // Before the server waits for its connections to end: these would not end by themselves.
  app.addHook('preClose', async () => {
    for (const end of ends) end();
  });
  app.withTypeProvider<ZodTypeProvider>().get(
    '/v1/changes',
    {
      config: { permission: 'queue:read' },
      schema: {
        tags: ['Stream'],
        summary: 'How much happened since an instant, by the kind of it',
        querystring: z.object({ since: Instant }),
        response: { 200: Changes, '4xx': Problem },
      },
    },
    async ({ brandId, query: { since } }) => {
      const now = kept.clock.now().getTime();
      const from = new Date(Math.max(Date.parse(since), now - MOST_CHANGES_MS)).toISOString();
      const changes = await withBrand(kept.db, brandId, (client) => countEventsSince(client, brandId, from), {
        reads: true,
      });
      return { since: from, asOf: new Date(now).toISOString(), changes };
    },
  );
  app.withTypeProvider<ZodTypeProvider>().get(
    '/v1/stream',
    {
      config: { permission: 'signed_in' },
      schema: {
        tags: ['Stream'],
        summary: 'What changes, as server-sent events',
        description:
          '`change` with { kind, order? } for each event of the log once it is settled; `many` where there were too many to tell one by one: read anew. Last-Event-ID goes on where it ended.',
        headers: z.looseObject({ 'last-event-id': z.string().max(60).optional() }),
        response: { '4xx': Problem },
      },
    },
    async (request, reply) => {
      const from = placeOf(request.headers['last-event-id']);
      const { raw } = reply.hijack();
      raw.writeHead(200, {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      raw.write(`retry: ${RETRY_MS}\n\n`);
      let leave = () => {};
      let over = false;
      const end = () => {
        if (over) return;
        over = true;
        leave();
        clearInterval(beat);
        clearTimeout(last);
        ends.delete(end);
        raw.end();
      };
      const beat = setInterval(() => raw.write(': here\n\n'), HEARTBEAT_MS).unref();
      const last = setTimeout(end, LASTS_MS).unref();
      ends.add(end);
      raw.on('close', end);
      raw.on('error', end);
      try {
        const stop = await listen(request.brandId, from, (heard) => raw.write(textOf(heard)));
        if (over) stop();
        else leave = stop;
      } catch (error) {
        request.log.error({ err: error }, 'a stream could not begin');
        end();
      }
    },
  );
}

function textOf({ events, many, place }: Heard): string {
  if (many) return `id: ${nameOf(place)}\nevent: many\ndata: {}\n\n`;
  return events
    .map((event) => {
      const data = JSON.stringify({
        kind: event.kind,
        ...(event.order === null ? {} : { order: String(event.order) }),
      });
      return `id: ${nameOf(event)}\nevent: change\ndata: ${data}\n\n`;
    })
    .join('');
}

const nameOf = ({ transaction, event }: Place) => `${transaction}-${event}`;

/** A name that no stream gave begins at now. */
function placeOf(name: string | undefined): Place | null {
  const [, transaction, event] = /^(\d{1,19})-(\d{1,16})$/.exec(name ?? '') ?? [];
  if (transaction === undefined || !Number.isSafeInteger(Number(event))) return null;
  return { transaction, event: Number(event) };
}
