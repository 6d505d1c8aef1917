import type { TestKept } from '../../testing/brand.ts';

export interface BoughtLine {
  readonly id: number;
  readonly sku: string;
  quantity: number;
  received: number;
  /** What will come no more. */
  givenUp: boolean;
  on: string;
  stamp: number;
}

export interface Bought {
  readonly id: number;
  readonly number: string;
  /** By which Kept's own draft is known. */
  mark: string | null;
  stage: 'draft' | 'confirmed' | 'cancelled';
  readonly supplier: string;
  readonly lines: BoughtLine[];
  stamp: number;
}

/** Stock units in one unit of every order's line: everybody buys by the crate. */
export const CRATE = 12;
const START = Date.parse('2026-03-02T07:00:00Z');

/** What a buyer does in an ERP, whichever it is: the same story behind each simulator. */
export class Buying {
  readonly orders: Bought[] = [];
  readonly skus = ['MUG', 'LAMP', 'TEA'];
  readonly suppliers = ['ACME', 'NORTH'];
  #ids = 100;
  #ticks = 0;

  /** The stamp of what is changed now. */
  tick(): number {
    return START + ++this.#ticks * 1000;
  }

  nextId(): number {
    return ++this.#ids;
  }

  order(lines: readonly { sku: string; quantity: number; on: string }[], mark: string | null = null): Bought {
    const stamp = this.tick();
    const id = this.nextId();
    const order: Bought = {
      id,
      number: `PO${id}`,
      mark,
      stage: mark === null ? 'confirmed' : 'draft',
      supplier: this.suppliers[id % this.suppliers.length]!,
      lines: lines.map((line) => ({ ...line, id: this.nextId(), received: 0, givenUp: false, stamp })),
      stamp,
    };
    this.orders.push(order);
    return order;
  }

  line(id: number): { order: Bought; line: BoughtLine } | undefined {
    for (const order of this.orders)
      for (const line of order.lines) if (line.id === id) return { order, line };
    return undefined;
  }

  touch(order: Bought, line?: BoughtLine): void {
    const stamp = this.tick();
    if (line === undefined) order.stamp = stamp;
    else line.stamp = stamp;
  }

  /** The next thing that a buyer does; each number is another, and each moves the total. */
  happen(number: number): void {
    const { orders } = this;
    const sku = this.skus[number % this.skus.length]!;
    const last = orders.filter((order) => order.stage === 'confirmed').at(-1);
    if (number % 3 === 1 || last === undefined) {
      const on = `2026-04-${String((number % 27) + 1).padStart(2, '0')}`;
      this.order([
        { sku, quantity: number, on },
        { sku: this.skus[(number + 1) % this.skus.length]!, quantity: 2, on: '2026-05-20' },
      ]);
      return;
    }
    const [line, other] = last.lines;
    if (number % 3 === 2) {
      // A part of it, or more than was ordered.
      line!.received += number % 2 === 0 ? line!.quantity + 1 : 1;
      this.touch(last, line);
      return;
    }
    other!.quantity += 5;
    line!.on = '2026-06-01';
    this.touch(last, line);
    this.touch(last, other);
    this.touch(last);
  }

  /** Crates ordered and received, in pieces. */
  total(): number {
    let units = 0;
    for (const { lines, stage } of this.orders)
      if (stage !== 'cancelled')
        for (const line of lines) units += CRATE * (line.quantity + 1000 * line.received);
    return units;
  }
}

/** The same total as Kept has it: of its purchase orders. */
export async function totalIn(kept: TestKept): Promise<number> {
  const { body } = await kept.call('GET', '/v1/purchase-orders?limit=1000');
  let units = 0;
  for (const order of body.items)
    for (const line of order.lines)
      if (line.stage !== 'cancelled') units += line.ordered + 1000 * line.received;
  return units;
}
