import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { figureText } from './measure.ts';
import { picture } from './picture.ts';
import type { Machine, Record, Recorded, RecordedRow } from './record.ts';

const DOCUMENT = fileURLToPath(new URL('../docs/PERFORMANCE.md', import.meta.url));
const PICTURE = fileURLToPath(new URL('../docs/performance.svg', import.meta.url));

/** Writes what was recorded as docs/PERFORMANCE.md and its picture. */
export function publish(record: Record): void {
  writeFileSync(DOCUMENT, performanceDocument(record));
  writeFileSync(PICTURE, picture(Object.values(record.benches).flatMap((one) => one.rows)));
}

export function performanceDocument(record: Record): string {
  const benches = Object.entries(record.benches);
  const judged = benches.flatMap(([, one]) => one.rows).filter((row) => row.holds !== null);
  const missed = judged.filter((row) => row.holds === false);
  return [
    '# Performance',
    '',
    'Written by `npm run bench -- --record`; changes by hand are lost. Every figure is measured beside the physical limit of its work',
    '(C, a COPY of the same rows, PostgreSQL alone) and beside what one would use instead, in one run, in turn: the ratio is the',
    'result, absolute times are the machine’s. Medians; in brackets the least and the most of the runs.',
    '',
    `${missed.length} of ${judged.length} goals ${missed.length === 1 ? 'is' : 'are'} missed${missed.length === 0 ? '.' : ', and marked so below.'}`,
    '',
    '![Kept’s speed beside the limit’s and its peers’](performance.svg)',
    '',
    ...benches.flatMap(([name, one]) => ['', ...section(name, one)]),
    '',
  ].join('\n');
}

function section(name: string, one: Recorded): string[] {
  const notes = [...new Set(one.rows.flatMap((row) => (row.note === null ? [] : [row.note])))];
  return [
    `## ${name}`,
    '',
    '| work | Kept | limit | ratio | peers | goal | |',
    '|---|---|---|---|---|---|---|',
    ...one.rows.map(line),
    '',
    ...notes.map((note) => `- ${note}`),
    `- ${one.at.slice(0, 10)}, ${machineText(one.machine)}. Again: \`npm run bench -- ${name}\`.`,
  ];
}

function line(row: RecordedRow): string {
  const figure = (value: number) => `${figureText(value)} ${row.unit}`;
  const peers = Object.entries(row.peers).flatMap(([name, value]) =>
    value === null ? [] : [`${name} ${figureText(value)}`],
  );
  const cells = [
    row.work,
    `${figure(row.kept)}${row.spread === null ? '' : ` (${row.spread})`}`,
    row.limit === null ? '–' : figure(row.limit),
    row.ratio === null ? '–' : `**${row.ratio.toFixed(2)} ×**`,
    peers.join(', ') || '–',
    row.goal || '–',
    row.holds === null ? 'not judged' : row.holds ? 'holds' : '**missed**',
  ];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function machineText({ processor, cores, memory, system, node }: Machine): string {
  return `${processor}, ${cores} cores, ${memory} GB, ${system}, Node ${node}, the PostgreSQL that Kept brings`;
}
