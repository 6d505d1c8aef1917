import { parse } from 'csv-parse/sync';
import readXlsx from 'read-excel-file/node';
import { NoInterchange } from '../no-interchange.ts';

/** What a sheet may unfold to, and how long it may be. */
const MAXIMUM_UNFOLDED_BYTES = 64 * 1024 * 1024;
export const MAXIMUM_ROWS = 10_000;
const MAXIMUM_COLUMNS = 200;

export type Cell = string | number | boolean | Date | null;

/** Whether bytes are a workbook: it is a zip archive. */
export const isWorkbook = (bytes: Uint8Array) => bytes[0] === 0x50 && bytes[1] === 0x4b;

/**
 * The rows of a CSV file, or of a workbook's first sheet, as they were saved: a formula is the value that it had, and nothing
 * is evaluated.
 * @throws NoInterchange where it cannot be read, or is larger than a person's order sheet is
 */
export async function rowsOf(bytes: Uint8Array, text: () => string): Promise<Cell[][]> {
  const rows = isWorkbook(bytes) ? await workbookRows(bytes) : csvRows(text());
  if (rows.length > MAXIMUM_ROWS + 1)
    throw new NoInterchange(`The sheet has ${rows.length} rows; at most ${MAXIMUM_ROWS} are read.`);
  return rows.map((row) => row.slice(0, MAXIMUM_COLUMNS));
}

async function workbookRows(bytes: Uint8Array): Promise<Cell[][]> {
  const unfolded = unfoldedBytes(bytes);
  if (unfolded === null || unfolded > MAXIMUM_UNFOLDED_BYTES)
    throw new NoInterchange('The workbook is damaged, or unfolds to more than 64 MB.');
  try {
    const [first] = await readXlsx(Buffer.from(bytes));
    return (first?.data ?? []) as unknown as Cell[][];
  } catch (error) {
    throw new NoInterchange(`The workbook cannot be read: ${(error as Error).message}`);
  }
}

/** What a zip archive says that it unfolds to, from its directory; null where it has none. A bomb is told before it goes off. */
function unfoldedBytes(bytes: Uint8Array): number | null {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = view.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end < 0 || end + 22 > view.length) return null;
  const entries = view.readUInt16LE(end + 10);
  let at = view.readUInt32LE(end + 16);
  let sum = 0;
  for (let n = 0; n < entries; n++) {
    if (at + 46 > view.length || view.readUInt32LE(at) !== 0x02014b50) return null;
    sum += view.readUInt32LE(at + 24);
    at += 46 + view.readUInt16LE(at + 28) + view.readUInt16LE(at + 30) + view.readUInt16LE(at + 32);
  }
  return sum;
}

function csvRows(text: string): string[][] {
  const [head = ''] = text.split('\n', 1);
  const delimiter = [',', ';', '\t'].toSorted((a, b) => head.split(b).length - head.split(a).length)[0]!;
  try {
    return parse(text, {
      bom: true,
      delimiter,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: 100_000,
      to: MAXIMUM_ROWS + 2,
    }) as string[][];
  } catch (error) {
    throw new NoInterchange(`The sheet cannot be read: ${(error as Error).message}`);
  }
}
