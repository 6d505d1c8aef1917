import type { PurchaseOrderInput, PurchaseOrderReceipt, PurchaseOrderRevision } from '@kept/contract';
import type { Fact } from '@kept/engine';
import type pg from 'pg';
import type { z } from 'zod';
import { readSuppliers } from '../catalog/index.ts';
import { type Loaded, lookupItems, type Settings, type Supposed } from '../promising/index.ts';
import { factsOfChanges, type SupplyChange } from './change-supplies.ts';
import { deliveriesOf, noOrder } from './lines.ts';
import { readHeaders } from './order-store.ts';
import { changesOf as orderChanges } from './purchase-orders.ts';
import { factsOfReceipt, stockUnits } from './receive.ts';
import { changesOf as revisionChanges } from './revise.ts';
import { readSupplies, type StoredSupply } from './supply-store.ts';
import { wantedOf } from './wanted.ts';

type Named<T> = T & { readonly purchaseOrder: string };

/**
 * What a planner supposes of purchase orders, as the facts that it would be. Read without a lock, and never written; what is
 * supposed of an order sees what was supposed of it before.
 */
export class SupposedOrders {
  private readonly client: pg.PoolClient;
  private readonly brandId: number;
  private readonly settings: Settings;
  private readonly orders = new Map<string, StoredSupply[]>();

  constructor(client: pg.PoolClient, brandId: number, settings: Settings) {
    this.client = client;
    this.brandId = brandId;
    this.settings = settings;
  }

  /** @throws KeptError `not_found` for an order or line that is not there, `invalid_input` */
  async revision(revision: Named<z.output<typeof PurchaseOrderRevision>>): Promise<Supposed> {
    const supplies = await this.suppliesOf(revision.purchaseOrder);
    return this.supposed(revision.purchaseOrder, revisionChanges(revision, supplies));
  }

  /** @throws KeptError `not_found`, `unknown_location`, `invalid_input` */
  async receipt(receipt: Named<z.output<typeof PurchaseOrderReceipt>>): Promise<Supposed> {
    const supplies = deliveriesOf(
      await this.suppliesOf(receipt.purchaseOrder),
      receipt.purchaseOrder,
      receipt,
    );
    const units = await stockUnits(this.client, this.brandId, supplies[0]!.sku, receipt);
    return {
      items: [supplies[0]!.item],
      supplies,
      facts: (loaded) => factsOfReceipt(supplies, loaded, receipt, units),
    };
  }

  /** An order that is new, or another than it is. @throws KeptError `unknown_sku`, `unknown_location`, `invalid_input` */
  async purchaseOrder(ref: string, purchaseOrder: z.output<typeof PurchaseOrderInput>): Promise<Supposed> {
    const skus = new Set(purchaseOrder.lines.map((line) => line.sku));
    const record = { ref, purchaseOrder };
    const items = await lookupItems(this.client, this.brandId, [...skus]);
    const wanted = wantedOf(record, items, this.settings);
    if (wanted instanceof Error) throw wanted;
    const [supplier] = await readSuppliers(this.client, this.brandId, [purchaseOrder.supplier]);
    const stored = await this.suppliesOf(ref, true);
    const supposed = this.supposed(ref, orderChanges({ record, wanted }, stored));
    if (supplier?.status !== 'abandoned') return supposed;
    const abandonedOrders = new Set([...this.settings.abandonedOrders, ref]);
    return {
      ...supposed,
      facts: (loaded) => supposed.facts({ ...loaded, settings: { ...loaded.settings, abandonedOrders } }),
    };
  }

  private async suppliesOf(ref: string, mayBeNew = false): Promise<StoredSupply[]> {
    const known = this.orders.get(ref);
    if (known !== undefined) return known;
    const [headers, supplies] = await Promise.all([
      readHeaders(this.client, this.brandId, [ref]),
      readSupplies(this.client, this.brandId, ['purchase_order'], [ref]),
    ]);
    if (headers.length === 0 && !mayBeNew) throw noOrder(ref);
    this.orders.set(ref, supplies);
    return supplies;
  }

  private supposed(ref: string, changes: readonly SupplyChange[]): Supposed {
    const now = new Map(
      changes.flatMap(({ known, next }) => (known === null ? [] : [[known, next] as const])),
    );
    const supplies = this.orders.get(ref)!;
    this.orders.set(
      ref,
      supplies.map((supply) => ({ ...supply, ...now.get(supply) })),
    );
    return {
      items: [...new Set(changes.map((change) => change.next.item))],
      supplies: changes.flatMap((change) => change.known ?? []),
      facts: (loaded: Loaded): Fact[] => factsOfChanges(changes, loaded),
    };
  }
}
