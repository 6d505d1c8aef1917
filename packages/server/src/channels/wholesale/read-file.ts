import { createHash } from 'node:crypto';
import type { ReadMessage, ReceivedAcknowledgement } from './documents.ts';
import { control as controlBody, readControl } from './edifact/control.ts';
import { type EdifactInterchange, at as edifactAt } from './edifact/interchange.ts';
import { readEdifact } from './edifact/read.ts';
import { readChange as readORDCHG, readOrder as readORDERS } from './edifact/read-order.ts';
import { validate as validateEdifact } from './edifact/validate.ts';
import { type Fault, isGrave, shown } from './fault.ts';
import { NoInterchange } from './no-interchange.ts';
import { dateRules, type Partner } from './partner.ts';
import { readSheet } from './sheet/read-sheet.ts';
import { rowsOf } from './sheet/rows.ts';
import { acknowledge997, acknowledgeTA1, read997, readTA1 } from './x12/acknowledge.ts';
import { isCode } from './x12/codes.ts';
import { at, ISA, type X12Interchange, type X12Segment } from './x12/interchange.ts';
import { readX12 } from './x12/read.ts';
import { readOrder as read850, readChange as read860 } from './x12/read-order.ts';
import { TRANSACTION_SETS } from './x12/sets.ts';
import { validate as validateX12 } from './x12/validate.ts';

/** The largest file that is looked at. */
export const MAXIMUM_FILE_BYTES = 16 * 1024 * 1024;

/** The answer to an interchange, before control numbers are taken for it: bodies of messages. */
export type Acknowledgement =
  | {
      readonly standard: 'x12';
      readonly interchange: X12Segment | null;
      readonly groups: readonly X12Segment[][];
    }
  | {
      readonly standard: 'edifact';
      readonly body: readonly { readonly tag: string; readonly elements: readonly (readonly string[])[] }[];
    };

/** One interchange of a file, as its partner's rules read it. */
export interface ReadInterchange {
  readonly standard: Partner['standard'];
  /** Null: from or for nobody that is known. */
  readonly partner: Partner | null;
  readonly sender: string;
  readonly receiver: string;
  readonly control: string;
  readonly faults: readonly Fault[];
  readonly messages: readonly ReadMessage[];
  /** What it is answered with; null: it is an answer itself. */
  readonly acknowledgement: Acknowledgement | null;
}

/**
 * Reads an order sheet: its partner is told by the file's name. It has no control number but its content.
 * @throws NoInterchange where it is none, or nobody's
 */
export async function readSheetFile(
  bytes: Uint8Array,
  file: string,
  partners: readonly Partner[],
  today: string,
): Promise<ReadInterchange[]> {
  if (bytes.length > MAXIMUM_FILE_BYTES)
    throw new NoInterchange(
      `The file has ${bytes.length} bytes; at most ${MAXIMUM_FILE_BYTES} are looked at.`,
    );
  const partner = sheetPartner(file, partners);
  if (partner === null)
    throw new NoInterchange(`No partner sends sheets that are called like ${shown(file)}.`);
  const messages = readSheet(await rowsOf(bytes, () => decode(bytes)), partner, today);
  const standard = 'sheet' as const;
  const control = digestOf(bytes).slice(0, 32);
  return [
    {
      standard,
      partner,
      sender: partner.code,
      receiver: '',
      control,
      faults: [],
      messages,
      acknowledgement: null,
    },
  ];
}

/** Whose sheet a file is; a sheet is what neither standard begins like. */
export function sheetPartner(file: string, partners: readonly Partner[]): Partner | null {
  return (
    partners.find(
      (one) =>
        one.standard === 'sheet' &&
        file.toLowerCase().startsWith((one.sheet?.files ?? `${one.code}-`).toLowerCase()),
    ) ?? null
  );
}

/** What two files must share to be the same. */
export const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** UTF-8 where it is that, else Latin-1, which is what older systems write. */
export function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return new TextDecoder('latin1').decode(bytes);
  }
}

/**
 * Reads a file of either standard by the rules of its partners.
 * @throws NoInterchange where it holds none
 */
