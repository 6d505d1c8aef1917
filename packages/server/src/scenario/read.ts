import { readFile } from 'node:fs/promises';
import { type Document, isMap, isNode, isPair, LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import { callsOf, type Defaults, defaultsOf, orderOf } from './given.ts';
import { faultOfMatcher } from './match.ts';
import type { CallStep, Scenario, Step } from './scenario.ts';
import { instantOf, namesIn } from './values.ts';

type Path = readonly (string | number)[];

/** What is wrong with a file, and where. */
export interface Fault {
  /** From 1; 0 where the file could not be read at all. */
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** A scenario file that cannot be run as it is written. */
export class UnreadableScenario extends Error {
  override readonly name = 'UnreadableScenario';
  readonly file: string;
  readonly faults: readonly Fault[];

  constructor(file: string, faults: readonly Fault[]) {
    super(
      faults
        .map(({ line, column, message }) => `${file}${line === 0 ? '' : `:${line}:${column}`}: ${message}`)
        .join('\n'),
    );
    this.file = file;
    this.faults = faults;
  }
}

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
const Address = z.string().regex(/^\//, 'expected an address that begins with /, such as /v1/orders');
const Body = z.record(z.string(), z.unknown());
const MaybeNamed = z.union([z.string(), Body, z.null()]);

const ExpectInput = z.union([
  z.int(),
  z.strictObject({ status: z.unknown().optional(), headers: Body.optional(), body: z.unknown().optional() }),
]);
const StepInput = z.strictObject({
  say: z.string().trim().optional(),
  clock: z.string().optional(),
  quarter: z
    .strictObject({
      days: z.int().min(1).max(366),
      items: z.int().min(1).max(300),
      orders: z.int().min(1).max(5000),
      lateness: z.number().min(1).max(20).default(1),
    })
    .optional(),
  get: Address.optional(),
  post: Address.optional(),
  put: Address.optional(),
  patch: Address.optional(),
  delete: Address.optional(),
  order: Body.optional(),
  request: z
    .string()
    .regex(/^(GET|POST|PUT|PATCH|DELETE) \/\S*$/, 'expected a method and an address, such as POST /v1/orders')
    .optional(),
  method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']).optional(),
  path: Address.optional(),
  query: Body.optional(),
  headers: Body.optional(),
  body: z.unknown().optional(),
  expect: ExpectInput.optional(),
  save: z
    .record(
      z.string(),
      z.string().regex(/^(status|headers|body)\b/, 'expected a path into the answer, such as body.id'),
    )
    .optional(),
});
type StepInput = z.output<typeof StepInput>;

const ScenarioInput = z.strictObject({
  title: z.string().min(1),
  story: z.string().trim().optional(),
  clock: z.string().optional(),
  messages: z.enum(['wait', 'arrive']).default('wait'),
  brand: z
    .strictObject({
      title: z.string().optional(),
      timeZone: z.string().optional(),
      currency: z.string().optional(),
      country: z.string().optional(),
    })
    .optional(),
  given: z
    .strictObject({
      policies: z.record(z.string(), Body).optional(),
      channels: z.record(z.string(), MaybeNamed).optional(),
      suppliers: z.record(z.string(), MaybeNamed).optional(),
      locations: z.record(z.string(), MaybeNamed).optional(),
      items: z.record(z.string(), Body.nullable()).optional(),
      stock: z.record(z.string(), z.union([z.int(), z.record(z.string(), z.int())])).optional(),
      limits: z.record(z.string(), z.record(z.string(), Body)).optional(),
      purchaseOrders: z.record(z.string(), Body).optional(),
      supplies: z.record(z.string(), Body).optional(),
      orders: z.array(Body).optional(),
    })
    .optional(),
  steps: z.array(StepInput).min(1, 'expected at least one step'),
});

/** @throws UnreadableScenario with every fault found, by line and column */
export async function readScenario(file: string): Promise<Scenario> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'ENOENT' ? 'there is no such file' : `it cannot be read (${error.code})`;
    throw new UnreadableScenario(file, [{ line: 0, column: 0, message: why }]);
  });
  return parseScenario(text, file);
}

