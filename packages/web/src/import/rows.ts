/** One row of a file, cut into its cells, as it stands there. */
export interface FileRow {
  readonly line: number;
  readonly cells: readonly string[];
}

const MARKS: Readonly<Record<string, string>> = { comma: ',', tab: '\t', semicolon: ';', pipe: '|' };
/** A file is read here only to show some of its rows. */
const MOST_BYTES = 20_000_000;

/**
 * The header and some lines of a file, to show what is wrong where it stands. @param lines counted from 1, the header's included
 * @returns null for a file that is packed, or too large to be read here
 */
export async function rowsOf(
  file: File,
  lines: ReadonlySet<number>,
  { encoding, delimiter }: { encoding?: string | null | undefined; delimiter?: string | null | undefined },
): Promise<{ header: readonly string[]; rows: readonly FileRow[] } | null> {
  if (file.size > MOST_BYTES || file.name.endsWith('.gz')) return null;
  const mark = MARKS[delimiter ?? ''];
  if (mark === undefined) return null;
  const text = decoded(await file.arrayBuffer(), encoding ?? 'utf-8');
  let header: readonly string[] | null = null;
  const rows: FileRow[] = [];
  for (const { line, cells } of cut(text, mark)) {
    if (cells.length === 1 && cells[0]!.trim() === '') continue;
    if (header === null) header = cells;
    if (lines.has(line)) rows.push({ line, cells });
  }
  return header === null ? null : { header, rows };
}

function decoded(bytes: ArrayBuffer, encoding: string): string {
  try {
    return new TextDecoder(encoding).decode(bytes);
  } catch {
    return new TextDecoder().decode(bytes);
  }
}

/** RFC 4180: a quoted cell may hold line ends, and a doubled quote is one. */
export function* cut(text: string, mark: string): Generator<FileRow> {
  let cells: string[] = [];
  let cell = '';
  let quoted = false;
  let line = 1;
  let begun = 1;
  for (let at = text.startsWith('\uFEFF') ? 1 : 0; at < text.length; at++) {
    const letter = text[at]!;
    if (letter === '\n') line++;
    if (quoted) {
      if (letter !== '"') cell += letter;
      else if (text[at + 1] === '"') {
        cell += '"';
        at++;
      } else quoted = false;
    } else if (letter === '"' && cell === '') quoted = true;
    else if (letter === mark) {
      cells.push(cell);
      cell = '';
    } else if (letter === '\n') {
      yield { line: begun, cells: [...cells, cell.replace(/\r$/, '')] };
      cells = [];
      cell = '';
      begun = line;
    } else cell += letter;
  }
  if (cell !== '' || cells.length > 0) yield { line: begun, cells: [...cells, cell] };
}
