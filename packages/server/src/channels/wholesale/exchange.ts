import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { withBrand } from '../../platform/database.ts';
import type { Kept } from '../../platform/kept.ts';
import { raiseSignals } from '../../signals/index.ts';
import type { ReceivedAcknowledgement, ReceivedDocument } from './documents.ts';
import {
  findTaken,
  hasSent,
  insertInterchange,
  insertMessages,
  insertSent,
  knowsContent,
  type MessageRow,
  markSent,
  recordAnswer,
  takeControl,
  unsent,
  type Verdict,
} from './exchange-store.ts';
import { type Fault, isGrave } from './fault.ts';
import type { Mailbox } from './mailbox/mailbox.ts';
import { NoInterchange } from './no-interchange.ts';
import { type Packed, packAcknowledgement } from './pack.ts';
import type { Partner } from './partner.ts';
import {
  decode,
  digestOf,
  type ReadInterchange,
  readFile,
  readSheetFile,
  sheetPartner,
} from './read-file.ts';

export interface Exchange {
  readonly kept: Kept;
  readonly brandId: number;
  /** The connection's name. */
  readonly connection: string;
  readonly partners: readonly Partner[];
}

/** A file that nobody has finished writing is given this long; then it is what it is. */
const PATIENCE_MS = 5 * 60_000;
const SHEET_QUIET_MS = 2_000;
/** Files that are taken at one look. */
const FILES = 200;

/** What became of a file, interchange by interchange. */
export interface TakenFile {
  readonly file: string;
  readonly verdicts: readonly Verdict[];
}

/** Takes what lies in a mailbox into Kept, each file in one transaction, and only then puts it aside. */
export async function takeFiles(exchange: Exchange, mailbox: Mailbox): Promise<TakenFile[]> {
  const taken: TakenFile[] = [];
  for (const { name, quietMs } of (await mailbox.list()).slice(0, FILES)) {
    const bytes = await mailbox.read(name);
    if (bytes === null) continue;
    const isSheet = sheetPartner(name, exchange.partners) !== null;
    // A sheet does not say where it ends: it is left until it has lain still.
    if (isSheet ? quietMs < SHEET_QUIET_MS : quietMs < PATIENCE_MS && isUnfinished(bytes)) continue;
    const verdicts = await takeFile(exchange, name, bytes);
    taken.push({ file: name, verdicts });
    await mailbox.settle(name, worst(verdicts));
  }
  return taken;
}

/** Whether a file ends before its interchange does: somebody may still be writing it. */
function isUnfinished(bytes: Uint8Array): boolean {
  const end = decode(bytes.subarray(Math.max(0, bytes.length - 400)));
  return !/(IEA|UNZ)[^A-Za-z0-9]/.test(end);
}

const ORDER: readonly Verdict[] = ['unreadable', 'conflict', 'rejected', 'duplicate', 'taken'];
const worst = (verdicts: readonly Verdict[]) => ORDER.find((one) => verdicts.includes(one)) ?? 'unreadable';

/** Takes one file, by whatever way it came. The same file again changes nothing and answers the same. */
export async function takeFile(exchange: Exchange, file: string, bytes: Uint8Array): Promise<Verdict[]> {
  const { kept, brandId, partners } = exchange;
  let read: readonly ReadInterchange[] = [];
  let unreadable: string | null = null;
  try {
    const today = kept.clock.now().toISOString().slice(0, 10);
    read =
      sheetPartner(file, partners) === null
        ? readFile(bytes, partners)
        : await readSheetFile(bytes, file, partners, today);
  } catch (error) {
    if (!(error instanceof NoInterchange)) throw error;
    unreadable = error.message;
  }
  return withBrand(kept.db, brandId, async (client) => {
    if (unreadable !== null)
      return [await keepUnreadable(exchange, client, { file, bytes, words: unreadable })];
    const verdicts: Verdict[] = [];
    for (const [index, one] of read.entries())
      verdicts.push(
        await takeInterchange(
          exchange,
          client,
          { file: read.length > 1 ? `${file}#${index + 1}` : file, bytes },
          one,
        ),
      );
    return verdicts;
  });
}

interface File {
  readonly file: string;
  readonly bytes: Uint8Array;
}

