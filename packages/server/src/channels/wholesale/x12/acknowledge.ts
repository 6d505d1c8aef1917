import type { ReceivedAcknowledgement } from '../documents.ts';
import { type Fault, type FaultKind, isGrave } from '../fault.ts';
import { at, ISA, type X12Group, type X12Segment } from './interchange.ts';

/** AK304, syntax errors of a segment. */
const SEGMENT_CODES: Partial<Record<FaultKind, string>> = {
  segment_unknown: '1',
  segment_unexpected: '2',
  segment_missing: '3',
  segment_too_often: '5',
  segment_out_of_order: '7',
};
/** AK403, syntax errors of an element. */
const ELEMENT_CODES: Partial<Record<FaultKind, string>> = {
  element_missing: '1',
  condition_violated: '2',
  element_not_used: '3',
  element_too_short: '4',
  element_too_long: '5',
  character_invalid: '6',
  number_invalid: '6',
  code_invalid: '7',
  date_invalid: '8',
  time_invalid: '9',
};
/** AK502 and on, of a transaction set. */
const SET_CODES: Partial<Record<FaultKind, string>> = {
  message_unsupported: '1',
  message_trailer_missing: '2',
  message_control_differs: '3',
  message_count_differs: '4',
  message_header_invalid: '6',
};
/** AK905 and on, of a functional group. */
const GROUP_CODES: Partial<Record<FaultKind, string>> = {
  group_unsupported: '1',
  group_trailer_missing: '3',
  group_control_differs: '4',
  group_count_differs: '5',
  control_repeated: '19',
};
/** TA105, of an interchange. */
const INTERCHANGE_CODES: Partial<Record<FaultKind, string>> = {
  interchange_control_differs: '001',
  interchange_trailer_missing: '023',
  interchange_count_differs: '021',
  interchange_repeated: '025',
  interchange_unknown_partner: '006',
  interchange_wrong_usage: '020',
  interchange_header_invalid: '018',
  element_missing: '027',
  segment_unexpected: '022',
  unreadable: '022',
  control_repeated: '022',
};

export interface CheckedGroup {
  readonly group: X12Group;
  readonly transactions: readonly {
    readonly set: string;
    readonly control: string;
    readonly faults: readonly Fault[];
  }[];
}

/** The 997 for a functional group: what is accepted and, of the rest, what is wrong where. Its body, without ST and SE. */
export function acknowledge997({ group, transactions }: CheckedGroup): X12Segment[] {
  const groupGrave = isGrave(group.faults);
  const told = transactions.map((one) => {
    const grave = groupGrave || isGrave(one.faults);
    return { ...one, verdict: grave ? 'R' : one.faults.length > 0 ? 'E' : 'A' };
  });
  const accepted = told.filter((one) => one.verdict !== 'R').length;
  const verdict =
    told.length === 0 || accepted === 0
      ? 'R'
      : accepted < told.length
        ? 'P'
        : told.some((one) => one.verdict === 'E')
          ? 'E'
          : 'A';
  const codes = unique(group.faults.map((one) => GROUP_CODES[one.kind]));
  return [
    { tag: 'AK1', elements: [at(group.header, 1), at(group.header, 6)] },
    // One whose header cannot be repeated is counted, and not named.
    ...told
      .filter(isNameable)
      .flatMap((one) => [
        { tag: 'AK2', elements: [one.set, one.control] },
        ...notesOf(one.faults),
        { tag: 'AK5', elements: [one.verdict, ...setCodes(one.faults, one.verdict)] },
      ]),
    {
      tag: 'AK9',
      elements: [verdict, said(group), String(told.length), String(accepted), ...codes.slice(0, 5)],
    },
  ];
}

const isNameable = ({ set, control }: { readonly set: string; readonly control: string }) =>
  /^\d{3}$/.test(set) && /^[A-Za-z0-9 ]{4,9}$/.test(control);

/** GE01 as the sender counted; where that cannot be told, what was received. */
function said(group: X12Group): string {
  return String(group.transactions.length);
}

function setCodes(faults: readonly Fault[], verdict: string): string[] {
  const codes = unique(faults.map((one) => SET_CODES[one.kind]));
  const inside = faults.some((one) => one.level === 'segment' || one.level === 'element');
  // 5: one or more segments in error.
  if (inside && verdict !== 'A') codes.push('5');
  return codes.slice(0, 5);
}

