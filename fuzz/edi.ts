import { isDeepStrictEqual } from 'node:util';
import { readEdifact } from '../packages/server/src/channels/wholesale/edifact/read.ts';
import { writeEdifact } from '../packages/server/src/channels/wholesale/edifact/write.ts';
import { isGrave } from '../packages/server/src/channels/wholesale/fault.ts';
import { NoInterchange } from '../packages/server/src/channels/wholesale/no-interchange.ts';
import { packAcknowledgement } from '../packages/server/src/channels/wholesale/pack.ts';
import { Partner } from '../packages/server/src/channels/wholesale/partner.ts';
import { readFile } from '../packages/server/src/channels/wholesale/read-file.ts';
import {
  NORTH,
  order850,
  ordersEdifact,
  SUED,
  x12File,
} from '../packages/server/src/channels/wholesale/testing/fixtures.ts';
import { toOrder } from '../packages/server/src/channels/wholesale/to-order.ts';
import { readX12 } from '../packages/server/src/channels/wholesale/x12/read.ts';
import { writeX12 } from '../packages/server/src/channels/wholesale/x12/write.ts';
import { type Chance, mutate } from './mutate.ts';
import { plainEdifact, plainX12 } from './plain.ts';

const PARTNERS = [NORTH, SUED];
/** The same partners as they see Kept: what Kept answers is read as they would read it. */
const MIRRORED = PARTNERS.map((one) => Partner.parse({ ...one, ours: one.theirs, theirs: one.ours }));
const AT = new Date('2026-03-02T09:00:00Z');
/** No file of this size takes longer, on the slowest of machines. */
const PATIENCE_MS = 5_000;

const CORPUS = [
  order850('PO-1'),
  order850(
    'PO-2',
    [{}, { line: '2', quantity: 40, unit: 'CA', more: ['DTM*010*20260401', 'SCH*40*CA***010*20260401'] }],
    {
      dates: [
        ['037', '2026-03-10'],
        ['001', '2026-05-01'],
      ],
    },
  ),
  order850('PO-3', [{ number: ['VN', 'MUG-BLUE'] }], { control: '3' }).replaceAll('\n', ''),
  x12File(['BCH*04*SA*PO-1**C1*20260302', 'POC*1*QD*2**EA*12.00**UP*012345678905', 'CTT*1'], {
    set: '860',
    group: 'PC',
  }),
  x12File(['AK1*PR*1', 'AK2*855*0001', 'AK3*PO1*4**8', 'AK4*2*330*6*x', 'AK5*R*5', 'AK9*R*1*1*0'], {
    set: '997',
    group: 'FA',
  }),
  ordersEdifact('4711'),
  ordersEdifact('4712', [{}, { line: '2', quantity: 9, price: '1,25' }], {
    dates: [
      ['64', '2026-03-10'],
      ['61', '2026-04-15'],
    ],
  }),
  ordersEdifact('4713')
    .replaceAll('\n', '')
    .replace(/^UNA.{6}/, ''),
  ordersEdifact('C1', [{}], { type: 'ORDCHG', function: '4', extra: ['RFF+ON:4711'] }),
  "UNB+UNOC:3+4398765000004:14+4012345000009:14+260302:1000+9'UNH+1+CONTRL:D:3:UN'UCI+1+4012345000009:14+4398765000004:14+4+12'UNT+3+1'UNZ+1+9'",
];

export interface Tried {
  readonly input: string;
  /** Whether it was read as at least one interchange. */
  readonly read: boolean;
  /** Messages that were taken, with or without notes. */
  readonly taken: number;
  /** What should not be: empty. */
  readonly wrong: readonly string[];
}

/** Tries one mutated file. */
export function tryOne(chance: Chance): Tried {
  const input = mutate(CORPUS, chance);
  const wrong: string[] = [];
  const begun = performance.now();
  let taken = 0;
  let read = false;
  try {
    for (const one of readFile(Buffer.from(input), PARTNERS)) {
      read = true;
      for (const { document } of one.messages) {
        if (document === null) continue;
        taken++;
        if (document.kind === 'order' && one.partner !== null) toOrder(document, one.partner);
      }
      if (one.acknowledgement !== null && one.partner !== null) {
        const { text } = packAcknowledgement(one.acknowledgement, one.partner, { control: 1, at: AT });
        for (const answer of readFile(Buffer.from(text, 'latin1'), MIRRORED))
          for (const { faults } of [answer, ...answer.messages])
            if (faults.length > 0)
              wrong.push(`its answer is not as the standard has it: ${faults[0]!.words} ${text}`);
      }
    }
    wrong.push(...keepsItsMeaning(Buffer.from(input).toString()));
  } catch (error) {
    if (!(error instanceof NoInterchange)) wrong.push(`it throws ${(error as Error).stack}`);
  }
  const took = performance.now() - begun;
  if (took > PATIENCE_MS) wrong.push(`it takes ${Math.round(took)} ms`);
  return { input, read, taken, wrong };
}

/** What is read without a grave fault of its envelope holds every segment that is there, and is the same when it is written and read again. */
function keepsItsMeaning(text: string): string[] {
  const wrong: string[] = [];
  const x12 = text.replace(/^[\ufeff\s\u00a0]+/, '').startsWith('ISA');
  if (x12) {
    const interchanges = readX12(text);
    if (
      interchanges.some(
        (one) => isGrave(one.faults) || one.faults.some((fault) => fault.kind === 'unreadable'),
      )
    )
      return [];
    const segments = interchanges.map((one) =>
      one.groups.map((group) => group.transactions.map((each) => each.segments)),
    );
    const whole = interchanges.every((one) =>
      one.groups.every(
        (group) => !isGrave(group.faults) && group.transactions.every((each) => !isGrave(each.faults)),
      ),
    );
    if (whole && !isDeepStrictEqual(segments.flat(3), plainX12(text, interchanges[0]!.delimiters)))
      if (interchanges.length === 1) wrong.push('it reads other segments than are there');
    for (const one of interchanges) {
      if (one.delimiters.component === '') continue;
      if (!isDeepStrictEqual(contentOf(readX12(writeX12(one))[0]!), contentOf(one)))
        wrong.push('written and read again, it is another');
    }
    return wrong;
  }
  const interchanges = readEdifact(text);
  if (interchanges.some((one) => isGrave(one.faults) || one.faults.length > 0)) return [];
  for (const one of interchanges) {
    if (one.messages.some((message) => isGrave(message.faults))) continue;
    if (!isDeepStrictEqual(readEdifact(writeEdifact(one))[0]!.messages, one.messages))
      wrong.push('written and read again, it is another');
    if (
      interchanges.length === 1 &&
      !isDeepStrictEqual(
        one.messages.flatMap((message) => message.segments),
        plainEdifact(text, one.delimiters),
      )
    )
      wrong.push('it reads other segments than are there');
  }
  return wrong;
}

const contentOf = (interchange: ReturnType<typeof readX12>[number]) => ({
  acknowledgements: interchange.acknowledgements,
  groups: interchange.groups.map((group) => ({
    header: group.header,
    transactions: group.transactions.map((one) => one.segments),
  })),
});
