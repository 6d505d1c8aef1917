import type { ShopifyClient } from './client.ts';
import type { Nodes } from './nodes.ts';
import * as operations from './operations.ts';
import type { ShopifyContext } from './settings.ts';

/** How a plan of ours is told from those of others. */
const CODE = 'kept-preorder-';

type Charge = 'at_order' | 'deposit' | 'at_shipment';

/** Kept's charge terms as Shopify can carry them out: what is only authorised or invoiced is taken on fulfilment. */
const chargeOf = (terms: string): Charge =>
  terms === 'at_order' ? 'at_order' : terms === 'deposit' ? 'deposit' : 'at_shipment';

/**
 * Pre-order selling plans, one for each way of charging. Their delivery has no date of its own (`UNKNOWN`): the date stands
 * with the variant and is promised by the order's line, because of several due dates in one order Shopify keeps the soonest.
 */
export class PreorderPlans {
  readonly #client: ShopifyClient;
  readonly #context: ShopifyContext;

  constructor(client: ShopifyClient, context: ShopifyContext) {
    this.#client = client;
    this.#context = context;
  }

  /** @param offers the variants of an item, and when their money is taken; null: not sold before they are here */
  async offer(
    offers: readonly { charge: string | null; variants: readonly string[] }[],
    signal?: AbortSignal,
  ): Promise<void> {
    const groups = new Map((await this.#ours(signal)).map((one) => [one.merchantCode, one.id]));
    const wanted = new Map<string, string[]>();
    const all = offers.flatMap((one) => one.variants);
    for (const { charge, variants } of offers)
      if (charge !== null)
        wanted.set(CODE + chargeOf(charge), [...(wanted.get(CODE + chargeOf(charge)) ?? []), ...variants]);
    for (const [code, id] of groups) {
      const keep = new Set(wanted.get(code));
      const drop = all.filter((variant) => !keep.has(variant));
      if (drop.length > 0)
        await this.#client.change(operations.REMOVE_FROM_PLAN, { id, variants: drop }, { signal });
    }
    for (const [code, variants] of wanted) {
      const id = groups.get(code);
      if (id !== undefined) await this.#client.change(operations.ADD_TO_PLAN, { id, variants }, { signal });
      else
        await this.#client.change(
          operations.CREATE_PLAN,
          {
            input: planInput(code.slice(CODE.length) as Charge, this.#context.settings.depositPercent),
            resources: { productVariantIds: variants },
          },
          { signal, once: true },
        );
    }
  }

  async withdraw(signal?: AbortSignal): Promise<void> {
    for (const { id } of await this.#ours(signal))
      await this.#client.change(operations.DELETE_PLAN, { id }, { signal });
  }

  async #ours(signal?: AbortSignal): Promise<{ id: string; merchantCode: string }[]> {
    const found: { id: string; merchantCode: string }[] = [];
    for (let after: string | null = null; ; ) {
      const answer: { sellingPlanGroups: Nodes<{ id: string; merchantCode: string }> } =
        await this.#client.ask(operations.PLANS, { after }, signal);
      const { nodes, pageInfo } = answer.sellingPlanGroups;
      found.push(...nodes.filter((one) => one.merchantCode.startsWith(CODE)));
      if (!pageInfo?.hasNextPage) return found;
      after = pageInfo.endCursor;
    }
  }
}

function planInput(charge: Charge, depositPercent: number) {
  const percentage = { at_order: 100, deposit: depositPercent, at_shipment: 0 }[charge];
  const words = {
    at_order: 'Pre-order, paid now',
    deposit: `Pre-order, ${depositPercent} % now and the rest when it ships`,
    at_shipment: 'Pre-order, paid when it ships',
  }[charge];
  return {
    name: 'Pre-order',
    merchantCode: CODE + charge,
    options: ['Pre-order'],
    sellingPlansToCreate: [
      {
        name: words,
        options: [words],
        category: 'PRE_ORDER',
        billingPolicy: {
          fixed: {
            checkoutCharge: { type: 'PERCENTAGE', value: { percentage } },
            remainingBalanceChargeTrigger: percentage === 100 ? 'NO_REMAINING_BALANCE' : 'ON_FULFILLMENT',
          },
        },
        deliveryPolicy: { fixed: { fulfillmentTrigger: 'UNKNOWN' } },
        inventoryPolicy: { reserve: 'ON_SALE' },
        pricingPolicies: [],
      },
    ],
  };
}
