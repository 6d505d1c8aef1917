import type { Policy, RankingRule } from '@kept/engine';
import type pg from 'pg';
import { KeptError } from '../platform/errors.ts';
import type { Settings, Supposed } from '../promising/index.ts';
import { itemsBySku } from './items.ts';
import { readFirstPromises } from './ranking-store.ts';
import { ranksByRules } from './ranks.ts';

export interface SupposedRanking {
  readonly skus?: readonly string[] | undefined;
  readonly policy?: string | undefined;
  readonly ranking?: readonly RankingRule[] | undefined;
  readonly classes?: readonly string[] | undefined;
}

/**
 * A queue in another order. By itself it moves no unit: ranking decides free, freed and short units, so it is supposed before
 * what frees or takes some.
 * @param others the items of what was supposed before, for a ranking that names none
 * @throws KeptError `unknown_sku`, `unknown_policy`, `invalid_input` where no item is named
 */
export async function supposeRanking(
  client: pg.PoolClient,
  brandId: number,
  settings: Settings,
  change: SupposedRanking,
  others: () => readonly number[],
): Promise<Supposed> {
  const items = change.skus === undefined ? others() : await itemsBySku(client, brandId, change.skus);
  if (items.length === 0)
    throw new KeptError('invalid_input', 'skus: name the items whose queues are ranked.', {
      errors: [{ path: 'skus', message: 'expected SKUs, or a change of a supply before the ranking' }],
    });
  const named = change.policy === undefined ? undefined : settings.policies.get(change.policy);
  if (change.policy !== undefined && named === undefined)
    throw new KeptError('unknown_policy', `No policy has the name ${JSON.stringify(change.policy)}.`, {
      errors: [{ path: 'policy', message: 'expected the name of a policy' }],
    });
  const promises = await readFirstPromises(client, brandId, items);
  return {
    items,
    supplies: [],
    facts: ({ positions }) =>
      items.flatMap((item) => {
        const position = positions.get(item);
        if (position === undefined) return [];
        const policy: Policy = {
          ...position.policy,
          ranking: change.ranking ?? named?.ranking ?? position.policy.ranking,
          classes: change.classes ?? named?.classes ?? position.policy.classes,
        };
        const ranks = ranksByRules(position.lines, policy, promises);
        return ranks.length === 0 ? [] : [{ kind: 'rank' as const, ranks, cause: { code: 'ranked_again' } }];
      }),
  };
}
