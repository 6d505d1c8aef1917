/** The statuses of a line that the partner's manual lists. */
const STATUSES = new Set(['IA', 'IB', 'BP', 'IQ', 'DR', 'IR', 'IP', 'ID', 'IH', 'AC']);

export interface PlainReading {
  readonly complaints: readonly string[];
  /** 855, …; TA1 for an interchange that holds only that. */
  readonly set: string;
  readonly control: string;
  /** From ST to SE, split. */
  readonly segments: readonly (readonly string[])[];
}

/** Reads one interchange by columns, as the partner's old program does, and says everything that it stumbles over. */
export function readPlainly(
  text: string,
  names: { readonly ours: string; readonly theirs: string },
): PlainReading {
  const complaints: string[] = [];
  const expect = (held: boolean, words: string) => {
    if (!held) complaints.push(words);
  };
  const [element, end] = [text[3]!, text[105]!];
  expect(text.startsWith('ISA'), 'no ISA');
  expect(text[103] === element && text[104] !== element, 'the ISA segment is not 106 characters long');
  expect(text.slice(35, 50).trim() === names.theirs, `the sender is ${text.slice(35, 50)}`);
  expect(text.slice(54, 69).trim() === names.ours, `the receiver is ${text.slice(54, 69)}`);
  const control = text.slice(90, 99);
  expect(/^\d{9}$/.test(control), `control number ${control}`);
  const segments = text
    .split(end)
    .map((one) => one.trim())
    .filter((one) => one !== '')
    .map((one) => one.split(element));
  const of = (tag: string) => segments.filter((one) => one[0] === tag);
  const [iea] = of('IEA');
  expect(segments.at(-1)?.[0] === 'IEA', 'it does not end with IEA');
  expect(iea?.[2] === control, 'IEA02 is not ISA13');
  expect(Number(iea?.[1]) === of('GS').length, 'IEA01 miscounts');
  if (of('GS').length === 0) return { complaints, set: 'TA1', control, segments: of('TA1') };
  const [gs, ge, st, se] = [of('GS')[0]!, of('GE')[0], of('ST'), of('SE')];
  expect(ge?.[2] === gs[6], 'GE02 is not GS06');
  expect(Number(ge?.[1]) === st.length, 'GE01 miscounts');
  const begin = segments.findIndex((one) => one[0] === 'ST');
  const last = segments.findIndex((one) => one[0] === 'SE');
  expect(Number(se[0]?.[1]) === last - begin + 1, 'SE01 miscounts');
  expect(se[0]?.[2] === st[0]?.[2], 'SE02 is not ST02');
  const body = segments.slice(begin, last + 1);
  for (const one of body) {
    if (one[0] === 'ACK') expect(STATUSES.has(one[1] ?? ''), `status ${one[1]}`);
    if (one[0] === 'ACK' && one[4] !== undefined) expect(/^20\d{6}$/.test(one[5] ?? ''), `a day ${one[5]}`);
    expect(one.at(-1) !== '', `${one[0]} ends in an empty element`);
  }
  const ctt = body.find((one) => one[0] === 'CTT');
  const set = st[0]?.[1] ?? '';
  const counted = { '855': 'PO1', '865': 'POC', '856': 'HL', '846': 'LIN' }[set];
  if (counted !== undefined) {
    expect(ctt !== undefined, 'there is no CTT');
    expect(Number(ctt?.[1]) === body.filter((one) => one[0] === counted).length, 'CTT01 miscounts');
  }
  return { complaints, set, control, segments: body };
}
