const CANDIDATES = [',', '\t', ';', '|'];

/** How the rows are written, told by the first line that says something. */
export interface Dialect {
  delimiter: string;
  newline: '\n' | '\r';
  /** Lines before the header that are not part of the table ("sep=;"). */
  skip: number;
}

/** Finds the delimiter by counting the candidates outside of quotes in the header line. */
export function detectDialect(sample: string): Dialect {
  const newline = !sample.includes('\n') && sample.includes('\r') ? '\r' : '\n';
  const told = /^\ufeff?sep=(.)\r?[\n\r]/i.exec(sample);
  if (told) return { delimiter: told[1]!, newline, skip: 1 };
  const header = headerLine(sample, newline);
  let best = ',';
  let most = 0;
  for (const candidate of CANDIDATES) {
    const found = header.split(candidate).length - 1;
    if (found > most) [best, most] = [candidate, found];
  }
  return { delimiter: best, newline, skip: 0 };
}

/** The first line that is not blank, with what stands inside quotes taken out. */
function headerLine(sample: string, newline: string): string {
  let quoted = false;
  let line = '';
  for (const character of sample) {
    if (character === '"') quoted = !quoted;
    else if (!quoted && character === newline) {
      if (line.trim() !== '') break;
      line = '';
    } else if (!quoted) line += character;
  }
  return line;
}

/** What a person calls a delimiter. */
export function delimiterName(delimiter: string): string {
  return { ',': 'comma', '\t': 'tab', ';': 'semicolon', '|': 'pipe' }[delimiter] ?? delimiter;
}
