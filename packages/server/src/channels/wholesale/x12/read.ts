import { X12Parser } from 'node-x12';
import { type Fault, shown } from '../fault.ts';
import { NoInterchange } from '../no-interchange.ts';
import {
  at,
  ISA,
  sameControl,
  type X12Delimiters,
  type X12Interchange,
  type X12Segment,
  type X12Transaction,
} from './interchange.ts';

/** The widths of ISA01 to ISA16. */
const WIDTHS = [2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1] as const;
const BLANK = /[\s\u00a0]/;
const FILLING = /^[\s\u00a0]+|[\s\u00a0]+$/g;

/**
 * Reads a file of one or more interchanges. node-x12 takes segments and elements apart; how they nest, and whether counts and
 * control numbers agree, is looked at here, so that each disagreement is a fault with its place and nothing is dropped.
 * @throws NoInterchange where there is no ISA segment
 */
export function readX12(text: string): X12Interchange[] {
  const found: X12Interchange[] = [];
  let rest = text.replace(/^\ufeff/, '');
  for (;;) {
    const begin = skipBlank(rest);
    rest = rest.slice(begin);
    if (rest === '') break;
    if (!rest.startsWith('ISA') && found.length > 0) {
      const last = found.at(-1)!;
      found[found.length - 1] = {
        ...last,
        faults: [...last.faults, trailing(rest)],
      };
      break;
    }
    const { delimiters, header, end, faults } = readHeader(rest);
    const next = nextHeader(rest, end, delimiters);
    const body = rest.slice(end, next);
    found.push(nest(header, delimiters, segmentsOf(body, delimiters), faults));
    rest = rest.slice(next);
  }
  if (found.length === 0) throw new NoInterchange('The file is empty.');
  return found;
}

function skipBlank(text: string): number {
  let index = 0;
  while (index < text.length && BLANK.test(text[index]!)) index++;
  return index;
}

const trailing = (text: string): Fault => ({
  kind: 'unreadable',
  level: 'interchange',
  grave: false,
  words: `After the interchange's end there is more that is no interchange: ${shown(text)}.`,
});

/** Delimiters come from the ISA segment by its sixteen separators, not by its columns: fillers are lost or widened on the way. */
function readHeader(text: string): {
  delimiters: X12Delimiters;
  header: X12Segment;
  end: number;
  faults: Fault[];
} {
  const element = text[3] ?? '';
  if (!text.startsWith('ISA') || element === '' || /[A-Za-z0-9\s]/.test(element))
    throw new NoInterchange(`An X12 file begins with ISA and a separator; this one begins ${shown(text)}.`);
  const parts: string[] = [];
  let index = 4;
  while (parts.length < 15) {
    const next = text.indexOf(element, index);
    if (next < 0 || next - index > 60)
      throw new NoInterchange(`The ISA segment ends after ${parts.length} of its 16 elements.`);
    parts.push(text.slice(index, next));
    index = next + 1;
  }
  const [component, segment, end] = separatorsAt(text, index);
  if (segment === '') throw new NoInterchange('The ISA segment has no terminator.');
  if (/[A-Za-z0-9 ]/.test(segment) || segment === element)
    throw new NoInterchange(`${shown(segment)} cannot be a segment terminator.`);
  const faults = parts.flatMap((part, n) => widthFault(part, n));
  if (component === '')
    faults.push(headerFault(16, '', 'ISA16, the component separator, is empty.', 'element_missing'));
  const trimmed = parts.map((part) => part.replace(FILLING, ''));
  const repeats = trimmed[ISA.repetition] ?? '';
  const repetition = /^[^A-Za-z0-9\s]$/.test(repeats) ? repeats : null;
  const header = { tag: 'ISA', elements: [...trimmed, component] };
  return { delimiters: { element, component, segment, repetition }, header, end, faults };
}

/** ISA16 and the terminator; the first may be missing, and then the terminator stands in its place. */
function separatorsAt(text: string, index: number): [component: string, segment: string, end: number] {
  const [first = '', second = ''] = [text[index], text[index + 1]];
  const rest = text.slice(index + 1, index + 2000);
  // Where line ends are the terminators, what stands before GS is ISA16 all the same: it ends no other segment.
  const ends = (pattern: RegExp) => pattern.test(rest) && first !== '';
  const mark = first.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  const alone = ends(/^\s*IEA[^A-Za-z0-9]/) || ends(new RegExp(`${mark}\\s*(ST|SE|GE|IEA)[^A-Za-z0-9]`));
  if (alone && ends(/^\s*(GS|TA1|IEA)[^A-Za-z0-9]/)) return ['', first, index + 1];
  return [first, second, index + 2];
}

