import { dateOf } from '../dates.ts';
import type {
  AnsweredLine,
  AvailabilityReport,
  ItemNumber,
  LineStatus,
  OrderAnswer,
  ShipNotice,
} from '../documents.ts';
import { LINE_STATUS } from './codes.ts';
import type { X12Delimiters, X12Segment } from './interchange.ts';
import { asElement } from './write.ts';

/** The bodies of the sets that Kept sends: what stands between ST and SE. */

const s = (tag: string, ...elements: string[]): X12Segment => ({ tag, elements });

const STATUS: Readonly<Record<LineStatus, string>> = {
  accepted: LINE_STATUS.accepted,
  shipped: LINE_STATUS.shipped,
  backordered: LINE_STATUS.backordered,
  partial: LINE_STATUS.partial,
  quantity_changed: LINE_STATUS.quantityChanged,
  rescheduled: LINE_STATUS.rescheduled,
  rejected: LINE_STATUS.rejected,
  price_changed: LINE_STATUS.priceChanged,
  deleted: LINE_STATUS.deleted,
  on_hold: LINE_STATUS.onHold,
};

const pairsOf = (numbers: readonly ItemNumber[]) =>
  numbers.slice(0, 10).flatMap(({ qualifier, value }) => [qualifier, value]);

/** 855: each lot of a line is an ACK of its own, with the day it is scheduled to leave (068). */
export function answer855(answer: OrderAnswer, delimiters: X12Delimiters): X12Segment[] {
  const acknowledged = { accepted: 'AD', changed: 'AC', rejected: 'RD' }[answer.verdict];
  const bak = s(
    'BAK',
    '00',
    acknowledged,
    answer.number,
    dateOf(answer.orderedOn),
    answer.release ?? '',
    '',
    '',
    asElement(answer.reference, delimiters, 30),
    dateOf(answer.on),
  );
  const lines = answer.lines.flatMap((line) => [
    s('PO1', line.line, String(line.quantity), line.unit, line.price ?? '', '', ...pairsOf(line.numbers)),
    ...lotsOf(line),
  ]);
  return [bak, ...lines, s('CTT', String(answer.lines.length))];
}

/** 865: news of an order that has been answered, line by line, with what changed as POC02. */
export function answer865(answer: OrderAnswer, delimiters: X12Delimiters): X12Segment[] {
  const { news } = answer;
  const acknowledged = { accepted: 'AT', changed: 'AC', rejected: 'RD' }[answer.verdict];
  const bca = s(
    'BCA',
    '04',
    // Ours says what is now so; an answer to theirs says whether it is taken.
    news?.ours === true ? 'AC' : acknowledged,
    answer.number,
    answer.release ?? '',
    news?.change ?? '',
    dateOf(answer.orderedOn),
    '',
    '',
    asElement(answer.reference, delimiters, 30),
    dateOf(answer.on),
  );
  const lines = answer.lines.flatMap((line) => {
    const open = line.lots.reduce((sum, lot) => sum + (isGone(lot.status) ? 0 : lot.quantity), 0);
    const gone = open === 0;
    const change = gone ? 'DI' : open !== line.quantity ? 'QD' : 'RS';
    return [
      s(
        'POC',
        line.line,
        change,
        String(line.quantity),
        String(open),
        line.unit,
        line.price ?? '',
        '',
        ...pairsOf(line.numbers),
      ),
      ...lotsOf(line),
    ];
  });
  return [bca, ...lines, s('CTT', String(answer.lines.length))];
}

const isGone = (status: LineStatus) => status === 'rejected' || status === 'deleted';

function lotsOf({ lots, unit }: AnsweredLine): X12Segment[] {
  return lots.map(({ status, quantity, shipsOn }) =>
    shipsOn === null
      ? s('ACK', STATUS[status], String(quantity), unit)
      : s('ACK', STATUS[status], String(quantity), unit, '068', dateOf(shipsOn)),
  );
}

/** 856 in the structure shipment, order, item (0004 has packs as well; 0002 is without). */
export function notice856(notice: ShipNotice, delimiters: X12Delimiters): X12Segment[] {
  const [date, time] = [
    dateOf(notice.at.toISOString().slice(0, 10)),
    notice.at.toISOString().slice(11, 16).replace(':', ''),
  ];
  const { shipTo } = notice;
  const shipment = [
    s('HL', '1', '', 'S', '1'),
    ...(notice.carrier === null ? [] : [s('TD5', '', '', '', '', asElement(notice.carrier, delimiters, 35))]),
    ...(notice.tracking === null ? [] : [s('REF', 'CN', asElement(notice.tracking, delimiters, 30))]),
    s('DTM', '011', dateOf(notice.shippedOn)),
    ...(notice.expectedOn === null ? [] : [s('DTM', '017', dateOf(notice.expectedOn))]),
    ...(shipTo === null
      ? []
      : [
          s(
            'N1',
            'ST',
            asElement(shipTo.name, delimiters, 60) || (shipTo.id === null ? 'Ship to' : ''),
            ...(shipTo.id === null ? [] : ['92', shipTo.id]),
          ),
        ]),
  ];
  const order = [
    s('HL', '2', '1', 'O', '1'),
    s('PRF', notice.number, notice.release ?? '', '', dateOf(notice.orderedOn)),
  ];
  const items = notice.lines.flatMap((line, n) => [
    s('HL', String(n + 3), '2', 'I', '0'),
    s('LIN', line.line, ...pairsOf(line.numbers)),
    s(
      'SN1',
      line.line,
      String(line.quantity),
      line.unit,
      String(line.shippedInAll),
      String(line.ordered),
      line.unit,
      '',
      line.shippedInAll >= line.ordered ? 'AC' : 'BP',
    ),
  ]);
  return [
    s('BSN', '00', asElement(notice.id, delimiters, 30), date, time, '0002'),
    ...shipment,
    ...order,
    ...items,
    s('CTT', String(notice.lines.length + 2)),
  ];
}

/** 846: 33 is what can be had now, and 29 what comes, each with the day from which it can be had (018). */
export function availability846(report: AvailabilityReport, delimiters: X12Delimiters): X12Segment[] {
  const [date, time] = [
    dateOf(report.at.toISOString().slice(0, 10)),
    report.at.toISOString().slice(11, 16).replace(':', ''),
  ];
  const items = report.items.flatMap((item, n) => [
    s('LIN', String(n + 1), ...pairsOf(item.numbers)),
    s('QTY', '33', String(item.now), item.unit),
    ...item.later.flatMap((one) => [
      s('QTY', '29', String(one.quantity), item.unit),
      s('DTM', '018', dateOf(one.from)),
    ]),
  ]);
  return [
    s('BIA', '00', 'MB', asElement(report.id, delimiters, 30), date, time),
    ...items,
    s('CTT', String(report.items.length)),
  ];
}
