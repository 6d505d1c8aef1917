import type { Changed } from '../follow.ts';
import type { Row, TrytonRpc } from './rpc.ts';
import { Stamp } from './values.ts';

/** A record that was never written has the stamp of its making only. */
export const stampOf = (row: Row): string => (row.write_date ?? row.create_date) as string;

export const newestOf = (rows: readonly Row[]): string => rows.map(stampOf).sort().at(-1)!;

export async function changedOf(
  rpc: TrytonRpc,
  model: string,
  domain: readonly unknown[],
  asked: {
    readonly since: string | null;
    readonly after: number | string | null;
    readonly limit: number;
    readonly signal: AbortSignal | undefined;
  },
): Promise<readonly Changed[]> {
  const { since, after, limit, signal } = asked;
  const bounds: unknown[] = [...domain];
  if (after !== null) bounds.push(['id', '>', after]);
  if (since !== null) {
    const at = new Stamp(since);
    bounds.push([
      'OR',
      ['write_date', '>=', at],
      [
        ['write_date', '=', null],
        ['create_date', '>=', at],
      ],
    ]);
  }
  const rows = await rpc.read(model, bounds, ['create_date', 'write_date'], {
    limit,
    order: [['id', 'ASC']],
    signal,
  });
  return rows.map((row) => ({ id: row.id as number, stamp: stampOf(row) }));
}
