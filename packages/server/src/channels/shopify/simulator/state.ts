import type { ShopMoney } from '../money.ts';

/** What the simulated shop keeps: as much of a shop as Kept reads and changes, and what follows from it by Shopify's rules. */

export type Metafields = Map<string, string>;
export const STATES = [
  'available',
  'committed',
  'incoming',
  'reserved',
  'quality_control',
  'safety_stock',
  'damaged',
] as const;
export type StockState = (typeof STATES)[number];
export type Quantities = Record<StockState, number>;
/** All of these lie there. */
export const onHand = (units: Quantities): number =>
  units.available +
  units.committed +
  units.reserved +
  units.damaged +
  units.quality_control +
  units.safety_stock;

export interface SimLocation {
  readonly id: string;
  name: string;
  isActive: boolean;
  fulfillsOnlineOrders: boolean;
  shipsInventory: boolean;
}

export interface SimVariant {
  readonly id: string;
  readonly product: { readonly id: string; readonly title: string; status: string };
  readonly item: string;
  sku: string | null;
  title: string;
  price: string;
  unitCost: ShopMoney | null;
  tracked: boolean;
  inventoryPolicy: 'CONTINUE' | 'DENY';
  updatedAt: string;
  readonly metafields: Metafields;
}

export interface SimLine {
  readonly id: string;
  readonly variant: SimVariant;
  quantity: number;
  /** Units that were refunded, cancelled or edited away. */
  removed: number;
  fulfilled: number;
  unitPrice: string;
  discount: string;
  readonly plan: { sellingPlanId: string; name: string } | null;
}

export interface SimTransaction {
  readonly id: string;
  readonly kind: 'AUTHORIZATION' | 'CAPTURE' | 'SALE' | 'REFUND';
  readonly status: 'SUCCESS';
  readonly gateway: string;
  readonly amount: string;
  readonly parent: string | null;
  readonly processedAt: string;
}

export interface SimHold {
  readonly id: string;
  readonly handle: string | null;
  readonly reason: string;
  readonly ours: boolean;
}

export interface SimFulfillmentOrder {
  readonly id: string;
  readonly order: string;
  status: 'OPEN' | 'SCHEDULED' | 'ON_HOLD' | 'CLOSED' | 'CANCELLED';
  fulfillAt: string | null;
  readonly location: string;
  readonly holds: SimHold[];
  readonly lines: { readonly id: string; readonly line: SimLine; total: number; remaining: number }[];
}

export interface SimOrder {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  updatedAt: string;
  cancelledAt: string | null;
  cancelReason: string | null;
  readonly sourceName: string;
  readonly email: string;
  readonly customer: string;
  readonly country: string;
  paid: boolean;
  readonly lines: SimLine[];
  readonly transactions: SimTransaction[];
  readonly refunds: { readonly id: string; readonly note: string | null; readonly transactions: string[] }[];
  readonly metafields: Metafields;
}

export interface SimShipment {
  readonly id: string;
  status: 'DRAFT' | 'IN_TRANSIT' | 'PARTIALLY_RECEIVED' | 'RECEIVED';
  arrivesAt: string | null;
  readonly lines: { readonly id: string; readonly variant: SimVariant; quantity: number; received: number }[];
}

export interface SimTransfer {
  readonly id: string;
  readonly name: string;
  status: 'DRAFT' | 'READY_TO_SHIP' | 'IN_PROGRESS' | 'TRANSFERRED' | 'CANCELED';
  readonly origin: string | null;
  readonly destination: string;
  readonly lines: { readonly id: string; readonly variant: SimVariant; total: number; shipped: number }[];
  readonly shipments: SimShipment[];
}

export interface SimPlanGroup {
  readonly id: string;
  readonly merchantCode: string;
  readonly input: Record<string, unknown>;
  readonly variants: Set<string>;
}

/** What a shop does besides what apps ask of it: people buy, pack, count and ship. */
export class SimShop {
  readonly name = 'Example';
  readonly currency: string;
  readonly timeZone = 'America/New_York';
  readonly domain: string;
  readonly locations: SimLocation[] = [];
  readonly variants: SimVariant[] = [];
  /** By inventory item, then by location. */
  readonly levels = new Map<string, Map<string, Quantities & { updatedAt: string }>>();
  readonly orders: SimOrder[] = [];
  readonly fulfillmentOrders: SimFulfillmentOrder[] = [];
  readonly transfers: SimTransfer[] = [];
  readonly planGroups: SimPlanGroup[] = [];
  readonly definitions: { readonly id: string; readonly ownerType: string; readonly key: string }[] = [];
  readonly subscriptions: { readonly id: string; readonly topic: string; readonly uri: string }[] = [];
  /** Told of what happened, by topic. */
  onChange: (topic: string, payload: Record<string, unknown>) => void = () => {};
  readonly #now: () => Date;
  #last = 1000;

