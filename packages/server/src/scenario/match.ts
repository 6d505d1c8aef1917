/**
 * Expected beside seen. An object has to have what is expected of it and may have more; a list has to have the same
 * entries in the same order, unless `contains` asks for some of them; `$words` and /patterns/ stand for what cannot be
 * told beforehand.
 */

/** A line of the comparison, ready to be set in two columns. */
export interface Row {
  readonly depth: number;
  /** Its place in the whole: body.lines[0].quantity. */
  readonly path: string;
  readonly expected: string;
  readonly seen: string;
  readonly differs: boolean;
}

export interface Difference {
  readonly path: string;
  readonly expected: unknown;
  /** Undefined: it is not there. */
  readonly seen: unknown;
}

export interface Comparison {
  readonly rows: readonly Row[];
  readonly differences: readonly Difference[];
}

const WORDS: Readonly<Record<string, (seen: unknown) => boolean>> = {
  $any: (seen) => seen !== undefined,
  $absent: (seen) => seen === undefined,
  $null: (seen) => seen === null,
  $string: (seen) => typeof seen === 'string',
  $number: (seen) => typeof seen === 'number',
  $boolean: (seen) => typeof seen === 'boolean',
  $list: (seen) => Array.isArray(seen),
  $day: (seen) => typeof seen === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(seen),
  $instant: (seen) => typeof seen === 'string' && /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/.test(seen),
};

/** With an argument: { $gt: 5 }. */
const MEASURES: Readonly<Record<string, (seen: unknown, given: unknown) => boolean>> = {
  $gt: (seen, given) => comparable(seen, given) && seen! > given!,
  $gte: (seen, given) => comparable(seen, given) && seen! >= given!,
  $lt: (seen, given) => comparable(seen, given) && seen! < given!,
  $lte: (seen, given) => comparable(seen, given) && seen! <= given!,
  $not: (seen, given) => !matches(given, seen),
  $in: (seen, given) => Array.isArray(given) && given.some((one) => matches(one, seen)),
  $length: (seen, given) => (Array.isArray(seen) || typeof seen === 'string') && matches(given, seen.length),
  $text: (seen, given) => seen === given,
  contains: (seen, given) =>
    Array.isArray(seen) &&
    Array.isArray(given) &&
    given.every((one) => seen.some((entry) => matches(one, entry))),
};

const PATTERN = /^\/(.+)\/([imsu]*)$/s;

/** Compares an answer, or a part of one, with what is expected of it. */
export function compare(expected: unknown, seen: unknown, name: string): Comparison {
  const rows: Row[] = [];
  const differences: Difference[] = [];
  walk(expected, seen, { path: name, label: `${name}: `, depth: 0 }, rows, differences);
  return { rows, differences };
}

export function matches(expected: unknown, seen: unknown): boolean {
  return compare(expected, seen, '').differences.length === 0;
}

/** What is wrong with a matcher that an author wrote, or null. */
export function faultOfMatcher(expected: unknown): string | null {
  if (typeof expected === 'string') {
    if (/^\$[a-z]/i.test(expected) && WORDS[expected] === undefined)
      return `there is no ${expected}; there are ${Object.keys(WORDS).join(', ')} (and { $text: "${expected}" } for the text itself)`;
    const pattern = PATTERN.exec(expected);
    if (pattern === null) return null;
    try {
      new RegExp(pattern[1]!, pattern[2]);
      return null;
    } catch (error) {
      return `${expected} is not a pattern: ${(error as Error).message}`;
    }
  }
  if (!isObject(expected)) return null;
  const strange = Object.keys(expected).find((key) => key.startsWith('$') && !key.startsWith('${'));
  if (strange === undefined) return null;
  if (MEASURES[strange] === undefined)
    return `there is no ${strange}; there are ${Object.keys(MEASURES).join(', ')}`;
  return measureOf(expected) === null ? `${strange} has to stand alone` : null;
}

interface Place {
  readonly path: string;
  readonly label: string;
  readonly depth: number;
}

