import type {
  SimulatedItem,
  SimulatedListing,
  SimulatedOrder,
  SimulatedPlan,
  SimulatedPurchaseOrder,
  SimulatedStock,
  World,
} from './world.ts';

export interface SentNotification {
  readonly type: string;
  /** The published model's file. */
  readonly model: string;
  readonly body: unknown;
}

interface Sold {
  readonly items: readonly { sku: string; quantity: number; price?: string }[];
  readonly fulfilledBy?: 'MERCHANT' | 'AMAZON';
  readonly status?: SimulatedOrder['status'];
  readonly createdTime?: string;
  readonly shipBy?: string;
  readonly channelName?: string;
}

/** What happens on Amazon's side: buyers order and cancel, warehouses count, the vendor manager orders. */
export class Shop {
  readonly #world: World;
  readonly #notify: (notification: SentNotification) => void;

  constructor(world: World, notify: (notification: SentNotification) => void) {
    this.#world = world;
    this.#notify = notify;
  }

  sell(sold: Sold): SimulatedOrder {
    const world = this.#world;
    const createdTime = sold.createdTime ?? world.instant();
    const number = String(world.number()).padStart(7, '0');
    const order: SimulatedOrder = {
      orderId: `111-${number}-${number}`,
      createdTime,
      lastUpdatedTime: createdTime,
      marketplaceId: world.marketplace,
      channelName: sold.channelName ?? 'AMAZON',
      fulfilledBy: sold.fulfilledBy ?? 'MERCHANT',
      status: sold.status ?? 'UNSHIPPED',
      programs: [],
      country: 'US',
      region: 'NV',
      zip: '89501',
      shipBy: sold.shipBy ?? new Date(Date.parse(createdTime) + 3 * 86_400_000).toISOString(),
      items: sold.items.map(
        ({ sku, quantity, price }): SimulatedItem => ({
          orderItemId: String(70_000_000_000 + world.number()),
          sellerSku: sku,
          title: `The item ${sku}`,
          asin: 'B00SIMULAT',
          quantity,
          unitPrice: price ?? '19.99',
          fulfilled: 0,
          cancelled: 0,
        }),
      ),
      packages: [],
    };
    if (order.status === 'SHIPPED') for (const item of order.items) item.fulfilled = item.quantity;
    world.orders.set(order.orderId, order);
    this.#tellOrder(order);
    return order;
  }

  /** Something about an order changes. */
  change(orderId: string, how: (order: SimulatedOrder) => void): void {
    const order = this.#world.orders.get(orderId)!;
    how(order);
    order.lastUpdatedTime = this.#world.instant();
    this.#tellOrder(order);
  }

  cancelByBuyer(orderId: string): void {
    this.change(orderId, (order) => {
      order.status = 'CANCELLED';
      order.cancelledBy = 'BUYER';
      for (const item of order.items) item.cancelled = item.quantity - item.fulfilled;
    });
  }

  list(listing: Partial<SimulatedListing> & { sku: string }): SimulatedListing {
    const whole = {
      asin: 'B00SIMULAT',
      title: `The item ${listing.sku}`,
      price: '19.99',
      fulfillmentChannel: 'DEFAULT',
      quantity: 0,
      lastUpdated: this.#world.instant(),
      ...listing,
    };
    this.#world.listings.set(listing.sku, whole);
    return whole;
  }

  count(stock: Partial<SimulatedStock> & { sellerSku: string }): SimulatedStock {
    const whole = {
      fnSku: 'X00SIMULAT',
      asin: 'B00SIMULAT',
      title: `The item ${stock.sellerSku}`,
      fulfillable: 0,
      pendingCustomerOrder: 0,
      transshipment: 0,
      processing: 0,
      unfulfillable: 0,
      inboundShipped: 0,
      inboundReceiving: 0,
      ...this.#world.stock.get(stock.sellerSku),
      ...stock,
      lastUpdated: this.#world.instant(),
    };
    this.#world.stock.set(stock.sellerSku, whole);
    this.#tellStock(whole);
    return whole;
  }

  plan(
    shipments: readonly Omit<SimulatedPlan['shipments'][number], 'shipmentId' | 'confirmationId'>[],
  ): SimulatedPlan {
    const world = this.#world;
    const plan = {
      inboundPlanId: world.longId('wf'),
      status: 'ACTIVE',
      createdAt: world.instant(),
      lastUpdated: world.instant(),
      shipments: shipments.map((one) => ({
        shipmentId: world.longId('sh'),
        confirmationId: `FBA${String(world.number()).padStart(8, '0')}`,
        ...one,
      })),
    };
    world.plans.set(plan.inboundPlanId, plan);
    return plan;
  }

