import { figureText, type Measured } from './measure.ts';

const HEADINGS = ['bench', 'work', 'kept', 'spread', 'unit', 'limit', 'ratio', 'peers', 'goal', ''];
/** Columns of figures. */
const RIGHT = new Set([2, 3, 5, 6]);

/** Rows as an aligned table, one line each, and what there is to say below. */
export function table(rows: readonly Measured[]): string {
  const cells = [HEADINGS, ...rows.map(cellsOf)];
  const widths = HEADINGS.map((_, column) => Math.max(...cells.map((row) => row[column]!.length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) =>
        RIGHT.has(column) ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!),
      )
      .join('  ')
      .trimEnd();
  const notes = [...new Set(rows.map((row) => row.note).filter((note) => note !== undefined))];
  return [
    line(cells[0]!),
    widths.map((width) => '─'.repeat(width)).join('  '),
    ...cells.slice(1).map(line),
    ...(notes.length > 0 ? ['', ...notes] : []),
  ].join('\n');
}

function cellsOf({ row, spread }: Measured): string[] {
  const orNothing = (figure: number | null) => (figure === null ? '–' : figureText(figure));
  const peers = Object.entries(row.peers).map(([name, figure]) => `${name} ${orNothing(figure)}`);
  return [
    row.bench,
    row.work,
    figureText(row.kept),
    spread ?? '',
    row.unit,
    orNothing(row.limit),
    row.ratio === null ? '–' : `${row.ratio.toFixed(2)} ×`,
    peers.join(', ') || '–',
    row.goal,
    row.holds === null ? '?' : row.holds ? 'holds' : 'MISSED',
  ];
}
