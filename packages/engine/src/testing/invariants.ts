import type { Decision } from '../decide.ts';
import type { Fact, PromiseChanged } from '../fact.ts';
import { ItemState, openUnits } from '../item-state.ts';
import { promisableUnits } from '../lead-time.ts';
import type { Commitment, ItemPosition, LinePosition, World } from '../position.ts';
import { type Step, stillOpen } from '../promise.ts';

/** What is looked at: the items as they are, and the ledgers of what was promised and moved. */
interface Shop {
  readonly world: World;
  readonly items: ReadonlyMap<number, ItemPosition>;
  readonly promises: ReadonlyMap<string, readonly PromiseChanged[]>;
  readonly ledger: ReadonlyMap<string, number>;
}

/** What must be true of a shop after every fact (DESIGN section 3, invariants 1, 4, 5 and 7). Throws a sentence where it is not. */
export function checkInvariants(
  shop: Shop,
  positions: readonly ItemPosition[],
  before: readonly ItemPosition[],
  facts: readonly Fact[],
  decision: Decision,
): void {
  for (const position of shop.items.values()) checkUnits(shop, position);
  for (const position of positions) checkPromises(shop, position);
  for (const state of decision.states.values())
    for (const line of state.placed)
      must(!state.touchedLines.has(line), `order ${line.order} is both new and changed`);
  for (const [index, fact] of facts.entries()) {
    if (fact.kind !== 'place' || fact.mode !== 'request') continue;
    const outcome = decision.outcomes[index]!;
    if (outcome.kind !== 'placed') continue;
    for (const { legs } of outcome.lines)
      for (const leg of legs)
        must(
          units(leg.commitments, 'waiting') === 0,
          `request ${leg.order} was accepted with units that wait`,
        );
  }
  if (facts.every(takesNothing))
    for (const [index, position] of positions.entries())
      checkNobodyLost(shop, before[index]!, position, facts);
  if (facts.every((fact) => ['rank', 'reallocate', 'place', 'hold', 'release'].includes(fact.kind)))
    for (const [index, position] of positions.entries()) checkLocked(before[index]!, position);
}

/** Invariant 1: everything that is given is there, once, and everything open is given or waits. */
function checkUnits(shop: Shop, position: ItemPosition): void {
  const { sku } = position;
  const given = new Map<string, number>();
  const give = (key: string, quantity: number) => given.set(key, (given.get(key) ?? 0) + quantity);
  let backordered = 0;
  for (const line of position.lines) {
    const who = `${sku} order ${line.order} line ${line.line}`;
    let total = 0;
    const sources = new Set<string>();
    for (const one of line.commitments) {
      must(one.quantity > 0 && Number.isInteger(one.quantity), `${who}: a commitment of ${one.quantity}`);
      must(!sources.has(`${one.kind}:${one.source}`), `${who}: two commitments on ${one.kind} ${one.source}`);
      sources.add(`${one.kind}:${one.source}`);
      total += one.quantity;
      if (one.kind !== 'reserved') backordered += one.quantity;
      give(`${one.kind}:${one.source}`, one.quantity);
    }
    must(total === Math.max(0, openUnits(line)), `${who}: ${total} committed of ${openUnits(line)} open`);
  }
  must(
    position.backordered === backordered,
    `${sku}: backordered says ${position.backordered}, not ${backordered}`,
  );
  for (const hold of position.holds)
    for (const one of hold.commitments) give(`held:${one.kind}:${one.source}`, one.quantity);
  for (const stock of position.stock) {
    const at = `${sku} at ${stock.place}`;
    must(
      stock.reserved === (given.get(`reserved:${stock.place}`) ?? 0),
      `${at}: reserved is not what lines have`,
    );
    must(
      stock.held === (given.get(`held:reserved:${stock.place}`) ?? 0),
      `${at}: held is not what carts have`,
    );
    must(stock.reserved + stock.held <= stock.sellable, `${at}: more given than is there`);
    for (const condition of ['sellable', 'quality_hold', 'returned', 'damaged'] as const) {
      must(stock[condition] >= 0, `${at}: negative ${condition}`);
      const ledger = shop.ledger.get(`${position.item}:${stock.place}:${condition}`) ?? 0;
      must(
        stock[condition] === ledger,
        `${at}: ${stock[condition]} ${condition}, but movements say ${ledger}`,
      );
    }
  }
  for (const supply of position.supplies) {
    const of = `${sku} supply ${supply.id}`;
    must(supply.open >= 0, `${of}: negative open units`);
    must(supply.pegged === (given.get(`pegged:${supply.id}`) ?? 0), `${of}: pegged is not what lines have`);
    must(supply.held === (given.get(`held:pegged:${supply.id}`) ?? 0), `${of}: held is not what carts have`);
    must(
      supply.pegged + supply.held <= promisableUnits(supply, position.policy),
      `${of}: more given than may be promised`,
    );
  }
}

