import type { LineName, Transfer } from './fact.ts';
import type { Commitment, LinePosition } from './position.ts';

/** A line whose backing becomes another. */
interface Changed {
  readonly line: LinePosition;
  readonly before: readonly Commitment[];
  readonly after: readonly Commitment[];
}

/**
 * Who gives what to whom, source by source: those who have fewer units of it beside those who have more, each in the order
 * given. What more is taken than given was free; what is given and nobody takes becomes free.
 */
export function transfersBetween(lines: readonly Changed[]): Transfer[] {
  const sources = new Map<
    string,
    { kind: 'reserved' | 'pegged'; source: number; given: Units[]; taken: Units[] }
  >();
  for (const { line, before, after } of lines) {
    const name: LineName = { order: line.order, line: line.line };
    const delta = new Map<string, { kind: 'reserved' | 'pegged'; source: number; units: number }>();
    for (const [commitments, sign] of [[before, -1] as const, [after, 1] as const])
      for (const { kind, source, quantity } of commitments) {
        if (kind === 'waiting') continue;
        const key = `${kind}:${source}`;
        const known = delta.get(key) ?? { kind, source, units: 0 };
        known.units += sign * quantity;
        delta.set(key, known);
      }
    for (const [key, { kind, source, units }] of delta) {
      if (units === 0) continue;
      const at = sources.get(key) ?? { kind, source, given: [], taken: [] };
      sources.set(key, at);
      (units < 0 ? at.given : at.taken).push({ name, units: Math.abs(units) });
    }
  }
  return [...sources.values()].flatMap(({ kind, source, given, taken }) =>
    paired(given, taken).map(({ units, from, to }) => ({ kind, source, quantity: units, from, to })),
  );
}

interface Units {
  readonly name: LineName;
  units: number;
}

function paired(
  given: readonly Units[],
  taken: readonly Units[],
): { units: number; from: LineName | null; to: LineName | null }[] {
  const pairs: { units: number; from: LineName | null; to: LineName | null }[] = [];
  let g = 0;
  let t = 0;
  while (g < given.length || t < taken.length) {
    const giver = given[g];
    const taker = taken[t];
    const units = Math.min(giver?.units ?? Number.MAX_SAFE_INTEGER, taker?.units ?? Number.MAX_SAFE_INTEGER);
    pairs.push({ units, from: giver?.name ?? null, to: taker?.name ?? null });
    if (giver !== undefined && (giver.units -= units) === 0) g++;
    if (taker !== undefined && (taker.units -= units) === 0) t++;
  }
  return pairs;
}
