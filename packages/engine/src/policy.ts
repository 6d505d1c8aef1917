import { PRIOR_BUFFER_DAYS } from './lead-time.ts';
import type { Policy, PolicyKind } from './position.ts';

/** What a policy of a kind says where the brand has said nothing. */
export function defaultPolicy(kind: PolicyKind, name: string = kind): Policy {
  return {
    name,
    kind,
    // A launch is often announced longer ahead than a customer would wait for something that was there before.
    longestWaitDays: kind === 'backorder' ? 70 : 365,
    cap: null,
    receivingDays: 1,
    handlingDays: 0,
    serviceLevel: 0.9,
    bufferDays: PRIOR_BUFFER_DAYS,
    fixedBuffers: [],
    promisablePercent: { placed: 100, confirmed: 100, in_production: 100, in_transit: 100, arrived: 100 },
    ranking: ['class', 'promise_date', 'order_time'],
    classes: [],
    improveByDays: null,
    release: 'by_hand',
  };
}

export const POLICY_KINDS: readonly PolicyKind[] = [
  'backorder',
  'preorder',
  'made_to_order',
  'drop',
  'demand_validation',
  'out_of_stock',
];
