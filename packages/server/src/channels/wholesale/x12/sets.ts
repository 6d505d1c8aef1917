import { type Step, stepsOf } from '../structure.ts';

/**
 * The transaction sets that Kept takes and makes: their segments in order. Sources: X12 004010, and 005010, which adds
 * segments to it and takes none away that is here.
 */
const HEADING =
  'CUR REF:* PER:3 TAX:* FOB:* CTP:* PAM:10 CSH:25 TC2:* (25 SAC CUR ) ITD:* DIS:20 INC DTM:10 LDT:12 LIN:5 SI:* PID:200 MEA:40 PWK:25 PKG:200 TD1:2 TD5:12 TD3:12 TD4:5 MAN:10 PCT:* CTB:5 TXI:* (* LDT QTY:* MNC REF:* ) (* AMT REF:* DTM PCT:* (* FA1 FA2:* ) ) (1000 N9 DTM:* PWK:* EFI:* MSG:1000 )';
const PARTY = '(200 N1 N2:2 N3:2 N4:* NX2:* REF:12 PER:3 SI:* FOB TD1:2 TD5:12 TD3:12 TD4:5 PKG:200 MSG:* )';
const ITEM =
  'LIN:* SI:* CUR CN1 PO3:25 (* CTP CUR ) PAM:10 MEA:40 (1000 PID MEA:10 ) PWK:25 (* PO4 MEA:* ) REF:* PER:3 (25 SAC CUR CTP ) IT8:* CSH:* ITD:2 DIS:20 INC TAX:* FOB SDQ:500 DTM:10 TC2:* TD1 TD5:12 TD3:12 TD4:5 PCT:* MAN:10 MSG:* SPI:* TXI:* CTB:* (* QTY SI:* ) (200 SCH TD1:2 TD5:12 TD3:12 TD4:5 REF:* ) (200 PKG MEA:* ) LS (* LDT QTY:* MNC REF:3 ) LE (1000 N9 DTM:* MEA:40 PWK:* EFI:* MSG:1000 ) (200 N1 N2:2 N3:2 N4 NX2:* REF:12 PER:3 SI:* DTM FOB SCH:200 TD1:2 TD5:12 TD3:12 TD4:5 QTY:* PKG:* ) (1000 SLN MSG:* SI:* PID:1000 PO3:104 TC2:* (10 SAC CTP ) DTM:10 CTP:25 PO4 TAX:3 (* QTY SI:* ) (* N9 DTM:* MSG:* ) (10 N1 N2:2 N3:2 N4 NX2:* REF:12 PER:3 SI:* ) ) (* AMT REF PCT:* ) LM LQ';

const SETS: Readonly<Record<string, { readonly group: string; readonly segments: string }>> = {
  '850': {
    group: 'PO',
    segments: `ST! BEG! ${HEADING} ${PARTY} LM SPI ADV (100000! PO1 ${ITEM} ) (1 CTT AMT ) SE`,
  },
  '860': {
    group: 'PC',
    segments: `ST! BCH! ${HEADING} ${PARTY} LM SPI ADV (* POC ${ITEM} ) (1 CTT AMT ) SE`,
  },
  '855': {
    group: 'PR',
    segments: `ST! BAK! ${HEADING} ${PARTY} LM SPI ADV (100000 PO1 ${ITEM.replace('(* QTY', '(104 ACK DTM ) (* QTY')} ) (1 CTT AMT ) SE`,
  },
  '865': {
    group: 'CA',
    segments: `ST! BCA! ${HEADING} ${PARTY} LM SPI ADV (* POC ${ITEM.replace('(* QTY', '(104 ACK DTM ) (* QTY')} ) (1 CTT AMT ) SE`,
  },
  '856': {
    group: 'SH',
    segments:
      'ST! BSN! DTM:10 (200000! HL LIN SN1 SLD:1000 PRF PO4 PID:200 MEA:40 PWK:25 PKG:25 TD1:20 TD5:12 TD3:12 TD4:5 TSD REF:* PER:3 LS (* LDT QTY:* MNC REF:* ) LE MAN:* DTM:10 FOB CLD:* (200 N1 N2:2 N3:2 N4 REF:12 PER:3 FOB ) SDQ:50 ETD:* CUR (* SAC CUR ) GF YNQ:* LM LQ V1 ) CTT SE',
  },
  '846': {
    group: 'IB',
    segments:
      'ST! BIA! CUR DTM:10 REF:* MEA:* PID:* N9:* PER:3 CTB:* (5 N1 N2:2 N3:2 N4 REF:12 PER:3 ) (10000! LIN PID:200 MEA:* PKG:* DTM:10 CTP:* CUR REF:* PER:3 SDQ:* MAN:* UIT:* CS:* DD:* G53 (* QTY UIT:* MEA:* LDT:* DTM:10 LS:* (* LM LQ:* ) ) (25 SCH LOC:* ) (* SLN PID:* ) (* N1 N2:2 N3:2 N4 REF:12 PER:3 ) ) CTT SE',
  },
  '997': {
    group: 'FA',
    segments: 'ST! AK1! (999999 AK2 (999999 AK3 AK4:99 ) AK5! ) AK9! SE',
  },
};

export interface TransactionSet {
  readonly group: string;
  readonly steps: readonly Step[];
}

export const TRANSACTION_SETS: ReadonlyMap<string, TransactionSet> = new Map(
  Object.entries(SETS).map(([set, { group, segments }]) => [set, { group, steps: stepsOf(segments) }]),
);