function walk(expected: unknown, seen: unknown, place: Place, rows: Row[], differences: Difference[]): void {
  const { path, label, depth } = place;
  if (isObject(expected) && measureOf(expected) === null && isObject(seen)) {
    const entries = Object.entries(expected);
    // An entry of a list begins on the line of its dash, as YAML has it.
    const inList = label === '- ' && entries.length > 0;
    const below = label.startsWith('- ') && !inList ? depth + 2 : depth + 1;
    if (!inList) rows.push({ depth, path, expected: label.trimEnd(), seen: label.trimEnd(), differs: false });
    for (const [index, [key, one]] of entries.entries()) {
      const prefix = inList && index === 0 ? '- ' : '';
      const inner = {
        path: `${path}.${key}`,
        label: `${prefix}${key}: `,
        depth: prefix === '' ? below : depth,
      };
      walk(one, seen[key], inner, rows, differences);
    }
    return;
  }
  if (Array.isArray(expected) && Array.isArray(seen) && Math.max(expected.length, seen.length) > 0) {
    const header = `${label}${expected.length === seen.length ? '' : count(expected)}`;
    const other = `${label}${expected.length === seen.length ? '' : count(seen)}`;
    const differs = expected.length !== seen.length;
    rows.push({ depth, path, expected: header.trimEnd(), seen: other.trimEnd(), differs });
    if (differs) differences.push({ path: `${path}.length`, expected: expected.length, seen: seen.length });
    for (let index = 0; index < Math.max(expected.length, seen.length); index++) {
      const inner = {
        path: `${path}[${index}]`,
        label: '- ',
        depth: depth + (label.startsWith('- ') ? 2 : 1),
      };
      if (index < expected.length) walk(expected[index], seen[index], inner, rows, differences);
      else rows.push({ ...rowOf(inner, '', `- ${spell(seen[index])}`), differs: true });
    }
    return;
  }
  const differs = !leafMatches(expected, seen);
  if (differs) differences.push({ path, expected, seen });
  const text = seen === undefined ? `${label}(not there)` : `${label}${spell(seen)}`;
  rows.push({ ...rowOf(place, `${label}${spell(expected)}`, text), differs });
}

function rowOf({ path, depth }: Place, expected: string, seen: string): Omit<Row, 'differs'> {
  return { depth, path, expected, seen };
}

function leafMatches(expected: unknown, seen: unknown): boolean {
  if (typeof expected === 'string') {
    const word = WORDS[expected];
    if (word !== undefined) return word(seen);
    const pattern = PATTERN.exec(expected);
    if (pattern !== null) return typeof seen === 'string' && new RegExp(pattern[1]!, pattern[2]).test(seen);
    return expected === seen;
  }
  const measure = measureOf(expected);
  if (measure !== null) return measure.holds(seen, measure.given);
  // Only an empty list is still to be compared whole; an object that meets something else has met its difference.
  if (Array.isArray(expected)) return Array.isArray(seen) && expected.length === 0 && seen.length === 0;
  return expected === seen;
}

function measureOf(expected: unknown) {
  if (!isObject(expected)) return null;
  const keys = Object.keys(expected);
  const holds = keys.length === 1 ? MEASURES[keys[0]!] : undefined;
  return holds === undefined ? null : { holds, given: expected[keys[0]!] };
}

/** Texts that need no quotes, unless they would be read as something else. */
const PLAIN = /^[\w$/][\w $:./+*-]*$/;
const AMBIGUOUS = /^(\d+(\.\d+)?|true|false|null)$/;

/** A value on one line, as YAML would have it. */
export function spell(value: unknown): string {
  if (value === undefined) return '';
  if (typeof value === 'string')
    return PLAIN.test(value) && !AMBIGUOUS.test(value) ? value : JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(spell).join(', ')}]`;
  if (isObject(value)) {
    const entries = Object.entries(value).filter(([, one]) => one !== undefined);
    return entries.length === 0
      ? '{}'
      : `{ ${entries.map(([key, one]) => `${key}: ${spell(one)}`).join(', ')} }`;
  }
  return String(value);
}

const count = (list: readonly unknown[]) => `(${list.length} ${list.length === 1 ? 'entry' : 'entries'})`;

function comparable(seen: unknown, given: unknown): seen is number | string {
  return typeof seen === typeof given && (typeof seen === 'number' || typeof seen === 'string');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
