import type { Availability, Outcome } from '../../connections/index.ts';
import { type ShopifyClient, ShopifyRefusal } from './client.ts';
import { gid } from './nodes.ts';
import * as operations from './operations.ts';
import { PreorderPlans } from './selling-plans.ts';
import type { ShopifyContext } from './settings.ts';

/** `metafieldsSet` takes no more at once. */
const METAFIELDS_A_CALL = 25;
const VARIANTS_A_CALL = 100;

interface PublishedNode {
  readonly id: string;
  readonly inventoryPolicy: Policy;
  readonly inventoryItem: { readonly tracked: boolean };
  readonly product: { readonly id: string };
  readonly availability: { readonly value: string } | null;
  readonly shipsOn: { readonly value: string } | null;
  readonly before: { readonly value: string } | null;
}

type Policy = 'CONTINUE' | 'DENY';

interface Metafield {
  readonly ownerId: string;
  readonly key: string;
  readonly type: string;
  readonly value: string;
}

/** Namespaces that only this app writes. */
const APP = '$app';

/**
 * Whether the shop may sell on when its own count is at nothing: only while units can be promised that are still to come.
 * What is here now Shopify stops by itself.
 */
export const policyFor = ({ later }: Pick<Availability, 'later'>): Policy =>
  later.some((one) => one.quantity > 0) ? 'CONTINUE' : 'DENY';

/** What the shop's pages read of a variant: never more than can be promised. */
export function metafieldsFor(
  one: Availability,
  variant: string,
): { set: Metafield[]; shipsOn: string | null } {
  const waits = one.now === 0 ? one.later.find((part) => part.quantity > 0) : undefined;
  const value = JSON.stringify({
    state: one.state,
    now: one.now,
    later: one.later.map(({ quantity, shipBy }) => ({ quantity, shipBy })),
    copy: one.copy,
  });
  const shipsOn = waits?.shipBy ?? null;
  return {
    set: [
      { ownerId: variant, key: 'availability', type: 'json', value },
      ...(shipsOn === null ? [] : [{ ownerId: variant, key: 'ships_on', type: 'date', value: shipsOn }]),
    ],
    shipsOn,
  };
}

/**
 * Tells the shop what can be had. What is there already is not written again. DENY is written before anything else: a shop
 * that sells on by a minute sells what nobody can promise.
 */