/** @throws UnreadableScenario with every fault found, by line and column */
export function parseScenario(text: string, file: string): Scenario {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const fail = (faults: readonly Fault[]) =>
    new UnreadableScenario(
      file,
      faults.toSorted((a, b) => a.line - b.line || a.column - b.column),
    );
  if (document.errors.length > 0)
    throw fail(
      document.errors.map(({ pos, message }) => {
        const { line, col } = lines.linePos(pos[0]);
        return { line, column: col, message };
      }),
    );
  const place = (path: Path, message: string): Fault => {
    const { line, col } = lines.linePos(offsetOf(document, path));
    return { line, column: col, message };
  };
  const parsed = ScenarioInput.safeParse(document.toJS() ?? {});
  if (!parsed.success) throw fail(parsed.error.issues.flatMap((issue) => faultsOf(issue, place)));

  const input = parsed.data;
  const brand = { title: 'Scenario', timeZone: 'UTC', currency: 'USD', country: 'US', ...input.brand };
  const defaults = defaultsOf(input.given ?? {}, brand);
  const faults: Fault[] = [];
  const start = input.clock === undefined ? null : instantOf(input.clock, new Date(0));
  if (start === null && input.clock !== undefined) faults.push(place(['clock'], NO_INSTANT));
  if (!isTimeZone(brand.timeZone))
    faults.push(place(['brand', 'timeZone'], 'expected an IANA time zone such as Europe/London'));
  const lineOf = (path: Path) => lines.linePos(offsetOf(document, path)).line;
  const steps = input.steps.map((step, index) => {
    const made = stepOf(step, lineOf(['steps', index]), defaults);
    if (typeof made !== 'string') return made;
    faults.push(place(['steps', index], made));
    return null;
  });
  faults.push(...faultsInWords(document.toJS().steps, place), ...faultsInMatchers(input.steps, place));
  if (faults.length > 0) throw fail(faults);
  return {
    file,
    title: input.title,
    story: input.story ?? null,
    start,
    brand,
    messages: input.messages,
    steps: [...(input.given ? callsOf(input.given, defaults, lineOf) : []), ...(steps as Step[])],
  };
}

const NO_INSTANT =
  'expected an instant (2026-03-02T09:00:00Z), a day (2026-03-02) or, in a step, a span (+7d)';

/** A step, or what is wrong with it. */
function stepOf(step: StepInput, line: number, defaults: Defaults): Step | string {
  const say = step.say ?? null;
  const requests = requestsOf(step, defaults);
  if (step.clock !== undefined) {
    if (requests.length > 0 || step.expect !== undefined || step.body !== undefined)
      return 'a step moves the clock or makes a call, not both';
    if (instantOf(step.clock, new Date(0)) === null) return `clock: ${NO_INSTANT}`;
    return { kind: 'clock', line, say, to: step.clock };
  }
  if (step.quarter !== undefined) {
    if (requests.length > 0) return 'a step plays a quarter or makes a call, not both';
    const expect = typeof step.expect === 'number' ? { status: step.expect } : (step.expect ?? {});
    return { kind: 'quarter', line, say, terms: step.quarter, expect };
  }
  if (requests.length !== 1)
    return `a step has one of clock, ${METHODS.join(', ')}, order, request, or method with path; this one has ${requests.length === 0 ? 'none' : 'more'}`;
  const [request] = requests;
  const call: CallStep = {
    kind: 'call',
    given: false,
    line,
    say,
    ...request!,
    query: step.query ?? {},
    headers: step.headers ?? {},
    body: request!.body ?? step.body,
    expect: typeof step.expect === 'number' ? { status: step.expect } : (step.expect ?? {}),
    save: step.save ?? {},
  };
  return call;
}

