import { ConnectionFact } from '@kept/contract';
import type pg from 'pg';
import type { z } from 'zod';
import { withBrand } from '../platform/database.ts';
import { invalidInput, KeptError, pathOf } from '../platform/errors.ts';
import { requestDigest } from '../platform/inbox.ts';
import type { Kept } from '../platform/kept.ts';
import type { Saved } from '../platform/saved.ts';
import type { Fact, FactKind } from './connector.ts';
import { forgetRefused, giveBack, keepRefused, type RefusedFact, takeFacts } from './fact-store.ts';
import { SAVE } from './save-facts.ts';

export type CheckedFact = z.output<typeof ConnectionFact>;

export interface Applied {
  applied: number;
  /** Known already, older than what is known, or of no consequence. */
  unchanged: number;
  /** Kept with their reasons: GET /v1/connections/:name/refused-facts. */
  refused: number;
  /** Of those that were applied, for whoever wants to say which: kind and external id, the first of them. */
  readonly examples: { readonly kind: FactKind; readonly externalId: string }[];
}

export interface ApplyOptions {
  /** States are applied though they say what was told before: a replay, or a person who tries again. */
  readonly again?: boolean;
}

/** Facts of one kind that go into one transaction. Live orders wait for an item at most as long as this takes. */
const BULK = 1000;
/** Of those that are decided one by one. */
const FEW = 50;
const EXAMPLES = 20;

/** They happened once, and are not the state of something. */
const HAPPENINGS: ReadonlySet<FactKind> = new Set<FactKind>([
  'purchase_order_revision',
  'receipt',
  'supply_receipt',
  'change',
  'cancellation',
  'shipment',
  'payment',
  'redaction',
  'data_request',
]);

/**
 * Applies what a connection tells, in its order, by the same services that the routes use. Facts of one kind that stand
 * together go into one transaction with the record that they were taken: whoever is killed in between leaves some applied and
 * some not, and told again each counts once. One that cannot be applied is kept with its reason, and the others are applied.
 * @throws only where it would meet the same with every fact: the database is gone or too busy
 */
export async function applyFacts(
  kept: Kept,
  brandId: number,
  connection: string,
  facts: readonly Fact[],
  options: ApplyOptions = {},
): Promise<Applied> {
  const total: Applied = { applied: 0, unchanged: 0, refused: 0, examples: [] };
  const { checked, refused } = check(facts);
  if (refused.length > 0) {
    await withBrand(kept.db, brandId, (client) =>
      keepRefused(client, brandId, connection, refused, kept.clock.now()),
    );
    total.refused += refused.length;
  }
  for (let from = 0; from < checked.length; ) {
    const { kind } = checked[from]!;
    const most = SAVE[kind].bulk ? BULK : FEW;
    let to = from + 1;
    while (to < checked.length && to - from < most && checked[to]!.kind === kind) to++;
    await applyGroup({ kept, brandId, connection, options, total }, checked.slice(from, to));
    from = to;
  }
  return total;
}

/** What is not as the contract has it is refused before anything is asked of the database. */
function check(facts: readonly Fact[]): { checked: CheckedFact[]; refused: RefusedFact[] } {
  const checked: CheckedFact[] = [];
  const refused: RefusedFact[] = [];
  for (const fact of facts) {
    const parsed = ConnectionFact.safeParse(fact);
    if (parsed.success) {
      checked.push(parsed.data);
      continue;
    }
    const error = invalidInput(
      parsed.error.issues.map(({ path, message }) => ({ path: pathOf(path), message })),
    );
    refused.push(refusalOf({ kind: fact.kind, externalId: String(fact.externalId) }, fact, error));
  }
  return { checked, refused };
}

interface Applying {
  readonly kept: Kept;
  readonly brandId: number;
  readonly connection: string;
  readonly options: ApplyOptions;
  readonly total: Applied;
}

