import { type AccidentalCause, type Cause, classify } from '../packages/engine/src/causes.ts';
import { type Episode, episodeOf, TROUBLES } from './brand-simulator.ts';
import type { Bench, BenchOptions, Measured } from './measure.ts';
import { shopEpisode } from './shop-simulator.ts';

const EPISODES = 6000;
const GOAL = 0.95;
/** The columns of the confusion table. */
const ANSWERS: readonly Cause[] = [...TROUBLES, 'undetermined'];

/** Two simulators that have nothing in common but the records that come out: what holds for one only is no evidence. */
const SIMULATORS: readonly {
  readonly name: string;
  readonly make: (seed: number, troubles: readonly AccidentalCause[]) => Episode | null;
}[] = [
  { name: 'brands', make: episodeOf },
  { name: 'shops', make: shopEpisode },
];

/** Simulated brands whose troubles the classifier does not know: how often it names the right one. */
export const bench: Bench = {
  name: 'causes',
  *run({ quick }: BenchOptions): Generator<Measured> {
    for (const { name, make } of SIMULATORS) {
      const wanted = quick ? EPISODES / 10 : EPISODES;
      const tally = tallyOf(make, wanted);
      const { single, right, mixed, mixedRight, chance, chanceRight } = tally;
      const note = `causes, ${name}: rows are the truth, columns the answer\n${confusion(tally.table)}`;
      const share = right / single;
      yield rowOf(`${name}: ${single} episodes of one cause, right`, share, `≥ ${GOAL}`, share >= GOAL, note);
      const told = 'told, not judged';
      yield rowOf(`${name}: ${mixed} of several, none named that is not one`, mixedRight / mixed, told, null);
      if (chance > 0)
        yield rowOf(`${name}: ${chance} of chance, undetermined`, chanceRight / chance, told, null);
    }
  },
};

function tallyOf(
  make: (seed: number, troubles: readonly AccidentalCause[]) => Episode | null,
  wanted: number,
) {
  const table = new Map<AccidentalCause, Map<Cause, number>>(TROUBLES.map((trouble) => [trouble, new Map()]));
  const tally = { table, right: 0, single: 0, mixed: 0, mixedRight: 0, chance: 0, chanceRight: 0 };
  for (let seed = 0; tally.single + tally.mixed + tally.chance < wanted && seed < wanted * 20; seed++) {
    const episode = make(seed, troublesOf(seed));
    if (episode === null) continue;
    const answer = classify(episode.records).causes;
    const named = new Set(answer.map(({ cause }) => cause));
    const [truth, second] = episode.truth;
    if (truth === undefined) {
      tally.chance++;
      if (named.has('undetermined')) tally.chanceRight++;
    } else if (second === undefined) {
      tally.single++;
      const first = answer[0]!.cause;
      if (first === truth) tally.right++;
      const row = table.get(truth)!;
      row.set(first, (row.get(first) ?? 0) + 1);
    } else {
      tally.mixed++;
      if (episode.truth.some((cause) => named.has(cause)) && isNoOther(episode, named)) tally.mixedRight++;
    }
  }
  return tally;
}

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

/** One of twelve has no trouble, and runs out by chance if it does; of the others four of five have one trouble, the rest two. */
function troublesOf(seed: number): AccidentalCause[] {
  if (seed % 12 === 7) return [];
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
