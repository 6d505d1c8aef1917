import Parser from 'edifact/parser.js';
import { type Fault, type FaultKind, shown } from '../fault.ts';
import { NoInterchange } from '../no-interchange.ts';
import {
  at,
  type EdifactDelimiters,
  type EdifactInterchange,
  type EdifactMessage,
  type EdifactSegment,
  USUAL,
} from './interchange.ts';

/**
 * Reads a file of one or more interchanges. The library `edifact` takes segments apart, one at a time, so that one that it
 * cannot read does not end the rest; how they nest, and whether counts and references agree, is looked at here.
 * @throws NoInterchange where there is no UNB segment
 */
export function readEdifact(text: string): EdifactInterchange[] {
  const found: EdifactInterchange[] = [];
  let rest = text.replace(/^[\ufeff\s]+/, '');
  if (!/^UN[AB]/.test(rest))
    throw new NoInterchange(`An EDIFACT file begins with UNA or UNB; this one begins ${shown(rest)}.`);
  while (/^UN[AB]/.test(rest)) {
    const { delimiters, length } = readAdvice(rest);
    const { pieces, end } = split(rest.slice(length), delimiters);
    found.push(nest(delimiters, pieces));
    rest = rest.slice(length + end).replace(/^\s+/, '');
  }
  if (rest !== '') {
    const last = found.pop()!;
    const words = `After the interchange's end there is more that is no interchange: ${shown(rest)}.`;
    found.push({ ...last, faults: [...last.faults, fault('unreadable', 'interchange', words, false)] });
  }
  return found;
}

function fault(kind: FaultKind, level: Fault['level'], words: string, grave = true): Fault {
  return { kind, level, grave, words };
}

/** UNA, the service string advice: nine characters, of which the last six are delimiters. */
function readAdvice(text: string): { delimiters: EdifactDelimiters; length: number } {
  if (!text.startsWith('UNA')) return { delimiters: USUAL, length: 0 };
  const [component, element, decimal, release, , segment] = text.slice(3, 9);
  const all = [component, element, release, segment];
  // Letters and digits would be data, and what is special in a pattern the library cannot use.
  const usable = (one: string | undefined) => one !== undefined && /[^A-Za-z0-9\s\\\]^\-\p{Cc}]/u.test(one);
  const distinct = new Set(all.filter((one) => one !== ' ')).size === all.filter((one) => one !== ' ').length;
  if (!distinct || ![component, element, segment].every(usable) || !(release === ' ' || usable(release)))
    throw new NoInterchange(`${shown(text.slice(0, 9))} names delimiters that cannot be told from data.`);
  return {
    delimiters: {
      component: component!,
      element: element!,
      decimal: decimal === ',' ? ',' : '.',
      release: release === ' ' ? '' : release!,
      segment: segment!,
    },
    length: 9,
  };
}

interface Piece {
  readonly text: string;
  /** Whether its terminator is there. */
  readonly ended: boolean;
}

/** The interchange's segments as text, up to and with UNZ. */
function split(
  text: string,
  { segment, release, element }: EdifactDelimiters,
): { pieces: Piece[]; end: number } {
  const pieces: Piece[] = [];
  let begin = 0;
  for (let index = 0; index <= text.length; index++) {
    const one = text[index];
    if (one === release && release !== '') {
      index++;
      continue;
    }
    if (one !== segment && index < text.length) continue;
    const piece = text.slice(begin, index).replace(/^\s+/, '');
    begin = index + 1;
    if (piece !== '') pieces.push({ text: piece, ended: index < text.length });
    if (piece.startsWith(`UNZ${element}`)) return { pieces, end: begin };
  }
  return { pieces, end: text.length };
}

