import type { X12Delimiters, X12Group, X12Interchange, X12Segment } from './interchange.ts';

/** The widths of ISA01 to ISA16; numbers are filled with zeroes before them, the rest with blanks after. */
const WIDTHS = [2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1] as const;
const CONTROL = 12;

/**
 * Writes interchanges as they are: with the counts and control numbers that belong to what is in them.
 * @param lineEnd written after each segment's terminator, for readers that want lines
 * @throws RangeError where an element has one of the delimiters in it: X12 knows no way to write it
 */
export function writeX12(
  interchange: Pick<X12Interchange, 'delimiters' | 'header' | 'groups' | 'acknowledgements'>,
  lineEnd = '',
): string {
  const { delimiters, header, groups, acknowledgements } = interchange;
  const control = header.elements[CONTROL] ?? '';
  const segments: string[] = [isa(header, delimiters)];
  const put = (segment: X12Segment) => segments.push(line(segment, delimiters));
  for (const one of acknowledgements) put(one);
  for (const group of groups) {
    put(group.header);
    for (const { segments: own } of group.transactions) for (const segment of own) put(segment);
    put({ tag: 'GE', elements: [String(group.transactions.length), group.header.elements[5] ?? ''] });
  }
  put({ tag: 'IEA', elements: [String(groups.length), control.padStart(9, '0')] });
  return segments.map((one) => `${one}${delimiters.segment}${lineEnd}`).join('');
}

/** A transaction set of its body, with ST and a SE that counts it. */
export function transaction(
  set: string,
  control: string,
  body: readonly X12Segment[],
): X12Group['transactions'][number] {
  const segments = [
    { tag: 'ST', elements: [set, control] },
    ...body,
    { tag: 'SE', elements: [String(body.length + 2), control] },
  ];
  return { set, control, segments, faults: [] };
}

function isa(header: X12Segment, delimiters: X12Delimiters): string {
  const elements = WIDTHS.map((width, n) => {
    const value = header.elements[n] ?? '';
    if (n === 15) return delimiters.component;
    return n === CONTROL ? value.padStart(width, '0') : value.padEnd(width, ' ');
  });
  return ['ISA', ...elements].join(delimiters.element);
}

function line(segment: X12Segment, { element, segment: end }: X12Delimiters): string {
  for (const value of segment.elements)
    if (value.includes(element) || value.includes(end))
      throw new RangeError(`${segment.tag} has a delimiter in ${JSON.stringify(value)}.`);
  let length = segment.elements.length;
  while (length > 0 && segment.elements[length - 1] === '') length--;
  return [segment.tag, ...segment.elements.slice(0, length)].join(element);
}

/** Words of ours as an element can hold them: without delimiters and line ends, and no longer than it may be. */
export function asElement(words: string, delimiters: X12Delimiters, maximum: number): string {
  const { element, component, segment, repetition } = delimiters;
  const taken = new Set(
    [element, component, segment, repetition].filter((one) => one !== null && one !== ''),
  );
  const clean = [...words].map((one) => (taken.has(one) || /[\p{Cc}]/u.test(one) ? ' ' : one)).join('');
  return clean.replaceAll(/ {2,}/g, ' ').trim().slice(0, maximum).trimEnd();
}
