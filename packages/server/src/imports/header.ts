import { FileProblem } from './problem.ts';

/** A column name without what varies: case, spacing, punctuation of words, a byte order mark. */
export function normalise(name: string): string {
  return name
    .replace(/^\ufeff/, '')
    .toLowerCase()
    .replace(/[\s_]+/g, ' ')
    .trim();
}

export interface Column {
  /** Position in the row; -1 for a column that the file does not have, which reads as blank. */
  index: number;
  /** As the file writes it. */
  name: string;
}

/** The columns of a file, found by name and never by position. */
export class Header {
  readonly names: readonly string[];
  readonly line: number;
  readonly #byName = new Map<string, number[]>();

  constructor(names: readonly string[], line: number) {
    this.names = names.map((name) => name.replace(/^\ufeff/, '').trim());
    this.line = line;
    for (const [index, name] of this.names.entries()) {
      const key = normalise(name);
      if (key === '') continue;
      const there = this.#byName.get(key);
      if (there) there.push(index);
      else this.#byName.set(key, [index]);
    }
  }

  has(name: string): boolean {
    return this.#byName.has(normalise(name));
  }

  /** The first of these names that the file has; a blank column where it has none. Throws where that name stands twice. */
  column(...names: string[]): Column {
    for (const name of names) {
      const found = this.#byName.get(normalise(name));
      if (!found) continue;
      if (found.length > 1) {
        const places = found.map((index) => index + 1).join(' and ');
        throw new FileProblem(
          `the column "${this.names[found[0]!]}" is there ${found.length} times (columns ${places})`,
          'each column once',
          this.line,
        );
      }
      return { index: found[0]!, name: this.names[found[0]!]! };
    }
    return { index: -1, name: names[0]! };
  }

  keys(): string[] {
    return [...this.#byName.keys()];
  }
}
