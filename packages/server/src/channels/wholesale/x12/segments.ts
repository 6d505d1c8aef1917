/**
 * The segments that Kept reads and writes, element by element, as X12 004010 and 005010 have them: `M` must be there, `O` may,
 * `X` may and depends on others; then the type, the least and most characters, and the number in the data element dictionary.
 * Types: AN text, ID code, N whole number, R decimal, DT and TM, C composite. Segments that are not here are read and passed by.
 */
const PAIRS_4010 = pairs(10);

const TABLE: Readonly<Record<string, string>> = {
  ST: 'M ID 3-3 143, M AN 4-9 329, O AN 1-35 1705',
  SE: 'M N 1-10 96, M AN 4-9 329',
  GS: 'M ID 2-2 479, M AN 2-15 142, M AN 2-15 124, M DT 8-8 373, M TM 4-8 337, M N 1-9 28, M ID 1-2 455, M AN 1-12 480',
  BEG: 'M ID 2-2 353, M ID 2-2 92, M AN 1-22 324, O AN 1-30 328, M DT 8-8 373, O AN 1-30 367, O ID 2-2 587, O ID 3-3 1019, O ID 2-2 1166, O ID 2-2 1232, O ID 2-2 786, O ID 2-2 1006',
  BCH: 'M ID 2-2 353, M ID 2-2 92, M AN 1-22 324, O AN 1-30 328, O AN 1-8 327, M DT 8-8 373, O AN 1-45 326, O AN 1-30 367, O AN 1-50 127, O DT 8-8 373, O DT 8-8 373, O DT 8-8 373',
  BAK: 'M ID 2-2 353, M ID 2-2 587, M AN 1-22 324, M DT 8-8 373, O AN 1-30 328, O AN 1-45 326, O AN 1-30 367, O AN 1-50 127, O DT 8-8 373, O ID 2-2 640',
  BCA: 'M ID 2-2 353, O ID 2-2 587, M AN 1-22 324, O AN 1-30 328, O AN 1-8 327, M DT 8-8 373, O AN 1-45 326, O AN 1-30 367, O AN 1-50 127, O DT 8-8 373, O DT 8-8 373, O DT 8-8 373',
  BSN: 'M ID 2-2 353, M AN 2-30 396, M DT 8-8 373, M TM 4-8 337, O ID 4-4 1005, X ID 2-2 640, O ID 3-3 641',
  BIA: 'M ID 2-2 353, M ID 2-2 755, M AN 1-50 127, M DT 8-8 373, O TM 4-8 337, O ID 1-2 306',
  CUR: 'M ID 2-3 98, M ID 3-3 100, O R 4-10 280, O ID 2-3 98, O ID 3-3 100, O ID 3-3 669',
  REF: 'M ID 2-3 128, X AN 1-50 127, X AN 1-80 352, O C 1-999 C040',
  PER: 'M ID 2-2 366, O AN 1-60 93, X ID 2-2 365, X AN 1-256 364, X ID 2-2 365, X AN 1-256 364, X ID 2-2 365, X AN 1-256 364, O AN 1-20 443',
  CSH: 'O ID 1-2 563, X ID 1-1 306, X N 1-15 610, X AN 1-35 508, O DT 8-8 373, X ID 2-2 559, X ID 2-10 560, X N 1-2 566, X R 1-10 954, O ID 1-2 1004',
  DTM: 'M ID 3-3 374, X DT 8-8 373, X TM 4-8 337, O ID 2-2 623, X ID 2-3 1250, X AN 1-35 1251',
  N9: 'M ID 2-3 128, X AN 1-50 127, X AN 1-45 369, O DT 8-8 373, X TM 4-8 337, O ID 2-2 623, O C 1-999 C040',
  MSG: 'M AN 1-264 933, X ID 2-2 934, O N 1-9 1470',
  N1: 'M ID 2-3 98, X AN 1-60 93, X ID 1-2 66, X AN 2-80 67, O ID 2-2 706, O ID 2-3 98',
  N2: 'M AN 1-60 93, O AN 1-60 93',
  N3: 'M AN 1-55 166, O AN 1-55 166',
  N4: 'O AN 2-30 19, X ID 2-2 156, O ID 3-15 116, X ID 2-3 26, X ID 1-2 309, O AN 1-30 310, X ID 1-3 1715',
  PO1: `O AN 1-20 350, X R 1-15 330, X ID 2-2 355, X R 1-17 212, O ID 2-2 639, ${PAIRS_4010}`,
  POC: `O AN 1-20 350, M ID 2-2 670, O R 1-15 330, X R 1-9 671, X C 2-99 C001, X R 1-17 212, O ID 2-2 639, ${PAIRS_4010}`,
  PID: 'M ID 1-1 349, O ID 2-3 750, X ID 2-2 559, X AN 1-12 751, X AN 1-80 352, O ID 2-2 752, O ID 1-1 1073, X AN 1-15 822, O ID 2-3 819',
  PO4: 'O N 1-6 356, X R 1-8 357, X ID 2-2 355, O AN 3-5 103',
  SCH: 'M R 1-15 380, M ID 2-2 355, O ID 2-3 98, X AN 1-60 93, M ID 3-3 374, M DT 8-8 373, O TM 4-8 337, X ID 3-3 374, X DT 8-8 373, X TM 4-8 337, O AN 1-45 326, O AN 1-20 350',
  SDQ: `M ID 2-2 355, O ID 1-2 66, ${Array.from({ length: 10 }, (_, n) => (n === 0 ? 'M AN 2-80 67, M R 1-15 380' : 'X AN 2-80 67, X R 1-15 380')).join(', ')}`,
  CTT: 'M N 1-6 354, O R 1-10 347',
  AMT: 'M ID 1-3 522, M R 1-18 782, O ID 1-1 478',
  ACK: `M ID 2-2 668, X R 1-15 380, X ID 2-2 355, O ID 3-3 374, X DT 8-8 373, O AN 1-45 326, ${PAIRS_4010}`,
  HL: 'M AN 1-12 628, O AN 1-12 734, M ID 1-2 735, O ID 1-1 736',
  TD1: 'O AN 3-5 103, X N 1-7 80, O ID 1-1 23, X AN 1-30 22, O AN 1-50 79, O ID 1-2 187, X R 1-10 81, X ID 2-2 355',
  TD5: 'O ID 1-2 133, X ID 1-2 66, X AN 2-80 67, X ID 1-2 91, X AN 1-35 387, X ID 2-2 368, O ID 1-2 309, X AN 1-30 310',
  PRF: 'M AN 1-22 324, O AN 1-30 328, O AN 1-8 327, O DT 8-8 373',
  LIN: `O AN 1-20 350, M ID 2-2 235, M AN 1-48 234, ${pairs(9)}`,
  SN1: 'O AN 1-20 350, M R 1-10 382, M ID 2-2 355, O R 1-15 646, X R 1-15 330, X ID 2-2 355, O ID 1-1 728, O ID 2-2 668',
  MAN: 'M ID 1-2 88, M AN 1-48 87, O AN 1-48 87',
  QTY: 'M ID 2-2 673, X R 1-15 380, O C 2-99 C001',
  AK1: 'M ID 2-2 479, M N 1-9 28, O AN 1-12 480',
  AK2: 'M ID 3-3 143, M AN 4-9 329',
  AK3: 'M ID 2-3 721, M N 1-10 719, O AN 1-6 447, O ID 1-3 720',
  AK4: 'M C 1-9 C030, O N 1-4 725, M ID 1-3 723, O AN 1-99 724',
  AK5: 'M ID 1-1 717, O ID 1-3 718, O ID 1-3 718, O ID 1-3 718, O ID 1-3 718, O ID 1-3 718',
  AK9: 'M ID 1-1 715, M N 1-6 97, M N 1-6 123, M N 1-6 2, O ID 1-3 716, O ID 1-3 716, O ID 1-3 716, O ID 1-3 716, O ID 1-3 716',
};