  orderFromVendor(
    order: Partial<SimulatedPurchaseOrder> & Pick<SimulatedPurchaseOrder, 'lines' | 'shipWindow'>,
  ): SimulatedPurchaseOrder {
    const placedAt = order.placedAt ?? this.#world.instant();
    const whole: SimulatedPurchaseOrder = {
      number: `PO${String(this.#world.number()).padStart(6, '0')}`,
      state: 'New',
      placedAt,
      stateChangedAt: placedAt,
      ...order,
    };
    this.#world.purchaseOrders.set(whole.number, whole);
    return whole;
  }

  #envelope(type: string) {
    const at = this.#world.instant();
    return {
      NotificationVersion: '1.0',
      NotificationType: type,
      PayloadVersion: '1.0',
      EventTime: at,
      NotificationMetadata: {
        ApplicationId: 'amzn1.sellerapps.app.simulated',
        SubscriptionId: this.#world.subscriptions.get(type)?.subscriptionId ?? 'none',
        PublishTime: at,
        NotificationId: `notification-${this.#world.number()}`,
      },
    };
  }

  #tellOrder(order: SimulatedOrder): void {
    const status = {
      PENDING: 'Pending',
      UNSHIPPED: 'Unshipped',
      PARTIALLY_SHIPPED: 'PartiallyShipped',
      SHIPPED: 'Shipped',
      CANCELLED: 'Canceled',
    }[order.status];
    const units = (of: (item: SimulatedItem) => number) =>
      order.items.reduce((sum, item) => sum + of(item), 0);
    const body = {
      ...this.#envelope('ORDER_CHANGE'),
      Payload: {
        OrderChangeNotification: {
          NotificationLevel: 'OrderLevel',
          SellerId: this.#world.sellerId,
          AmazonOrderId: order.orderId,
          OrderChangeType: 'OrderStatusChange',
          OrderChangeTrigger: { TimeOfOrderChange: order.lastUpdatedTime, ChangeReason: 'Status changed' },
          Summary: {
            MarketplaceId: order.marketplaceId,
            OrderStatus: status,
            PurchaseDate: order.createdTime,
            DestinationPostalCode: order.zip,
            FulfillmentType: order.fulfilledBy === 'AMAZON' ? 'AFN' : 'MFN',
            OrderType: 'StandardOrder',
            NumberOfItemsShipped: units((item) => item.fulfilled),
            NumberOfItemsUnshipped: units((item) => item.quantity - item.fulfilled),
            OrderItems: order.items.map((item) => ({
              OrderItemId: item.orderItemId,
              SellerSKU: item.sellerSku,
              SupplySourceId: null,
              Quantity: item.quantity,
              QuantityShipped: item.fulfilled,
            })),
          },
        },
      },
    };
    this.#notify({ type: 'ORDER_CHANGE', model: 'OrderChangeNotification', body });
  }

  #tellStock(stock: SimulatedStock): void {
    const { NotificationMetadata, ...envelope } = this.#envelope('FBA_INVENTORY_AVAILABILITY_CHANGES');
    const body = {
      ...envelope,
      NotificationMetadata,
      Payload: {
        SellerId: this.#world.sellerId,
        FNSKU: stock.fnSku,
        ASIN: stock.asin,
        SKU: stock.sellerSku,
        FulfillmentInventoryByMarketplace: [
          {
            MarketplaceId: this.#world.marketplace,
            ItemName: stock.title,
            Stores: [],
            FulfillmentInventory: {
              InboundQuantityBreakdown: {
                Working: 0,
                Shipped: stock.inboundShipped,
                Receiving: stock.inboundReceiving,
              },
              Fulfillable: stock.fulfillable,
              Unfulfillable: stock.unfulfillable,
              Researching: 0,
              ReservedQuantityBreakdown: {
                WarehouseProcessing: stock.processing,
                WarehouseTransfer: stock.transshipment,
                PendingCustomerOrder: stock.pendingCustomerOrder,
              },
              FutureSupplyBuyable: 0,
              PendingCustomerOrderInTransit: 0,
            },
          },
        ],
      },
    };
    this.#notify({
      type: 'FBA_INVENTORY_AVAILABILITY_CHANGES',
      model: 'FBAInventoryAvailabilityChangeNotification',
      body,
    });
  }
}