  constructor(domain: string, now: () => Date, currency = 'USD') {
    this.domain = domain;
    this.currency = currency;
    this.#now = now;
  }

  now(): string {
    return this.#now().toISOString();
  }

  id(type: string): string {
    return `gid://shopify/${type}/${++this.#last}`;
  }

  addLocation(name: string, more: Partial<SimLocation> = {}): SimLocation {
    const location = {
      id: this.id('Location'),
      name,
      isActive: true,
      fulfillsOnlineOrders: true,
      shipsInventory: true,
      ...more,
    };
    this.locations.push(location);
    return location;
  }

  addVariant(sku: string | null, price = '10.00', more: Partial<SimVariant> = {}): SimVariant {
    const variant: SimVariant = {
      id: this.id('ProductVariant'),
      product: { id: this.id('Product'), title: sku ?? 'Untitled', status: 'ACTIVE' },
      item: this.id('InventoryItem'),
      sku,
      title: 'Default Title',
      price,
      unitCost: null,
      tracked: true,
      inventoryPolicy: 'DENY',
      updatedAt: this.now(),
      metafields: new Map(),
      ...more,
    };
    this.variants.push(variant);
    for (const location of this.locations) this.level(variant.item, location.id);
    this.onChange('PRODUCTS_CREATE', { id: numberIn(variant.product.id) });
    return variant;
  }

  level(item: string, location: string): Quantities & { updatedAt: string } {
    const levels = this.levels.get(item) ?? new Map();
    this.levels.set(item, levels);
    const level = levels.get(location) ?? {
      ...(Object.fromEntries(STATES.map((state) => [state, 0])) as Quantities),
      updatedAt: this.now(),
    };
    levels.set(location, level);
    return level;
  }

  move(item: string, location: string, state: StockState, delta: number): void {
    const level = this.level(item, location);
    level[state] += delta;
    level.updatedAt = this.now();
    this.onChange('INVENTORY_LEVELS_UPDATE', {
      inventory_item_id: numberIn(item),
      location_id: numberIn(location),
    });
  }

  /**
   * Somebody buys. Online, a variant that is denied is not sold beyond what is available; a till does not heed that.
   * @throws where it is sold out
   */
  buy(
    lines: readonly { variant: SimVariant; quantity: number; plan?: SimLine['plan']; fulfillAt?: string }[],
    { source = 'web', paid = true, email = 'ada@example.com' } = {},
  ): SimOrder {
    const [place] = this.locations;
    for (const { variant, quantity } of lines)
      if (
        source !== 'pos' &&
        variant.tracked &&
        variant.inventoryPolicy === 'DENY' &&
        this.available(variant) < quantity
      )
        throw new Error(`${variant.sku} is sold out`);
    const at = this.now();
    const order: SimOrder = {
      id: this.id('Order'),
      name: `#${this.orders.length + 1001}`,
      createdAt: at,
      updatedAt: at,
      cancelledAt: null,
      cancelReason: null,
      sourceName: source,
      email,
      customer: 'Ada Moss',
      country: 'US',
      paid,
      lines: lines.map(({ variant, quantity, plan = null }) => ({
        id: this.id('LineItem'),
        variant,
        quantity,
        removed: 0,
        fulfilled: 0,
        unitPrice: variant.price,
        discount: '0.00',
        plan,
      })),
      transactions: [],
      refunds: [],
      metafields: new Map(),
    };
    for (const { variant, quantity } of lines) {
      this.move(variant.item, place!.id, 'available', -quantity);
      this.move(variant.item, place!.id, 'committed', quantity);
    }
    if (paid) {
      const total = order.lines.reduce((sum, line) => sum + Number(line.unitPrice) * line.quantity, 0);
      order.transactions.push({
        id: this.id('OrderTransaction'),
        kind: 'SALE',
        status: 'SUCCESS',
        gateway: 'shopify_payments',
        amount: total.toFixed(2),
        parent: null,
        processedAt: at,
      });
    }
    this.orders.push(order);
    this.#route(order, lines, place!.id);
    this.onChange('ORDERS_CREATE', { id: numberIn(order.id) });
    return order;
  }

