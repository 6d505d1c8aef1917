import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { systemClock } from '../platform/clock.ts';
import type { ImportProgress, ImportResult } from './import-result.ts';
import type { ImportOptions } from './options.ts';
import type { Applier, MappingStore } from './records.ts';
import type { RowError } from './row-errors.ts';
import { runImport } from './run.ts';
import type { ImportRun, ImportStore } from './store-interface.ts';
import type { Upload } from './upload.ts';

export interface ImportJobDeps {
  /** `id` is the import's: its outcome is committed with its records. */
  applierFor(brand: string, id: string): Applier;
  mappingStoreFor(brand: string): MappingStore;
  store: ImportStore;
  clock: { now(): Date };
  /** By which a running import shows that it lives: the machine's, even where `clock` stands still. */
  heartbeatClock?: { now(): Date };
  /** What a gzipped upload may unpack to; 4 GiB unless told. */
  maximumDecompressedBytes?: number;
  log?: { error(details: object, message: string): void };
}

const MAXIMUM_DECOMPRESSED_BYTES = 4 * 1024 ** 3;
const HEARTBEAT_MS = 10_000;
/** An import that has not been touched for so long has died with its server. */
const DEAD_AFTER_MS = 60_000;

/** The run as it is to be answered: one whose server was killed can no longer say so itself. */
export function asFound(run: ImportRun, now: Date): ImportRun {
  if (run.state !== 'checking' && run.state !== 'applying') return run;
  const touchedAt = run.touchedAt ?? run.startedAt;
  if (now.getTime() - Date.parse(touchedAt) <= DEAD_AFTER_MS) return run;
  const message = 'the server stopped while the file was read; nothing of it was applied';
  return { ...run, state: 'failed', message, finishedAt: touchedAt };
}

/** Runs an upload's import and keeps its row up to date. Never throws, since nobody may be waiting for it. */
export async function runImportJob(
  deps: ImportJobDeps,
  brand: string,
  id: string,
  upload: Upload,
  options: ImportOptions,
): Promise<void> {
  const { store, clock, log } = deps;
  const errorSpool = join(upload.directory, 'errors');
  const { now } = deps.heartbeatClock ?? systemClock;
  const progress = new ProgressWriter((change) =>
    store.update(brand, id, { ...change, touchedAt: now().toISOString() }),
  );
  const heart = setInterval(() => progress.beat(), HEARTBEAT_MS / 2);
  let result: ImportResult | null = null;
  try {
    result = await runImport({
      file: upload.path,
      name: upload.name,
      options,
      applier: deps.applierFor(brand, id),
      mappings: deps.mappingStoreFor(brand),
      errorSpool,
      maximumDecompressedBytes: deps.maximumDecompressedBytes ?? MAXIMUM_DECOMPRESSED_BYTES,
      onProgress: (now) => progress.tell(now),
    });
    await progress.settled();
    const { failure, ...status } = result;
    if (failure !== undefined) log?.error({ err: failure, import: id }, 'an import failed');
    if (result.errorCount > 0) await keepErrors(store, brand, id, errorSpool);
    await store.update(brand, id, {
      ...status,
      message: status.message,
      progress: 1,
      finishedAt: clock.now().toISOString(),
    });
  } catch (error) {
    log?.error({ err: error, import: id }, 'an import could not be recorded');
    await progress.settled();
    const outcome =
      result?.state === 'done'
        ? ({ state: 'done', message: 'the file was imported, but not all of its errors were kept' } as const)
        : ({ state: 'failed', message: 'the import failed; nothing of the file was applied' } as const);
    await store.update(brand, id, { ...outcome, finishedAt: clock.now().toISOString() }).catch(() => {});
  } finally {
    clearInterval(heart);
    await progress.settled();
    await rm(upload.directory, { recursive: true, force: true });
  }
}

/** Moves the collected errors from the spool file to the store. */
async function keepErrors(store: ImportStore, brand: string, id: string, path: string): Promise<void> {
  let batch: RowError[] = [];
  let position = 0;
  for await (const line of createInterface({ input: createReadStream(path) })) {
    batch.push(JSON.parse(line) as RowError);
    if (batch.length < 1000) continue;
    await store.addErrors(brand, id, position, batch);
    position += batch.length;
    batch = [];
  }
  if (batch.length > 0) await store.addErrors(brand, id, position, batch);
}

/** Writes how far an import is, one write at a time: what comes while one is under way replaces what waits. */
class ProgressWriter {
  readonly #write: (change: Partial<ImportRun>) => Promise<void>;
  #waiting: Partial<ImportRun> | null = null;
  #running: Promise<void> | null = null;

  constructor(write: (change: Partial<ImportRun>) => Promise<void>) {
    this.#write = write;
  }

  tell(now: ImportProgress): void {
    const progress = now.totalBytes === 0 ? 0 : Math.min(1, now.bytes / now.totalBytes);
    this.#waiting = { state: now.phase, rows: now.rows, errorCount: now.errorCount, progress };
    this.#running ??= this.#drain();
  }

  /** Says that the import lives, where nothing else is waiting to be said. */
  beat(): void {
    this.#waiting ??= {};
    this.#running ??= this.#drain();
  }

  /** No write is under way, or will follow unless more is told. */
  async settled(): Promise<void> {
    this.#waiting = null;
    await this.#running;
  }

  async #drain(): Promise<void> {
    try {
      while (this.#waiting) {
        const change = this.#waiting;
        this.#waiting = null;
        await this.#write(change);
      }
    } catch {
      // how far an import is matters less than the import
    } finally {
      this.#running = null;
    }
  }
}