/** Qualifier and number of an item, several times over. */
function pairs(times: number): string {
  return Array.from({ length: times }, () => 'X ID 2-2 235, X AN 1-48 234').join(', ');
}

export interface X12Element {
  readonly mandatory: boolean;
  readonly type: 'AN' | 'ID' | 'N' | 'R' | 'DT' | 'TM' | 'C';
  readonly least: number;
  readonly most: number;
  readonly dictionary: string;
}

export const SEGMENTS: ReadonlyMap<string, readonly X12Element[]> = new Map(
  Object.entries(TABLE).map(([tag, text]) => [tag, text.split(', ').map(elementOf)]),
);

function elementOf(text: string): X12Element {
  const [use, type, lengths, dictionary] = text.split(' ') as [string, X12Element['type'], string, string];
  const [least, most] = lengths.split('-').map(Number) as [number, number];
  return { mandatory: use === 'M', type, least, most, dictionary };
}

/**
 * What the elements of a segment owe each other, in the standard's letters: P all or none, R at least one, C if the first then
 * the others, L if the first then one of the others.
 */
export const CONDITIONS: Readonly<Record<string, readonly string[]>> = {
  REF: ['R0203'],
  PER: ['P0304', 'P0506', 'P0708'],
  DTM: ['R020305', 'P0506'],
  N1: ['R0203', 'P0304'],
  N9: ['R0203'],
  PO1: ['C0302', 'C0504', ...pairConditions(6, 10)],
  POC: ['C0305', 'C0405', ...pairConditions(8, 10)],
  ACK: ['P0203', 'C0405', ...pairConditions(7, 10)],
  LIN: pairConditions(2, 10),
  SCH: ['P0809'],
  QTY: ['R0203'],
  PO4: ['P0203'],
};

function pairConditions(from: number, times: number): string[] {
  const two = (n: number) => String(n).padStart(2, '0');
  return Array.from({ length: times }, (_, n) => `P${two(from + 2 * n)}${two(from + 2 * n + 1)}`);
}