function requestsOf(step: StepInput, defaults: Defaults): { method: string; path: string; body?: unknown }[] {
  const requests: { method: string; path: string; body?: unknown }[] = [];
  for (const method of METHODS) {
    const path = step[method];
    if (path !== undefined) requests.push({ method: method.toUpperCase(), path });
  }
  if (step.order !== undefined)
    requests.push({ method: 'POST', path: '/v1/orders', body: orderOf(step.order, defaults) });
  const [method, path] = step.request?.split(' ') ?? [step.method, step.path];
  if (method !== undefined && path !== undefined) requests.push({ method, path });
  return requests;
}

/** Names that are used before anything was saved as them. */
function faultsInWords(steps: readonly unknown[], place: (path: Path, message: string) => Fault): Fault[] {
  const faults: Fault[] = [];
  const saved = new Set<string>();
  for (const [index, step] of steps.entries()) {
    eachValue(step, ['steps', index], (value, path) => {
      if (typeof value !== 'string') return;
      for (const name of namesIn(value))
        if (!saved.has(name))
          faults.push(place(path, `nothing is saved as ${JSON.stringify(name)} before this`));
    });
    for (const name of Object.keys((step as StepInput).save ?? {})) saved.add(name);
  }
  return faults;
}

function faultsInMatchers(
  steps: readonly StepInput[],
  place: (path: Path, message: string) => Fault,
): Fault[] {
  const faults: Fault[] = [];
  for (const [index, { expect }] of steps.entries())
    eachValue(expect, ['steps', index, 'expect'], (value, path) => {
      const fault = faultOfMatcher(value);
      if (fault !== null) faults.push(place(path, fault));
    });
  return faults;
}

function eachValue(value: unknown, path: Path, see: (value: unknown, path: Path) => void): void {
  see(value, path);
  if (typeof value !== 'object' || value === null) return;
  for (const [key, one] of Object.entries(value))
    eachValue(one, [...path, Array.isArray(value) ? Number(key) : key], see);
}

function faultsOf(issue: z.core.$ZodIssue, place: (path: Path, message: string) => Fault): Fault[] {
  const path = issue.path.map((part) => (typeof part === 'number' ? part : String(part)));
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => place([...path, key], `there is no ${JSON.stringify(key)} here`));
  // Of the ways in which a value may be written, the one that came furthest says what is wrong.
  if (issue.code === 'invalid_union') {
    const deepest = issue.errors.toSorted((a, b) => depthOf(b) - depthOf(a))[0];
    if (deepest !== undefined && depthOf(deepest) > 0)
      return deepest.flatMap((inner) => faultsOf({ ...inner, path: [...issue.path, ...inner.path] }, place));
  }
  const name = path.at(-1);
  const missing = issue.code === 'invalid_type' && issue.message.endsWith('received undefined');
  if (missing) return [place(path.slice(0, -1), `${JSON.stringify(name)} is missing`)];
  return [place(path, typeof name === 'string' ? `${name}: ${issue.message}` : issue.message)];
}

const depthOf = (issues: readonly { code?: string | undefined; path: readonly PropertyKey[] }[]) =>
  Math.max(0, ...issues.map(({ code, path }) => path.length + (code === 'unrecognized_keys' ? 1 : 0)));

/** Where a thing begins: for a field its name, for an entry of a list the entry. */
function offsetOf(document: Document, path: Path): number {
  const parent = path.length === 0 ? undefined : document.getIn(path.slice(0, -1), true);
  if (isMap(parent)) {
    const pair = parent.items.find((one) => isPair(one) && String(one.key) === String(path.at(-1)));
    if (pair !== undefined && isNode(pair.key) && pair.key.range) return pair.key.range[0];
  }
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  if (isNode(node) && node.range) return node.range[0];
  return path.length === 0 ? 0 : offsetOf(document, path.slice(0, -1));
}

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}
