import type { KeptError } from './errors.ts';

/** What became of one record among many that were saved together. */
export type Saved =
  | { readonly state: 'applied' | 'unchanged'; readonly created: boolean }
  /** It was left out; the others were saved. `error.extra.errors` has the path and what was expected there. */
  | { readonly state: 'refused'; readonly error: KeptError };

/** Whether the one record that was saved is new; throws the error for which it was refused. */
export function isCreated([saved]: readonly Saved[]): boolean {
  if (saved === undefined) throw new Error('nothing was saved');
  if (saved.state === 'refused') throw saved.error;
  return saved.created;
}

/**
 * Saves records in the order given, where one name may come more than once: each round holds a name once, so that it can
 * be saved with a few statements, and the last one of a name is what stays.
 */
export async function saveInRounds<Record>(
  records: readonly Record[],
  nameOf: (record: Record) => string,
  saveRound: (round: readonly Record[]) => Promise<readonly Saved[]>,
): Promise<Saved[]> {
  const saved: Saved[] = new Array(records.length);
  let left = records.map((record, index) => ({ record, index }));
  while (left.length > 0) {
    const names = new Set<string>();
    const round: typeof left = [];
    const later: typeof left = [];
    for (const one of left) {
      const name = nameOf(one.record);
      if (names.has(name)) later.push(one);
      else {
        names.add(name);
        round.push(one);
      }
    }
    const outcomes = await saveRound(round.map((one) => one.record));
    for (const [place, { index }] of round.entries()) saved[index] = outcomes[place]!;
    left = later;
  }
  return saved;
}
