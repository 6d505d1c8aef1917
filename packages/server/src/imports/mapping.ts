import { createHash } from 'node:crypto';
import { readMoment } from './dates.ts';
import { FIELDS, type Field, type MappedKind } from './fields.ts';
import { type Header, normalise } from './header.ts';
import { FileProblem, isProblem } from './problem.ts';

export interface Guess {
  /** Field → column, as the file names it. */
  mapping: Record<string, string>;
  /** Required fields without a column. */
  missing: string[];
}

/**
 * Which column is which field: what a person said, then what was remembered, then the names that ERPs use. A column
 * serves one field; a guess whose first rows do not look like the field is dropped and asked for.
 */
export function guessMapping(
  kind: MappedKind,
  header: Header,
  samples: readonly string[][],
  said: Readonly<Record<string, string>> = {},
): Guess {
  const fields = FIELDS[kind];
  const mapping: Record<string, string> = {};
  const taken = new Set<string>();
  for (const [name, column] of Object.entries(said)) {
    if (name.startsWith('@')) continue;
    checkSaid(fields, header, name, column);
    const found = header.column(column);
    mapping[name] = found.name;
    taken.add(normalise(found.name));
  }
  const columns = header.names.map((name, index) => ({ name, index, keys: mappingKeys(name) }));
  const offers: { field: Field; column: (typeof columns)[number]; rank: number }[] = [];
  for (const field of fields)
    for (const column of columns) {
      const rank = rankOf(field, column.keys);
      if (rank !== null) offers.push({ field, column, rank });
    }
  offers.sort((a, b) => a.rank - b.rank);
  for (const { field, column, rank } of offers) {
    if (field.name in mapping || taken.has(normalise(column.name))) continue;
    if (rank >= 2 && !looksLike(field, column.index, samples)) continue;
    mapping[field.name] = column.name;
    taken.add(normalise(column.name));
  }
  const missing = fields
    .filter((field) => field.required && !(field.name in mapping))
    .map((field) => field.name);
  // an open quantity alone is a quantity: what has come already is not told
  if (kind === 'purchase_orders' && missing.includes('quantity') && 'remaining' in mapping) {
    missing.splice(missing.indexOf('quantity'), 1);
  }
  return { mapping, missing };
}

/** How sure a table of this kind is, given that its required fields are there: names that only this kind uses count, and options that only it takes. */
export function kindEvidence(
  kind: MappedKind,
  guess: Guess,
  options: { channel?: string; supplier?: string } = {},
): number {
  const has = (name: string) =>
    name in guess.mapping ||
    (name === 'channel' && options.channel !== undefined) ||
    (name === 'supplier' && options.supplier !== undefined);
  const ref = has('ref') ? mappingKeys(guess.mapping.ref!)[0]! : '';
  if (kind === 'purchase_orders') {
    const named = /^(po\b|purchas|bestell)/.test(ref) ? 2 : 0;
    return (
      4 +
      named +
      (has('supplier') ? 3 : 0) +
      (has('expected_on') ? 3 : 0) +
      (has('received') || has('remaining') ? 2 : 0)
    );
  }
  if (kind === 'orders') {
    const named = /^(invoice|sales|auftrag|rechnung)/.test(ref) ? 3 : 0;
    return (
      4 +
      named +
      (has('customer') ? 2 : 0) +
      (has('email') ? 3 : 0) +
      (has('country') ? 3 : 0) +
      (has('channel') ? 2 : 0) +
      (has('shipped') || has('cancelled') ? 2 : 0)
    );
  }
  if (kind === 'stock') return 2 + (has('location') ? 1 : 0) + (has('condition') ? 1 : 0);
  return 1;
}

/** What a header is remembered by: its column names, in any order. */
export function headerSignature(header: Header): string {
  return createHash('sha256')
    .update([...new Set(header.keys())].sort().join('\n'))
    .digest('hex')
    .slice(0, 32);
}

/** `sku=Item Code,quantity=Qty` as the command line and the API take it; "\," is a comma in a name. */
export function parseMap(text: string): Record<string, string> {
  const mapping: Record<string, string> = {};
  for (const part of text.split(/(?<!\\),/)) {
    const at = part.indexOf('=');
    const field = part.slice(0, at).trim();
    const column = part
      .slice(at + 1)
      .replaceAll('\\,', ',')
      .trim();
    if (at < 1 || field === '' || column === '') {
      throw new FileProblem(
        `the mapping "${part.trim()}" names no field and column`,
        'FIELD=COLUMN, such as sku=Item Code',
      );
    }
    mapping[field] = column;
  }
  return mapping;
}

/** The names a column may go by: whole, and the ends of a path ("Order Lines/Product/Internal Reference", "Quantity (Items)"). */
export function mappingKeys(name: string): string[] {
  const plain = (text: string) =>
    text
      .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
      .toLowerCase()
      .replaceAll('#', ' no ')
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim();
  const bare = name.replace(/\s*\([^)]*\)\s*$/, '');
  const parts = bare.split('/');
  return [
    ...new Set([plain(name), plain(bare), plain(parts.slice(-2).join(' ')), plain(parts.at(-1)!)]),
  ].filter((key) => key !== '');
}

/** 0 the field's own name, 1 a sure one, 2 and up a likely one, the likelier the lower; null: none. */
function rankOf(field: Field, keys: readonly string[]): number | null {
  let best: number | null = null;
  for (const [index, key] of keys.entries()) {
    const sure = field.sure.indexOf(key);
    const likely = sure >= 0 ? -1 : (field.likely?.indexOf(key) ?? -1);
    const rank = sure === 0 ? 0 : sure > 0 ? 1 + sure / 100 : likely >= 0 ? 2 + likely / 10 : null;
    // the end of a path is a weaker name than the whole of it
    if (rank !== null && (best === null || rank + index / 1000 < best)) best = rank + index / 1000;
  }
  return best;
}

function looksLike(field: Field, index: number, samples: readonly string[][]): boolean {
  const values = samples.map((row) => (row[index] ?? '').trim()).filter((value) => value !== '');
  // a file of one or two bad rows is told by its rows, not by its columns
  if (values.length < 3) return true;
  if (field.holds === 'number') return values.some((value) => /^[^\d]{0,4}\d[\d.,' ]*\D{0,4}$/.test(value));
  if (field.holds === 'date')
    return values.some(
      (value) => !isProblem(readMoment(value, 'dmy')) || !isProblem(readMoment(value, 'mdy')),
    );
  return true;
}

function checkSaid(fields: readonly Field[], header: Header, name: string, column: string): void {
  if (!fields.some((field) => field.name === name)) {
    throw new FileProblem(
      `the mapping names the unknown field ${name}`,
      `one of ${fields.map((field) => field.name).join(', ')}`,
    );
  }
  if (!header.has(column)) {
    throw new FileProblem(
      `the mapping names the column "${column}", which the file does not have`,
      `one of ${header.names.join(', ')}`,
    );
  }
}