export function readFile(bytes: Uint8Array, partners: readonly Partner[]): ReadInterchange[] {
  if (bytes.length > MAXIMUM_FILE_BYTES)
    throw new NoInterchange(
      `The file has ${bytes.length} bytes; at most ${MAXIMUM_FILE_BYTES} are looked at.`,
    );
  const text = decode(bytes);
  const begin = text.replace(/^[\ufeff\s\u00a0]+/, '').slice(0, 3);
  if (begin === 'ISA') return readX12(text).map((one) => fromX12(one, partners));
  if (begin === 'UNA' || begin === 'UNB') return readEdifact(text).map((one) => fromEdifact(one, partners));
  throw new NoInterchange(
    `The file begins with ${shown(text.slice(0, 40))}: expected ISA (X12), or UNA or UNB (EDIFACT).`,
  );
}

const sameName = (a: { qualifier: string; id: string }, qualifier: string, id: string) =>
  a.id === id && (a.qualifier === qualifier || qualifier === '' || a.qualifier === '');

function partnerOf(
  partners: readonly Partner[],
  standard: Partner['standard'],
  [senderQualifier, sender, receiverQualifier, receiver]: readonly [string, string, string, string],
): { partner: Partner | null; faults: Fault[] } {
  const known = partners.find(
    (one) =>
      one.standard === standard &&
      sameName(one.theirs, senderQualifier, sender) &&
      sameName(one.ours, receiverQualifier, receiver),
  );
  if (known !== undefined) return { partner: known, faults: [] };
  const words = `No partner is known that sends as ${senderQualifier}:${sender} to ${receiverQualifier}:${receiver}.`;
  return {
    partner: null,
    faults: [{ kind: 'interchange_unknown_partner', level: 'interchange', grave: true, words }],
  };
}

function usageFault(partner: Partner | null, usage: Partner['usage']): Fault[] {
  if (partner === null || partner.usage === usage) return [];
  const words = `The indicator says ${usage}, and ${partner.code} is set up for ${partner.usage}.`;
  return [{ kind: 'interchange_wrong_usage', level: 'interchange', grave: true, words }];
}

/** Counts and references that do not agree: a lenient partner's are noted, and not grave. */
const ENVELOPE = new Set<Fault['kind']>([
  'message_control_differs',
  'message_count_differs',
  'group_control_differs',
  'group_count_differs',
  'interchange_control_differs',
  'interchange_count_differs',
  'control_repeated',
  'interchange_trailer_missing',
]);
const weighed = (faults: readonly Fault[], partner: Partner | null): Fault[] =>
  faults.map((one) =>
    partner?.envelope === 'lenient' && ENVELOPE.has(one.kind) ? { ...one, grave: false } : one,
  );

/** A group that cannot be named cannot be answered: its interchange is rejected as one. */
function groupNameFaults({ groups }: X12Interchange): Fault[] {
  return groups
    .filter(({ header }) => !isCode('479', at(header, 1)) || !/^\d{1,9}$/.test(at(header, 6)))
    .map(({ header }) => ({
      kind: 'group_unsupported',
      level: 'interchange',
      grave: true,
      words: `A functional group is called ${shown(at(header, 1))}, number ${shown(at(header, 6))}.`,
    }));
}

/** So is an interchange with a message that cannot be named. */
function messageNameFaults({ messages }: EdifactInterchange): Fault[] {
  const nameable = ({ type, version, control }: EdifactInterchange['messages'][number]) =>
    /^[A-Z]{6}$/.test(type) &&
    /^[A-Z0-9]{1,3}:[A-Z0-9]{1,3}:[A-Z0-9]{1,3}(:[A-Z0-9.]{1,6}(:.*)?)?$/i.test(version) &&
    /^[\x20-\x7e]{1,14}$/.test(control);
  return messages
    .filter((one) => !nameable(one))
    .map((one) => ({
      kind: 'message_header_invalid',
      level: 'interchange',
      grave: true,
      words: `A message is called ${shown(one.type)} ${shown(one.version)}, reference ${shown(one.control)}.`,
    }));
}

