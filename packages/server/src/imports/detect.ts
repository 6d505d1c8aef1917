import { amazonFbaInventory } from './amazon-fba-inventory.ts';
import { amazonOrders } from './amazon-orders.ts';
import { FIELDS, MAPPED_KINDS, type MappedKind } from './fields.ts';
import type { Format } from './format.ts';
import type { Header } from './header.ts';
import { items } from './items.ts';
import { type Guess, guessMapping, kindEvidence } from './mapping.ts';
import { type ImportOptions, type Kind, NeedsAnswer } from './options.ts';
import { orders } from './orders.ts';
import { channels, locations, suppliers } from './places.ts';
import { FileProblem } from './problem.ts';
import { purchaseOrders } from './purchase-orders.ts';
import { shopifyInventory } from './shopify-inventory.ts';
import { shopifyOrders } from './shopify-orders.ts';
import { shopifyProducts } from './shopify-products.ts';
import { stock } from './stock.ts';

/** Known by their columns, the most telling first. */
const FIXED: readonly Format[] = [
  shopifyOrders,
  shopifyProducts,
  amazonOrders,
  amazonFbaInventory,
  shopifyInventory,
  channels,
  locations,
  suppliers,
];
const MAPPED: Readonly<Record<MappedKind, Format>> = {
  purchase_orders: purchaseOrders,
  orders,
  stock,
  items,
};

export interface Recognised {
  format: Format;
  /** For mapped kinds: field → column. */
  mapping: Record<string, string> | null;
}

/** What a mapped file could not be read as without an answer: the guess goes along with the question. */
export class NeedsMapping extends NeedsAnswer {
  readonly kind: Kind;
  readonly mapping: Record<string, string>;
  constructor(kind: Kind, guess: Guess) {
    const said = guess.missing.map((field) => `${field}=COLUMN`).join(',');
    super(guess.missing, `which columns are ${guess.missing.join(', ')}? say --map "${said}"`);
    this.kind = kind;
    this.mapping = guess.mapping;
  }
}

/**
 * What kind of file this is: the one that was said, else the one whose columns are all there. Throws
 * {@link NeedsAnswer} where a person must choose or map, {@link FileProblem} where nothing fits.
 */
export function recognise(
  header: Header,
  samples: readonly string[][],
  said: Pick<ImportOptions, 'kind' | 'map' | 'channel' | 'supplier'>,
): Recognised {
  const fixed = FIXED.find((format) => format.kind === said.kind);
  if (fixed) {
    const lacking = missingColumns(fixed, header);
    if (lacking.length === 0) return { format: fixed, mapping: null };
    throw new FileProblem(
      `the file is not of the kind ${fixed.kind}: it lacks ${list(lacking)}`,
      `the columns of ${fixed.kind}`,
      header.line,
    );
  }
  if (said.kind !== undefined) {
    const kind = said.kind as MappedKind;
    const guess = guessMapping(kind, header, samples, said.map);
    if (guess.missing.length > 0) throw new NeedsMapping(kind, guess);
    return { format: MAPPED[kind], mapping: guess.mapping };
  }
  // a mapping that was said is of a mapped kind
  if (said.map === undefined) {
    const found = FIXED.find((format) => missingColumns(format, header).length === 0);
    if (found) return { format: found, mapping: null };
  }
  return recogniseMapped(header, samples, said);
}

function recogniseMapped(
  header: Header,
  samples: readonly string[][],
  said: Pick<ImportOptions, 'map' | 'channel' | 'supplier'>,
): Recognised {
  const { map } = said;
  const candidates = MAPPED_KINDS.filter((kind) => fitsKind(kind, map)).map((kind) => {
    const guess = guessMapping(kind, header, samples, map);
    const needed = FIELDS[kind].filter((field) => field.required).length;
    return {
      kind,
      guess,
      evidence: kindEvidence(kind, guess, said),
      share: 1 - guess.missing.length / needed,
    };
  });
  const byEvidence = (a: { evidence: number }, b: { evidence: number }) => b.evidence - a.evidence;
  const whole = candidates.filter(({ guess }) => guess.missing.length === 0).sort(byEvidence);
  const [best, second] = whole;
  if (best) {
    if (second && second.evidence === best.evidence) {
      throw new NeedsAnswer(
        ['kind'],
        `the columns fit ${best.kind} and ${second.kind}: say --kind ${best.kind} or --kind ${second.kind}`,
      );
    }
    return { format: MAPPED[best.kind], mapping: best.guess.mapping };
  }
  const nearly = candidates
    .filter(({ share, evidence }) => share >= 0.6 && evidence >= 7)
    .sort(byEvidence)[0];
  if (nearly) throw new NeedsMapping(nearly.kind, nearly.guess);
  throw new FileProblem(
    `the kind of this file is not recognised; closest: ${closest(header, candidates)}`,
    'a file of a known kind, or --kind with --map "field=COLUMN"',
    header.line,
  );
}

/** The kinds that came closest and the columns they lack. */
function closest(header: Header, candidates: { kind: Kind; guess: Guess; share: number }[]): string {
  const fixed = FIXED.map((format) => {
    const lacking = missingColumns(format, header);
    return { kind: format.kind, share: 1 - lacking.length / format.required.length, lacking };
  });
  const mapped = candidates.map(({ kind, guess, share }) => ({ kind, share, lacking: guess.missing }));
  return [...fixed, ...mapped]
    .sort((a, b) => b.share - a.share)
    .slice(0, 3)
    .map(({ kind, lacking }) => `${kind} (lacks ${list(lacking)})`)
    .join(', ');
}

function missingColumns(format: Format, header: Header): string[] {
  return format.required
    .filter((needed) => ![needed].flat().some((name) => header.has(name)))
    .map((needed) => [needed].flat().join(' or '));
}

const fitsKind = (kind: MappedKind, map: Readonly<Record<string, string>> = {}) =>
  Object.keys(map).every((name) => name.startsWith('@') || FIELDS[kind].some((field) => field.name === name));
const list = (names: string[]) => names.map((name) => `"${name}"`).join(', ');
