import { randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { KeptError } from '../platform/errors.ts';
import { Batch, valueAt } from './batch.ts';
import { inspectFile, type TextFile } from './bytes.ts';
import { Cells } from './cells.ts';
import { delimiterName } from './delimiter.ts';
import { NeedsMapping, type Recognised, recognise } from './detect.ts';
import type { RowReader, Setup } from './format.ts';
import type { Column } from './header.ts';
import type { ImportInput, ImportResult } from './import-result.ts';
import { headerSignature } from './mapping.ts';
import { minorDigits } from './money.ts';
import { type JsonKind, jsonKindOf, jsonReader } from './ndjson.ts';
import { type ImportOptions, type Kind, NeedsAnswer } from './options.ts';
import { type Layout, readLayout, readRows } from './passes.ts';
import { FileProblem } from './problem.ts';
import type { ImportRecord, Outcome, Place } from './records.ts';
import { References } from './references.ts';
import { RowErrors, SPOOLED_ERRORS } from './row-errors.ts';
import { Survey } from './survey.ts';

/**
 * Imports one file, whole or not at all: checks every row first, then applies the records in one transaction. Never
 * throws for what a file holds; the result's state says what became of it.
 */
export async function runImport(input: ImportInput): Promise<ImportResult> {
  if (typeof input.file === 'string') return new ImportRun(input, input.file).run();
  const path = join(tmpdir(), `kept-import-${randomUUID()}`);
  try {
    await pipeline(input.file, createWriteStream(path, { mode: 0o600 }));
    return await new ImportRun(input, path).run();
  } finally {
    await rm(path, { force: true });
  }
}

class ImportRun {
  readonly #input: ImportInput;
  readonly #path: string;
  readonly #options: ImportOptions;
  readonly #errors: RowErrors;
  readonly #warnings: RowErrors;
  readonly #counts = { rows: 0, applied: 0, unchanged: 0, skipped: 0, ignored: 0 };
  #kind: Kind | null = null;
  #file: TextFile | null = null;
  #layout: Layout | null = null;
  #mapping: Record<string, string> | null = null;
  #fatal = false;
  #committing = false;

  constructor(input: ImportInput, path: string) {
    this.#input = input;
    this.#path = path;
    this.#options = input.options;
    this.#errors = new RowErrors(input.name, input.errorSpool ?? null);
    this.#warnings = new RowErrors(input.name, null);
  }

  async run(): Promise<ImportResult> {
    try {
      return await this.#checkAndApply();
    } catch (error) {
      if (error instanceof FileProblem) {
        this.#errors.add(error.line, null, null, error.message, error.expected);
        return this.#result('refused', { message: error.message });
      }
      if (error instanceof NeedsAnswer) {
        if (error instanceof NeedsMapping) {
          this.#kind = error.kind;
          this.#mapping = error.mapping;
        }
        const columns = this.#layout?.header.names.filter((name) => name !== '');
        return this.#result('needs_mapping', { missing: error.missing, message: error.message, columns });
      }
      return this.#result('failed', {
        message:
          this.#committing && isLoss(error)
            ? 'the connection to the database was lost while the file was committed, and it is not known whether it was applied; import it again: what is there already stays as it is'
            : 'the import failed; nothing of the file was applied',
        failure: error,
      });
    } finally {
      this.#errors.close();
    }
  }

  async #checkAndApply(): Promise<ImportResult> {
    const { currency } = this.#options;
    if (currency !== undefined && minorDigits(currency) === null)
      throw new FileProblem(`there is no currency ${currency}`, 'a currency code such as USD');
    const file = (this.#file = await inspectFile(
      this.#path,
      this.#options.encoding,
      this.#input.maximumDecompressedBytes,
    ));
    const { mtimeMs } = await stat(this.#path);
    const layout = (this.#layout = await readLayout(file));
    const { recognised, remember } = await this.#recognise(layout);
    const known = await this.#input.applier.known();
    const refs = new References(known, this.#options);
    const survey = await this.#survey(file, layout, recognised);
    const styles = {
      mark: survey.decimalMark(),
      dayOrder: this.#options.dateFormat ?? survey.dayOrder(),
      damaged: file.damaged,
    };
    const cells = new Cells(this.#errors, refs, styles);
    const open = (emit: Setup['emit']): RowReader =>
      this.#open(layout, recognised, { refs, cells, repeated: survey.repeated, emit });

    await this.#pass(
      'checking',
      file,
      layout,
      open(() => {}),
      async () => {},
    );
    if (this.#counts.rows === 0 && this.#errors.count === 0) {
      throw new FileProblem('the file has a header and no rows', 'at least one row', layout.header.line);
    }
    if (this.#fatal || (this.#errors.count > 0 && !this.#options.skipBadRows)) return this.#result('refused');
    const unchanged = async () => {
      if ((await stat(this.#path)).mtimeMs !== mtimeMs)
        throw new FileProblem('the file was changed while it was read', 'a file that stays as it is');
    };
    await unchanged();
    const forget = this.#errors.mark();
    let result: ImportResult;
    try {
      result = await this.#apply(file, layout, refs, open);
    } catch (error) {
      if (!isCollision(error)) throw error;
      // PostgreSQL took everything back and asks to try again: once more, from the file
      forget();
      await unchanged();
      result = await this.#apply(file, layout, refs, open);
    }
    if (result.state === 'done' && !this.#options.dryRun && remember) await remember();
    return result;
  }

  async #recognise(
    layout: Layout,
  ): Promise<{ recognised: Recognised | null; remember: (() => Promise<void>) | null }> {
    if (layout.dialect === null) {
      this.#kind = jsonKindOf(layout, this.#options.kind);
      return { recognised: null, remember: null };
    }
    const signature = headerSignature(layout.header);
    const remembered = await this.#input.mappings?.get(signature);
    const kind = this.#options.kind ?? (remembered?.['@kind'] as Kind | undefined);
    // what was remembered of another kind of file does not count
    const usable = remembered && kind === remembered['@kind'] ? remembered : undefined;
    const map = usable || this.#options.map ? { ...usable, ...this.#options.map } : undefined;
    const recognised = recognise(layout.header, layout.samples, { ...this.#options, kind, map });
    this.#kind = recognised.format.kind;
    this.#mapping = recognised.mapping;
    const { mapping } = recognised;
    if (mapping === null || !this.#input.mappings) return { recognised, remember: null };
    const { mappings } = this.#input;
    return {
      recognised,
      remember: () => mappings.set(signature, { '@kind': recognised.format.kind, ...mapping }),
    };
  }

  async #survey(file: TextFile, layout: Layout, recognised: Recognised | null): Promise<Survey> {
    const field = this.#field(layout);
    const survey = new Survey(
      recognised ? recognised.format.survey(layout.header, field) : { dates: [], numbers: [] },
    );
    if (recognised)
      await readRows(file, layout, { row: (fields, line) => survey.row(fields, line), bad() {} });
    return survey;
  }

  #field(layout: Layout): (name: string) => Column {
    const mapping = this.#mapping ?? {};
    return (name) =>
      mapping[name] === undefined ? { index: -1, name } : layout.header.column(mapping[name]);
  }

  #open(
    layout: Layout,
    recognised: Recognised | null,
    rest: Pick<Setup, 'refs' | 'cells' | 'repeated' | 'emit'>,
  ): RowReader {
    const setup: Setup = {
      header: layout.header,
      options: this.#options,
      field: this.#field(layout),
      skip: (records) => void (this.#counts.skipped += records),
      ignore: (rows) => void (this.#counts.ignored += rows),
      warn: (line, column, value, message) =>
        this.#warnings.add(line, column?.name ?? null, value, message, ''),
      ...rest,
    };
    return recognised ? recognised.format.open(setup) : jsonReader(setup, this.#kind as JsonKind);
  }

  async #pass(
    phase: 'checking' | 'applying',
    file: TextFile,
    layout: Layout,
    reader: RowReader,
    afterPiece: () => Promise<void>,
  ): Promise<void> {
    Object.assign(this.#counts, { rows: 0, skipped: 0, ignored: 0 });
    let bytes = 0;
    const tell = () =>
      this.#input.onProgress?.({
        phase,
        rows: this.#counts.rows,
        bytes,
        totalBytes: file.bytes,
        errorCount: this.#errors.count,
      });
    await readRows(
      file,
      layout,
      {
        row: (fields, line) => {
          this.#counts.rows++;
          reader.row(fields, line);
        },
        bad: (line, what, fatal, fields) => {
          this.#counts.rows++;
          this.#fatal ||= fatal;
          this.#errors.add(
            line,
            null,
            fields === null ? null : fields.join(' · '),
            what.message,
            what.expected,
          );
          reader.unreadable(line);
        },
      },
      {
        onBytes: (read) => void (bytes = read),
        afterPiece: async () => {
          tell();
          await afterPiece();
        },
      },
    );
    reader.end();
    tell();
    await afterPiece();
  }

  async #apply(
    file: TextFile,
    layout: Layout,
    refs: References,
    open: (emit: Setup['emit']) => RowReader,
  ): Promise<ImportResult> {
    const { applier } = this.#input;
    Object.assign(this.#counts, { applied: 0, unchanged: 0 });
    this.#errors.muted = false;
    this.#committing = false;
    let finished = false;
    try {
      await applier.begin();
      const batch = new Batch(applier, (record, place, outcome) => this.#count(record, place, outcome));
      for (const { record, place } of refs.newcomers()) batch.add(record, place);
      await batch.flush();
      // the second pass meets the same bad rows and leaves them out again: they are told already
      const told = this.#errors.count;
      this.#errors.muted = true;
      this.#warnings.muted = true;
      await this.#pass(
        'applying',
        file,
        layout,
        open((record, place) => batch.add(record, place)),
        () => batch.flushIfFull(),
      );
      await batch.flush();
      const refused = this.#errors.count - told;
      if (refused > 0 && !this.#options.skipBadRows) {
        Object.assign(this.#counts, { applied: 0, unchanged: 0 });
        return this.#result('refused');
      }
      const result = this.#result('done');
      if (!this.#options.dryRun) {
        this.#committing = true;
        const { failure: _failure, ...outcome } = result;
        await applier.commit(outcome);
        finished = true;
      }
      return result;
    } finally {
      // where it cannot be rolled back the connection is gone, and its transaction with it: the first failure is the one to tell
      if (!finished) await applier.rollback().catch(() => {});
    }
  }

  #count(record: ImportRecord, place: Place, outcome: Outcome): void {
    if (outcome.state !== 'refused') {
      this.#counts[outcome.state]++;
      return;
    }
    this.#counts.skipped++;
    const index = /^lines\.(\d+)\b/.exec(outcome.path)?.[1];
    const line = index === undefined ? place.line : (place.lines?.[Number(index)] ?? place.line);
    const column =
      place.columns[outcome.path] ?? place.columns[outcome.path.replace(/\.\d+(?=\.|$)/g, '.*')] ?? null;
    this.#errors.muted = false;
    this.#errors.add(
      line,
      column ?? (outcome.path || null),
      valueAt(record, outcome.path),
      outcome.message,
      'what fits the rest of the brand',
    );
    this.#errors.muted = true;
  }

  #result(state: ImportResult['state'], more: Partial<ImportResult> = {}): ImportResult {
    const uncollected =
      this.#errors.uncollected > 0
        ? `only the first ${SPOOLED_ERRORS.toLocaleString('en-US')} errors are kept, the rest are counted`
        : undefined;
    const message = [more.message, uncollected].filter((part) => part !== undefined).join('; ');
    return {
      state,
      kind: this.#kind,
      encoding: this.#file?.encoding ?? null,
      delimiter: this.#layout?.dialect ? delimiterName(this.#layout.dialect.delimiter) : null,
      ...this.#counts,
      errorCount: this.#errors.count,
      errors: this.#errors.kept,
      warningCount: this.#warnings.count,
      warnings: this.#warnings.kept,
      ...(this.#mapping && { mapping: this.#mapping }),
      ...more,
      ...(message !== '' && { message }),
    };
  }
}

/** 40001 serialization_failure, 40P01 deadlock_detected. */
function isCollision(error: unknown): boolean {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown };
  return code === '40001' || code === '40P01' || (cause !== undefined && isCollision(cause));
}

function isLoss(error: unknown): boolean {
  return error instanceof KeptError && error.code === 'database_unavailable';
}
