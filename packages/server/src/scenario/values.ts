import type { Answer } from './scenario.ts';

/** What the words of a step stand for at the moment it runs. */
export interface Surroundings {
  readonly now: Date;
  /** The brand's, in which `today` is a day. */
  readonly timeZone: string;
  readonly saved: ReadonlyMap<string, unknown>;
}

const DAY_MS = 86_400_000;
const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: DAY_MS,
  w: 7 * DAY_MS,
};

const TODAY = /^today(?:([+-]\d+))?$/;
const NOW = /^now(?:([+-]\d+)([smhdw]))?$/;
const SPAN = /^\+(\d+)([smhdw])$/;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const NAMED = /\$\{([^}]*)\}/g;
const ONLY_NAMED = /^\$\{([^}]*)\}$/;

/** Puts in what `today+10`, `now-2h` and `${name}` stand for, however deep they are. */
export function resolveWords(value: unknown, around: Surroundings): unknown {
  if (typeof value === 'string') return resolveText(value, around);
  if (Array.isArray(value)) return value.map((one) => resolveWords(one, around));
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [resolveName(key, around), resolveWords(one, around)]),
    );
  return value;
}

const resolveName = (key: string, around: Surroundings) =>
  key.includes('${') ? String(resolveText(key, around)) : key;

function resolveText(text: string, around: Surroundings): unknown {
  const only = ONLY_NAMED.exec(text)?.[1];
  // Alone, a name keeps its kind: a number stays one.
  if (only !== undefined) return namedValue(only, around);
  return (
    timeOf(text, around) ?? text.replaceAll(NAMED, (_, name: string) => String(namedValue(name, around)))
  );
}

function namedValue(name: string, around: Surroundings): unknown {
  const time = timeOf(name, around);
  if (time !== null) return time;
  if (around.saved.has(name)) return around.saved.get(name);
  throw new Error(`nothing was saved as ${name}`);
}

/** A day or an instant from words, or null where the text is something else. */
function timeOf(text: string, { now, timeZone }: Surroundings): string | null {
  const today = TODAY.exec(text);
  if (today !== null) {
    const day = Date.parse(localDay(now, timeZone)) + Number(today[1] ?? 0) * DAY_MS;
    return new Date(day).toISOString().slice(0, 10);
  }
  const instant = NOW.exec(text);
  if (instant === null) return null;
  return new Date(now.getTime() + Number(instant[1] ?? 0) * (UNIT_MS[instant[2] ?? 's'] ?? 0)).toISOString();
}

function localDay(now: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone, dateStyle: 'short' }).format(now);
}

/** When a clock step moves to: an instant, a day (nine in the morning, UTC) or a span from now, such as +7d. Null: it is none. */
export function instantOf(text: string, now: Date): Date | null {
  const span = SPAN.exec(text);
  if (span !== null) return new Date(now.getTime() + Number(span[1]) * UNIT_MS[span[2]!]!);
  const instant = new Date(DAY.test(text) ? `${text}T09:00:00Z` : text);
  const exists =
    !Number.isNaN(instant.getTime()) && (!DAY.test(text) || instant.toISOString().startsWith(text));
  return exists && /^\d{4}-\d{2}-\d{2}/.test(text) ? instant : null;
}

/** The names that a text asks for, without those that are days or instants. */
export function namesIn(text: string): string[] {
  return [...text.matchAll(NAMED)]
    .map((match) => match[1]!)
    .filter((name) => !TODAY.test(name) && !NOW.test(name));
}

/** What stands at a path of an answer, such as body.lines[0].promise.shipBy; undefined: nothing. */
export function at(answer: Answer, path: string): unknown {
  let value: unknown = answer;
  for (const part of path.split(/[.[\]]+/).filter((one) => one !== '')) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string, unknown>)[part];
  }
  return value;
}
