import { dayText, type Effect, type Standing, type World } from '@kept/engine';
import { wordsOf } from '../promising/index.ts';
import type { LineLabel } from './what-if-store.ts';

interface Labelled {
  readonly effect: Effect;
  readonly label: LineLabel;
  /** Minor units of its open units, and of those whose promised day could not be kept. */
  readonly value: number;
  readonly atRisk: number;
}

/** The effects as the API tells them: totals of all, and the lines with the most at risk one by one. */
export function viewEffects(
  effects: readonly Effect[],
  labels: readonly LineLabel[],
  skus: ReadonlyMap<number, string>,
  world: World,
  limit: number,
) {
  const all = effects.map((effect, index): Labelled => {
    const value = shareOf(effect, effect.after.open || effect.before.open);
    return { effect, label: labels[index]!, value, atRisk: shareOf(effect, effect.broken) };
  });
  const told = worstFirst(all).slice(0, limit);
  const today = dayText(world.today);
  return {
    ...sides(all),
    channels: [...Map.groupBy(all, (one) => one.label.channel)]
      .map(([channel, own]) => ({ channel, ...sides(own) }))
      .sort((a, b) => b.hit.lines - a.hit.lines || (a.channel < b.channel ? -1 : 1)),
    customers: customersOf(all).slice(0, limit),
    notices: noticesOf(all),
    lines: told.map((one) => lineView(one, skus, today)),
    more: all.length - told.length,
  };
}

/** A line's value that falls to some of its units: rounded up, as the queue shows it. */
function shareOf({ line }: Effect, units: number): number {
  const value = line.value ?? 0;
  if (units === line.ordered || line.ordered === 0) return value;
  return Math.ceil(value * units) <= Number.MAX_SAFE_INTEGER
    ? Math.ceil((value * units) / line.ordered)
    : Number((BigInt(value) * BigInt(units) + BigInt(line.ordered - 1)) / BigInt(line.ordered));
}

function worstFirst(all: readonly Labelled[]): Labelled[] {
  const order = { hit: 0, cancelled: 1, helped: 2 };
  return [...all].sort(
    (a, b) =>
      order[a.effect.kind] - order[b.effect.kind] ||
      b.atRisk - a.atRisk ||
      b.value - a.value ||
      a.effect.line.order - b.effect.line.order ||
      a.effect.line.line - b.effect.line.line,
  );
}

function sides(all: readonly Labelled[]) {
  return {
    hit: tally(all.filter((one) => one.effect.kind === 'hit')),
    helped: tally(all.filter((one) => one.effect.kind === 'helped')),
    revenueAtRisk: money(all, (one) => one.atRisk),
  };
}

function tally(some: readonly Labelled[]) {
  return {
    lines: some.length,
    orders: new Set(some.map((one) => one.effect.line.order)).size,
    customers: new Set(some.map((one) => one.label.customerKey)).size,
    units: some.reduce((units, one) => units + one.effect.after.open, 0),
    value: money(some, (one) => one.value),
  };
}

function money(some: readonly Labelled[], of: (one: Labelled) => number) {
  const amounts = new Map<string, number>();
  for (const one of some) {
    const amount = of(one);
    if (amount !== 0) amounts.set(one.label.currency, (amounts.get(one.label.currency) ?? 0) + amount);
  }
  return [...amounts].map(([currency, amount]) => ({ amount, currency }));
}

function customersOf(all: readonly Labelled[]) {
  const atRisk = all.filter((one) => one.effect.broken > 0);
  return [...Map.groupBy(atRisk, (one) => one.label.customerKey).values()]
    .map((own) => ({
      customer: own[0]!.label.customer,
      class: own[0]!.effect.line.class,
      orders: new Set(own.map((one) => one.effect.line.order)).size,
      lines: own.length,
      revenueAtRisk: money(own, (one) => one.atRisk),
    }))
    .sort((a, b) => (b.revenueAtRisk[0]?.amount ?? 0) - (a.revenueAtRisk[0]?.amount ?? 0));
}

function noticesOf(all: readonly Labelled[]) {
  const told = Map.groupBy(
    all.filter((one) => one.effect.told !== null),
    (one) => one.effect.told!,
  );
  return [...told].map(([change, own]) => ({
    change,
    lines: own.length,
    orders: new Set(own.map((one) => one.effect.line.order)).size,
  }));
}

function lineView({ effect, label, atRisk }: Labelled, skus: ReadonlyMap<number, string>, today: string) {
  const { line, before, after } = effect;
  return {
    id: `${line.order}-${line.line}`,
    order: label.order,
    orderId: String(line.order),
    line: label.line,
    sku: effect.items.map((item) => skus.get(item)).find((sku) => sku !== undefined) ?? '',
    channel: label.channel,
    customer: label.customer,
    class: line.class,
    effect: effect.kind,
    open: { from: before.open, to: after.open },
    waiting: { from: before.waiting, to: after.waiting },
    plannedShipBy: { from: plannedOn(before), to: plannedOn(after) },
    promise: { from: partsView(before), to: partsView(after) },
    broken: effect.broken,
    revenueAtRisk: { amount: atRisk, currency: label.currency },
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