  /** What is deferred goes into one fulfilment order, whose day is the soonest of its lines: so Shopify does it. */
  #route(
    order: SimOrder,
    lines: readonly { plan?: SimLine['plan']; fulfillAt?: string }[],
    location: string,
  ): void {
    const deferred = order.lines.filter((_, index) => lines[index]!.plan != null);
    const days = lines.flatMap((line) =>
      line.plan != null && line.fulfillAt !== undefined ? [line.fulfillAt] : [],
    );
    for (const [some, later] of [
      [order.lines.filter((line) => !deferred.includes(line)), false],
      [deferred, true],
    ] as const) {
      if (some.length === 0) continue;
      this.fulfillmentOrders.push({
        id: this.id('FulfillmentOrder'),
        order: order.id,
        status: later ? 'SCHEDULED' : 'OPEN',
        fulfillAt: later ? (days.toSorted()[0] ?? null) : null,
        location,
        holds: [],
        lines: some.map((line) => ({
          id: this.id('FulfillmentOrderLineItem'),
          line,
          total: line.quantity,
          remaining: line.quantity,
        })),
      });
    }
  }

  available(variant: SimVariant): number {
    return [...(this.levels.get(variant.item)?.values() ?? [])].reduce(
      (sum, level) => sum + level.available,
      0,
    );
  }

  touch(order: SimOrder, topic = 'ORDERS_UPDATED'): void {
    order.updatedAt = this.now();
    this.onChange(topic, { id: numberIn(order.id) });
  }

  /** Packs and ships everything of an order that nothing holds. @returns units that left */
  fulfil(order: SimOrder): number {
    let units = 0;
    for (const one of this.fulfillmentOrders) {
      if (one.order !== order.id || one.status !== 'OPEN') continue;
      for (const part of one.lines) {
        part.line.fulfilled += part.remaining;
        this.move(part.line.variant.item, one.location, 'committed', -part.remaining);
        units += part.remaining;
        part.remaining = 0;
      }
      one.status = 'CLOSED';
    }
    if (units > 0) this.touch(order);
    return units;
  }

  /** Takes units of a line away that have not left; they are available again where they are restocked. */
  remove(order: SimOrder, line: SimLine, quantity: number, restock: boolean): void {
    let left = quantity;
    line.removed += quantity;
    for (const one of this.fulfillmentOrders) {
      if (one.order !== order.id || one.status === 'CLOSED') continue;
      for (const part of one.lines) {
        if (part.line !== line) continue;
        const some = Math.min(left, part.remaining);
        if (some === 0) continue;
        part.remaining -= some;
        left -= some;
        this.move(line.variant.item, one.location, 'committed', -some);
        if (restock) this.move(line.variant.item, one.location, 'available', some);
      }
      if (one.lines.every((part) => part.remaining === 0)) one.status = 'CLOSED';
    }
  }

  addTransfer(
    lines: readonly { variant: SimVariant; quantity: number }[],
    {
      origin = null,
      arrivesAt = null,
      shipped = true,
    }: { origin?: string | null; arrivesAt?: string | null; shipped?: boolean } = {},
  ): SimTransfer {
    const transfer: SimTransfer = {
      id: this.id('InventoryTransfer'),
      name: `#T${this.transfers.length + 1}`,
      status: shipped ? 'IN_PROGRESS' : 'READY_TO_SHIP',
      origin,
      destination: this.locations[0]!.id,
      lines: lines.map(({ variant, quantity }) => ({
        id: this.id('InventoryTransferLineItem'),
        variant,
        total: quantity,
        shipped: shipped ? quantity : 0,
      })),
      shipments: [],
    };
    if (shipped) {
      transfer.shipments.push({
        id: this.id('InventoryShipment'),
        status: 'IN_TRANSIT',
        arrivesAt,
        lines: lines.map(({ variant, quantity }) => ({
          id: this.id('InventoryShipmentLineItem'),
          variant,
          quantity,
          received: 0,
        })),
      });
      for (const { variant, quantity } of lines)
        this.move(variant.item, transfer.destination, 'incoming', quantity);
    }
    this.transfers.push(transfer);
    this.onChange('INVENTORY_SHIPMENTS_CREATE', { id: numberIn(transfer.id) });
    return transfer;
  }

  receive(transfer: SimTransfer, quantity: number): void {
    for (const shipment of transfer.shipments) {
      for (const line of shipment.lines) {
        const some = Math.min(quantity, line.quantity - line.received);
        line.received += some;
        this.move(line.variant.item, transfer.destination, 'incoming', -some);
        this.move(line.variant.item, transfer.destination, 'available', some);
      }
      shipment.status = shipment.lines.every((line) => line.received === line.quantity)
        ? 'RECEIVED'
        : 'PARTIALLY_RECEIVED';
    }
    if (transfer.shipments.every((one) => one.status === 'RECEIVED')) transfer.status = 'TRANSFERRED';
    this.onChange('INVENTORY_SHIPMENTS_RECEIVE_ITEMS', { id: numberIn(transfer.id) });
  }
}

export const numberIn = (id: string): number => Number(/(\d+)$/.exec(id)?.[1]);
export const currentOf = (line: SimLine): number => line.quantity - line.removed;
