/** A line's or schedule's name: 1 and "1" name the same one, and are answered as they were first given. */
export type LineName = string | number;

/** As it is stored: JSON, '' for none. */
export const storedName = (name: LineName | undefined): string =>
  name === undefined ? '' : JSON.stringify(name);

/** As it is answered. */
export const nameOf = (stored: string): LineName | undefined =>
  stored === '' ? undefined : JSON.parse(stored);

/** What names are told apart by. */
export const keyOf = (stored: string): string => (stored === '' ? '' : `#${String(JSON.parse(stored))}`);

/** Numbers first, in their order; then words. */
export function compareNames(a: string, b: string): number {
  const [one, other] = [nameOf(a) ?? '', nameOf(b) ?? ''];
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  if (typeof one !== typeof other) return typeof one === 'number' ? -1 : 1;
  return one < other ? -1 : one > other ? 1 : 0;
}
