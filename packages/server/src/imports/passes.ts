import { type TextFile, textOf } from './bytes.ts';
import { RowSplitter } from './csv.ts';
import { type Dialect, detectDialect } from './delimiter.ts';
import { Header } from './header.ts';
import { FileProblem, type Problem, problem } from './problem.ts';

/** How a file's rows are to be split. */
export interface Layout {
  /** Null for lines of JSON. */
  dialect: Dialect | null;
  header: Header;
  /** The first rows, to judge the columns by. */
  samples: string[][];
}

export interface TableSink {
  row(fields: string[], line: number): void;
  /** A row that cannot be used. `fatal`: the rest of the file cannot be trusted. */
  bad(line: number, what: Problem, fatal: boolean, fields: string[] | null): void;
}

const SAMPLE_CHARACTERS = 256 * 1024;

/** Looks at the start of the file: JSON or columns, which delimiter, which header, and how the first rows look. */
export async function readLayout(file: TextFile): Promise<Layout> {
  let sample = '';
  for await (const text of textOf(file)) {
    sample += text;
    if (sample.length >= SAMPLE_CHARACTERS) break;
  }
  const start = sample.replace(/^\ufeff/, '').trimStart();
  if (start === '') throw new FileProblem('the file is empty', 'a header line and at least one row');
  if (start.startsWith('{'))
    return { dialect: null, header: new Header(['(line)'], 0), samples: [[start.split('\n', 1)[0]!]] };
  if (start.startsWith('['))
    throw new FileProblem(
      'the file is a JSON list',
      'one JSON object on each line, without a list around them',
    );
  if (/^<(\?xml|!doctype|html)/i.test(start)) throw new FileProblem('the file is XML or HTML', 'a CSV file');
  const dialect = detectDialect(sample);
  const rows: { fields: string[]; line: number }[] = [];
  const problems: { line: number; what: Problem }[] = [];
  const splitter = new RowSplitter(
    {
      row: (fields, line) => rows.push({ fields, line }),
      bad: (line, what) => problems.push({ line, what }),
    },
    dialect,
  );
  splitter.push(sample);
  if (sample.length < SAMPLE_CHARACTERS) splitter.end();
  const [first, ...others] = rows.slice(dialect.skip).filter(({ fields }) => !isBlank(fields));
  if (!first || (problems[0] && problems[0].line < first.line)) {
    const what =
      problems[0]?.what ?? problem('no header line was found', 'a header line and at least one row');
    throw new FileProblem(what.message, what.expected, problems[0]?.line ?? 1);
  }
  const header = new Header(first.fields, first.line);
  return { dialect, header, samples: others.slice(0, 50).map(({ fields }) => fields) };
}

/**
 * Reads all rows behind the header, in constant memory. Rows that do not fit the header are told as bad: one that is
 * short may be where the file was cut off. `afterPiece` is awaited after every 128 KB or so, so that what the rows
 * became can be taken away.
 */
export async function readRows(
  file: TextFile,
  layout: Layout,
  sink: TableSink,
  hooks: { onBytes?: (bytes: number) => void; afterPiece?: () => Promise<void> } = {},
): Promise<void> {
  const width = layout.header.names.length;
  const headerLine = layout.header.line;
  const table = layout.dialect !== null;
  const splitter = new RowSplitter(
    {
      row(fields, line) {
        if (line <= headerLine || isBlank(fields)) return;
        if (fields.length === width || !table) sink.row(fields, line);
        else if (fields.length > width && isBlank(fields.slice(width))) sink.row(fields, line);
        else sink.bad(line, wrongWidth(fields.length, width), false, fields);
      },
      bad: (line, what, fatal) => sink.bad(line, what, fatal, null),
    },
    layout.dialect ?? { delimiter: null },
  );
  for await (const text of textOf(file, hooks.onBytes)) {
    splitter.push(text);
    await hooks.afterPiece?.();
  }
  splitter.end();
  await hooks.afterPiece?.();
}

function wrongWidth(found: number, wanted: number): Problem {
  const cut = found < wanted ? '; the row may be cut off' : '';
  return problem(`has ${found} columns${cut}`, `${wanted} columns, as in the header`);
}

function isBlank(fields: string[]): boolean {
  if (fields[0] !== '' && fields[0] !== undefined && fields[0].trim() !== '') return false;
  return fields.every((field) => field.trim() === '');
}