function fromX12(interchange: X12Interchange, partners: readonly Partner[]): ReadInterchange {
  const { header, delimiters } = interchange;
  const element = (n: number) => header.elements[n] ?? '';
  const names = [
    element(ISA.senderQualifier),
    element(ISA.sender),
    element(ISA.receiverQualifier),
    element(ISA.receiver),
  ] as const;
  const { partner, faults: unknown } = partnerOf(partners, 'x12', names);
  const usage = element(ISA.usage) === 'T' ? 'test' : 'production';
  const faults = weighed(
    [...interchange.faults, ...groupNameFaults(interchange), ...unknown, ...usageFault(partner, usage)],
    partner,
  );
  const groups = interchange.groups.map((group) => {
    const wanted = at(group.header, 1);
    return {
      group: { ...group, faults: weighed(group.faults, partner) },
      transactions: group.transactions.map((transaction) => {
        const validated = validateX12(transaction, delimiters, partner?.codes);
        const expected = TRANSACTION_SETS.get(transaction.set)?.group;
        const wrongGroup: Fault[] =
          expected === undefined || expected === wanted
            ? []
            : [
                {
                  kind: 'message_header_invalid',
                  level: 'message',
                  grave: true,
                  words: `${transaction.set} stands in a group of ${shown(wanted)}; it belongs in ${expected}.`,
                },
              ];
        return {
          transaction,
          loop: validated.loop,
          faults: weighed([...validated.faults, ...wrongGroup], partner),
        };
      }),
    };
  });
  const messages = groups.flatMap(({ group, transactions }) =>
    transactions.map(({ transaction, loop, faults: own }): ReadMessage => {
      const grave = isGrave(own) || isGrave(group.faults) || isGrave(faults);
      const rules = partner === null ? null : dateRules(partner);
      const document =
        grave || rules === null
          ? null
          : transaction.set === '850'
            ? read850(loop, rules)
            : transaction.set === '860'
              ? read860(loop, rules)
              : transaction.set === '997'
                ? read997(transaction.segments)
                : null;
      return {
        type: transaction.set,
        control: `${at(group.header, 6)}.${transaction.control}`,
        document,
        faults: own,
      };
    }),
  );
  const told: ReadMessage[] = interchange.acknowledgements.map((one): ReadMessage => {
    const document: ReceivedAcknowledgement = { kind: 'acknowledgement', messages: [readTA1(one)] };
    return { type: 'TA1', control: at(one, 1), document, faults: [] };
  });
  const answerable = groups.filter(({ group }) => at(group.header, 1) !== 'FA');
  const grave = isGrave(faults);
  const wantsTA1 = grave || element(ISA.acknowledge) === '1';
  return {
    standard: 'x12',
    partner,
    sender: `${names[0]}:${names[1]}`,
    receiver: `${names[2]}:${names[3]}`,
    control: element(ISA.control),
    faults,
    messages: [...messages, ...told],
    acknowledgement:
      answerable.length === 0 && !wantsTA1
        ? null
        : {
            standard: 'x12',
            interchange: wantsTA1 ? acknowledgeTA1(header, faults) : null,
            // What was rejected as a whole is not answered group by group.
            groups: grave
              ? []
              : answerable.map(({ group, transactions }) =>
                  acknowledge997({
                    group,
                    transactions: transactions.map(({ transaction, faults: own }) => ({
                      set: transaction.set,
                      control: transaction.control,
                      faults: own,
                    })),
                  }),
                ),
          },
  };
}

function fromEdifact(interchange: EdifactInterchange, partners: readonly Partner[]): ReadInterchange {
  const { header } = interchange;
  const names = [
    edifactAt(header, 2, 2),
    edifactAt(header, 2),
    edifactAt(header, 3, 2),
    edifactAt(header, 3),
  ] as const;
  const { partner, faults: unknown } = partnerOf(partners, 'edifact', names);
  const usage = edifactAt(header, 11) === '1' ? 'test' : 'production';
  const faults = weighed(
    [...interchange.faults, ...messageNameFaults(interchange), ...unknown, ...usageFault(partner, usage)],
    partner,
  );
  const read = interchange.messages.map((message) => {
    const { loop, faults: own } = validateEdifact(message, partner?.codes);
    return { message, loop, faults: weighed(own, partner) };
  });
  const rules = partner === null ? null : dateRules(partner);
  const messages = read.map(({ message, loop, faults: own }): ReadMessage => {
    const document =
      rules === null || isGrave(own) || isGrave(faults)
        ? null
        : message.type === 'ORDERS'
          ? readORDERS(loop, rules)
          : message.type === 'ORDCHG'
            ? readORDCHG(loop, rules)
            : message.type === 'CONTRL'
              ? readControl(message.segments)
              : null;
    return { type: message.type, control: message.control, document, faults: own };
  });
  const answers = read.length > 0 && read.every(({ message }) => message.type === 'CONTRL');
  return {
    standard: 'edifact',
    partner,
    sender: `${names[0]}:${names[1]}`,
    receiver: `${names[2]}:${names[3]}`,
    control: edifactAt(header, 5),
    faults,
    messages,
    // One without a reference cannot be told of: a person asks its sender.
    acknowledgement:
      answers || edifactAt(header, 5) === ''
        ? null
        : { standard: 'edifact', body: controlBody(interchange, faults, read) },
  };
}