/** Takes one segment apart with the library. */
function segmentReader(delimiters: EdifactDelimiters): (piece: string) => EdifactSegment {
  let tag = '';
  let elements: string[][] = [];
  const parser = new Parser();
  parser.configure({
    segmentTerminator: delimiters.segment.charCodeAt(0),
    dataElementSeparator: delimiters.element.charCodeAt(0),
    componentDataSeparator: delimiters.component.charCodeAt(0),
    decimalMark: delimiters.decimal.charCodeAt(0),
    // Where nothing releases, a character that no text holds.
    releaseCharacter: delimiters.release === '' ? 0xfffe : delimiters.release.charCodeAt(0),
  });
  // The widest there is: which characters an interchange may hold is looked at afterwards.
  parser.encoding('UCS2');
  parser.onopensegment = (name) => {
    tag = name;
    elements = [];
  };
  parser.onelement = () => {
    elements.push([]);
  };
  parser.oncomponent = (value) => {
    elements.at(-1)!.push(value);
  };
  parser.onclosesegment = () => {};
  return (piece) => {
    tag = '';
    elements = [];
    parser.write(piece + delimiters.segment);
    parser.end();
    // A service string advice where it does not belong is no segment to the library, and would change its delimiters.
    if (tag === '') throw new Error('there is no segment');
    return { tag, elements: trimTail(elements.map(trimComponents)) };
  };
}

/** Components and elements left empty at the end say nothing. */
function trimComponents(components: readonly string[]): string[] {
  let length = components.length;
  while (length > 1 && components[length - 1] === '') length--;
  return components.slice(0, length);
}

function trimTail(elements: readonly string[][]): string[][] {
  let length = elements.length;
  while (length > 0 && elements[length - 1]!.every((one) => one === '')) length--;
  return elements.slice(0, length);
}

function nest(delimiters: EdifactDelimiters, pieces: readonly Piece[]): EdifactInterchange {
  const faults: Fault[] = [];
  const messages: EdifactMessage[] = [];
  let read = segmentReader(delimiters);
  let header: EdifactSegment | null = null;
  let trailer: EdifactSegment | null = null;
  let groups = 0;
  let groupTrailer: { header: EdifactSegment; messages: number } | null = null;
  let open: { segments: EdifactSegment[]; faults: Fault[] } | null = null;
  const endMessage = (ended: boolean) => {
    if (open === null) return;
    messages.push(messageOf(open.segments, open.faults, ended));
    open = null;
  };
  for (const { text, ended } of pieces) {
    const tag = /^[A-Z]{0,3}/.exec(text)![0];
    let segment: EdifactSegment = { tag, elements: [] };
    const own: Fault[] = [];
    const words =
      lineFault(text) ?? (ended ? null : `${shown(text)} has no terminator: the file ends in it.`);
    if (words !== null) own.push(fault('character_invalid', 'segment', words));
    try {
      segment = read(text);
    } catch {
      own.push(fault('character_invalid', 'segment', `${shown(text)} cannot be read as a segment.`));
      read = segmentReader(delimiters);
    }
    if (header === null) {
      if (segment.tag !== 'UNB') throw new NoInterchange(`UNB is expected first, not ${shown(text)}.`);
      header = segment;
      faults.push(...own.map((one): Fault => ({ ...one, level: 'interchange' })));
    } else if (segment.tag === 'UNZ') {
      endMessage(false);
      trailer = segment;
    } else if (segment.tag === 'UNG') {
      endMessage(false);
      groups++;
      groupTrailer = { header: segment, messages: messages.length };
    } else if (segment.tag === 'UNE') {
      endMessage(false);
      if (groupTrailer !== null)
        faults.push(...groupFaults(groupTrailer.header, segment, messages.length - groupTrailer.messages));
      groupTrailer = null;
    } else if (segment.tag === 'UNH') {
      endMessage(false);
      open = { segments: [segment], faults: [] };
    } else if (open === null) {
      faults.push(
        fault('segment_unexpected', 'interchange', `${shown(segment.tag)} stands outside of a message.`),
      );
    } else {
      (open as { segments: EdifactSegment[] }).segments.push(segment);
      if (segment.tag === 'UNT') endMessage(true);
    }
    const inMessage = open as { segments: EdifactSegment[]; faults: Fault[] } | null;
    if (inMessage !== null)
      inMessage.faults.push(
        ...own.map((one) => ({ ...one, segment: segment.tag, position: inMessage.segments.length })),
      );
    else if (segment !== header) faults.push(...own.map((one): Fault => ({ ...one, level: 'interchange' })));
  }
  endMessage(false);
  if (header === null) throw new NoInterchange('There is no UNB segment.');
  faults.push(...interchangeFaults(header, trailer, groups > 0 ? groups : messages.length));
  for (const [n, message] of messages.entries())
    if (messages.findIndex((one) => one.control === message.control) < n)
      faults.push(
        fault(
          'control_repeated',
          'interchange',
          `Message reference ${shown(message.control)} is there twice.`,
        ),
      );
  return { delimiters, header, messages, faults };
}

