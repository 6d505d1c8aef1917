import { ChannelCode } from '@kept/contract';
import { z } from 'zod';
import { readStandard, STANDARD_SECRET, standardHeaders } from '../../platform/standard-webhooks.ts';
import {
  AccessLost,
  type Action,
  type ActionKind,
  type Availability,
  Busy,
  type Connection,
  type ConnectionContext,
  type Connector,
  type Finding,
  type Outcome,
  type Page,
  type Push,
  type Reading,
  type Received,
} from '../connector.ts';

/**
 * Anything else, over Kept's own shapes: facts are pushed to Kept or read from an address, and what Kept tells and asks is
 * posted to an address; both are signed as Standard Webhooks says, under one secret (docs/CONNECTORS.md).
 */
const Settings = z.object({
  channel: ChannelCode.optional().describe('Kept’s channel that it sells for'),
  url: z
    .url({ protocol: /^https?$/, error: 'expected an address such as https://example.com/kept' })
    .optional()
    .describe('where Kept posts availability and actions; left out: nothing is told'),
  factsUrl: z
    .url({ protocol: /^https?$/, error: 'expected an address such as https://example.com/facts' })
    .optional()
    .describe('where facts are read, page by page; left out: they are pushed alone'),
});
const Secrets = z.object({
  secret: z
    .string()
    .regex(STANDARD_SECRET, 'expected whsec_ and at least 24 bytes in base64')
    .describe(
      'what both sides sign with, as Standard Webhooks has it: whsec_ and at least 24 bytes in base64',
    ),
});
type GenericSettings = z.output<typeof Settings>;
type GenericSecrets = z.output<typeof Secrets>;

const FactsPage = z.object({
  facts: z.array(z.unknown()).max(10_000),
  cursor: z.string().max(10_000),
  /** Whether there is more now. */
  more: z.boolean().default(false),
  progress: z.number().min(0).max(1).optional(),
});
const PushBody = z.object({ facts: z.array(z.unknown()).max(10_000) });
const Answer = z.object({
  state: z.enum(['done', 'pending', 'refused']).optional(),
  handle: z.string().max(1000).optional(),
  reference: z.string().max(500).optional(),
  why: z.string().max(1000).optional(),
});

const CHANNEL_ACTS: readonly ActionKind[] = [
  'cancel',
  'refund',
  'switch',
  'hold',
  'release',
  'reschedule',
  'confirm_shipment',
  'tell_order',
];
const ERP_ACTS: readonly ActionKind[] = ['draft_purchase_order', 'promise_date', 'write_receipt'];

/** A machine whose clock is further away than this refuses what is signed. */
const CLOCK_MS = 2 * 60_000;
const AGAIN_MS = 60_000;
/** Of an answer's Retry-After, in seconds. */
const LONGEST_WAIT_SECONDS = 86_400;

function generic(
  kind: string,
  role: 'channel' | 'erp',
  title: string,
  act: readonly ActionKind[],
): Connector<GenericSettings, GenericSecrets> {
  return {
    kind,
    role,
    title,
    streams: ['facts'],
    can: { push: true, publish: role === 'channel', publishAll: role === 'channel', act },
    settings: Settings,
    secrets: Secrets,
    channels: ({ channel }) => (channel === undefined ? [] : [channel]),
    open: (context) => new GenericConnection(context),
  };
}

export const genericChannel = generic('generic-channel', 'channel', 'Any channel', CHANNEL_ACTS);
export const genericErp = generic('generic-erp', 'erp', 'Any ERP', ERP_ACTS);

class GenericConnection implements Connection {
  private readonly context: ConnectionContext<GenericSettings, GenericSecrets>;
  constructor(context: ConnectionContext<GenericSettings, GenericSecrets>) {
    this.context = context;
  }

  async check(signal?: AbortSignal): Promise<Finding[]> {
    const { url, factsUrl } = this.context.settings;
    const findings: Finding[] = [];
    if (url === undefined && factsUrl === undefined)
      findings.push({ code: 'push_only', level: 'ok', words: 'It pushes facts, and is told nothing.' });
    if (url !== undefined) {
      const response = await this.post('ping', 'connection.checked', {}, signal);
      findings.push({ code: 'reachable', level: 'ok', words: `${new URL(url).host} answers.` });
      const date = Date.parse(response.headers.get('date') ?? '');
      if (Math.abs(date - Date.now()) > CLOCK_MS)
        findings.push({
          code: 'clock',
          level: 'warning',
          words: `Its clock shows ${new Date(date).toISOString()}: set one of the two clocks right, or signatures will be refused.`,
        });
    }
    return findings;
  }

