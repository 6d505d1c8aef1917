import type { Policy as PolicyContract, PolicyInput } from '@kept/contract';
import {
  defaultPolicy,
  POLICY_KINDS,
  type Policy,
  type PolicyKind,
  type PromisableStage,
} from '@kept/engine';
import type pg from 'pg';
import type { z } from 'zod';
import type { Kept } from '../platform/kept.ts';
import { recordEvents } from '../platform/outbox.ts';
import { loadSettings } from '../promising/index.ts';
import { wrong } from './errors.ts';
import { upsertPolicy } from './policy-store.ts';
import { replanItems } from './replan.ts';
import { queuedOfPolicy } from './replan-store.ts';
import { lockBrandSettings, touchSettings } from './settings-store.ts';

type Input = z.output<typeof PolicyInput>;
type View = z.output<typeof PolicyContract>;

/**
 * Makes a policy, or makes it what the body says; the rest is as its kind has it. The six that are built in carry their
 * kind's name and are always there. Items that follow it are decided again.
 */
export async function savePolicy(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  name: string,
  input: Input,
): Promise<{ policy: View; created: boolean }> {
  const kind = kindOf(name, input);
  await lockBrandSettings(client, brandId);
  const { policies } = await loadSettings(client, kept.db, brandId);
  const { kind: _kind, ...settings } = input;
  const before = policies.get(name);
  const after = effective(kind, name, settings);
  if (before !== undefined && JSON.stringify(before) === JSON.stringify(after))
    return { policy: policyView(after), created: false };
  await upsertPolicy(client, brandId, { name, kind, settings: JSON.stringify(settings) });
  await touchSettings(client, brandId);
  const event = await kept.ids.take(brandId, 'event', 1);
  const at = kept.clock.now().toISOString();
  await recordEvents(client, brandId, [
    { id: event, kind: 'policy.saved', data: { name, ...input, kind }, at },
  ]);
  if (before !== undefined)
    await replanItems(kept, client, brandId, await queuedOfPolicy(client, brandId, name), {
      event,
      cause: { code: 'policy_changed', policy: name },
    });
  return { policy: policyView(after), created: before === undefined };
}

export async function readPolicies(kept: Kept, client: pg.PoolClient, brandId: number): Promise<View[]> {
  const { policies } = await loadSettings(client, kept.db, brandId);
  return [...policies.values()].map(policyView).sort((a, b) => (a.name < b.name ? -1 : 1));
}

function kindOf(name: string, { kind }: Input): PolicyKind {
  const builtIn = POLICY_KINDS.find((one) => one === name);
  if (builtIn !== undefined) {
    if (kind === undefined || kind === builtIn) return builtIn;
    throw wrong('kind', `the built-in policy ${name} is of the kind ${name}; give another kind another name`);
  }
  if (kind === undefined) throw wrong('kind', `expected one of ${POLICY_KINDS.join(', ')}`);
  return kind;
}

/** As the settings lay a brand's own words over those of the kind. */
function effective(kind: PolicyKind, name: string, { kind: _kind, ...own }: Input): Policy {
  const base = defaultPolicy(kind, name);
  return {
    ...base,
    ...own,
    bufferDays: { ...base.bufferDays, ...own.bufferDays },
    fixedBuffers: Object.keys(own.bufferDays ?? {}) as PromisableStage[],
    promisablePercent: { ...base.promisablePercent, ...own.promisablePercent },
    kind,
    name,
  };
}

function policyView(policy: Policy): View {
  return {
    ...policy,
    fixedBuffers: [...policy.fixedBuffers],
    ranking: [...policy.ranking],
    classes: [...policy.classes],
  };
}
