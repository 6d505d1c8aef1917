/**
 * The segments that Kept reads and writes, as the directories D.96A to D.10A have them. Elements are parted by commas, the
 * components of a composite stand in parentheses; each is its number in the directory, `!` if it must be there, and its form:
 * `an..35` at most 35 characters, `n6` exactly six digits. Sources: UN/EDIFACT directories, ISO 9735 for UNH, UNT and the
 * segments of CONTRL.
 */
const TABLE: Readonly<Record<string, string>> = {
  UNH: '0062!an..14 (0065!an..6 0052!an..3 0054!an..3 0051!an..3 0057an..6 0110an..6 0113an..6) 0068an..35 (0070n..2 0073a1)',
  UNT: '0074!n..10 0062!an..14',
  UNS: '0081!a1',
  BGM: '(1001an..3 1131an..17 3055an..3 1000an..35) (1004an..70 1056an..9 1060an..6) 1225an..3 4343an..3',
  DTM: '(2005!an..3 2380an..35 2379an..3)',
  RFF: '(1153!an..3 1154an..70 1156an..6 4000an..35 1060an..6)',
  NAD: '3035!an..3 (3039!an..35 1131an..17 3055an..3) (3124!an..35 3124an..35 3124an..35 3124an..35 3124an..35) (3036!an..70 3036an..70 3036an..70 3036an..70 3036an..70 3045an..3) (3042!an..35 3042an..35 3042an..35 3042an..35) 3164an..35 (3229an..9 1131an..17 3055an..3 3228an..35) 3251an..17 3207an..3',
  CUX: '(6347!an..3 6345an..3 6343an..3 6348n..4) (6347!an..3 6345an..3 6343an..3 6348n..4) 5402n..12 6341an..3',
  LIN: '1082an..6 1229an..3 (7140an..35 7143an..3 1131an..17 3055an..3) (5495an..3 1082an..6) 1222n..2 7083an..3',
  PIA: '4347!an..3 (7140an..35 7143an..3 1131an..17 3055an..3) (7140an..35 7143an..3 1131an..17 3055an..3) (7140an..35 7143an..3 1131an..17 3055an..3) (7140an..35 7143an..3 1131an..17 3055an..3) (7140an..35 7143an..3 1131an..17 3055an..3)',
  IMD: '7077an..3 (7081an..3 1131an..17 3055an..3) (7009an..17 1131an..17 3055an..3 7008an..256 7008an..256 3453an..3) 7383an..3',
  QTY: '(6063!an..3 6060!n..35 6411an..8)',
  QVR: '(6064n..15 6063an..3) 4221an..3 (4295an..3 1131an..17 3055an..3 4294an..35)',
  PRI: '(5125!an..3 5118n..15 5375an..3 5387an..3 5284n..9 6411an..8) 5213an..3',
  CNT: '(6069!an..3 6066!n..18 6411an..8)',
  CPS: '7164!an..35 7166an..35 7075an..3',
  SCC: '4017!an..3 4493an..3 (2013an..3 2015an..3 2017an..3)',
  TDT: '8051!an..3 8028an..17 (8067an..3 8066an..17) (8179an..8 8178an..17) (3127an..17 1131an..17 3055an..3 3128an..35)',
  UCI: '0020!an..14 (0004!an..35 0007an..4 0008an..35) (0010!an..35 0007an..4 0014an..35) 0083!an1 0085an..2 0135an3 (0098!n..3 0104n..3)',
  UCM: '0062!an..14 (0065!an..6 0052!an..3 0054!an..3 0051!an..3 0057an..6) 0083!an1 0085an..2 0135an3 (0098!n..3 0104n..3)',
  UCS: '0096!n..6 0085an..2',
  UCD: '0085!an..2 (0098!n..3 0104n..3)',
};

export interface EdifactComponent {
  readonly dictionary: string;
  readonly mandatory: boolean;
  readonly kind: 'a' | 'n' | 'an';
  readonly least: number;
  readonly most: number;
}

/** Of each segment its elements, of each element its components. */
export const SEGMENTS: ReadonlyMap<string, readonly (readonly EdifactComponent[])[]> = new Map(
  Object.entries(TABLE).map(([tag, text]) => [tag, elementsOf(text)]),
);

function elementsOf(text: string): EdifactComponent[][] {
  const parts = text.match(/\([^)]*\)|\S+/g)!;
  return parts.map((part) => part.replaceAll(/[()]/g, '').split(' ').map(componentOf));
}

function componentOf(text: string): EdifactComponent {
  const [, dictionary, mandatory, kind, range, most] = /^(\d{4})(!?)(an|a|n)(\.\.)?(\d+)$/.exec(text)!;
  const length = Number(most);
  return {
    dictionary: dictionary!,
    mandatory: mandatory === '!',
    kind: kind as EdifactComponent['kind'],
    least: range === undefined ? length : 1,
    most: length,
  };
}

/** Code lists by directory number, of the elements by which an order is understood. */
const LISTS: Readonly<Record<string, string>> = {
  '1225':
    '1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56',
  '1229':
    '1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47 48 49 50 51 52 53 54 55 56 57 58 59 60 61 62 63 64 65 66 67 68 69 70 71 72 73 74 75 76 77 78 79 80 81 82 83 84 85 86 87 88 89 90 91 92 93 94 95 96 97 98 99 100',
  '0081': 'D S',
  '2379':
    '2 3 4 5 6 7 8 9 10 101 102 103 104 105 106 107 108 109 110 201 202 203 204 205 206 207 301 302 303 304 305 306 401 402 403 404 405 501 502 503 600 601 602 603 604 608 609 610 611 612 613 614 615 616 701 702 703 704 705 706 707 708 709 710 711 713 715 716 717 718 719 720 721 801 802 803 804 805 806 807 808 809 810 811 812 813 814',
  '0083': '4 7 8',
};
const CODES: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(LISTS).map(([element, codes]) => [element, new Set(codes.split(' '))]),
);

/** Codes that begin with Z are agreed between partners, as the directories leave it to them. */
export function isCode(element: string, value: string, agreed: readonly string[] = []): boolean {
  const list = CODES.get(element);
  return list === undefined || list.has(value) || value.startsWith('Z') || agreed.includes(value);
}
