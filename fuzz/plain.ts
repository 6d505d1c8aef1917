/** Segments as somebody would split them who knows the delimiters and nothing else: what the readers are held against. */
interface Plain<Element> {
  readonly tag: string;
  readonly elements: Element[];
}

const untilLast = <T>(list: readonly T[], said: (one: T) => boolean): T[] => {
  let length = list.length;
  while (length > 0 && !said(list[length - 1]!)) length--;
  return list.slice(0, length);
};

/** From each ST to its SE. */
export function plainX12(
  text: string,
  { element, segment }: { readonly element: string; readonly segment: string },
): Plain<string>[] {
  let inside = false;
  const found: Plain<string>[] = [];
  for (const piece of text.split(segment)) {
    if (piece.trim() === '') continue;
    const [tag, ...elements] = piece.replace(/^[\s\u00a0]+/, '').split(element);
    if (tag === 'ST') inside = true;
    if (inside) found.push({ tag: tag!, elements: untilLast(elements, (one) => one !== '') });
    if (tag === 'SE') inside = false;
  }
  return found;
}

/** From each UNH to its UNT. Line ends inside of data are layout. */
export function plainEdifact(
  text: string,
  { component, element, release, segment }: Record<'component' | 'element' | 'release' | 'segment', string>,
): Plain<string[]>[] {
  const body = text.replace(/^[\ufeff\s]*(UNA.{6})?/s, '');
  const found: Plain<string[]>[] = [];
  let elements: string[][] = [['']];
  let inside = false;
  let released = false;
  for (const one of body) {
    const last = elements.at(-1)!;
    if (released) {
      last.push(last.pop()! + one);
      released = false;
    } else if (release !== '' && one === release) released = true;
    else if (one === segment) {
      const [[tag = ''] = [], ...rest] = elements;
      if (tag === 'UNH') inside = true;
      if (inside && (tag !== '' || rest.length > 0)) {
        const trimmed = rest.map((components) => {
          const kept = untilLast(components, (part) => part !== '');
          return kept.length === 0 ? [''] : kept;
        });
        found.push({
          tag,
          elements: untilLast(trimmed, (components) => components.some((part) => part !== '')),
        });
      }
      if (tag === 'UNT') inside = false;
      elements = [['']];
    } else if (one === element) elements.push(['']);
    else if (one === component) last.push('');
    else if (one === '\n' || one === '\r') continue;
    else if (elements.length === 1 && last[0] === '' && /\s/.test(one)) continue;
    else last.push(last.pop()! + one);
  }
  return found;
}
