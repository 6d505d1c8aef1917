import pg from 'pg';

/**
 * How PostgreSQL's types arrive in Kept:
 * date → 'YYYY-MM-DD' · timestamptz → ISO 8601 in UTC with milliseconds · int8 → number · numeric → string.
 * Kept for our own pools instead of set globally, so that no other user of `pg` in the process is surprised.
 */
export const columnTypes: pg.CustomTypesConfig = {
  getTypeParser(oid: number, format?: 'text' | 'binary') {
    const parser = format === 'binary' ? undefined : parsers.get(oid);
    return parser ?? (pg.types.getTypeParser(oid, format ?? 'text') as never);
  },
};

type Parser = (text: string) => unknown;

const asIs: Parser = (text) => text;

const parsers = new Map<number, Parser>([
  [pg.types.builtins.DATE, asIs], // pg would make it midnight in the machine's own zone: another day elsewhere
  [1182, listOf(asIs)],
  [pg.types.builtins.INT8, safeInteger],
  [1016, listOf(safeInteger)],
  [pg.types.builtins.NUMERIC, asIs],
  [1231, listOf(asIs)],
  [pg.types.builtins.TIMESTAMPTZ, isoInstant],
  [1185, listOf(isoInstant)],
]);

/** @throws RangeError beyond ±(2⁵³ − 1), where a JS number would silently become its neighbour. */
function safeInteger(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is too large to be exact as a number`);
  return value;
}

/**
 * '2026-03-14 09:26:53.58+00', as a session in UTC writes it, → '2026-03-14T09:26:53.580Z'. Always three decimals, the
 * form of Date.toISOString: strings of one length sort as the instants do. Kept's clock has no finer ones.
 */
function isoInstant(text: string): string {
  const match = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d+))?\+00$/.exec(text);
  if (!match) return text; // 'infinity', '-infinity', years beyond 9999
  const [, day, time, fraction = ''] = match;
  return `${day}T${time}.${fraction.slice(0, 3).padEnd(3, '0')}Z`;
}

/** A one-dimensional array of values that contain no commas or quotes; timestamps come quoted for their space. */
function listOf(parse: Parser): Parser {
  return (text) =>
    text === '{}'
      ? []
      : text
          .slice(1, -1)
          .split(',')
          .map((part) => (part === 'NULL' ? null : parse(part.replaceAll('"', ''))));
}
