import { readFileSync } from 'node:fs';
import { negativeBinomial, normal, poisson } from '../packages/engine/src/distribution.ts';
import { lotSchedule } from '../packages/engine/src/lot-schedule.ts';
import { newsvendor, normalBaseStock } from '../packages/engine/src/newsvendor.ts';
import {
  economicOrderQuantity,
  plannedBackorders,
  quantityAtPrices,
} from '../packages/engine/src/order-quantity.ts';
import { optimalOrderUpTo } from '../packages/engine/src/order-up-to.ts';
import {
  optimalNormalReorder,
  optimalReorder,
  reorderCost,
  reorderPointFor,
} from '../packages/engine/src/reorder-point.ts';
import type { Bench, BenchOptions, Measured } from './measure.ts';
import { type Instance, OPTIMA } from './optima-cases.ts';

/** How far published optima are missed. `--data FILE` adds those of a file shaped like optima-cases.ts, as JSON. */
export const bench: Bench = {
  name: 'optima',
  *run({ data }: BenchOptions): Generator<Measured> {
    const groups = {
      ...OPTIMA,
      ...(data ? (JSON.parse(readFileSync(data, 'utf8')) as Record<string, unknown>) : {}),
    };
    for (const [name, group] of Object.entries(groups)) {
      const shared = Array.isArray(group) ? {} : (group as Instance);
      const instances = (
        Array.isArray(group) ? group : (shared.instances ?? shared.values ?? [])
      ) as Instance[];
      let worst = 0;
      let compared = 0;
      for (const instance of instances) {
        for (const [field, found] of Object.entries(solve({ ...shared, ...instance }))) {
          const wanted = [instance[field]].flat() as unknown[];
          for (const [index, value] of [found].flat().entries()) {
            if (typeof wanted[index] !== 'number') continue;
            compared++;
            worst = Math.max(worst, Math.abs(value - wanted[index]) / Math.max(1, Math.abs(wanted[index])));
          }
        }
      }
      if (compared === 0) continue;
      const printed = typeof shared.tolerance === 'number' ? shared.tolerance : 1e-12;
      yield {
        row: {
          bench: 'optima',
          work: `${name}, ${compared} figures`,
          kept: worst,
          unit: 'relative error',
          limit: null,
          peers: {},
          ratio: null,
          goal: `≤ ${printed}`,
          holds: worst <= printed,
        },
      };
    }
  },
};

/** An instance says by its fields which problem it is. */
function solve(instance: Instance): Record<string, number | number[]> {
  const number = (field: string) => instance[field] as number;
  const has = (...fields: string[]) => fields.every((field) => instance[field] !== undefined);
  const costs = { holding: number('h'), shortage: number('p'), ordering: number('K') };
  if (has('z', 'loss'))
    return { loss: normal(0, 1).loss(number('z')), complement: normal(0, 1).loss(-number('z')) };
  if (Array.isArray(instance.demand)) {
    const found = lotSchedule(instance.demand as number[], {
      holding: costs.holding,
      ordering: costs.ordering,
    });
    return { orders: found.orders, cost: found.cost };
  }
  if (Array.isArray(instance.prices)) {
    const prices = instance.prices.map(([from, unitPrice]) => ({ from: from!, unitPrice: unitPrice! }));
    const steady = {
      demand: number('demand'),
      ordering: costs.ordering,
      holding: 0,
      holdingRate: number('rate'),
    };
    const found = quantityAtPrices(
      steady,
      prices,
      instance.discount === 'incremental' ? 'incremental' : 'all_units',
    );
    return { Q: found.quantity, cost: found.cost };
  }
  if (has('mu', 's', 'S')) {
    const demand = poisson(number('mu'));
    const found = optimalOrderUpTo(demand, demand, costs);
    return { s: found.reorderLevel, S: found.orderUpTo, cost: found.cost };
  }
  if (has('r', 'Q')) return solveReorder(instance, costs);
  if (has('demand', 'Q', 'p')) {
    const found = plannedBackorders({ demand: number('demand'), ...costs, waiting: costs.shortage });
    return { Q: found.quantity, x: found.backorderShare, cost: found.cost };
  }
  if (has('demand', 'Q')) {
    const found = economicOrderQuantity({ demand: number('demand'), ...costs });
    return { Q: found.quantity, cost: found.cost };
  }
  if (has('mean', 'S')) {
    const found = has('sd')
      ? normalBaseStock({ mean: number('mean'), deviation: number('sd') }, number('lead_time') || 0, costs)
      : newsvendor(poisson(number('mean')), costs);
    return { S: found.level, cost: found.cost };
  }
  return {};
}

function solveReorder(
  instance: Instance,
  costs: { holding: number; shortage: number; ordering: number },
): Record<string, number> {
  const number = (field: string) => instance[field] as number;
  const { mean, sd, variance, lead_time: leadTime } = instance as Record<string, number>;
  const demand =
    sd !== undefined
      ? normal(mean! * leadTime!, sd * Math.sqrt(leadTime!))
      : variance === undefined
        ? poisson(mean! * leadTime!)
        : negativeBinomial(mean! * leadTime!, variance * leadTime!);
  // Some publish what a policy costs, some the best one, some the best reorder point for a quantity.
  if (instance.given === 'r,Q') {
    return { cost: reorderCost(demand, mean!, costs, { reorderPoint: number('r'), quantity: number('Q') }) };
  }
  const found =
    instance.given === 'Q'
      ? reorderPointFor(demand, mean!, costs, number('Q'))
      : sd !== undefined
        ? optimalNormalReorder({ mean: mean!, deviation: sd }, leadTime!, costs)
        : optimalReorder(demand, mean!, costs);
  return { r: found.reorderPoint, Q: found.quantity, cost: found.cost };
}
