import { timingSafeEqual } from 'node:crypto';
import type {
  Action,
  Availability,
  Connection,
  ConnectionContext,
  Connector,
  Fact,
  Finding,
  Outcome,
  Page,
  Push,
  Reading,
  Received,
} from '../../connections/index.ts';
import { viewOrderNamed } from '../../demand/index.ts';
import { withBrand } from '../../platform/database.ts';
import { carryOut, tellAvailability } from './act.ts';
import { type Exchange, sendFiles, takeFile, takeFiles } from './exchange.ts';
import { overdueAnswers, readEdiOrder } from './exchange-store.ts';
import { messageFacts } from './facts.ts';
import type { Mailbox } from './mailbox/mailbox.ts';
import { digestOf } from './read-file.ts';
import { openMailbox, WholesaleSecrets, WholesaleSettings } from './settings.ts';
import type { KeptOrder } from './to-answer.ts';

/** Trading partners who send orders as X12, EDIFACT or sheets, through a mailbox that they share. */
export const wholesaleConnector: Connector<WholesaleSettings, WholesaleSecrets> = {
  kind: 'wholesale',
  role: 'channel',
  title: 'Wholesale partners (EDI and order sheets)',
  streams: ['orders'],
  can: { push: true, publish: true, publishAll: true, act: ['tell_order', 'confirm_shipment'] },
  settings: WholesaleSettings,
  secrets: WholesaleSecrets,
  channels: ({ partners }) => [...new Set(partners.map((one) => one.channel))],
  open: (context) => new WholesaleConnection(context),
};

/** What a partner has not acknowledged by then, a person should ask after. */
const ACKNOWLEDGED_WITHIN_MS = 24 * 3_600_000;

class WholesaleConnection implements Connection {
  private readonly exchange: Exchange;
  private readonly mailbox: Mailbox;
  private readonly pushKey: string | undefined;

  constructor({
    settings,
    secrets,
    fetch: fetching,
    silenceMs,
    home,
  }: ConnectionContext<WholesaleSettings, WholesaleSecrets>) {
    if (home === undefined) throw new Error('partners’ messages need a database to be kept in');
    const { kept, brandId, name } = home;
    this.exchange = { kept, brandId, connection: name, partners: settings.partners };
    this.mailbox = openMailbox(settings, secrets, fetching, silenceMs);
    this.pushKey = secrets.pushKey;
  }

  async check(): Promise<readonly Finding[]> {
    const { kept, brandId, connection } = this.exchange;
    const findings: Finding[] = [];
    try {
      const lying = await this.mailbox.list();
      findings.push({
        code: 'mailbox',
        level: 'ok',
        words: `The mailbox can be read; ${lying.length} files lie in it.`,
      });
    } catch (error) {
      const words = `The mailbox cannot be read: ${(error as Error).message}`;
      findings.push({ code: 'mailbox', level: 'broken', words });
    }
    const before = new Date(kept.clock.now().getTime() - ACKNOWLEDGED_WITHIN_MS).toISOString();
    const overdue = await withBrand(kept.db, brandId, (client) =>
      overdueAnswers(client, brandId, connection, before),
    );
    for (const { partner, count } of overdue)
      findings.push({
        code: 'unacknowledged',
        level: 'warning',
        words: `${partner} has not acknowledged ${count} of our messages for a day: ask whether they arrive.`,
      });
    return findings;
  }

  /** Files are taken into Kept first, then told from there: so a file that was taken is told again as often as it is asked for. */
  async *changes(_stream: string, cursor: string | null, { from, signal }: Reading): AsyncGenerator<Page> {
    await takeFiles(this.exchange, this.mailbox);
    let place = placeOf(cursor);
    for await (const told of messageFacts(this.exchange, place)) {
      if (signal?.aborted) return;
      if (from !== undefined && new Date(told.at) < from) continue;
      if (place === null || told.at > place.at || (told.at === place.at && told.id > place.id)) place = told;
      yield { facts: told.facts, cursor: JSON.stringify([place.at, place.id]) };
      // These are applied now, and the partner need not wait until Kept looks for what is to be told.
      for (const fact of told.facts) await this.answer(fact);
    }
    await sendFiles(this.exchange, this.mailbox);
  }

