import { randomUUID } from 'node:crypto';

/** Money as Amazon writes it. */
export interface SimulatedMoney {
  amount: string;
  currencyCode: string;
}

export interface SimulatedItem {
  orderItemId: string;
  sellerSku: string;
  title: string;
  asin: string;
  quantity: number;
  unitPrice: string;
  fulfilled: number;
  cancelled: number;
}

export interface SimulatedPackage {
  packageReferenceId: string;
  carrier: string;
  trackingNumber: string;
  shipTime: string;
  items: { orderItemId: string; quantity: number }[];
}

export interface SimulatedOrder {
  orderId: string;
  createdTime: string;
  lastUpdatedTime: string;
  marketplaceId: string;
  channelName: string;
  fulfilledBy: 'MERCHANT' | 'AMAZON';
  status: 'PENDING' | 'UNSHIPPED' | 'PARTIALLY_SHIPPED' | 'SHIPPED' | 'CANCELLED';
  programs: string[];
  country: string;
  region: string;
  zip: string;
  shipBy: string;
  items: SimulatedItem[];
  packages: SimulatedPackage[];
  cancelledBy?: 'BUYER' | 'MERCHANT' | 'AMAZON';
}

export interface SimulatedListing {
  sku: string;
  asin: string;
  title: string;
  price: string;
  /** DEFAULT is the seller's own stock. */
  fulfillmentChannel: string;
  quantity: number;
  leadTimeDays?: number;
  restockOn?: string;
  lastUpdated: string;
}

export interface SimulatedStock {
  sellerSku: string;
  fnSku: string;
  asin: string;
  title: string;
  fulfillable: number;
  pendingCustomerOrder: number;
  transshipment: number;
  processing: number;
  unfulfillable: number;
  inboundShipped: number;
  inboundReceiving: number;
  lastUpdated: string;
}

export interface SimulatedShipment {
  shipmentId: string;
  confirmationId: string;
  status: string;
  items: { msku: string; quantity: number }[];
  window?: { start: string; end: string };
  readyBy?: string;
}

export interface SimulatedPlan {
  inboundPlanId: string;
  status: string;
  lastUpdated: string;
  createdAt: string;
  shipments: SimulatedShipment[];
}

export interface SimulatedReport {
  reportId: string;
  reportType: string;
  from: string;
  to: string;
  createdTime: string;
  /** Questions that are still answered with "in progress". */
  polls: number;
  documentId: string | null;
  failed: boolean;
}

export interface SimulatedFeed {
  feedId: string;
  feedType: string;
  createdTime: string;
  inputId: string;
  polls: number;
  resultId: string | null;
}

export interface SimulatedPurchaseOrderLine {
  itemSequenceNumber: string;
  amazonProductIdentifier: string;
  vendorProductIdentifier: string;
  quantity: { amount: number; unitOfMeasure: 'Cases' | 'Eaches'; unitSize: number };
  isBackOrderAllowed: boolean;
  netCost: SimulatedMoney;
  /** What the vendor has answered, in the order's own unit. */
  answered?: { code: 'Accepted' | 'Backordered' | 'Rejected'; amount: number; shipDate?: string }[];
}

export interface SimulatedPurchaseOrder {
  number: string;
  state: 'New' | 'Acknowledged' | 'Closed';
  placedAt: string;
  changedAt?: string;
  stateChangedAt: string;
  shipWindow: string;
  lines: SimulatedPurchaseOrderLine[];
  answeredAt?: string;
}

/** What Amazon knows: everything the simulator keeps. */
export class World {
  readonly marketplace = 'ATVPDKIKX0DER';
  readonly currency = 'USD';
  readonly sellerId = 'A1SIMULATED';
  readonly orders = new Map<string, SimulatedOrder>();
  readonly listings = new Map<string, SimulatedListing>();
  readonly stock = new Map<string, SimulatedStock>();
  readonly plans = new Map<string, SimulatedPlan>();
  readonly reports = new Map<string, SimulatedReport>();
  readonly feeds = new Map<string, SimulatedFeed>();
  readonly documents = new Map<string, Buffer>();
  readonly purchaseOrders = new Map<string, SimulatedPurchaseOrder>();
  readonly destinations = new Map<string, { name: string; arn: string }>();
  readonly subscriptions = new Map<string, { subscriptionId: string; destinationId: string }>();
  readonly now: () => Date;
  #count = 0;

  constructor(now: () => Date) {
    this.now = now;
  }

  instant(): string {
    return this.now().toISOString();
  }

  number(): number {
    return ++this.#count;
  }

  /** An id of 38 characters, as those of inbound plans and shipments are. */
  longId(prefix: string): string {
    return `${prefix}${randomUUID()}`.slice(0, 38).padEnd(38, '0');
  }
}
