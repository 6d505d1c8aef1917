import { isDate } from '../dates.ts';
import { type Fault, type FaultKind, shown } from '../fault.ts';
import { arrange, type Loop } from '../structure.ts';
import { isCode } from './codes.ts';
import { at, type X12Delimiters, type X12Segment, type X12Transaction } from './interchange.ts';
import { CONDITIONS, SEGMENTS, type X12Element } from './segments.ts';
import { TRANSACTION_SETS } from './sets.ts';

/** Codes that a partner and the brand have agreed on beyond the standard's lists, by data element number. */
export type AgreedCodes = Readonly<Record<string, readonly string[]>>;

export interface Validated {
  readonly loop: Loop<X12Segment>;
  readonly faults: readonly Fault[];
}

/** Segments that decide what is ordered, from whom and when: what is wrong in them cannot be passed by. */
const DECISIVE = new Set(
  'ST SE BEG BCH BAK BCA BSN BIA PO1 POC ACK SCH SDQ HL LIN SN1 PRF QTY DTM CUR N1 AK1 AK2 AK3 AK4 AK5 AK9'.split(
    ' ',
  ),
);

/**
 * Holds a transaction set against Kept's own tables: which segments, in which order and how often, and of each element whether
 * it is there, its type, length and code. The parser looks at none of this.
 */
export function validate(
  transaction: X12Transaction,
  delimiters: X12Delimiters,
  agreed: AgreedCodes = {},
): Validated {
  const set = TRANSACTION_SETS.get(transaction.set);
  const steps = set?.steps ?? [];
  const { loop, faults } = arrange(
    steps,
    transaction.segments,
    (tag) => SEGMENTS.has(tag) || PASSED.has(tag),
  );
  const all: Fault[] = [...transaction.faults];
  if (set === undefined)
    return {
      loop,
      faults: [
        ...all,
        {
          kind: 'message_unsupported',
          level: 'message',
          grave: true,
          value: transaction.set,
          words: `Transaction set ${shown(transaction.set)} is none that Kept takes.`,
        },
      ],
    };
  all.push(...faults);
  for (const [index, segment] of transaction.segments.entries())
    all.push(...segmentFaults(segment, index + 1, delimiters, agreed));
  all.push(...totalFaults(loop, transaction));
  return { loop, faults: all };
}

/** Segments of the structures that are passed by without looking into them. */
const PASSED = new Set(
  [...TRANSACTION_SETS.values()].flatMap(({ steps }) => {
    const tags: string[] = [];
    const walk = (inner: typeof steps) => {
      for (const { tag, loop } of inner) {
        tags.push(tag);
        if (loop !== null) walk(loop);
      }
    };
    walk(steps);
    return tags;
  }),
);

function segmentFaults(
  segment: X12Segment,
  position: number,
  delimiters: X12Delimiters,
  agreed: AgreedCodes,
): Fault[] {
  const { tag, elements } = segment;
  const faults: Fault[] = [];
  const table = SEGMENTS.get(tag);
  const put = (kind: FaultKind, element: number, dictionary: string, words: string, grave: boolean) =>
    faults.push({
      kind,
      level: 'element',
      grave,
      segment: tag,
      position,
      element,
      ...(dictionary === '' ? {} : { dictionary }),
      ...(elements[element - 1] ? { value: elements[element - 1]! } : {}),
      words,
    });
  const decisive = DECISIVE.has(tag);
  for (const [index, value] of elements.entries()) {
    const name = `${tag}${String(index + 1).padStart(2, '0')}`;
    // A line end inside an element is a terminator that was lost, and with it a segment.
    if (/[\p{Cc}]/u.test(value)) {
      put(
        'character_invalid',
        index + 1,
        table?.[index]?.dictionary ?? '',
        `${name} holds a control character: ${shown(value)}.`,
        true,
      );
      continue;
    }
    if (table === undefined) continue;
    const element = table[index];
    if (element === undefined) {
      if (value !== '')
        put(
          'element_not_used',
          index + 1,
          '',
          `${tag} has no element ${index + 1}; it holds ${shown(value)}.`,
          false,
        );
      continue;
    }
    const fault = value === '' ? null : elementFault(element, value, delimiters, agreed);
    if (fault !== null)
      put(fault.kind, index + 1, element.dictionary, `${name} ${fault.words}`, decisive && fault.grave);
  }
  for (const [index, element] of (table ?? []).entries())
    if (element.mandatory && (elements[index] ?? '') === '')
      put(
        'element_missing',
        index + 1,
        element.dictionary,
        `${tag}${String(index + 1).padStart(2, '0')} is missing.`,
        decisive,
      );
  for (const condition of CONDITIONS[tag] ?? []) {
    const broken = conditionFault(segment, condition);
    if (broken !== null)
      put(broken.kind, broken.element, table?.[broken.element - 1]?.dictionary ?? '', broken.words, decisive);
  }
  return faults;
}

