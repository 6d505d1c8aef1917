import {
  at,
  type EdifactDelimiters,
  type EdifactInterchange,
  type EdifactMessage,
  type EdifactSegment,
  USUAL,
} from './interchange.ts';

/** Writes an interchange with the counts and references that belong to what is in it; what is special in data is released. */
export function writeEdifact(
  interchange: Pick<EdifactInterchange, 'delimiters' | 'header' | 'messages'>,
  lineEnd = '',
): string {
  const { delimiters, header, messages } = interchange;
  const usual = Object.entries(USUAL).every(
    ([name, one]) => delimiters[name as keyof EdifactDelimiters] === one,
  );
  const segments = [
    header,
    ...messages.flatMap((one) => one.segments),
    { tag: 'UNZ', elements: [[String(messages.length)], [at(header, 5)]] },
  ];
  const { component, element, decimal, release, segment } = delimiters;
  const advice = usual ? '' : `UNA${component}${element}${decimal}${release || ' '} ${segment}${lineEnd}`;
  return advice + segments.map((one) => `${line(one, delimiters)}${segment}${lineEnd}`).join('');
}

/** A message of its body, with UNH and a UNT that counts it. @param version such as D:96A:UN:EAN008 */
export function message(
  type: string,
  version: string,
  control: string,
  body: readonly EdifactSegment[],
): EdifactMessage {
  const segments: EdifactSegment[] = [
    { tag: 'UNH', elements: [[control], [type, ...version.split(':')]] },
    ...body,
    { tag: 'UNT', elements: [[String(body.length + 2)], [control]] },
  ];
  return { type, version, control, segments, faults: [] };
}

function line({ tag, elements }: EdifactSegment, delimiters: EdifactDelimiters): string {
  const { component, element, release, segment } = delimiters;
  const special = new Set([component, element, release, segment].filter((one) => one !== ''));
  const written = (value: string) => {
    if (release !== '') return [...value].map((one) => (special.has(one) ? release + one : one)).join('');
    for (const one of value)
      if (special.has(one))
        throw new RangeError(`${tag} has a delimiter in ${JSON.stringify(value)}, and nothing releases it.`);
    return value;
  };
  return [tag, ...elements.map((components) => components.map(written).join(component))].join(element);
}

/** Words of ours as an element can hold them: of the interchange's characters, and no longer than it may be. */
export function asText(words: string, maximum: number, latin: boolean): string {
  const clean = [...words]
    .map((one) => (/[\p{Cc}]/u.test(one) || (latin && one.codePointAt(0)! > 0xff) ? ' ' : one))
    .join('');
  return clean.replaceAll(/ {2,}/g, ' ').trim().slice(0, maximum).trimEnd();
}
