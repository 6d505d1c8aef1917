import { type Comparison, compare } from './match.ts';
import { playQuarter } from './quarter/play.ts';
import type { Answer, CallStep, ClockStep, QuarterStep, Scenario, Server } from './scenario.ts';
import { at, instantOf, resolveWords } from './values.ts';

/** How a scenario went. */
export interface Outcome {
  readonly scenario: Scenario;
  readonly milliseconds: number;
  /** Null: as expected. */
  readonly failure: Failure | null;
}

/** The step that did not go as expected. */
export interface Failure {
  /** From 1, `given:` not counted; null: it failed outside of a step that is written. */
  readonly step: number | null;
  readonly line: number | null;
  readonly say: string | null;
  readonly request: { readonly method: string; readonly path: string; readonly body: unknown } | null;
  readonly answer: Answer | null;
  /** Null: it did not come to a comparison, and `message` says why. */
  readonly comparison: Comparison | null;
  readonly message: string;
}

/** What is looked at when a story is over, beside what it expects: faults in words, none where all is well. */
export type LastLook = () => Promise<readonly string[]>;

/** Plays a story from its first step to the first that does not go as expected. */
export async function runScenario(
  scenario: Scenario,
  server: Server,
  lastLook: LastLook = async () => [],
): Promise<Outcome> {
  const begin = performance.now();
  const done = (failure: Failure | null): Outcome => ({
    scenario,
    milliseconds: performance.now() - begin,
    failure,
  });
  let now = new Date();
  const saved = new Map<string, unknown>();
  const nowhere = { step: null, line: null, say: null, request: null, answer: null, comparison: null };
  try {
    now = await startTime(server, scenario.start);
  } catch (error) {
    return done({ ...nowhere, message: messageOf(error) });
  }
  let number = 0;
  for (const step of scenario.steps) {
    if (step.kind !== 'call' || !step.given) number++;
    const failed = (rest: Partial<Failure> & { message: string }): Outcome =>
      done({ ...nowhere, step: number === 0 ? null : number, line: step.line, say: step.say, ...rest });
    try {
      if (step.kind === 'clock') {
        now = await moveClock(server, step, now);
        continue;
      }
      if (step.kind === 'quarter') {
        const failure = await makeQuarter(server, step, { now, timeZone: scenario.brand.timeZone, saved });
        if (failure !== null) return failed(failure);
        continue;
      }
      const failure = await makeCall(server, step, { now, timeZone: scenario.brand.timeZone, saved });
      if (failure !== null) return failed(failure);
    } catch (error) {
      return failed({ message: messageOf(error) });
    }
  }
  const faults = await lastLook().catch((error) => [messageOf(error)]);
  if (faults.length === 0) return done(null);
  return done({ ...nowhere, message: `What must always be true is not:\n${faults.join('\n')}` });
}

/** Sets the time at which the story begins, and answers what it is then. */
async function startTime(server: Server, start: Date | null): Promise<Date> {
  if (start !== null) return setClock(server, start);
  const { status, body } = await server.call('GET', '/v1/clock');
  return status === 200 ? new Date((body as { now: string }).now) : new Date();
}

async function moveClock(server: Server, { to }: ClockStep, now: Date): Promise<Date> {
  return setClock(server, instantOf(to, now)!);
}

async function setClock(server: Server, to: Date): Promise<Date> {
  const { status, body } = await server.call('PUT', '/v1/clock', { now: to.toISOString() });
  if (status === 200) return new Date((body as { now: string }).now);
  if (status === 404)
    throw new Error('This server’s clock cannot be moved: start it with --clock manual, or leave --url out.');
  throw new Error(`The clock did not move to ${to.toISOString()}: ${detailOf(body) ?? status}`);
}

async function makeCall(
  server: Server,
  step: CallStep,
  around: { now: Date; timeZone: string; saved: Map<string, unknown> },
): Promise<(Partial<Failure> & { message: string }) | null> {
  const path = pathOf(step, around);
  const body = step.body === undefined ? undefined : resolveWords(step.body, around);
  const headers = resolveWords(step.headers, around) as Record<string, unknown>;
  const request = { method: step.method, path, body };
  const answer = await server.call(
    step.method,
    path,
    body,
    Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)])),
  );
  const comparison = compareAnswer(step, answer, around);
  if (comparison.differences.length > 0) {
    const message = `${step.method} ${path} answered otherwise`;
    return { request, answer, comparison, message };
  }
  for (const [name, from] of Object.entries(step.save)) {
    const value = at(answer, from);
    if (value === undefined)
      return { request, answer, message: `the answer has no ${from} to save as ${name}` };
    around.saved.set(name, value);
  }
  return null;
}

async function makeQuarter(
  server: Server,
  step: QuarterStep,
  around: { now: Date; timeZone: string; saved: Map<string, unknown> },
): Promise<(Partial<Failure> & { message: string }) | null> {
  const answer = await playQuarter(server, around.now, step.terms);
  const comparison = compareAnswer(step, answer, around);
  if (comparison.differences.length === 0) return null;
  return { answer, comparison, message: 'the quarter went otherwise' };
}

/** A step that names no status wants success. */
function compareAnswer(
  step: Pick<CallStep, 'expect'>,
  answer: Answer,
  around: Parameters<typeof resolveWords>[1],
): Comparison {
  const { status, headers, body } = step.expect;
  const parts = [
    status === undefined
      ? succeeded(answer.status)
      : compare(resolveWords(status, around), answer.status, 'status'),
    ...(headers === undefined
      ? []
      : [compare(lowerNames(resolveWords(headers, around)), answer.headers, 'headers')]),
    ...(body === undefined ? [] : [compare(resolveWords(body, around), answer.body, 'body')]),
  ];
  return {
    rows: parts.flatMap((part) => part.rows),
    differences: parts.flatMap((part) => part.differences),
  };
}

function succeeded(status: number): Comparison {
  const differs = status < 200 || status > 299;
  const expected = '2xx';
  return {
    rows: [{ depth: 0, path: 'status', expected: `status: ${expected}`, seen: `status: ${status}`, differs }],
    differences: differs ? [{ path: 'status', expected, seen: status }] : [],
  };
}

function pathOf(step: CallStep, around: Parameters<typeof resolveWords>[1]): string {
  // What is saved may hold a slash: in an address it is one name.
  const saved = new Map(
    [...around.saved].map(([name, value]) => [name, encodeURIComponent(String(value))] as const),
  );
  const path = String(resolveWords(`${step.path}`, { ...around, saved }));
  const query = resolveWords(step.query, around) as Record<string, unknown>;
  const search = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
  return search.size === 0 ? path : `${path}${path.includes('?') ? '&' : '?'}${search}`;
}

const lowerNames = (headers: unknown) =>
  Object.fromEntries(
    Object.entries(headers as Record<string, unknown>).map(([name, value]) => [name.toLowerCase(), value]),
  );

/** The sentence of a problem, where the body is one. */
export function detailOf(body: unknown): string | null {
  const detail =
    typeof body === 'object' && body !== null ? (body as { detail?: unknown }).detail : undefined;
  return typeof detail === 'string' ? detail : null;
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