  /** The answer to an order or a change of the partner's; one that was refused is told by the action that says why. */
  private async answer(fact: Fact): Promise<void> {
    const { kept, brandId } = this.exchange;
    const name =
      fact.kind === 'order'
        ? `${fact.order.channel}:${fact.order.ref}`
        : fact.kind === 'change' || fact.kind === 'cancellation'
          ? fact.order
          : null;
    if (name === null) return;
    const [channel, ref] = [name.slice(0, name.indexOf(':')), name.slice(name.indexOf(':') + 1)];
    const [row, state] = await withBrand(kept.db, brandId, async (client) => [
      await readEdiOrder(client, brandId, ref),
      (await viewOrderNamed(kept, client, brandId, name)) as KeptOrder | null,
    ]);
    if (row === null || state === null || (row.told !== null && row.change === null)) return;
    const news = row.told === null ? 'placed' : 'changed';
    const at = kept.clock.now().toISOString();
    await carryOut(this.exchange, {
      kind: 'tell_order',
      id: `${fact.externalId} ${news}`,
      at,
      order: { channel, ref },
      news,
      state,
    });
  }

  receive({ headers, body, query }: Push): Received {
    const given = /^Bearer (.+)$/.exec(
      String(headers.authorization ?? headers['x-kept-push-key'] ?? ''),
    )?.[1];
    if (this.pushKey === undefined)
      return { authentic: false, why: 'no pushKey is set: nobody may post files here' };
    if (given === undefined || !isSame(given, this.pushKey))
      return { authentic: false, why: 'expected Authorization: Bearer with the pushKey' };
    // The file itself is what is to be read: nothing lies anywhere that a name could be told of. A sheet is known by its name.
    const id = `${(query.file ?? '').replaceAll('\n', ' ')}\n${body.toString('base64')}`;
    return { authentic: true, id: digestOf(body), reread: [{ stream: 'orders', ids: [id] }] };
  }

  async reread(_stream: string, ids: readonly string[]): Promise<readonly Fact[]> {
    for (const id of ids) {
      const [file, body] = id.split('\n') as [string, string];
      const bytes = Buffer.from(body, 'base64');
      await takeFile(this.exchange, file || `push-${digestOf(bytes).slice(0, 16)}`, bytes);
    }
    const facts: Fact[] = [];
    // They stay among those that are to be done until they are read with the rest: whoever asked has not applied them yet.
    for await (const told of messageFacts(
      this.exchange,
      { at: '9999-01-01T00:00:00Z', id: '' },
      { keep: true },
    ))
      facts.push(...told.facts);
    await sendFiles(this.exchange, this.mailbox);
    return facts;
  }

  async publish(availabilities: readonly Availability[]): Promise<readonly Outcome[]> {
    const outcomes = await tellAvailability(this.exchange, availabilities);
    await sendFiles(this.exchange, this.mailbox);
    return outcomes;
  }

  async act(action: Action): Promise<Outcome> {
    if (action.kind !== 'tell_order' && action.kind !== 'confirm_shipment')
      return { state: 'refused', why: `Partners are not asked to ${action.kind}.` };
    const outcome = await carryOut(this.exchange, action);
    await sendFiles(this.exchange, this.mailbox);
    return outcome;
  }

  /** Nothing of Kept's lies at the partners', except what was sent to them. */
  async disconnect(): Promise<void> {}

  close(): Promise<void> {
    return this.mailbox.close();
  }
}

function placeOf(cursor: string | null): { at: string; id: string } | null {
  if (cursor === null) return null;
  const [at, id] = JSON.parse(cursor) as [string, string];
  return { at, id };
}

function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(digestOf(Buffer.from(given))), Buffer.from(digestOf(Buffer.from(wanted)))];
  return timingSafeEqual(a, b);
}