  async *changes(stream: string, cursor: string | null, { from, signal }: Reading): AsyncGenerator<Page> {
    const { factsUrl } = this.context.settings;
    if (factsUrl === undefined) return;
    for (let at = cursor; ; ) {
      const address = new URL(factsUrl);
      address.searchParams.set('stream', stream);
      if (at !== null) address.searchParams.set('cursor', at);
      if (from !== undefined) address.searchParams.set('from', from.toISOString());
      const id = `read-${this.context.now().getTime()}`;
      const signed = standardHeaders(this.context.secrets.secret, id, new Date(), address.search);
      const response = await this.context.fetch(address, { headers: signed, ...(signal ? { signal } : {}) });
      await this.refuseFault(response);
      const page = FactsPage.parse(await response.json());
      yield {
        facts: page.facts as Page['facts'],
        cursor: page.cursor,
        ...(page.progress === undefined ? {} : { progress: page.progress }),
      };
      if (!page.more || page.cursor === at) return;
      at = page.cursor;
    }
  }

  receive({ headers, body }: Push): Received {
    const read = readStandard(this.context.secrets.secret, headers, body);
    if (read === null)
      return { authentic: false, why: 'its Standard Webhooks signature is not of this secret' };
    const parsed = PushBody.safeParse(jsonOf(body));
    // It is signed, so that what is wrong with it is told to a person and not lost.
    const facts = parsed.success ? parsed.data.facts : [{ kind: 'unreadable', externalId: read.id }];
    return { authentic: true, ...read, facts: facts as Page['facts'] };
  }

  async publish(availabilities: readonly Availability[], signal?: AbortSignal): Promise<Outcome[]> {
    if (this.context.settings.url === undefined) return availabilities.map(() => ({ state: 'done' }));
    const [first] = availabilities as readonly [Availability, ...Availability[]];
    const id = `availability-${first.channel}-${first.sku}-${this.context.now().getTime()}`;
    await this.refuseFault(await this.post(id, 'availability.changed', { items: availabilities }, signal));
    return availabilities.map(() => ({ state: 'done' }));
  }

  async act(action: Action, signal?: AbortSignal): Promise<Outcome> {
    if (this.context.settings.url === undefined)
      return { state: 'refused', why: 'This connection has no url that actions could be posted to.' };
    return this.outcomeOf(await this.post(action.id, 'action.requested', action, signal));
  }

  async settle(action: Action, handle: string, signal?: AbortSignal): Promise<Outcome> {
    const id = `${action.id}:settle:${this.context.now().getTime()}`;
    return this.outcomeOf(await this.post(id, 'action.asked_after', { id: action.id, handle }, signal));
  }

  async disconnect(signal?: AbortSignal): Promise<void> {
    if (this.context.settings.url === undefined) return;
    await this.refuseFault(await this.post('ended', 'connection.ended', {}, signal));
  }

  private post(id: string, type: string, data: unknown, signal?: AbortSignal): Promise<Response> {
    const { settings, secrets, now, fetch } = this.context;
    const body = JSON.stringify({ type, timestamp: now().toISOString(), data });
    return fetch(settings.url!, {
      method: 'POST',
      body,
      headers: {
        'content-type': 'application/json',
        ...standardHeaders(secrets.secret, id, new Date(), body),
      },
      ...(signal ? { signal } : {}),
    });
  }

  private async outcomeOf(response: Response): Promise<Outcome> {
    const text = await response.text();
    const parsed = Answer.safeParse(jsonOf(Buffer.from(text)));
    const answer = parsed.success ? parsed.data : {};
    if ([400, 404, 409, 422].includes(response.status) || answer.state === 'refused')
      return { state: 'refused', why: answer.why ?? `It answered ${response.status}.` };
    await this.refuseFault(response);
    if (answer.state === 'pending' || response.status === 202)
      return { state: 'pending', handle: answer.handle ?? '' };
    return { state: 'done', ...(answer.reference === undefined ? {} : { reference: answer.reference }) };
  }

  /** Throws for what is no answer: busy, gone for good, or a fault. */
  private async refuseFault(response: Response): Promise<void> {
    if (response.ok) return;
    const { status } = response;
    if (status === 401 || status === 403 || status === 410)
      throw new AccessLost(`It answered ${status}: it takes nothing under this secret any more.`);
    if (status === 429 || status === 503) {
      const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
      const waitMs = seconds > 0 ? Math.min(seconds, LONGEST_WAIT_SECONDS) * 1000 : AGAIN_MS;
      throw new Busy(new Date(this.context.now().getTime() + waitMs), `It answered ${status}.`);
    }
    throw new Error(`It answered ${status}.`);
  }
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return null;
  }
}
