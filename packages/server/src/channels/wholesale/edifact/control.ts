import type { ReceivedAcknowledgement } from '../documents.ts';
import { type Fault, type FaultKind, isGrave } from '../fault.ts';
import { at, type EdifactInterchange, type EdifactMessage, type EdifactSegment } from './interchange.ts';

/** 0085, syntax error codes (ISO 9735-4). */
const CODES: Readonly<Record<FaultKind, string>> = {
  segment_unknown: '15',
  segment_unexpected: '15',
  segment_missing: '13',
  segment_too_often: '35',
  segment_out_of_order: '15',
  element_missing: '13',
  element_not_used: '16',
  element_too_short: '40',
  element_too_long: '39',
  character_invalid: '21',
  code_invalid: '12',
  date_invalid: '12',
  time_invalid: '12',
  number_invalid: '19',
  condition_violated: '18',
  message_unsupported: '17',
  message_header_invalid: '12',
  message_trailer_missing: '13',
  message_control_differs: '28',
  message_count_differs: '29',
  group_unsupported: '17',
  group_trailer_missing: '13',
  group_control_differs: '28',
  group_count_differs: '29',
  control_repeated: '26',
  interchange_trailer_missing: '13',
  interchange_control_differs: '28',
  interchange_count_differs: '29',
  interchange_header_invalid: '12',
  interchange_unknown_partner: '23',
  interchange_wrong_usage: '25',
  interchange_repeated: '26',
  unreadable: '18',
};

const REJECTED = '4';
const ACKNOWLEDGED = '7';

/** CONTRL for an interchange: what is taken and, of the rest, what is wrong where. Its body, without UNH and UNT. */
export function control(
  interchange: EdifactInterchange,
  faults: readonly Fault[],
  messages: readonly { readonly message: EdifactMessage; readonly faults: readonly Fault[] }[],
): EdifactSegment[] {
  const { header } = interchange;
  const worst = faults.find((one) => one.grave);
  const uci: EdifactSegment = {
    tag: 'UCI',
    elements: [
      [at(header, 5).slice(0, 14)],
      header.elements[1] ?? [''],
      header.elements[2] ?? [''],
      [worst === undefined ? ACKNOWLEDGED : REJECTED],
      ...(worst === undefined ? [] : [[CODES[worst.kind]]]),
    ],
  };
  if (worst !== undefined) return [uci];
  return [uci, ...messages.flatMap((one) => told(one.message, one.faults))];
}

/** Messages that are taken whole need not be named; those with faults are, with their segments and elements. */
function told(message: EdifactMessage, faults: readonly Fault[]): EdifactSegment[] {
  const own = faults.find((one) => one.level === 'message');
  const ucm: EdifactSegment = {
    tag: 'UCM',
    elements: [
      [message.control.slice(0, 14)],
      [message.type, ...message.version.split(':').slice(0, 4)],
      [isGrave(faults) ? REJECTED : ACKNOWLEDGED],
      ...(own === undefined ? [] : [[CODES[own.kind]]]),
    ],
  };
  const bySegment = new Map<number, Fault[]>();
  for (const fault of faults) {
    if (fault.position === undefined) continue;
    bySegment.set(fault.position, [...(bySegment.get(fault.position) ?? []), fault]);
  }
  const inOrder = [...bySegment].sort(([a], [b]) => a - b).slice(0, 999);
  return [
    ucm,
    ...inOrder.flatMap(([position, list]) => {
      const segment = list.find((one) => one.level === 'segment');
      const elements = list.filter((one) => one.level === 'element').slice(0, 99);
      return [
        {
          tag: 'UCS',
          elements: [[String(position)], ...(segment === undefined ? [] : [[CODES[segment.kind]]])],
        },
        ...elements.map((one) => ({
          tag: 'UCD',
          elements: [
            [CODES[one.kind]],
            // The segment's tag is the first element as ISO 9735 counts.
            [String((one.element ?? 0) + 1), ...(one.component === undefined ? [] : [String(one.component)])],
          ],
        })),
      ];
    }),
  ];
}

/** A CONTRL of the partner's, about what it got from us. */
export function readControl(segments: readonly EdifactSegment[]): ReceivedAcknowledgement {
  const uci = segments.find((one) => one.tag === 'UCI');
  const group = uci === undefined ? '' : at(uci, 1);
  const messages: {
    group: string;
    message: string | null;
    verdict: 'accepted' | 'accepted_with_errors' | 'rejected';
    words: string[];
  }[] = [];
  const verdictOf = (code: string) => (code === REJECTED ? ('rejected' as const) : ('accepted' as const));
  if (uci !== undefined)
    messages.push({
      group,
      message: null,
      verdict: verdictOf(at(uci, 4)),
      words: at(uci, 5) === '' ? [] : [`The interchange was answered with code ${at(uci, 5)}.`],
    });
  let words: string[] = [];
  for (const segment of segments) {
    if (segment.tag === 'UCM') {
      words = at(segment, 4) === '' ? [] : [`The message was answered with code ${at(segment, 4)}.`];
      messages.push({ group, message: at(segment, 1), verdict: verdictOf(at(segment, 3)), words });
    } else if (segment.tag === 'UCS')
      words.push(`Segment ${at(segment, 1)}: code ${at(segment, 2) || 'none'}.`);
    else if (segment.tag === 'UCD')
      words.push(
        `Element ${at(segment, 2)}${at(segment, 2, 2) === '' ? '' : `, component ${at(segment, 2, 2)}`}: code ${at(segment, 1)}.`,
      );
  }
  return { kind: 'acknowledgement', messages };
}