/** Invariants 4 and 5: what is promised is backed, by a plan that keeps it; the ledger's last version is the one in force. */
function checkPromises(shop: Shop, position: ItemPosition): void {
  const state = new ItemState(position, shop.world);
  for (const line of position.lines) {
    const who = `${position.sku} order ${line.order} line ${line.line}`;
    const ledger = shop.promises.get(`${line.order}:${line.line}`);
    must(
      (line.promise?.version ?? 0) === (ledger?.length ?? 0),
      `${who}: the promise is not the ledger's last`,
    );
    const open = line.ordered - line.shipped - line.cancelled;
    const promised = line.promise === null ? [] : stillOpen(line.promise, { open, shipped: line.shipped });
    const backed = openUnits(line) - units(line.commitments, 'waiting');
    const total = promised.reduce((sum, part) => sum + part.quantity, 0);
    must(total * line.per <= backed, `${who}: ${total} promised, ${backed} backed`);
    for (const [index, part] of promised.entries())
      must(index === 0 || promised[index - 1]!.shipBy < part.shipBy, `${who}: parts out of order`);
    if (line.tied) continue;
    must(total === backed, `${who}: ${backed} backed, but ${total} promised`);
    const planned = eachUnit(state.legOf(line).planned);
    for (const [unit, day] of eachUnit(promised).entries())
      must(
        planned[unit]! <= day,
        `${who}: unit ${unit} is promised for ${day} and planned for ${planned[unit]}`,
      );
  }
}

/** Facts that bring units, or nothing. */
function takesNothing(fact: Fact): boolean {
  switch (fact.kind) {
    case 'place':
    case 'cancel':
    case 'add':
    case 'hold':
    case 'release':
    case 'rank':
      return true;
    case 'stock':
      return fact.changes.every((change) => change.delta >= 0);
    default:
      return false;
  }
}

/** A locked line stands on what it stood on, as long as nothing took that away. */
function checkLocked(before: ItemPosition, after: ItemPosition): void {
  for (const line of before.lines) {
    if (line.locked !== true) continue;
    const now = after.lines.find((one) => one.order === line.order && one.line === line.line);
    for (const one of line.commitments) {
      const kept = now?.commitments.find((other) => other.kind === one.kind && other.source === one.source);
      must(
        one.kind === 'waiting' || (kept?.quantity ?? 0) >= one.quantity,
        `${before.sku} order ${line.order} line ${line.line}: it was locked on ${one.kind} ${one.source}`,
      );
    }
  }
}

/** No unit that a line has is taken for another by ranking: none waits that did not, and none leaves later. */
function checkNobodyLost(
  shop: Shop,
  before: ItemPosition,
  after: ItemPosition,
  facts: readonly Fact[],
): void {
  const was = new ItemState(structuredClone(before), shop.world);
  const now = new ItemState(structuredClone(after), shop.world);
  const touched = new Set(
    facts.map((fact) => ('order' in fact && 'line' in fact ? `${fact.order}:${fact.line}` : '')),
  );
  for (const line of was.position.lines) {
    if (touched.has(`${line.order}:${line.line}`)) continue;
    const same = now.position.lines.find((one) => one.order === line.order && one.line === line.line);
    const who = `${before.sku} order ${line.order} line ${line.line}`;
    must(same !== undefined, `${who} is gone`);
    const earlier = eachUnit(was.legOf(line).promisable);
    const later = eachUnit(now.legOf(same as LinePosition).promisable);
    for (const [unit, day] of earlier.entries())
      must(later[unit] !== undefined && later[unit] <= day, `${who}: unit ${unit} was taken from it`);
  }
}

export function eachUnit(steps: readonly Pick<Step, 'quantity' | 'shipBy'>[]): number[] {
  return steps.flatMap((step) => new Array<number>(step.quantity).fill(step.shipBy)).sort((a, b) => a - b);
}

function units(commitments: readonly Commitment[], kind: Commitment['kind']): number {
  let total = 0;
  for (const one of commitments) if (one.kind === kind) total += one.quantity;
  return total;
}

function must(condition: boolean, sentence: string): asserts condition {
  if (!condition) throw new Error(sentence);
}
