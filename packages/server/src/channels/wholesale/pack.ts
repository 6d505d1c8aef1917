import type { AvailabilityReport, OrderAnswer, SentDocument, ShipNotice } from './documents.ts';
import { type EdifactSegment, USUAL } from './edifact/interchange.ts';
import { message, writeEdifact } from './edifact/write.ts';
import { answerORDRSP, type Names, noticeDESADV, reportINVRPT } from './edifact/write-documents.ts';
import { type Partner, versionOf } from './partner.ts';
import type { Acknowledgement } from './read-file.ts';
import { writeSheet } from './sheet/write-sheet.ts';
import type { X12Delimiters, X12Segment } from './x12/interchange.ts';
import { transaction, writeX12 } from './x12/write.ts';
import { answer855, answer865, availability846, notice856 } from './x12/write-documents.ts';

/** A file for a partner: one interchange. */
export interface Packed {
  /** 855, DESADV, … */
  readonly type: string;
  /** The interchange's control number; a 997 names the group, which has the same number here. */
  readonly control: string;
  readonly text: string;
}

export interface Numbered {
  readonly control: number;
  readonly at: Date;
}

/** A document in its partner's standard, version and delimiters. */
export function pack(document: SentDocument, partner: Partner, numbered: Numbered): Packed {
  if (partner.standard === 'sheet')
    return { type: document.kind, control: String(numbered.control), text: writeSheet(document) };
  if (partner.standard === 'edifact') {
    const [type, body] = edifactBody(document, partner);
    return edifactFile(partner, type, body, numbered);
  }
  const delimiters = delimitersOf(partner);
  const [set, group, body] = x12Body(document, delimiters);
  return x12File(partner, { set, group, bodies: [body], interchange: null }, numbered);
}

/** The answer to an interchange of the partner's. */
export function packAcknowledgement(told: Acknowledgement, partner: Partner, numbered: Numbered): Packed {
  if (told.standard === 'edifact') return edifactFile(partner, 'CONTRL', told.body, numbered);
  return x12File(
    partner,
    { set: '997', group: 'FA', bodies: told.groups, interchange: told.interchange },
    numbered,
  );
}

function x12Body(
  document: SentDocument,
  delimiters: X12Delimiters,
): [set: string, group: string, body: X12Segment[]] {
  switch (document.kind) {
    case 'answer':
      return (document as OrderAnswer).news === null
        ? ['855', 'PR', answer855(document as OrderAnswer, delimiters)]
        : ['865', 'CA', answer865(document as OrderAnswer, delimiters)];
    case 'ship_notice':
      return ['856', 'SH', notice856(document as ShipNotice, delimiters)];
    case 'availability':
      return ['846', 'IB', availability846(document as AvailabilityReport, delimiters)];
  }
}

function edifactBody(document: SentDocument, partner: Partner): [type: string, body: EdifactSegment[]] {
  const names: Names = partner.names ?? { supplier: partner.ours.id, buyer: partner.theirs.id, agency: '9' };
  switch (document.kind) {
    case 'answer':
      return ['ORDRSP', answerORDRSP(document, names, true)];
    case 'ship_notice':
      return ['DESADV', noticeDESADV(document, names, true)];
    case 'availability':
      return ['INVRPT', reportINVRPT(document, names, true)];
  }
}

export function delimitersOf(partner: Partner): X12Delimiters {
  const later = versionOf(partner) >= '00402';
  return {
    element: partner.delimiters.element ?? '*',
    component: partner.delimiters.component ?? '>',
    segment: partner.delimiters.segment ?? '~',
    repetition: later ? (partner.delimiters.repetition ?? '^') : null,
  };
}

const two = (value: number) => String(value).padStart(2, '0');

function x12File(
  partner: Partner,
  content: {
    readonly set: string;
    readonly group: string;
    readonly bodies: readonly X12Segment[][];
    readonly interchange: X12Segment | null;
  },
  { control, at }: Numbered,
): Packed {
  const { ours, theirs, usage } = partner;
  const version = versionOf(partner);
  const delimiters = delimitersOf(partner);
  const number = String(((control - 1) % 999_999_999) + 1);
  const day = at.toISOString().slice(0, 10).replaceAll('-', '');
  const time = two(at.getUTCHours()) + two(at.getUTCMinutes());
  const header: X12Segment = {
    tag: 'ISA',
    elements: [
      '00',
      '',
      '00',
      '',
      ours.qualifier,
      ours.id,
      theirs.qualifier,
      theirs.id,
      day.slice(2),
      time,
      delimiters.repetition ?? 'U',
      `${version.slice(0, 5)}`,
      number,
      '0',
      usage === 'test' ? 'T' : 'P',
      delimiters.component,
    ],
  };
  const group = {
    header: {
      tag: 'GS',
      elements: [
        content.group,
        ours.group ?? ours.id,
        theirs.group ?? theirs.id,
        day,
        time,
        number,
        'X',
        version,
      ],
    },
    transactions: content.bodies.map((body, n) =>
      transaction(content.set, String(n + 1).padStart(4, '0'), body),
    ),
    faults: [],
  };
  const text = writeX12(
    {
      delimiters,
      header,
      groups: content.bodies.length === 0 ? [] : [group],
      acknowledgements: content.interchange === null ? [] : [content.interchange],
    },
    partner.lineEnds ? '\n' : '',
  );
  return { type: content.bodies.length === 0 ? 'TA1' : content.set, control: number, text };
}

function edifactFile(
  partner: Partner,
  type: string,
  body: readonly EdifactSegment[],
  { control, at }: Numbered,
): Packed {
  const { ours, theirs, usage } = partner;
  const number = String(control);
  const day = at.toISOString().slice(2, 10).replaceAll('-', '');
  const named = (one: { id: string; qualifier: string }) =>
    one.qualifier === '' ? [one.id] : [one.id, one.qualifier];
  const header: EdifactSegment = {
    tag: 'UNB',
    elements: [
      ['UNOC', '3'],
      named(ours),
      named(theirs),
      [day, two(at.getUTCHours()) + two(at.getUTCMinutes())],
      [number],
      ...(usage === 'test' ? [[''], [''], [''], [''], [''], ['1']] : []),
    ],
  };
  const delimiters = {
    ...USUAL,
    ...(partner.delimiters.element === undefined ? {} : { element: partner.delimiters.element }),
    ...(partner.delimiters.component === undefined ? {} : { component: partner.delimiters.component }),
    ...(partner.delimiters.segment === undefined ? {} : { segment: partner.delimiters.segment }),
  };
  // CONTRL has a version of its own, whatever the directory of the rest.
  const version = type === 'CONTRL' ? 'D:3:UN' : versionOf(partner);
  const text = writeEdifact(
    { delimiters, header, messages: [message(type, version, '1', body)] },
    partner.lineEnds ? '\n' : '',
  );
  return { type, control: number, text };
}
