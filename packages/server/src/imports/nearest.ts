/** Searching the whole catalogue for each of thousands of wrong SKUs would take longer than the import itself. */
const SEARCHES = 200;

/** Finds the known code that a mistyped one probably meant: the same but for case and punctuation, or up to 2 edits away. */
export class Nearest {
  readonly #codes: Iterable<string>;
  readonly #found = new Map<string, string | null>();
  #plain: Map<string, string> | undefined;

  constructor(codes: Iterable<string>) {
    this.#codes = codes;
  }

  /** Null where nothing is near, or where enough has been searched for. */
  to(wrong: string): string | null {
    const known = this.#found.get(wrong);
    if (known !== undefined) return known;
    if (this.#found.size >= SEARCHES) return null;
    const found = this.#search(wrong);
    this.#found.set(wrong, found);
    return found;
  }

  #search(wrong: string): string | null {
    this.#plain ??= new Map([...this.#codes].map((code) => [plain(code), code]));
    const target = plain(wrong);
    const same = this.#plain.get(target);
    if (same !== undefined) return same;
    let best: string | null = null;
    let bestDistance = Math.min(2, Math.floor(target.length / 3)) + 1;
    for (const [candidate, code] of this.#plain) {
      if (Math.abs(candidate.length - target.length) >= bestDistance) continue;
      const distance = editDistance(candidate, target, bestDistance);
      if (distance < bestDistance) [best, bestDistance] = [code, distance];
    }
    return best;
  }
}

const plain = (code: string) => code.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** Edits (insert, delete, replace) between two words; gives up with `limit` as soon as it cannot be fewer. */
function editDistance(a: string, b: string, limit: number): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const cost = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
      next.push(cost);
      if (cost < least) least = cost;
    }
    if (least >= limit) return limit;
    row = next;
  }
  return row[b.length]!;
}
