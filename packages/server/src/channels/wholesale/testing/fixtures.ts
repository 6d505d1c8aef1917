import { Partner } from '../partner.ts';

/** A retailer that speaks X12, and the brand's numbers with it. */
export const NORTH = Partner.parse({
  code: 'north',
  title: 'North Outfitters',
  standard: 'x12',
  ours: { qualifier: '01', id: '112233445' },
  theirs: { qualifier: 'ZZ', id: 'NORTHOUT' },
  customer: { name: 'North Outfitters', class: 'key' },
  units: { EA: null, CA: 'case' },
  items: { numbers: { 'UP:012345678905': 'MUG-RED' } },
  prices: { 'MUG-RED': '12.00' },
  priceTolerancePercent: 2,
  catalogue: ['MUG-RED', 'MUG-BLUE'],
});

/** A department store that speaks EDIFACT. */
export const SUED = Partner.parse({
  code: 'sued',
  title: 'Kaufhaus Süd',
  standard: 'edifact',
  ours: { qualifier: '14', id: '4012345000009' },
  theirs: { qualifier: '14', id: '4398765000004' },
  customer: { name: 'Kaufhaus Süd', class: 'key' },
  country: 'DE',
  currency: 'EUR',
  items: { numbers: { 'EN:4012345678901': 'MUG-RED' } },
});

const pad = (text: string, width: number) => text.padEnd(width, ' ');

/** What an 850 of North's looks like, with its parts open to change. */
export function x12File(
  body: readonly string[],
  more: {
    control?: string;
    set?: string;
    group?: string;
    usage?: string;
    from?: string;
    end?: string;
    count?: number;
  } = {},
): string {
  const control = (more.control ?? '1').padStart(9, '0');
  const segments = [
    `ISA*00*          *00*          *ZZ*${pad(more.from ?? 'NORTHOUT', 15)}*01*${pad('112233445', 15)}*260302*0930*U*00401*${control}*0*${more.usage ?? 'P'}*>`,
    `GS*${more.group ?? 'PO'}*NORTHOUT*112233445*20260302*0930*${Number(control)}*X*004010`,
    `ST*${more.set ?? '850'}*0001`,
    ...body,
    `SE*${more.count ?? body.length + 2}*0001`,
    `GE*1*${Number(control)}`,
    `IEA*1*${more.end ?? control}`,
  ];
  return segments.map((one) => `${one}~`).join('\n');
}

export interface AskedLine {
  readonly line?: string;
  readonly quantity?: number;
  readonly unit?: string;
  readonly price?: string;
  readonly number?: readonly [qualifier: string, value: string];
  readonly more?: readonly string[];
}

/** An order of North's. */
export function order850(
  number: string,
  lines: readonly AskedLine[] = [{}],
  more: Parameters<typeof x12File>[1] & {
    dates?: readonly (readonly [string, string])[];
    purpose?: string;
  } = {},
): string {
  const body = [
    `BEG*${more.purpose ?? '00'}*SA*${number}**20260302`,
    'CUR*BY*USD',
    ...(more.dates ?? []).map(([qualifier, day]) => `DTM*${qualifier}*${day.replaceAll('-', '')}`),
    'N1*ST*North Outfitters DC 7*92*0007',
    'N3*7 Harbor Rd',
    'N4*Portland*ME*04101*US',
    ...lines.flatMap((line, n) => [
      `PO1*${line.line ?? n + 1}*${line.quantity ?? 5}*${line.unit ?? 'EA'}*${line.price ?? '12.00'}**${(line.number ?? ['UP', '012345678905']).join('*')}`,
      ...(line.more ?? []),
    ]),
    `CTT*${lines.length}`,
  ];
  return x12File(body, more);
}

/** An order of Süd's. */
export function ordersEdifact(
  number: string,
  lines: readonly { line?: string; quantity?: number; price?: string; ean?: string }[] = [{}],
  more: {
    control?: string;
    dates?: readonly (readonly [string, string])[];
    type?: string;
    function?: string;
    extra?: readonly string[];
  } = {},
): string {
  const control = more.control ?? '1';
  const body = [
    `BGM+220+${number}+${more.function ?? '9'}`,
    'DTM+137:20260302:102',
    ...(more.dates ?? []).map(([qualifier, day]) => `DTM+${qualifier}:${day.replaceAll('-', '')}:102`),
    ...(more.extra ?? []),
    'NAD+BY+4398765000004::9',
    'NAD+SU+4012345000009::9',
    'NAD+DP+4398765000011::9++Kaufhaus S?+üd+Hafen 1+Kiel++24103+DE',
    'CUX+2:EUR:9',
    ...lines.flatMap((line, n) => [
      `LIN+${line.line ?? n + 1}++${line.ean ?? '4012345678901'}:EN`,
      `QTY+21:${line.quantity ?? 5}:PCE`,
      `PRI+AAA:${line.price ?? '12.00'}`,
    ]),
    'UNS+S',
    `CNT+2:${lines.length}`,
  ];
  const segments = [
    'UNA:+.? ',
    `UNB+UNOC:3+4398765000004:14+4012345000009:14+260302:0930+${control}`,
    `UNH+1+${more.type ?? 'ORDERS'}:D:96A:UN:EAN008`,
    ...body,
    `UNT+${body.length + 2}+1`,
    `UNZ+1+${control}`,
  ];
  return segments.join("'\n").replace("UNA:+.? '\n", "UNA:+.? '").concat("'");
}
