/** One page of a list, and the token of the next. A token is an offset, and the instant until which it is good. */
export function pageOf<T>(
  all: readonly T[],
  size: number,
  token: string | null,
  now: Date,
  lifeMs = 3_600_000,
): { items: readonly T[]; next?: string } | null {
  let from = 0;
  if (token !== null) {
    const [offset, until] = Buffer.from(token, 'base64url').toString().split('/').map(Number);
    if (!Number.isInteger(offset) || !(now.getTime() < until!)) return null;
    from = offset!;
  }
  const items = all.slice(from, from + size);
  const to = from + items.length;
  if (to >= all.length) return { items };
  return { items, next: Buffer.from(`${to}/${now.getTime() + lifeMs}`).toString('base64url') };
}