/** A control character; and a line that begins like a segment, where a terminator was lost. */
function lineFault(text: string): string | null {
  if (/[^\P{Cc}\r\n]/u.test(text)) return `${shown(text)} holds a control character.`;
  return /[\r\n]\s*[A-Z]{3}\+/.test(text)
    ? `${shown(text)} holds another segment: a terminator is missing.`
    : null;
}

function messageOf(
  segments: readonly EdifactSegment[],
  own: readonly Fault[],
  ended: boolean,
): EdifactMessage {
  const header = segments[0]!;
  const trailer = segments.at(-1)!;
  const control = at(header, 1);
  const type = at(header, 2);
  const faults = [...own];
  if (!/^[A-Z]{6}$/.test(type))
    faults.push(fault('message_header_invalid', 'message', `UNH names the message type ${shown(type)}.`));
  if (control === '')
    faults.push(fault('message_control_differs', 'message', 'The message has no reference (0062).'));
  if (!ended)
    faults.push(fault('message_trailer_missing', 'message', `Message ${shown(control)} has no UNT.`));
  else {
    if (at(trailer, 2) !== control)
      faults.push(
        fault(
          'message_control_differs',
          'message',
          `UNT names ${shown(at(trailer, 2))} and UNH ${shown(control)}.`,
        ),
      );
    if (!/^\d{1,10}$/.test(at(trailer, 1)) || Number(at(trailer, 1)) !== segments.length)
      faults.push(
        fault(
          'message_count_differs',
          'message',
          `UNT counts ${shown(at(trailer, 1))} segments; there are ${segments.length}.`,
        ),
      );
  }
  const version = (header.elements[1] ?? []).slice(1).join(':');
  return { type, version, control, segments, faults };
}

function groupFaults(header: EdifactSegment, trailer: EdifactSegment, messages: number): Fault[] {
  const faults: Fault[] = [];
  if (at(trailer, 2) !== at(header, 5))
    faults.push(
      fault(
        'group_control_differs',
        'interchange',
        `UNE names ${shown(at(trailer, 2))} and UNG ${shown(at(header, 5))}.`,
      ),
    );
  if (Number(at(trailer, 1)) !== messages)
    faults.push(
      fault(
        'group_count_differs',
        'interchange',
        `UNE counts ${shown(at(trailer, 1))} messages; there are ${messages}.`,
      ),
    );
  return faults;
}

function interchangeFaults(header: EdifactSegment, trailer: EdifactSegment | null, inside: number): Fault[] {
  const control = at(header, 5);
  const faults: Fault[] = [];
  const put = (kind: FaultKind, words: string) => faults.push(fault(kind, 'interchange', words));
  if (!/^UNO[A-Z]$|^UCS2$/.test(at(header, 1)))
    put('interchange_header_invalid', `UNB names the syntax ${shown(at(header, 1))}.`);
  if (control === '') put('interchange_header_invalid', 'The interchange has no reference (0020).');
  if (trailer === null) put('interchange_trailer_missing', `Interchange ${shown(control)} has no UNZ.`);
  else {
    if (at(trailer, 2) !== control)
      put('interchange_control_differs', `UNZ names ${shown(at(trailer, 2))} and UNB ${shown(control)}.`);
    if (!/^\d{1,6}$/.test(at(trailer, 1)) || Number(at(trailer, 1)) !== inside)
      put('interchange_count_differs', `UNZ counts ${shown(at(trailer, 1))}; there are ${inside}.`);
  }
  return faults;
}