type Wrong = { kind: FaultKind; words: string; grave: boolean } | null;

function elementFault(
  { type, least, most, dictionary }: X12Element,
  value: string,
  { component }: X12Delimiters,
  agreed: AgreedCodes,
): Wrong {
  const wrong = (kind: FaultKind, words: string, grave = true): Wrong => ({ kind, words, grave });
  if (type !== 'C' && component !== '' && value.includes(component))
    return wrong('character_invalid', `holds the component separator: ${shown(value)}.`);
  // A sign and a decimal point do not count.
  const length =
    type === 'N' || type === 'R' ? value.replace(/^-/, '').replace('.', '').length : [...value].length;
  if (type === 'N' && !/^-?\d+$/.test(value))
    return wrong('number_invalid', `is no whole number: ${shown(value)}.`);
  if (type === 'R' && !/^-?(\d+\.?\d*|\.\d+)$/.test(value))
    return wrong('number_invalid', `is no number: ${shown(value)}.`);
  if (length > most)
    return wrong('element_too_long', `has ${length} characters, at most ${most}.`, type !== 'AN');
  if (length < least)
    return wrong('element_too_short', `has ${length} characters, at least ${least}.`, type !== 'AN');
  if (type === 'DT' && !isDate(value)) return wrong('date_invalid', `is no day: ${shown(value)}.`);
  if (type === 'TM' && !isTime(value)) return wrong('time_invalid', `is no time: ${shown(value)}.`);
  if (type === 'ID' && !isCode(dictionary, value, agreed[dictionary]))
    return wrong('code_invalid', `is no code of element ${dictionary}: ${shown(value)}.`);
  return null;
}

/** HHMM, HHMMSS or with decimals of a second. */
export const isTime = (value: string) => /^([01]\d|2[0-3])[0-5]\d([0-5]\d\d{0,2})?$/.test(value);

function conditionFault(
  segment: X12Segment,
  condition: string,
): { kind: FaultKind; element: number; words: string } | null {
  const rule = condition[0]!;
  const numbers = condition.slice(1).match(/\d\d/g)!.map(Number);
  const there = numbers.filter((n) => at(segment, n) !== '');
  const missing = numbers.filter((n) => at(segment, n) === '');
  const names = (list: readonly number[], word: string) =>
    list.map((n) => `${segment.tag}${String(n).padStart(2, '0')}`).join(` ${word} `);
  if (rule === 'P' && there.length > 0 && missing.length > 0)
    return {
      kind: 'condition_violated',
      element: missing[0]!,
      words: `${names(there, 'and')} needs ${names(missing, 'and')}.`,
    };
  if (rule === 'R' && there.length === 0)
    return {
      kind: 'condition_violated',
      element: numbers[0]!,
      words: `One of ${names(numbers, 'and')} must be there.`,
    };
  if (rule === 'C' && there.includes(numbers[0]!) && missing.length > 0)
    return {
      kind: 'condition_violated',
      element: missing[0]!,
      words: `${names([numbers[0]!], '')} needs ${names(missing, 'and')}.`,
    };
  return null;
}

/** CTT01 counts the lines; what it says and what is there must agree, or a line was lost. */
function totalFaults(loop: Loop<X12Segment>, { set, segments }: X12Transaction): Fault[] {
  const ctt = loop.inside('CTT')[0]?.segments[0] ?? loop.segments.find((one) => one.segment.tag === 'CTT');
  if (ctt === undefined) return [];
  const counted = { '850': 'PO1', '855': 'PO1', '860': 'POC', '865': 'POC', '856': 'HL', '846': 'LIN' }[set];
  const lines = segments.filter((one) => one.tag === counted).length;
  const said = at(ctt.segment, 1);
  if (counted === undefined || said === '' || Number(said) === lines) return [];
  return [
    {
      kind: 'number_invalid',
      level: 'element',
      grave: true,
      segment: 'CTT',
      position: ctt.position,
      element: 1,
      dictionary: '354',
      value: said,
      words: `CTT01 counts ${said} lines; there are ${lines}.`,
    },
  ];
}
