import { folderMailbox, type Mailbox, sftpMailbox } from '../../channels/wholesale/index.ts';
import type {
  Action,
  Connection,
  ConnectionContext,
  Connector,
  Fact,
  Finding,
  Outcome,
  Page,
  Reading,
} from '../../connections/index.ts';
import { factOf } from './facts.ts';
import { problemsCsv, written } from './out.ts';
import { type ReadFile, readFile } from './read-file.ts';
import { FileSecrets, FileSettings } from './settings.ts';

/** Any ERP that can put files somewhere: CSV, XLSX or lines of JSON, by a watched folder or over SFTP. */
export const fileConnector: Connector<FileSettings, FileSecrets> = {
  kind: 'file',
  role: 'erp',
  title: 'Files of an ERP',
  streams: ['files'],
  can: { push: false, publish: false, act: ['draft_purchase_order', 'promise_date', 'write_receipt'] },
  settings: FileSettings,
  secrets: FileSecrets,
  open: (context) => new FileConnection(context),
};

/** What is remembered between looks: when it was looked last, and which column of which header is what. */
interface Place {
  readonly lookedAt: string;
  readonly mappings: Readonly<Record<string, Record<string, string>>>;
  /** The first look is not over yet: what came before is history. */
  readonly first: boolean;
}

/** Whoever writes a file writes on it within this time. */
const QUIET_MS = 2000;
const MINUTE_MS = 60_000;
/** Facts of one page. */
const PAGE = 1000;

class FileConnection implements Connection {
  readonly #context: ConnectionContext<FileSettings, FileSecrets>;
  readonly #mailbox: Mailbox;
  constructor(context: ConnectionContext<FileSettings, FileSecrets>) {
    const { settings, secrets, silenceMs } = context;
    const { mailbox } = settings;
    this.#context = context;
    this.#mailbox =
      mailbox.kind === 'folder' ? folderMailbox(mailbox) : sftpMailbox({ ...mailbox, ...secrets, silenceMs });
  }

  async check(): Promise<readonly Finding[]> {
    const lying = await this.#mailbox.list();
    return [
      { code: 'reachable', level: 'ok', words: `The folder can be read; ${lying.length} files lie there.` },
    ];
  }

  async *changes(_stream: string, cursor: string | null, { signal }: Reading): AsyncGenerator<Page> {
    const known: Place | null = cursor === null ? null : JSON.parse(cursor);
    const now = this.#context.now();
    const { everyMinutes } = this.#context.settings;
    if (known !== null && now.getTime() - Date.parse(known.lookedAt) < everyMinutes * MINUTE_MS) return;
    const mappings = { ...known?.mappings };
    const place = () =>
      JSON.stringify({ lookedAt: now.toISOString(), mappings, first: false } satisfies Place);
    const asked: string[] = [];
    for (const { name, quietMs } of await this.#mailbox.list()) {
      if (signal?.aborted) return;
      if (quietMs < QUIET_MS) continue;
      const read = await this.#read(name, mappings);
      if (read === null) continue;
      if (read.result.state === 'needs_mapping') {
        asked.push(`${name}: ${read.result.message}`);
        continue;
      }
      if (read.result.state !== 'done') {
        await this.#refuse(name, read);
        continue;
      }
      const writtenAt = new Date(now.getTime() - quietMs).toISOString();
      const facts = this.#factsOf(name, read, writtenAt, known === null || known.first);
      for (let from = 0; from < facts.length; from += PAGE)
        yield { facts: facts.slice(from, from + PAGE), cursor: unfinished(known, mappings) };
      // What was yielded is in the database when the next page is asked for; only then the file is put aside.
      await this.#mailbox.settle(name, 'read');
    }
    yield { facts: [], cursor: place() };
    if (asked.length > 0)
      throw new Error(`${asked.join(' ')} Say it in the setting files; the file is read when it is said.`);
  }

  async #read(name: string, mappings: Record<string, Record<string, string>>): Promise<ReadFile | null> {
    const { settings, now } = this.#context;
    const store = {
      get: async (signature: string) => mappings[signature] ?? null,
      set: async (signature: string, mapping: Record<string, string>) => {
        mappings[signature] = mapping;
      },
    };
    const bytes = await this.#mailbox.read(name);
    if (bytes === null) return null;
    const today = Temporal.Instant.from(now().toISOString())
      .toZonedDateTimeISO(settings.timeZone)
      .toPlainDate()
      .toString();
    return readFile(name, bytes, settings, store, today);
  }

  #factsOf(name: string, { records }: ReadFile, writtenAt: string, history: boolean): Fact[] {
    const { settings, log } = this.#context;
    const facts = records.map((record) => factOf(record, settings, { writtenAt, history }));
    const strange = facts.filter((fact) => fact === null).length;
    if (strange > 0)
      log.warn(
        `${name} holds ${strange} records that are not of an ERP: orders come in by a channel or an import.`,
      );
    return facts.filter((fact) => fact !== null);
  }

  /** It is put aside, with what is wrong beside what goes out: the mended file is put in again. */
  async #refuse(name: string, { result }: ReadFile): Promise<void> {
    const words = result.message ?? `${result.errorCount} rows cannot be read`;
    await this.#mailbox.put(`${name}.problems.csv`, Buffer.from(problemsCsv(result)));
    await this.#mailbox.settle(name, 'refused');
    this.#context.log.warn(`${name} was refused: ${words}. ${name}.problems.csv says which rows and why.`, {
      errors: result.errorCount,
    });
  }

  async act(action: Action): Promise<Outcome> {
    const file = written(action);
    if (file === null) return { state: 'refused', why: `No file is written for ${action.kind}.` };
    await this.#mailbox.put(file.name, Buffer.from(file.csv));
    return { state: 'done', note: `It is ${file.name}.` };
  }

  close(): Promise<void> {
    return this.#mailbox.close();
  }
}

/** A look that was cut off begins anew at once, and is the first as long as it was not finished. */
const unfinished = (known: Place | null, mappings: Place['mappings']) =>
  JSON.stringify({
    lookedAt: new Date(0).toISOString(),
    mappings,
    first: known === null || known.first,
  } satisfies Place);