export async function publishAvailability(
  client: ShopifyClient,
  context: ShopifyContext,
  availabilities: readonly Availability[],
  signal?: AbortSignal,
): Promise<Outcome[]> {
  const ids = [
    ...new Set(availabilities.flatMap((one) => one.externalIds.map((id) => gid('ProductVariant', id)))),
  ];
  const there = new Map<string, PublishedNode>();
  for (let from = 0; from < ids.length; from += VARIANTS_A_CALL) {
    const asked = { ids: ids.slice(from, from + VARIANTS_A_CALL) };
    const { nodes } = await client.ask<{ nodes: (PublishedNode | null)[] }>(
      operations.PUBLISHED,
      asked,
      signal,
    );
    for (const node of nodes) if (node !== null) there.set(node.id, node);
  }
  const failed = new Map<string, string>();
  const changes: { id: string; product: string; policy: Policy; before: Policy | null }[] = [];
  const set: Metafield[] = [];
  const unset: { ownerId: string; namespace: string; key: string }[] = [];
  for (const one of availabilities)
    for (const external of one.externalIds) {
      const node = there.get(gid('ProductVariant', external));
      if (node === undefined) continue;
      const policy = policyFor(one);
      if (node.inventoryPolicy !== policy)
        changes.push({
          id: node.id,
          product: node.product.id,
          policy,
          before: node.before === null ? node.inventoryPolicy : null,
        });
      const { set: wanted, shipsOn } = metafieldsFor(one, node.id);
      const has: Record<string, string | undefined> = {
        availability: node.availability?.value,
        ships_on: node.shipsOn?.value,
      };
      set.push(...wanted.filter((field) => !sameValue(field, has[field.key])));
      if (shipsOn === null && node.shipsOn !== null)
        unset.push({ ownerId: node.id, namespace: APP, key: 'ships_on' });
    }
  // What the merchant had set is kept with the variant before it is changed, and given back on disconnect.
  const remembered = changes.flatMap(({ id, before }) =>
    before === null
      ? []
      : [{ ownerId: id, key: 'policy_before', type: 'single_line_text_field', value: before }],
  );
  await setMetafields(client, remembered, failed, signal);
  for (const policy of ['DENY', 'CONTINUE'] as const)
    await setPolicies(
      client,
      changes.filter((one) => one.policy === policy && !failed.has(one.id)),
      failed,
      signal,
    );
  await setMetafields(client, set, failed, signal);
  for (let from = 0; from < unset.length; from += METAFIELDS_A_CALL)
    await client.change(
      operations.DELETE_METAFIELDS,
      { metafields: unset.slice(from, from + METAFIELDS_A_CALL) },
      { signal },
    );
  if (context.settings.preorderPlans)
    await new PreorderPlans(client, context).offer(
      availabilities.map((one) => ({
        charge: one.state === 'preorder' && policyFor(one) === 'CONTINUE' ? one.charge : null,
        variants: one.externalIds.map((id) => gid('ProductVariant', id)).filter((id) => there.has(id)),
      })),
      signal,
    );
  return availabilities.map((one): Outcome => {
    const variants = one.externalIds.map((id) => gid('ProductVariant', id));
    const why = variants.flatMap((id) => failed.get(id) ?? []);
    if (why.length > 0) return { state: 'refused', why: why.join('; ') };
    const gone = variants.filter((id) => !there.has(id));
    if (variants.length > 0 && gone.length === variants.length)
      return { state: 'refused', why: `The shop no longer has ${gone.join(', ')}.` };
    if (variants.some((id) => there.get(id)?.inventoryItem.tracked === false))
      context.log.warn(
        `Shopify does not track the quantity of ${one.sku}: it is sold there without an end.`,
        {
          sku: one.sku,
        },
      );
    return { state: 'done' };
  });
}

async function setPolicies(
  client: ShopifyClient,
  changes: readonly { id: string; product: string; policy: Policy }[],
  failed: Map<string, string>,
  signal?: AbortSignal,
): Promise<void> {
  for (const [productId, variants] of Map.groupBy(changes, (one) => one.product))
    for (let from = 0; from < variants.length; from += VARIANTS_A_CALL) {
      const some = variants.slice(from, from + VARIANTS_A_CALL);
      const input = some.map(({ id, policy }) => ({ id, inventoryPolicy: policy }));
      await tolerate(
        some.map((one) => one.id),
        failed,
        () => client.change(operations.SET_POLICY, { productId, variants: input }, { signal }),
      );
    }
}

async function setMetafields(
  client: ShopifyClient,
  fields: readonly Metafield[],
  failed: Map<string, string>,
  signal?: AbortSignal,
): Promise<void> {
  for (let from = 0; from < fields.length; from += METAFIELDS_A_CALL) {
    const some = fields.slice(from, from + METAFIELDS_A_CALL);
    const metafields = some.map((field) => ({ ...field, namespace: APP }));
    await tolerate(
      some.map((one) => one.ownerId),
      failed,
      () => client.change(operations.SET_METAFIELDS, { metafields }, { signal }),
    );
  }
}

/** What Shopify refuses is told of the variants concerned; the others go on. */
async function tolerate(
  ids: readonly string[],
  failed: Map<string, string>,
  work: () => Promise<unknown>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof ShopifyRefusal)) throw error;
    for (const id of ids) failed.set(id, error.message);
  }
}

function sameValue(field: Metafield, there: string | undefined): boolean {
  if (there === undefined || field.type !== 'json') return there === field.value;
  try {
    return JSON.stringify(JSON.parse(there)) === field.value;
  } catch {
    return false;
  }
}
