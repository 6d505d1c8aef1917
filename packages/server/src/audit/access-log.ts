import type { Permission } from '@kept/contract';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { type AccessRow, insertAccesses } from './store.ts';

/** Whoever reads these sees customers' names, money, people or secrets' names. */
const TELLING: ReadonlySet<Permission> = new Set<Permission>([
  'orders:read',
  'queue:read',
  'messages:read',
  'money:read',
  'imports:read',
  'people:read',
  'keys:read',
  'privacy:read',
  'audit:read',
]);
/** Their facts stand in the log of events, with their actor, in the transaction that wrote them: once is enough. */
const LOGGED_AS_FACTS: ReadonlySet<Permission> = new Set<Permission>([
  'orders:write',
  'supply:write',
  'queue:write',
]);
/** Whoever is told that one of these is done can count on it that it is written down. */
const BEFORE_THE_ANSWER: ReadonlySet<Permission> = new Set<Permission>([
  'signed_in',
  'people:write',
  'keys:write',
  'settings:write',
  'connections:write',
  'privacy:write',
  'money:write',
  'messages:write',
]);
/** A page that asks every few seconds looks once. */
const SAME_LOOK_MS = 600_000;
const MOST_REMEMBERED = 50_000;
const FLUSH_MS = 1_000;

type Entry = Omit<AccessRow, 'id'>;

/**
 * Writes down who looked at what, who changed what, and who signed in or tried to. What opens doors, moves money or speaks to
 * customers is written before it is answered; the rest behind the answer, once a second.
 */
export function logAccess(app: FastifyInstance, kept: Kept): void {
  const waiting = new Map<number, Entry[]>();
  const seen = new Map<string, number>();
  let writing: Promise<void> = Promise.resolve();

  const flush = (): Promise<void> => {
    const batches = [...waiting];
    waiting.clear();
    writing = writing.then(async () => {
      for (const [brandId, entries] of batches)
        await write(kept, brandId, entries).catch((err) => {
          kept.log.error({ err }, 'who looked at what could not be written down; it is tried again');
          waiting.set(brandId, [...entries, ...(waiting.get(brandId) ?? [])]);
        });
    });
    return writing;
  };
  const timer = setInterval(() => void (waiting.size > 0 && flush()), FLUSH_MS);
  timer.unref();
  app.addHook('onClose', async () => {
    clearInterval(timer);
    await flush();
  });

  app.addHook('onSend', async (request, reply, payload) => {
    const kind = kindOf(request);
    const brandId = brandOf(request);
    if (kind === null || brandId === 0) return payload;
    const entry: Entry = {
      at: kept.clock.now().toISOString(),
      actor: request.actor || 'nobody',
      kind,
      route: `${request.method} ${request.routeOptions.url}`,
      about: JSON.stringify({
        ...(request.params as object),
        ...(kind === 'read' ? namedIn(request.query as object) : {}),
      }),
      status: reply.statusCode,
      address: kind === 'sign_in' ? request.ip : null,
    };
    if (kind === 'read' && wasSeen(seen, `${brandId} ${entry.actor} ${entry.route} ${entry.about}`))
      return payload;
    waiting.set(brandId, [...(waiting.get(brandId) ?? []), entry]);
    const { permission } = request.routeOptions.config;
    if (kind === 'sign_in' || BEFORE_THE_ANSWER.has(permission ?? 'public')) await flush();
    return payload;
  });
}

async function write(kept: Kept, brandId: number, entries: readonly Entry[]): Promise<void> {
  const first = await kept.ids.take(brandId, 'access', entries.length);
  const rows = entries.map((entry, at) => ({ ...entry, id: first + at }));
  await withBrand(kept.db, brandId, (client) => insertAccesses(client, brandId, rows), { reads: true });
}

function kindOf(request: FastifyRequest): Entry['kind'] | null {
  const { permission } = request.routeOptions.config;
  const changes = request.method !== 'GET' && request.method !== 'HEAD';
  if (permission === undefined) return null;
  if (permission === 'public')
    return changes && request.routeOptions.url?.startsWith('/sign-in/') ? 'sign_in' : null;
  if (request.brandId === 0) return null; // refused before it was known who asks
  if (changes) return LOGGED_AS_FACTS.has(permission) || isQuestion(permission) ? null : 'change';
  return TELLING.has(permission) ? 'read' : null;
}

/** Names of things, and never words that somebody looked for: those may be a customer's, who may ask to be forgotten. */
const NAMES = /^(order|sku|channel|location|supplier|state|kind|from|until|asOf|format)$/;
const namedIn = (query: object) =>
  Object.fromEntries(Object.entries(query).filter(([key]) => NAMES.test(key)));

/** A POST that reads. */
const isQuestion = (permission: Permission) => permission.endsWith(':read');

/** Of a try to sign in, which nobody has proven yet. */
function brandOf(request: FastifyRequest): number {
  if (request.brandId !== 0) return request.brandId;
  const { brand } = (request.body ?? {}) as { brand?: unknown };
  return typeof brand === 'number' && Number.isSafeInteger(brand) ? brand : 0;
}

function wasSeen(seen: Map<string, number>, name: string): boolean {
  const now = Date.now();
  const before = seen.get(name);
  if (before !== undefined && now - before < SAME_LOOK_MS) return true;
  if (seen.size >= MOST_REMEMBERED) seen.clear();
  seen.set(name, now);
  return false;
}
