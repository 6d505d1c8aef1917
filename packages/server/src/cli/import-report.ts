import { Presets, SingleBar } from 'cli-progress';
import type { ImportResult } from '../imports/index.ts';

const count = (value: number, what: string, many = `${what}s`) =>
  `${value.toLocaleString('en')} ${value === 1 ? what : many}`;
/** Without a terminal a line is written this often. */
const LINE_EVERY_MS = 5000;

/** How far an import is: a bar with its rate on a terminal, else a line now and then. */
export class ProgressView {
  readonly #name: string;
  readonly #write: (text: string) => void;
  readonly #bar: SingleBar | null;
  readonly #started = performance.now();
  #phase = '';
  #phaseStarted = 0;
  #lastLine = performance.now();

  constructor(name: string, write: (text: string) => void, terminal: boolean) {
    this.#name = name;
    this.#write = write;
    this.#bar = terminal
      ? new SingleBar(
          {
            format: '{name} {phase} {bar} {percentage}% | {rows} rows | {rate} rows/s',
            hideCursor: true,
            clearOnComplete: true,
            stream: process.stderr,
          },
          Presets.shades_classic,
        )
      : null;
  }

  tell(now: { phase: string; rows: number; share: number }): void {
    if (now.phase !== this.#phase) {
      this.#phase = now.phase;
      this.#phaseStarted = performance.now();
      this.#bar?.start(1000, 0, { name: this.#name, phase: now.phase, rows: '0', rate: '-' });
    }
    const rate = Math.round(
      now.rows / Math.max(0.001, (performance.now() - this.#phaseStarted) / 1000),
    ).toLocaleString('en');
    const rows = now.rows.toLocaleString('en');
    this.#bar?.update(Math.round(now.share * 1000), { name: this.#name, phase: now.phase, rows, rate });
    if (this.#bar || performance.now() - this.#lastLine < LINE_EVERY_MS) return;
    this.#lastLine = performance.now();
    this.#write(
      `${this.#name}: ${now.phase}, ${Math.round(now.share * 100)} %, ${rows} rows, ${rate} rows/s`,
    );
  }

  /** Takes the bar away and says how long it took. */
  stop(result: ImportResult): void {
    this.#bar?.stop();
    if (result.rows === 0) return;
    const seconds = (performance.now() - this.#started) / 1000;
    const rate = Math.round(result.rows / Math.max(0.001, seconds)).toLocaleString('en');
    this.#write(`${this.#name}: ${count(result.rows, 'row')} in ${seconds.toFixed(1)} s (${rate} rows/s)`);
  }
}

/** What became of a file, as lines for a person: how it was read, what was done, and every error that is kept. */
export function reportOf(result: ImportResult, file: string, errorFile?: string): string[] {
  const lines: string[] = [];
  const read = [result.kind, result.delimiter, result.encoding].filter((part) => part !== null).join(', ');
  if (read !== '') lines.push(`${file}: read as ${read}`);
  // A column that carries its field's own name explains itself.
  const renamed = Object.entries(result.mapping ?? {}).filter(([field, column]) => field !== column);
  if (renamed.length > 0)
    lines.push(`  columns: ${renamed.map(([field, column]) => `${field} = ${column}`).join(', ')}`);
  lines.push(...table(result.warnings, result.warningCount, 'warning', undefined));
  lines.push(...table(result.errors, result.errorCount, 'error', errorFile));
  lines.push(`${file}: ${outcome(result)}`);
  return lines;
}

function outcome(result: ImportResult): string {
  if (result.state === 'needs_mapping') return `nothing was applied; ${result.message}`;
  if (result.state === 'failed') return result.message ?? 'the import failed; nothing was applied';
  if (result.state === 'refused') {
    return `refused for ${count(result.errorCount, 'error')}; nothing was applied${result.rows > 0 ? ' (--skip-bad-rows applies the rest)' : ''}`;
  }
  const parts = [
    `${count(result.applied, 'record')} applied`,
    `${result.unchanged.toLocaleString('en')} unchanged`,
  ];
  if (result.skipped > 0) parts.push(`${result.skipped.toLocaleString('en')} left out for errors`);
  if (result.ignored > 0) parts.push(`${count(result.ignored, 'row')} passed over`);
  return parts.join(', ');
}

/** `file:line column "value" — message (expected …)`, columns of the table aligned. */
function table(
  errors: ImportResult['errors'],
  total: number,
  what: string,
  errorFile: string | undefined,
): string[] {
  const cells = errors.map((error) => [
    `${error.file}:${error.line}`,
    error.column ?? '',
    error.value === null
      ? ''
      : JSON.stringify(error.value.length > 60 ? `${error.value.slice(0, 59)}…` : error.value),
    error.expected === '' ? error.message : `${error.message} (expected ${error.expected})`,
  ]);
  const widths = [0, 1, 2].map((index) =>
    Math.min(40, Math.max(0, ...cells.map((row) => row[index]!.length))),
  );
  const lines = cells.map(([place, column, value, message]) =>
    `  ${place!.padEnd(widths[0]!)}  ${column!.padEnd(widths[1]!)}  ${value!.padEnd(widths[2]!)} — ${message}`.replace(
      /\s+—/,
      ' —',
    ),
  );
  const more = total - errors.length;
  if (more > 0)
    lines.push(
      `  and ${count(more, `more ${what}`)}${errorFile ? `: all of them in ${errorFile}` : what === 'error' ? ': --errors FILE writes all of them' : ''}`,
    );
  return lines;
}
