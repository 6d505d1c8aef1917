/** A chance that can be begun again by its seed (mulberry32). */
export class Chance {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** 0 to below 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let mixed = this.state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  }

  below(limit: number): number {
    return Math.floor(this.next() * limit);
  }

  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }
}

type Mutation = (text: string, chance: Chance, other: string) => string;

const PIECES = [
  '*',
  '~',
  '>',
  '^',
  '+',
  ':',
  "'",
  '?',
  '\n',
  '\r\n',
  '\t',
  '\u0000',
  '\u0004',
  '\u001d',
  '\u00a0',
  '\ufeff',
  'é',
  '€',
  '𝄞',
  '\ud800',
  '-1',
  '0',
  '99999999999',
  '1e9',
  'NaN',
  '',
  'ISA*',
  'IEA*',
  'SE*',
  'UNB+',
  "UNZ+'",
  'GS*PO',
  'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  '20260230',
  '...',
  ',5',
];

/** What happens to files on their way, and what a hand that knows the format would do to them. */
const MUTATIONS: readonly Mutation[] = [
  // Cut.
  (text, chance) => text.slice(0, chance.below(text.length + 1)),
  (text, chance) => text.slice(chance.below(text.length)),
  // A piece goes, comes, or comes twice.
  (text, chance) => {
    const [a, b] = twoPlaces(text, chance, 12);
    return text.slice(0, a) + text.slice(b);
  },
  (text, chance) => {
    const at = chance.below(text.length + 1);
    return text.slice(0, at) + chance.of(PIECES) + text.slice(at);
  },
  (text, chance) => {
    const [a, b] = twoPlaces(text, chance, 200);
    return text.slice(0, b) + text.slice(a, b).repeat(1 + chance.below(4)) + text.slice(b);
  },
  // One character is another.
  (text, chance) => {
    const at = chance.below(text.length);
    return text.slice(0, at) + String.fromCharCode(chance.below(256)) + text.slice(at + 1);
  },
  // Segments go, come twice, or change places.
  onSegments((segments, chance) => segments.splice(chance.below(segments.length), 1)),
  onSegments((segments, chance) => segments.splice(chance.below(segments.length), 0, chance.of(segments))),
  onSegments((segments, chance) => {
    const [a, b] = [chance.below(segments.length), chance.below(segments.length)];
    [segments[a], segments[b]] = [segments[b]!, segments[a]!];
  }),
  // An element is another, or empty.
  onSegments((segments, chance) => {
    const at = chance.below(segments.length);
    const separator = segments[at]!.includes('*') ? '*' : '+';
    const elements = segments[at]!.split(separator);
    elements[chance.below(elements.length)] = chance.of(PIECES);
    segments[at] = elements.join(separator);
  }),
  // A delimiter is another everywhere.
  (text, chance) =>
    text.replaceAll(
      chance.of(['*', '~', '>', '+', "'", ':']),
      chance.of(['|', '\u001d', '\n', ';', '!', '%', '\\', ']', '^', '-']),
    ),
  // Two files in one.
  (text, chance, other) => text.slice(0, chance.below(text.length)) + other.slice(chance.below(other.length)),
  (text, _chance, other) => `${text}\n${other}`,
];

function twoPlaces(text: string, chance: Chance, apart: number): [number, number] {
  const a = chance.below(text.length + 1);
  return [a, Math.min(text.length, a + 1 + chance.below(apart))];
}

function onSegments(change: (segments: string[], chance: Chance) => unknown): Mutation {
  return (text, chance) => {
    const end = text.includes('~') ? '~' : "'";
    const segments = text.split(end);
    change(segments, chance);
    return segments.join(end);
  };
}

/** A file after some things have happened to it: none at all now and then. */
export function mutate(corpus: readonly string[], chance: Chance): string {
  let text = chance.of(corpus);
  for (let times = chance.below(5); times > 0 && text.length > 0; times--)
    text = chance.of(MUTATIONS)(text, chance, chance.of(corpus)).slice(0, 200_000);
  return text;
}
