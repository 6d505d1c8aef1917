/**
 * Which keys were seen, and on which line first: 12 bytes a slot instead of the strings, so that the references of
 * a file of millions of orders fit. Keys are told apart by 64 bits of hash: two of 10 million collide with a chance
 * of 3 in a million, and no caller loses more by it than an order that is read later, or a row told as a repeat.
 */
export class HashedSet {
  #high = new Uint32Array(1024);
  #low = new Uint32Array(1024);
  #line = new Uint32Array(1024);
  size = 0;

  /** Remembers the key; answers 0 if it is new, else the line it was first seen on (1 or more). */
  add(key: string, line: number): number {
    if (this.size * 5 > this.#line.length * 3) this.#grow();
    const [high, low] = hash(key);
    const slot = this.#slot(high, low);
    if (this.#line[slot] !== 0) return this.#line[slot]!;
    this.#high[slot] = high;
    this.#low[slot] = low;
    this.#line[slot] = line;
    this.size++;
    return 0;
  }

  /** The line the key was first seen on, 0 if never. */
  seenOn(key: string): number {
    const [high, low] = hash(key);
    return this.#line[this.#slot(high, low)]!;
  }

  #slot(high: number, low: number): number {
    const mask = this.#line.length - 1;
    let slot = low & mask;
    while (this.#line[slot] !== 0 && (this.#high[slot] !== high || this.#low[slot] !== low))
      slot = (slot + 1) & mask;
    return slot;
  }

  #grow(): void {
    const [high, low, line] = [this.#high, this.#low, this.#line];
    this.#high = new Uint32Array(line.length * 2);
    this.#low = new Uint32Array(line.length * 2);
    this.#line = new Uint32Array(line.length * 2);
    for (let old = 0; old < line.length; old++) {
      if (line[old] === 0) continue;
      const slot = this.#slot(high[old]!, low[old]!);
      this.#high[slot] = high[old]!;
      this.#low[slot] = low[old]!;
      this.#line[slot] = line[old]!;
    }
  }
}

const pair: [number, number] = [0, 0];

/** Two 32-bit hashes of different multipliers (FNV-1a's and Murmur's), each finished by Murmur3's mixer. */
function hash(key: string): [number, number] {
  let a = 0x811c9dc5;
  let b = 0x9747b28c;
  for (let index = 0; index < key.length; index++) {
    const unit = key.charCodeAt(index);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ unit, 0x5bd1e995);
    b ^= b >>> 13;
  }
  pair[0] = mix(a ^ key.length);
  pair[1] = mix(b);
  return pair;
}

function mix(value: number): number {
  let mixed = value;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
