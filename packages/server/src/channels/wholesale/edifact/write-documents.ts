import { dateOf } from '../dates.ts';
import type {
  AnsweredLine,
  AvailabilityReport,
  ItemNumber,
  LineStatus,
  OrderAnswer,
  ShipNotice,
} from '../documents.ts';
import type { EdifactSegment } from './interchange.ts';
import { asText } from './write.ts';

/** The bodies of the messages that Kept sends: what stands between UNH and UNT. */

const s = (tag: string, ...elements: (string | readonly string[])[]): EdifactSegment => ({
  tag,
  elements: elements.map((one) => (typeof one === 'string' ? [one] : one)),
});
const day = (qualifier: string, on: string) => s('DTM', [qualifier, dateOf(on), '102']);

/** Who the message is from and for, in the partner's numbers. */
export interface Names {
  /** Of the brand, and of the partner, as NAD+SU and NAD+BY have them; the agency that gave them (9 is GS1). */
  readonly supplier: string;
  readonly buyer: string;
  readonly agency: string;
}

const nad = (role: string, id: string, { agency }: Names) => s('NAD', role, [id, '', agency]);

/** 1229, what becomes of the line. */
const ACTIONS: Readonly<Record<LineStatus, string>> = {
  accepted: '5',
  shipped: '5',
  backordered: '3',
  partial: '3',
  quantity_changed: '3',
  rescheduled: '3',
  price_changed: '3',
  rejected: '7',
  deleted: '2',
  on_hold: '3',
};
/** 6063: what a lot's units are. */
const QUANTITIES: Readonly<Record<LineStatus, string>> = {
  accepted: '113',
  shipped: '12',
  partial: '113',
  quantity_changed: '113',
  rescheduled: '113',
  price_changed: '113',
  backordered: '83',
  on_hold: '83',
  rejected: '185',
  deleted: '182',
};

/** ORDRSP: the answer to an order, or news of it. Each lot of a line is a schedule of its own (SCC), with the day it leaves. */
export function answerORDRSP(answer: OrderAnswer, names: Names, latin: boolean): EdifactSegment[] {
  const verdict = { accepted: '29', changed: '4', rejected: '27' }[answer.verdict];
  return [
    s('BGM', '231', asText(answer.reference, 35, latin), verdict),
    day('137', answer.on),
    s('RFF', ['ON', answer.number]),
    day('171', answer.orderedOn),
    ...(answer.news?.change == null ? [] : [s('RFF', ['AAN', answer.news.change])]),
    nad('BY', names.buyer, names),
    nad('SU', names.supplier, names),
    ...answer.lines.flatMap((line) => answeredLine(line)),
    s('UNS', 'S'),
    s('CNT', ['2', String(answer.lines.length)]),
  ];
}

function answeredLine(line: AnsweredLine): EdifactSegment[] {
  const { lots } = line;
  const alone = lots.length === 1 ? lots[0]! : null;
  const action = alone === null ? '3' : ACTIONS[alone.status];
  return [
    ...itemOf(line.line, action, line.numbers),
    s('QTY', ['21', String(line.quantity), line.unit]),
    ...(line.price === null ? [] : [s('PRI', ['AAA', line.price])]),
    ...lots.flatMap((lot) => [
      s('SCC', lot.shipsOn === null ? '4' : '1'),
      s('QTY', [QUANTITIES[lot.status], String(lot.quantity), line.unit]),
      ...(lot.shipsOn === null ? [] : [day('79', lot.shipsOn)]),
    ]),
  ];
}

function itemOf(line: string, action: string, numbers: readonly ItemNumber[]): EdifactSegment[] {
  const [first, ...rest] = numbers;
  return [
    s('LIN', line, action, first === undefined ? '' : [first.value, first.qualifier]),
    ...(rest.length === 0
      ? []
      : [s('PIA', '1', ...rest.slice(0, 5).map((one) => [one.value, one.qualifier]))]),
  ];
}

/** DESADV: one consignment, its lines as they were ordered. */
export function noticeDESADV(notice: ShipNotice, names: Names, latin: boolean): EdifactSegment[] {
  const { shipTo } = notice;
  return [
    s('BGM', '351', asText(notice.id, 35, latin), '9'),
    day('137', notice.at.toISOString().slice(0, 10)),
    day('11', notice.shippedOn),
    ...(notice.expectedOn === null ? [] : [day('17', notice.expectedOn)]),
    s('RFF', ['ON', notice.number]),
    day('171', notice.orderedOn),
    ...(notice.tracking === null ? [] : [s('RFF', ['CN', asText(notice.tracking, 35, latin)])]),
    nad('BY', names.buyer, names),
    nad('SU', names.supplier, names),
    ...(shipTo?.id == null ? [] : [nad('DP', shipTo.id, names)]),
    ...(notice.carrier === null
      ? []
      : [s('TDT', '20', '', '', '', ['', '', '', asText(notice.carrier, 35, latin)])]),
    s('CPS', '1'),
    ...notice.lines.flatMap((line) => [
      ...itemOf(line.line, '', line.numbers),
      s('QTY', ['12', String(line.quantity), line.unit]),
      s('QTY', ['21', String(line.ordered), line.unit]),
      ...(line.ordered > line.shippedInAll
        ? [s('QTY', ['83', String(line.ordered - line.shippedInAll), line.unit])]
        : []),
    ]),
    s('CNT', ['2', String(notice.lines.length)]),
  ];
}

/** INVRPT: what can be had now (145), and what comes (198) with the day from which it can be had (44). */
export function reportINVRPT(report: AvailabilityReport, names: Names, latin: boolean): EdifactSegment[] {
  return [
    s('BGM', '35', asText(report.id, 35, latin), '9'),
    day('137', report.at.toISOString().slice(0, 10)),
    nad('BY', names.buyer, names),
    nad('SU', names.supplier, names),
    ...report.items.flatMap((item, n) => [
      ...itemOf(String(n + 1), '', item.numbers),
      s('QTY', ['145', String(item.now), item.unit]),
      ...item.later.flatMap((one) => [
        s('QTY', ['198', String(one.quantity), item.unit]),
        day('44', one.from),
      ]),
    ]),
    s('CNT', ['2', String(report.items.length)]),
  ];
}
