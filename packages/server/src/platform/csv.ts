export type CsvCell = string | number | null;

/** A table as CSV (RFC 4180), every text made harmless. */
export function csvOf(columns: readonly string[], rows: readonly (readonly CsvCell[])[]): string {
  return [columns, ...rows].map((row) => `${row.map(csvCell).join(',')}\r\n`).join('');
}

function csvCell(cell: CsvCell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const safe = harmless(cell);
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/**
 * A text that a spreadsheet would take for a formula gets an apostrophe before it: a customer's name must not run anything on
 * the reader's machine. Amounts that are written as text stay numbers. The wide forms of the signs are read as the narrow ones.
 */
export function harmless(text: string): string {
  return /^\s*[=+\-@\t\r＝＋－＠]/.test(text) && !/^-?\d+(\.\d+)?$/.test(text) ? `'${text}` : text;
}
