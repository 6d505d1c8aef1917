import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { ImportProgress } from './import-result.ts';
import type { ImportOptions } from './options.ts';
import type { Applier, MappingStore } from './records.ts';
import type { RowError } from './row-errors.ts';
import { runImport } from './run.ts';
import type { ImportRun, ImportStore } from './store-interface.ts';
import type { Upload } from './upload.ts';

export interface ImportJobDeps {
  applierFor(brand: string): Applier;
  mappingStoreFor(brand: string): MappingStore;
  store: ImportStore;
  clock: { now(): Date };
  log?: { error(details: object, message: string): void };
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
  const progress = new ProgressWriter((change) => store.update(brand, id, change));
  try {
    const result = await runImport({
      file: upload.path,
      name: upload.name,
      options,
      applier: deps.applierFor(brand),
      mappings: deps.mappingStoreFor(brand),
      errorSpool,
      onProgress: (now) => progress.tell(now),
    });
    await progress.settled();
    const { failure, ...status } = result;
    if (failure !== undefined) log?.error({ err: failure, import: id }, 'an import failed');
    if (result.errorCount > 0) await keepErrors(store, brand, id, errorSpool);
    await store.update(brand, id, { ...status, progress: 1, finishedAt: clock.now().toISOString() });
  } catch (error) {
    log?.error({ err: error, import: id }, 'an import could not be recorded');
    const message = 'the import failed; nothing of the file was applied';
    await store
      .update(brand, id, { state: 'failed', message, finishedAt: clock.now().toISOString() })
      .catch(() => {});
  } finally {
    await rm(upload.directory, { recursive: true, force: true });
  }
}

/** Moves all errors from the spool file to the store. */
async function keepErrors(store: ImportStore, brand: string, id: string, path: string): Promise<void> {
  let batch: RowError[] = [];
  for await (const line of createInterface({ input: createReadStream(path) })) {
    batch.push(JSON.parse(line) as RowError);
    if (batch.length < 1000) continue;
    await store.addErrors(brand, id, batch);
    batch = [];
  }
  if (batch.length > 0) await store.addErrors(brand, id, batch);
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

  /** No write is under way or will follow. */
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