async function applyGroup(applying: Applying, facts: readonly CheckedFact[]): Promise<void> {
  const { kept, brandId, connection, total } = applying;
  const group = newest(facts);
  total.unchanged += facts.length - group.length;
  let outcomes: { fact: CheckedFact; saved: Saved | null }[];
  try {
    outcomes = await withBrand(kept.db, brandId, (client) => applyIn(client, applying, group), {
      actor: `connection:${connection}`,
    });
  } catch (error) {
    if (isOfThePlace(error)) throw error;
    if (group.length > 1) {
      // One bad fact fails alone.
      const half = group.length >> 1;
      await applyGroup(applying, group.slice(0, half));
      await applyGroup(applying, group.slice(half));
      return;
    }
    const [fact] = group as [CheckedFact];
    if (!(error instanceof KeptError))
      kept.log.error({ err: error, connection, kind: fact.kind }, 'a fact could not be applied');
    await withBrand(kept.db, brandId, (client) =>
      keepRefused(client, brandId, connection, [refusalOf(fact, fact, error)], kept.clock.now()),
    );
    total.refused++;
    return;
  }
  for (const { fact, saved } of outcomes) {
    if (saved === null || saved.state === 'unchanged') total.unchanged++;
    else if (saved.state === 'refused') total.refused++;
    else {
      total.applied++;
      if (total.examples.length < EXAMPLES)
        total.examples.push({ kind: fact.kind, externalId: fact.externalId });
    }
  }
}

/** @returns what became of each; null: it was known */
async function applyIn(
  client: pg.PoolClient,
  { kept, brandId, connection, options }: Applying,
  facts: readonly CheckedFact[],
): Promise<{ fact: CheckedFact; saved: Saved | null }[]> {
  const { kind } = facts[0]!;
  const happening = HAPPENINGS.has(kind);
  const at = kept.clock.now();
  const wanted = await takeFacts(
    client,
    brandId,
    connection,
    kind,
    facts.map((fact) => ({
      externalId: fact.externalId,
      sourceUpdatedAt: fact.sourceUpdatedAt ?? null,
      content: requestDigest(fact),
    })),
    { happening, again: options.again === true, at },
  );
  const fresh = facts.filter((fact) => wanted.has(fact.externalId));
  const saved = fresh.length === 0 ? [] : await SAVE[kind].save({ kept, client, brandId, connection }, fresh);
  const bySaved = new Map(fresh.map((fact, index) => [fact, saved[index]!]));
  const refused = fresh.flatMap((fact, index) => {
    const one = saved[index]!;
    return one.state === 'refused' ? [refusalOf(fact, fact, one.error)] : [];
  });
  if (refused.length > 0) {
    const ids = refused.map((one) => one.externalId);
    await giveBack(client, brandId, connection, kind, ids, happening);
    await keepRefused(client, brandId, connection, refused, at);
  }
  if (refused.length < facts.length) {
    const again = new Set(refused.map((one) => one.externalId));
    const done = facts.flatMap(({ externalId }) => (again.has(externalId) ? [] : [externalId]));
    await forgetRefused(client, brandId, connection, kind, done);
  }
  return facts.map((fact) => ({ fact, saved: bySaved.get(fact) ?? null }));
}

/** Of facts with one name: of a state the newest, and of those told alike the last; of a happening the first. */
function newest(facts: readonly CheckedFact[]): CheckedFact[] {
  const byName = new Map<string, CheckedFact>();
  for (const fact of facts) {
    const known = byName.get(fact.externalId);
    if (known !== undefined && (HAPPENINGS.has(fact.kind) || isOlder(fact, known))) continue;
    byName.set(fact.externalId, fact);
  }
  return [...byName.values()];
}

function isOlder(one: CheckedFact, other: CheckedFact): boolean {
  if (one.sourceUpdatedAt === undefined || other.sourceUpdatedAt === undefined) return false;
  return Date.parse(one.sourceUpdatedAt) < Date.parse(other.sourceUpdatedAt);
}

function refusalOf(
  { kind, externalId }: { kind: FactKind; externalId: string },
  fact: unknown,
  error: unknown,
): RefusedFact {
  const known =
    error instanceof KeptError
      ? error
      : new KeptError('internal', 'Something went wrong on our side; the log says what.');
  const [first] = (known.extra.errors ?? []) as { path: string; message: string }[];
  const words =
    known.code === 'invalid_input' && first !== undefined ? `${first.path}: ${first.message}` : known.message;
  return { kind, externalId, fact: JSON.stringify(fact), code: known.code, words: words.slice(0, 1000) };
}

/** Classes of PostgreSQL's errors that say nothing of the statement: connection, resources, operator, system. */
const OF_THE_PLACE = /^(08|53|57|58)|^E[A-Z]+$/;

/** Whether it would be met again with every fact: then it is none's fault. */
export function isOfThePlace(error: unknown): boolean {
  if (error instanceof KeptError) return error.status === 503;
  const { code } = (error ?? {}) as { code?: unknown };
  return typeof code === 'string' && OF_THE_PLACE.test(code);
}