async function keepUnreadable(
  exchange: Exchange,
  client: pg.PoolClient,
  { file, bytes, words }: File & { readonly words: string },
): Promise<Verdict> {
  const { kept, brandId, connection } = exchange;
  const content = digestOf(bytes);
  if (await knowsContent(client, brandId, connection, content)) return 'duplicate';
  const fault: Fault = { kind: 'unreadable', level: 'interchange', grave: true, words };
  const row = { standard: null, partner: null, control: null, verdict: 'unreadable' as const };
  const id = await keep(exchange, client, { file, bytes }, { ...row, faults: [fault] });
  await raiseSignals(kept, client, brandId, [
    {
      kind: 'partner_message',
      subject: id,
      data: { words: `A file could not be read: ${words}`, file, interchange: id },
    },
  ]);
  return 'unreadable';
}

async function keep(
  { kept, brandId, connection }: Exchange,
  client: pg.PoolClient,
  { file, bytes }: File,
  row: {
    readonly standard: string | null;
    readonly partner: string | null;
    readonly control: string | null;
    readonly verdict: Verdict;
    readonly faults: readonly Fault[];
  },
): Promise<string> {
  const id = randomUUID();
  await insertInterchange(client, brandId, {
    id,
    connection,
    file,
    body: bytes,
    content: digestOf(bytes),
    at: kept.clock.now().toISOString(),
    ...row,
    faults: JSON.stringify(row.faults),
  });
  return id;
}

/**
 * An interchange counts once, by its partner and control number. The same content again is told apart from other content under
 * a number that is taken: the first is a repetition, the second is kept for a person.
 */
async function takeInterchange(
  exchange: Exchange,
  client: pg.PoolClient,
  file: File,
  read: ReadInterchange,
): Promise<Verdict> {
  const { kept, brandId, connection } = exchange;
  const { standard, control } = read;
  // A stranger's interchanges are told apart as well, by what it calls itself.
  const partner = read.partner?.code ?? read.sender;
  const content = digestOf(file.bytes);
  const before = await findTaken(client, brandId, { connection, partner, standard, control });
  const row = { standard, partner, control };
  if (before === content) {
    await keep(exchange, client, file, { ...row, verdict: 'duplicate', faults: [] });
    return 'duplicate';
  }
  if (before !== null) {
    const words = `Interchange ${control} of ${partner} was taken before, with other content.`;
    const fault: Fault = { kind: 'interchange_repeated', level: 'interchange', grave: true, words };
    const id = await keep(exchange, client, file, { ...row, verdict: 'conflict', faults: [fault] });
    await raiseSignals(kept, client, brandId, [
      {
        kind: 'partner_message',
        subject: id,
        data: { words, partner, control, interchange: id, file: file.file },
      },
    ]);
    return 'conflict';
  }
  const verdict: Verdict = isGrave(read.faults) ? 'rejected' : 'taken';
  const id = await keep(exchange, client, file, { ...row, verdict, faults: read.faults });
  const messages = read.messages.map((one, n) =>
    messageRow(one, `${id}-${String(n + 1).padStart(6, '0')}`, id, partner, kept.clock.now()),
  );
  await insertMessages(client, brandId, messages);
  for (const [n, one] of read.messages.entries()) {
    if (one.document?.kind === 'acknowledgement')
      await takeAcknowledgement(exchange, client, partner, one.document);
    const message = messages[n]!;
    if (message.state === 'task' || message.state === 'rejected') await raiseFor(exchange, client, message);
  }
  if (verdict === 'rejected' && messages.length === 0)
    await raiseSignals(kept, client, brandId, [
      {
        kind: 'partner_message',
        subject: id,
        data: { words: read.faults.find((one) => one.grave)!.words, partner, control, interchange: id },
      },
    ]);
  if (
    read.partner !== null &&
    read.acknowledgement !== null &&
    read.partner.sends.includes('acknowledgement')
  ) {
    const told = read.acknowledgement;
    const to = read.partner;
    await send(exchange, client, to, { cause: `acknowledgement ${id}`, number: null }, (numbered) =>
      packAcknowledgement(told, to, numbered),
    );
  }
  return verdict;
}

