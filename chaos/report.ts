import { DISTURBANCES, type Disturbance, type Disturbed } from './disturbances.ts';
import type { RoundOutcome } from './round.ts';

/** The figures of one round or of several together. */
export interface Total {
  readonly rounds: string;
  readonly requests: number;
  readonly acknowledged: number;
  readonly refused: number;
  readonly unanswered: number;
  readonly unansweredHappened: number;
  readonly retries: number;
  readonly disturbed: Disturbed;
  /** Operations of histories that an order explains. */
  readonly linearizable: number;
  readonly histories: number;
  readonly faults: number;
}

export function total(outcomes: readonly RoundOutcome[]): Total {
  const sum = (figure: (one: RoundOutcome) => number) => outcomes.reduce((all, one) => all + figure(one), 0);
  const proven = outcomes
    .flatMap(({ histories }) => histories)
    .filter(({ verdict }) => verdict === 'linearizable');
  const first = outcomes[0]?.round ?? 0;
  const last = outcomes.at(-1)?.round ?? 0;
  return {
    rounds: first === last ? `${first}` : `${first}–${last}`,
    requests: sum((one) => one.requests),
    acknowledged: sum((one) => one.acknowledged),
    refused: sum((one) => one.refused),
    unanswered: sum((one) => one.unanswered),
    unansweredHappened: sum((one) => one.unansweredHappened),
    retries: sum((one) => one.retries),
    disturbed: Object.fromEntries(
      DISTURBANCES.map((kind) => [kind, sum((one) => one.disturbed[kind])]),
    ) as Record<Disturbance, number>,
    linearizable: proven.reduce((all, { operations }) => all + operations, 0),
    histories: proven.length,
    faults: sum((one) => one.faults.length),
  };
}

const COLUMNS: readonly (readonly [heading: string, figure: (row: Total) => number | string])[] = [
  ['round', (row) => row.rounds],
  ['requests', (row) => row.requests],
  ['acknowledged', (row) => row.acknowledged],
  ['refused', (row) => row.refused],
  ['no answer', (row) => row.unanswered],
  ['of them done', (row) => row.unansweredHappened],
  ['retries', (row) => row.retries],
  ['Kept killed', (row) => row.disturbed.kept_killed],
  ['PostgreSQL killed', (row) => row.disturbed.postgres_killed + row.disturbed.backend_killed],
  ['else', (row) => others(row.disturbed)],
  ['explained', (row) => row.linearizable],
  ['histories', (row) => row.histories],
  ['faults', (row) => row.faults],
];

export function table(rows: readonly (RoundOutcome | Total)[], headed: boolean): string {
  const lines = rows.map((row) => {
    const figures = 'round' in row ? total([row]) : row;
    return COLUMNS.map(([heading, figure]) =>
      String(figure(figures)).padStart(Math.max(7, heading.length)),
    ).join('  ');
  });
  const head = COLUMNS.map(([heading]) => heading.padStart(7)).join('  ');
  return [...(headed ? [head] : []), ...lines].join('\n');
}

/** Each disturbance with how often it was done. */
export function disturbances(disturbed: Disturbed): string {
  return DISTURBANCES.map((kind) => `${kind} ${disturbed[kind]}`).join(', ');
}

const KILLS: readonly Disturbance[] = ['kept_killed', 'postgres_killed', 'backend_killed'];

function others(disturbed: Disturbed): number {
  return DISTURBANCES.filter((kind) => !KILLS.includes(kind)).reduce((sum, kind) => sum + disturbed[kind], 0);
}
