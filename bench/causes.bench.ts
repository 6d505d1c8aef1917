import { type AccidentalCause, type Cause, classify } from '../packages/engine/src/causes.ts';
import { type Episode, episodeOf, TROUBLES } from './brand-simulator.ts';
import type { Bench, BenchOptions, Measured } from './measure.ts';

const EPISODES = 6000;
const GOAL = 0.95;
/** The columns of the confusion table. */
const ANSWERS: readonly Cause[] = [...TROUBLES, 'undetermined'];

/** Simulated brands whose troubles the classifier does not know: how often it names the right one. */
export const bench: Bench = {
  name: 'causes',
  *run({ quick }: BenchOptions): Generator<Measured> {
    const wanted = quick ? EPISODES / 10 : EPISODES;
    const table = new Map<AccidentalCause, Map<Cause, number>>(
      TROUBLES.map((trouble) => [trouble, new Map()]),
    );
    let right = 0;
    let single = 0;
    let mixed = 0;
    let mixedRight = 0;
    let chance = 0;
    let chanceRight = 0;
    for (let seed = 0; single + mixed + chance < wanted && seed < wanted * 20; seed++) {
      const episode = episodeOf(seed, troublesOf(seed));
      if (episode === null) continue;
      const answer = classify(episode.records).causes;
      const named = new Set(answer.map(({ cause }) => cause));
      const [truth, second] = episode.truth;
      if (truth === undefined) {
        chance++;
        if (named.has('undetermined')) chanceRight++;
      } else if (second === undefined) {
        single++;
        const first = answer[0]!.cause;
        if (first === truth) right++;
        const row = table.get(truth)!;
        row.set(first, (row.get(first) ?? 0) + 1);
      } else {
        mixed++;
        if (episode.truth.some((cause) => named.has(cause)) && isNoOther(episode, named)) mixedRight++;
      }
    }
    const note = `causes: rows are the truth, columns the answer\n${confusion(table)}`;
    yield rowOf(
      `${single} episodes of one cause, right`,
      right / single,
      `≥ ${GOAL}`,
      right / single >= GOAL,
      note,
    );
    yield rowOf(
      `${mixed} episodes of several, none named that is not one`,
      mixedRight / mixed,
      'told, not judged',
      null,
    );
    if (chance > 0)
      yield rowOf(
        `${chance} episodes of chance, undetermined`,
        chanceRight / chance,
        'told, not judged',
        null,
      );
  },
};

function rowOf(work: string, kept: number, goal: string, holds: boolean | null, note?: string): Measured {
  const row = {
    bench: 'causes',
    work,
    kept,
    unit: 'share',
    limit: null,
    peers: {},
    ratio: null,
    goal,
    holds,
  };
  return note === undefined ? { row } : { row, note };
}

function isNoOther({ truth }: Episode, named: ReadonlySet<Cause>): boolean {
  return [...named].every((cause) => (truth as readonly Cause[]).includes(cause));
}

/** Four of five have one trouble, the others two. */
function troublesOf(seed: number): AccidentalCause[] {
  const first = TROUBLES[seed % TROUBLES.length]!;
  if (seed % 5 !== 0) return [first];
  const second = TROUBLES[(seed + 1 + (Math.floor(seed / 30) % (TROUBLES.length - 1))) % TROUBLES.length]!;
  return [first, second];
}

function confusion(table: ReadonlyMap<AccidentalCause, ReadonlyMap<Cause, number>>): string {
  const width = Math.max(...ANSWERS.map((name) => name.length));
  const short = (name: string) => name.split('_')[0]!.slice(0, 12).padStart(12);
  const head = `${''.padEnd(width)} ${ANSWERS.map(short).join(' ')}`;
  const rows = [...table].map(
    ([truth, row]) =>
      `${truth.padEnd(width)} ${ANSWERS.map((answer) => String(row.get(answer) ?? 0).padStart(12)).join(' ')}`,
  );
  return [head, ...rows].join('\n');
}
