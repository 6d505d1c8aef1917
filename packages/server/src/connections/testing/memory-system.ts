import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import {
  AccessLost,
  type Action,
  type Availability,
  Busy,
  type Connection,
  type ConnectionContext,
  type Connector,
  type Fact,
  type Outcome,
  type Page,
} from '../connector.ts';

const STREAMS = ['catalog', 'orders'] as const;

/** A system without a network: what every test of the frame connects to. Facts are told by their place in a log. */
export class MemorySystem {
  readonly log: { stream: string; fact: Fact }[] = [];
  readonly published: Availability[] = [];
  readonly acted: Action[] = [];
  /** What it refuses to be told, by SKU. */
  readonly refuses = new Map<string, string>();
  /** Thrown by the next calls, one each. */
  readonly faults: unknown[] = [];
  /** Actions of these kinds are settled later. */
  readonly slow = new Set<string>();
  readonly settled = new Set<string>();
  /** What it is asked to do, or told, it answers when this is over. */
  slowness: Promise<void> = Promise.resolve();
  /** Calls that came, answered or not. */
  calls = 0;
  pageSize = 100;
  /** Facts before the cursor that are told again. */
  overlap = 2;
  traces = 0;
  reads = 0;

  tell(stream: (typeof STREAMS)[number], ...facts: Fact[]): void {
    for (const fact of facts) this.log.push({ stream, fact });
  }

  fault(): void {
    const fault = this.faults.shift();
    if (fault !== undefined) throw fault;
  }
}

export const PUSH_SECRET = 'push-secret';
export const signPush = (body: string, secret = PUSH_SECRET) =>
  createHmac('sha256', secret).update(body).digest('hex');

export function memoryConnector(system: MemorySystem): Connector<{ channel: string }, { token: string }> {
  return {
    kind: 'memory',
    role: 'channel',
    title: 'A system in memory',
    streams: STREAMS,
    can: {
      push: true,
      publish: true,
      act: ['cancel', 'refund', 'switch', 'confirm_shipment', 'hold', 'release', 'reschedule', 'tell_order'],
    },
    settings: z.object({ channel: z.string().min(1).default('web') }),
    secrets: z.object({ token: z.string().min(1) }),
    open: (context) => new MemoryConnection(system, context),
  };
}

class MemoryConnection implements Connection {
  private readonly system: MemorySystem;
  private readonly context: ConnectionContext<{ channel: string }, { token: string }>;
  constructor(system: MemorySystem, context: ConnectionContext<{ channel: string }, { token: string }>) {
    this.system = system;
    this.context = context;
  }

  async check() {
    this.system.fault();
    return [{ code: 'reachable', level: 'ok', words: 'It answers.' }] as const;
  }

  async *changes(stream: string, cursor: string | null): AsyncGenerator<Page> {
    const { system } = this;
    system.traces++;
    const all = system.log.flatMap((one, at) => (one.stream === stream ? [{ ...one, at }] : []));
    let after = Number(cursor ?? -1);
    let first = Math.max(-1, after - system.overlap);
    for (;;) {
      system.reads++;
      system.fault();
      if (this.context.secrets.token === 'revoked') throw new AccessLost('The token was revoked.');
      if (this.context.secrets.token === 'busy') throw new Busy(new Date(), 'Come again.');
      const page = all.filter((one) => one.at > first).slice(0, system.pageSize);
      if (page.length === 0) return;
      after = Math.max(after, page.at(-1)!.at);
      first = after;
      yield {
        facts: page.map((one) => one.fact),
        cursor: String(after),
        progress: (page.at(-1)!.at + 1) / system.log.length,
      };
    }
  }

  receive({ headers, body }: { headers: Record<string, unknown>; body: Buffer }) {
    const text = body.toString();
    const given = Buffer.from(String(headers['x-signature'] ?? ''));
    const wanted = Buffer.from(signPush(text));
    if (given.length !== wanted.length || !timingSafeEqual(given, wanted))
      return { authentic: false, why: 'the signature is another' } as const;
    const { id, sentAt, facts, reread, ended } = JSON.parse(text);
    return {
      authentic: true,
      id,
      facts,
      reread,
      ended,
      ...(sentAt === undefined ? {} : { sentAt: new Date(sentAt) }),
    } as const;
  }

  async reread(stream: string, ids: readonly string[]): Promise<readonly Fact[]> {
    this.system.fault();
    return this.system.log.flatMap((one) =>
      one.stream === stream && ids.includes(one.fact.externalId) ? [one.fact] : [],
    );
  }

  async publish(availabilities: readonly Availability[]): Promise<readonly Outcome[]> {
    this.system.calls++;
    await this.system.slowness;
    this.system.fault();
    this.system.traces++;
    return availabilities.map((one): Outcome => {
      const why = this.system.refuses.get(one.sku);
      if (why !== undefined) return { state: 'refused', why };
      this.system.published.push(one);
      return { state: 'done' };
    });
  }

  async act(action: Action): Promise<Outcome> {
    this.system.calls++;
    await this.system.slowness;
    this.system.fault();
    const refused = this.system.refuses.get(action.kind);
    if (refused !== undefined) return { state: 'refused', why: refused };
    if (!this.system.acted.some((one) => one.id === action.id)) this.system.acted.push(action);
    return this.system.slow.has(action.kind)
      ? { state: 'pending', handle: `job:${action.id}` }
      : { state: 'done' };
  }

  async settle(_action: Action, handle: string): Promise<Outcome> {
    this.system.fault();
    return this.system.settled.has(handle) ? { state: 'done' } : { state: 'pending', handle };
  }

  async disconnect(): Promise<void> {
    this.system.fault();
    this.system.traces = 0;
  }
}