function widthFault(part: string, n: number): Fault[] {
  const width = WIDTHS[n]!;
  // A filler of no-break spaces, or one that was cut, leaves the value whole: it is noted.
  if (part.length === width) return [];
  const value = part.replace(FILLING, '');
  const words = `ISA${String(n + 1).padStart(2, '0')} is ${part.length} characters wide, not ${width}.`;
  const grave = value.length > width;
  return [{ ...headerFault(n + 1, value, words, 'interchange_header_invalid'), grave }];
}

function headerFault(element: number, value: string, words: string, kind: Fault['kind']): Fault {
  return { kind, level: 'interchange', grave: false, segment: 'ISA', position: 1, element, value, words };
}

/** Where the next interchange begins in the same file, if there is one. */
function nextHeader(text: string, from: number, { element, segment }: X12Delimiters): number {
  for (let index = from; ; ) {
    const end = text.indexOf(segment, index);
    if (end < 0) return text.length;
    const begin = end + 1 + skipBlank(text.slice(end + 1, end + 200));
    if (text.startsWith(`ISA${element}`, begin)) return begin;
    index = end + 1;
  }
}

/** The segments after ISA. What has no separator at all has no elements; blanks between segments are layout. */
function segmentsOf(body: string, delimiters: X12Delimiters): X12Segment[] {
  const { element, segment } = delimiters;
  const pieces = body.split(segment).map((piece) => piece.slice(skipBlank(piece)));
  const filled = pieces.filter((piece) => piece !== '');
  if (filled.length === 0) return [];
  // The parser takes a segment to have at least one element.
  const whole = filled.map((piece) => (piece.includes(element) ? piece : `${piece}${element}`));
  const parser = new X12Parser(false, 'utf8', {
    elementDelimiter: element,
    segmentTerminator: segment,
    subElementDelimiter: delimiters.component,
    repetitionDelimiter: delimiters.repetition ?? '^',
    endOfLine: '',
    format: false,
  } as never);
  // It looks for an ISA before anything else, and changes the numbers in it: this one is only for it. With less than 113
  // characters it does not begin.
  parser.write(`${isaOf(delimiters)}${' '.repeat(10)}${whole.map((one) => one + segment).join('')}`);
  const read: X12Segment[] = [];
  for (let one = parser.read(); one !== null; one = parser.read()) read.push(plain(one));
  parser.destroy();
  const segments = read.slice(1);
  if (segments.length !== filled.length)
    throw new Error(`node-x12 made ${segments.length} segments of ${filled.length}`);
  return segments.map((one, n) => {
    const [tag, ...elements] = filled[n]!.split(element) as [string, ...string[]];
    // Of IEA02 it makes a number, and so NaN of what is none; and of a tag with a line end in it, another tag.
    return one.tag === 'IEA' || /\s/.test(tag) ? { tag, elements: trimTail(elements) } : one;
  });
}

function plain(segment: { tag: string; elements: readonly { value: string }[] }): X12Segment {
  return { tag: segment.tag, elements: trimTail(segment.elements.map((one) => one.value)) };
}

/** Empty elements at the end say nothing. */
function trimTail(elements: readonly string[]): string[] {
  let length = elements.length;
  while (length > 0 && elements[length - 1] === '') length--;
  return elements.slice(0, length);
}

const isaOf = ({ element, component, segment }: X12Delimiters) =>
  `ISA${element}${WIDTHS.slice(0, 15)
    .map((width) => '0'.repeat(width))
    .join(element)}${element}${component === '' ? ':' : component}${segment}`;

interface OpenGroup {
  header: X12Segment;
  transactions: X12Transaction[];
  faults: Fault[];
}

/** Nests segments by their envelopes. What stands outside of them is a fault of the interchange, and is named. */
function nest(
  header: X12Segment,
  delimiters: X12Delimiters,
  segments: readonly X12Segment[],
  headerFaults: readonly Fault[],
): X12Interchange {
  const faults: Fault[] = [...headerFaults];
  const groups: OpenGroup[] = [];
  const acknowledgements: X12Segment[] = [];
  let group: OpenGroup | null = null;
  let open: X12Segment[] | null = null;
  let trailer: X12Segment | null = null;
  const outside = (level: 'interchange' | 'group', { tag }: X12Segment, words: string) =>
    (level === 'group' ? group!.faults : faults).push({
      kind: 'segment_unexpected',
      level,
      grave: true,
      segment: tag,
      words,
    });
  const endTransaction = (last: X12Segment | null) => {
    if (open === null) return;
    group!.transactions.push(transactionOf(last === null ? open : [...open, last], last !== null));
    open = null;
  };
  const endGroup = (last: X12Segment | null) => {
    endTransaction(null);
    if (group === null) return;
    group.faults.push(...groupFaults(group, last));
    group = null;
  };
  for (const segment of segments) {
    if (trailer !== null)
      outside('interchange', segment, `${segment.tag} stands after the interchange's end.`);
    else if (segment.tag === 'TA1') acknowledgements.push(segment);
    else if (segment.tag === 'GS') {
      endGroup(null);
      group = { header: segment, transactions: [], faults: [] };
      groups.push(group);
    } else if (segment.tag === 'IEA') {
      endGroup(null);
      trailer = segment;
    } else if (group === null)
      outside('interchange', segment, `${segment.tag} stands outside of a functional group.`);
    else if (segment.tag === 'GE') endGroup(segment);
    else if (segment.tag === 'ST') {
      endTransaction(null);
      open = [segment];
    } else if (open === null)
      outside('group', segment, `${segment.tag} stands outside of a transaction set.`);
    else if (segment.tag === 'SE') endTransaction(segment);
    else (open as X12Segment[]).push(segment);
  }
  endGroup(null);
  faults.push(...interchangeFaults(header, groups.length, trailer));
  faults.push(...repeated(groups.map((one) => at(one.header, 6))));
  return { delimiters, header, groups, acknowledgements, faults };
}