/** AK3 for each segment with faults, and AK4 for those of its elements. */
function notesOf(faults: readonly Fault[]): X12Segment[] {
  const bySegment = new Map<string, Fault[]>();
  for (const fault of faults) {
    if (fault.level !== 'segment' && fault.level !== 'element') continue;
    const key = `${fault.position}:${fault.level === 'segment' ? fault.kind : 'elements'}:${fault.segment}`;
    bySegment.set(key, [...(bySegment.get(key) ?? []), fault]);
  }
  return [...bySegment.values()]
    .sort((a, b) => (a[0]!.position ?? 0) - (b[0]!.position ?? 0))
    .flatMap((own) => {
      const [first] = own as [Fault];
      const code = SEGMENT_CODES[first.kind] ?? '8';
      const tag = first
        .segment!.replaceAll(/[^A-Z0-9]/g, '')
        .slice(0, 3)
        .padEnd(2, 'X');
      const ak3 = { tag: 'AK3', elements: [tag, String(first.position), first.loop ?? '', code] };
      return [
        ak3,
        ...own
          .filter((one) => one.level === 'element')
          .slice(0, 99)
          .map(elementNote),
      ];
    });
}

function elementNote(fault: Fault): X12Segment {
  const bad = (fault.value ?? '')
    .replaceAll(/[^\x20-\x7e]/g, ' ')
    .slice(0, 99)
    .trimEnd();
  return {
    tag: 'AK4',
    // What was there is told only where our own delimiters cannot be in it.
    elements: [
      String(fault.element),
      /^\d+$/.test(fault.dictionary ?? '') ? fault.dictionary! : '',
      ELEMENT_CODES[fault.kind] ?? '7',
      /[*~:>^|]/.test(bad) ? '' : bad,
    ],
  };
}

/** TA1 about an interchange: A, E or R, with the gravest of what is wrong. */
export function acknowledgeTA1(header: X12Segment, faults: readonly Fault[]): X12Segment {
  const worst = faults.find((one) => one.grave) ?? faults[0];
  const verdict = worst === undefined ? 'A' : worst.grave ? 'R' : 'E';
  const code = worst === undefined ? '000' : (INTERCHANGE_CODES[worst.kind] ?? '024');
  // What is no number in its header is repeated as zeroes.
  const digits = (n: number, length: number) => {
    const value = header.elements[n] ?? '';
    return /^\d+$/.test(value) && value.length <= length ? value.padStart(length, '0') : '0'.repeat(length);
  };
  return {
    tag: 'TA1',
    elements: [digits(ISA.control, 9), digits(ISA.date, 6), digits(ISA.time, 4), verdict, code],
  };
}

const unique = (codes: readonly (string | undefined)[]) => [
  ...new Set(codes.filter((one) => one !== undefined)),
];

const VERDICTS: Readonly<Record<string, ReceivedAcknowledgement['messages'][number]['verdict']>> = {
  A: 'accepted',
  E: 'accepted_with_errors',
};

/** A 997 of the partner's, about what it got from us. */
export function read997(segments: readonly X12Segment[]): ReceivedAcknowledgement {
  const group = segments.find((one) => one.tag === 'AK1');
  const messages: {
    group: string;
    message: string | null;
    verdict: 'accepted' | 'accepted_with_errors' | 'rejected';
    words: string[];
  }[] = [];
  const name = group === undefined ? '' : at(group, 2);
  let words: string[] = [];
  let message = '';
  for (const segment of segments) {
    if (segment.tag === 'AK2') [message, words] = [at(segment, 2), []];
    else if (segment.tag === 'AK3')
      words.push(`Segment ${at(segment, 1)} at ${at(segment, 2)}: code ${at(segment, 4) || 'none'}.`);
    else if (segment.tag === 'AK4')
      words.push(
        `Element ${at(segment, 1)}: code ${at(segment, 3)}${at(segment, 4) === '' ? '' : `, ${JSON.stringify(at(segment, 4))}`}.`,
      );
    else if (segment.tag === 'AK5')
      messages.push({ group: name, message, verdict: VERDICTS[at(segment, 1)] ?? 'rejected', words });
    else if (segment.tag === 'AK9' && !segments.some((one) => one.tag === 'AK2'))
      messages.push({
        group: name,
        message: null,
        verdict: VERDICTS[at(segment, 1)] ?? 'rejected',
        words: [],
      });
  }
  return { kind: 'acknowledgement', messages };
}

/** A TA1 of the partner's. */
export function readTA1(segment: X12Segment): ReceivedAcknowledgement['messages'][number] {
  const verdict = VERDICTS[at(segment, 4)] ?? 'rejected';
  return {
    group: at(segment, 1),
    message: null,
    verdict,
    words: verdict === 'accepted' ? [] : [`The interchange was answered with code ${at(segment, 5)}.`],
  };
}