function messageRow(
  one: ReadInterchange['messages'][number],
  id: string,
  interchange: string,
  partner: string,
  now: Date,
): MessageRow {
  const { document } = one;
  const state =
    document === null
      ? isGrave(one.faults)
        ? 'rejected'
        : 'task'
      : document.kind === 'acknowledgement'
        ? 'done'
        : document.kind === 'order' && document.purpose === 'information'
          ? 'set_aside'
          : 'received';
  return {
    id,
    interchange,
    partner,
    type: one.type,
    control: one.control,
    number: numberOf(document),
    document: document === null ? null : JSON.stringify(document),
    faults: JSON.stringify(one.faults),
    state,
    trouble: null,
    at: now.toISOString(),
  };
}

const numberOf = (document: ReceivedDocument | null) =>
  document === null || document.kind === 'acknowledgement' ? null : document.number;

async function raiseFor(
  { kept, brandId }: Exchange,
  client: pg.PoolClient,
  message: MessageRow,
): Promise<void> {
  const faults = (JSON.parse(message.faults) as Fault[]).filter((one) => one.grave);
  const why = faults[0]?.words ?? 'it stands in an interchange that was rejected.';
  const words = `${message.type} ${message.control} of ${message.partner} was not taken: ${why}`;
  const data = { words, partner: message.partner, type: message.type, message: message.id };
  await raiseSignals(kept, client, brandId, [{ kind: 'partner_message', subject: message.id, data }]);
}

/** A partner's word on what it got: what it could not read, a person must see. */
async function takeAcknowledgement(
  { kept, brandId }: Exchange,
  client: pg.PoolClient,
  partner: string,
  document: ReceivedAcknowledgement,
): Promise<void> {
  for (const one of document.messages) {
    const control = one.group.replace(/^0+(?=\d)/, '');
    const about = await recordAnswer(client, brandId, {
      partner,
      control,
      verdict: one.verdict,
      words: JSON.stringify(one.words),
      at: kept.clock.now().toISOString(),
    });
    if (about === null || one.verdict !== 'rejected') continue;
    const words = `${partner} rejected our ${about.type}${about.number === null ? '' : ` for order ${about.number}`}: ${one.words.join(' ') || 'no reason is told.'}`;
    await raiseSignals(kept, client, brandId, [
      { kind: 'partner_message', subject: `sent ${about.cause}`, data: { words, partner, type: about.type } },
    ]);
  }
}

/** Writes down what is to go out, once per cause, with the next control number. What was written before is not made again. */
export async function send(
  { kept, brandId, connection }: Exchange,
  client: pg.PoolClient,
  partner: Partner,
  about: { readonly cause: string; readonly number: string | null },
  make: (numbered: { control: number; at: Date }) => Packed,
): Promise<void> {
  const cause = `${connection} ${about.cause}`;
  if (await hasSent(client, brandId, cause)) return;
  const at = kept.clock.now();
  const packed = make({ control: await takeControl(client, brandId, partner.code), at });
  await insertSent(client, brandId, {
    cause,
    connection,
    partner: partner.code,
    type: packed.type,
    number: about.number,
    control: packed.control,
    body: packed.text,
    at: at.toISOString(),
  });
}

/** Files that leave at one look. */
const OUT = 200;

/**
 * Puts what is to go out into the mailbox. A file's name comes from its control number, so that one that was put there before a
 * crash is put there again as itself.
 * @returns how many left
 */
export function sendFiles(
  { kept, brandId, connection, partners }: Exchange,
  mailbox: Mailbox,
): Promise<number> {
  return withBrand(kept.db, brandId, async (client) => {
    let left = 0;
    for (const one of await unsent(client, brandId, connection, OUT)) {
      const partner = partners.find((known) => known.code === one.partner);
      const extension = { edifact: 'edi', x12: 'x12', sheet: 'csv' }[partner?.standard ?? 'x12'];
      const name = `${one.partner}-${one.type}-${one.control.padStart(9, '0')}.${extension}`;
      try {
        // What was written for the partner is of its own character set: Latin-1 in EDIFACT's UNOC.
        const bytes = Buffer.from(one.body, partner?.standard === 'edifact' ? 'latin1' : 'utf8');
        await mailbox.put(name, bytes);
        await markSent(client, brandId, one.cause, kept.clock.now().toISOString(), null);
        left++;
      } catch (error) {
        // Order matters to partners: what comes after it waits too.
        await markSent(client, brandId, one.cause, null, (error as Error).message);
        break;
      }
    }
    return left;
  });
}