function transactionOf(segments: readonly X12Segment[], ended: boolean): X12Transaction {
  const [header] = segments;
  const trailer = segments.at(-1)!;
  const [set, control] = [at(header!, 1), at(header!, 2)];
  const fault = (kind: Fault['kind'], words: string): Fault => ({
    kind,
    level: 'message',
    grave: true,
    words,
  });
  const faults: Fault[] = [];
  if (!/^\d{3}$/.test(set)) faults.push(fault('message_header_invalid', `ST01 is ${shown(set)}.`));
  if (control === '') faults.push(fault('message_control_differs', 'ST02, the control number, is missing.'));
  if (!ended) {
    faults.push(fault('message_trailer_missing', `Transaction set ${shown(control)} has no SE.`));
    return { set, control, segments, faults };
  }
  if (at(trailer, 2) !== control)
    faults.push(
      fault('message_control_differs', `SE02 is ${shown(at(trailer, 2))} and ST02 ${shown(control)}.`),
    );
  if (!/^\d{1,10}$/.test(at(trailer, 1)) || Number(at(trailer, 1)) !== segments.length)
    faults.push(
      fault(
        'message_count_differs',
        `SE01 counts ${shown(at(trailer, 1))} segments; there are ${segments.length}.`,
      ),
    );
  return { set, control, segments, faults };
}

function groupFaults({ header, transactions }: OpenGroup, trailer: X12Segment | null): Fault[] {
  const fault = (kind: Fault['kind'], words: string): Fault => ({ kind, level: 'group', grave: true, words });
  const control = at(header, 6);
  const twice = repeated(transactions.map((one) => one.control)).map(
    (one): Fault => ({ ...one, level: 'group' }),
  );
  if (trailer === null)
    return [fault('group_trailer_missing', `Functional group ${shown(control)} has no GE.`), ...twice];
  const faults = twice;
  if (!sameControl(at(trailer, 2), control))
    faults.push(
      fault('group_control_differs', `GE02 is ${shown(at(trailer, 2))} and GS06 ${shown(control)}.`),
    );
  if (!/^\d{1,6}$/.test(at(trailer, 1)) || Number(at(trailer, 1)) !== transactions.length)
    faults.push(
      fault(
        'group_count_differs',
        `GE01 counts ${shown(at(trailer, 1))} transaction sets; there are ${transactions.length}.`,
      ),
    );
  return faults;
}

function interchangeFaults(header: X12Segment, groups: number, trailer: X12Segment | null): Fault[] {
  const fault = (kind: Fault['kind'], words: string): Fault => ({
    kind,
    level: 'interchange',
    grave: true,
    words,
  });
  const control = header.elements[ISA.control] ?? '';
  const faults: Fault[] = [];
  if (!/^\d{1,9}$/.test(control))
    faults.push(fault('interchange_header_invalid', `ISA13, the control number, is ${shown(control)}.`));
  if (trailer === null)
    return [...faults, fault('interchange_trailer_missing', `Interchange ${shown(control)} has no IEA.`)];
  if (!sameControl(at(trailer, 2), control))
    faults.push(
      fault('interchange_control_differs', `IEA02 is ${shown(at(trailer, 2))} and ISA13 ${shown(control)}.`),
    );
  if (!/^\d{1,5}$/.test(at(trailer, 1)) || Number(at(trailer, 1)) !== groups)
    faults.push(
      fault(
        'interchange_count_differs',
        `IEA01 counts ${shown(at(trailer, 1))} groups; there are ${groups}.`,
      ),
    );
  return faults;
}

function repeated(controls: readonly string[]): Fault[] {
  const twice = controls.filter((one, n) => controls.findIndex((other) => sameControl(other, one)) < n);
  return [...new Set(twice)].map((one) => ({
    kind: 'control_repeated',
    level: 'interchange',
    grave: true,
    words: `Control number ${shown(one)} is there twice.`,
  }));
}
