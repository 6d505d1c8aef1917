import { dayText, type LinePosition, type Standing, type World } from '@kept/engine';
import { wordsOf } from '../promising/index.ts';
import type { LineLabel } from './what-if-store.ts';
import type { EffectTally, Sides, Tally, Valued } from './what-if-tally.ts';

/** What was counted, as the API tells it. */
export function viewTally(
  tally: EffectTally,
  labels: ReadonlyMap<string, LineLabel>,
  skus: ReadonlyMap<number, string>,
  world: World,
) {
  const labelOf = (line: LinePosition) => labels.get(`${line.order}:${line.line}`)!;
  const today = dayText(world.today);
  return {
    ...sidesView(tally.all),
    channels: [...tally.channels]
      .map(([channel, sides]) => ({ channel, ...sidesView(sides) }))
      .sort((a, b) => b.hit.lines - a.hit.lines || (a.channel < b.channel ? -1 : 1)),
    customers: tally.customers.map(({ line, orders, lines, atRisk }) => ({
      customer: labelOf(line).customer,
      class: line.class,
      orders: orders.size,
      lines,
      revenueAtRisk: moneyView(atRisk),
    })),
    notices: [...tally.notices].map(([change, { lines, orders }]) => ({
      change,
      lines,
      orders: orders.size,
    })),
    lines: tally.told.map((one) => lineView(one, labelOf(one.effect.line), skus, world, today)),
    more: tally.more,
  };
}

const sidesView = ({ hit, helped, atRisk }: Sides) => ({
  hit: tallyView(hit),
  helped: tallyView(helped),
  revenueAtRisk: moneyView(atRisk),
});

const tallyView = ({ lines, units, orders, customers, value }: Tally) => ({
  lines,
  orders: orders.size,
  customers: customers.size,
  units,
  value: moneyView(value),
});

const moneyView = (money: ReadonlyMap<string, number>) =>
  [...money].map(([currency, amount]) => ({ amount, currency }));

function lineView(
  { effect, buyer, atRisk }: Valued,
  label: LineLabel,
  skus: ReadonlyMap<number, string>,
  world: World,
  today: string,
) {
  const { line, before, after } = effect;
  return {
    id: `${line.order}-${line.line}`,
    order: label.order,
    orderId: String(line.order),
    line: label.line,
    sku: skus.get(line.item) ?? '',
    channel: world.channels[line.channel]?.code ?? '',
    customer: label.customer,
    class: line.class,
    effect: effect.kind,
    open: { from: before.open, to: after.open },
    waiting: { from: before.waiting, to: after.waiting },
    plannedShipBy: { from: plannedOn(before), to: plannedOn(after) },
    promise: { from: partsView(before), to: partsView(after) },
    broken: effect.broken,
    revenueAtRisk: { amount: atRisk, currency: buyer.currency },
    notice: effect.told,
    reasons: [...effect.reasons],
    words: wordsOf(effect.reasons, 'planner', today),
  };
}

function plannedOn({ planned }: Standing): string | null {
  return planned === null ? null : dayText(planned);
}

function partsView({ promised }: Standing) {
  return promised.map(({ quantity, shipBy, deliverBy }) => ({
    quantity,
    shipBy: dayText(shipBy),
    deliverBy: dayText(deliverBy),
  }));
}
