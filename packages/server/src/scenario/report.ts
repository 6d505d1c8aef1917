import { stringify } from 'yaml';
import type { Row } from './match.ts';
import { detailOf, type Failure, type Outcome } from './run.ts';

const COLUMN_LEAST = 28;
const COLUMN_MOST = 58;
const LINE_WIDTH = 110;
const BODY_STYLE = {
  lineWidth: LINE_WIDTH - 10,
  flowCollectionPadding: true,
  collectionStyle: 'any',
} as const;

/** A scenario's line: how it went, what it is called, how long it took. */
export function headline({ scenario, milliseconds, failure }: Outcome, width = 70): string {
  const mark = failure === null ? '✓' : '✗';
  return `${mark} ${scenario.title.padEnd(width)}  ${String(Math.round(milliseconds)).padStart(5)} ms`;
}

/** What a failed scenario tells: the step, the call, and expected beside seen. */
export function failureText({ scenario }: Outcome, failure: Failure): string {
  const { step, line, say, request, answer, comparison, message } = failure;
  const place = line === null ? scenario.file : `${scenario.file}:${line}`;
  const where =
    step === null ? (line === null ? 'outside of its steps' : 'in what is given') : `step ${step}`;
  const lines = [`  ${place}`, ...wrap(`  ${where}${say === null ? '' : `: ${say}`}`, LINE_WIDTH)];
  if (request !== null) {
    lines.push('', `  ${request.method} ${request.path}`);
    if (request.body !== undefined)
      lines.push(...stringify(request.body, BODY_STYLE).trimEnd().split('\n').map(indent(4)));
  }
  if (comparison === null) lines.push('', ...message.split('\n').map(indent(2)));
  else {
    lines.push('', ...sideBySide(comparison.rows));
    // An answer of another kind than was expected says itself what was wrong.
    const detail = answer !== null && answer.status >= 400 ? detailOf(answer.body) : null;
    if (detail !== null) lines.push('', `  The answer says: ${detail}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Two columns, the lines that differ marked in the margin. */
export function sideBySide(rows: readonly Row[]): string[] {
  const left = rows.map(({ depth, expected }) => (expected === '' ? '' : '  '.repeat(depth) + expected));
  const right = rows.map(({ depth, seen }) => (seen === '' ? '' : '  '.repeat(depth) + seen));
  const longest = Math.max(...left.map((text) => text.length));
  const width = Math.min(COLUMN_MOST, Math.max(COLUMN_LEAST, longest));
  const lines = [`    ${'expected'.padEnd(width)}  seen`];
  for (const [index, { differs }] of rows.entries()) {
    const before = wrap(left[index]!, width);
    const after = wrap(right[index]!, COLUMN_MOST);
    for (let part = 0; part < Math.max(before.length, after.length); part++) {
      const mark = differs && part === 0 ? '✗' : ' ';
      lines.push(`  ${mark} ${(before[part] ?? '').padEnd(width)}  ${after[part] ?? ''}`.trimEnd());
    }
  }
  return lines;
}

function wrap(text: string, width: number): string[] {
  if (text.length <= width) return [text];
  const inset = ' '.repeat(text.length - text.trimStart().length + 2);
  const lines = [];
  let rest = text;
  while (rest.length > width) {
    const space = rest.lastIndexOf(' ', width);
    const end = space > inset.length ? space : width;
    lines.push(rest.slice(0, end));
    rest = inset + rest.slice(end).trimStart();
  }
  return [...lines, rest];
}

const indent = (by: number) => (text: string) => ' '.repeat(by) + text;

/** One JSON object for each scenario. */
export function outcomeJson({ scenario, milliseconds, failure }: Outcome): Record<string, unknown> {
  const common = {
    scenario: scenario.title,
    file: scenario.file,
    passed: failure === null,
    steps: scenario.steps.filter((step) => step.kind !== 'call' || !step.given).length,
    milliseconds: Math.round(milliseconds),
  };
  if (failure === null) return common;
  const { step, line, say, request, answer, comparison, message } = failure;
  const differences = comparison?.differences ?? [];
  return { ...common, failure: { step, line, say, request, differences, answer, message } };
}
