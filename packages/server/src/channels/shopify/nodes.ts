import type { ShopMoney } from './money.ts';

/** What the operations answer, as far as Kept reads it. */

export interface Nodes<T> {
  readonly nodes: readonly T[];
  readonly pageInfo?: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

export interface LocationNode {
  readonly id: string;
  readonly name: string;
  readonly isActive: boolean;
  readonly fulfillsOnlineOrders: boolean;
  readonly shipsInventory: boolean;
}

export interface VariantNode {
  readonly id: string;
  readonly sku: string | null;
  readonly title: string;
  readonly displayName: string;
  readonly price: string;
  readonly updatedAt: string;
  readonly inventoryItem: {
    readonly id: string;
    readonly tracked: boolean;
    readonly unitCost: ShopMoney | null;
  };
  readonly product: { readonly id: string; readonly title: string; readonly status: string };
}

export interface LevelNode {
  readonly id: string;
  readonly updatedAt: string;
  readonly isActive: boolean;
  readonly location: { readonly id: string };
  readonly quantities: readonly { readonly name: string; readonly quantity: number }[];
}

export interface InventoryNode {
  readonly id: string;
  readonly sku: string | null;
  readonly tracked: boolean;
  readonly updatedAt: string;
  readonly inventoryLevels: Nodes<LevelNode>;
}

type Bag = { readonly shopMoney: ShopMoney };

export interface LineNode {
  readonly id: string;
  readonly sku: string | null;
  readonly name: string;
  readonly quantity: number;
  readonly currentQuantity: number;
  readonly unfulfilledQuantity: number;
  readonly requiresShipping: boolean;
  readonly isGiftCard: boolean;
  readonly variant: {
    readonly id: string;
    readonly sku: string | null;
    readonly inventoryItem: { readonly id: string };
  } | null;
  readonly sellingPlan: { readonly sellingPlanId: string | null; readonly name: string } | null;
  readonly originalUnitPriceSet: Bag;
  readonly discountAllocations: readonly {
    readonly allocatedAmountSet: { readonly shopMoney: { readonly amount: string } };
  }[];
  readonly taxLines: readonly { readonly priceSet: { readonly shopMoney: { readonly amount: string } } }[];
}

export interface TransactionNode {
  readonly id: string;
  readonly kind: string;
  readonly status: string;
  readonly processedAt: string | null;
  readonly authorizationExpiresAt: string | null;
  readonly amountSet: Bag;
  readonly parentTransaction: { readonly id: string } | null;
  readonly paymentDetails: { readonly company?: string | null } | null;
}

export interface OrderNode {
  readonly id: string;
  readonly name: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly processedAt: string | null;
  readonly cancelledAt: string | null;
  readonly cancelReason: string | null;
  readonly test: boolean;
  /** What Kept wrote down of its switches. */
  readonly switches: { readonly value: string } | null;
  readonly displayFinancialStatus: string | null;
  readonly customerLocale: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly currencyCode: string;
  readonly taxesIncluded: boolean;
  readonly customer: { readonly displayName: string; readonly tags: readonly string[] } | null;
  readonly purchasingEntity: { readonly __typename: string } | null;
  readonly shippingAddress: {
    readonly name: string | null;
    readonly countryCodeV2: string | null;
    readonly provinceCode: string | null;
    readonly zip: string | null;
  } | null;
  readonly billingAddress: { readonly countryCodeV2: string | null } | null;
  readonly totalShippingPriceSet: Bag;
  readonly paymentTerms: { readonly dueInDays: number | null } | null;
  readonly transactions: readonly TransactionNode[];
  readonly lineItems: Nodes<LineNode>;
}

export interface TransferNode {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly origin: { readonly location: { readonly id: string } | null } | null;
  readonly destination: { readonly location: { readonly id: string } | null } | null;
  readonly lineItems: Nodes<{
    readonly id: string;
    readonly inventoryItem: { readonly id: string; readonly sku: string | null } | null;
    readonly totalQuantity: number;
    readonly shippedQuantity: number;
  }>;
  readonly shipments: Nodes<{
    readonly id: string;
    readonly status: string;
    readonly tracking: { readonly arrivesAt: string | null } | null;
    readonly lineItems: Nodes<{
      readonly id: string;
      readonly inventoryItem: { readonly id: string; readonly sku: string | null } | null;
      readonly quantity: number;
      readonly unreceivedQuantity: number;
    }>;
  }>;
}

export interface FulfillmentOrderNode {
  readonly id: string;
  readonly status: string;
  readonly fulfillAt: string | null;
  readonly assignedLocation: { readonly location: { readonly id: string } | null };
  readonly fulfillmentHolds: readonly {
    readonly id: string;
    readonly handle: string | null;
    readonly heldByRequestingApp: boolean;
  }[];
  readonly lineItems: {
    readonly nodes: readonly {
      readonly id: string;
      readonly remainingQuantity: number;
      readonly lineItem: { readonly id: string };
    }[];
  };
}

export interface OrderState {
  readonly id: string;
  readonly cancelledAt: string | null;
  readonly currencyCode: string;
  readonly switches: { readonly value: string } | null;
  readonly transactions: readonly {
    readonly id: string;
    readonly kind: string;
    readonly status: string;
    readonly gateway: string | null;
    readonly amountSet: { readonly shopMoney: ShopMoney };
    readonly parentTransaction: { readonly id: string } | null;
  }[];
  readonly refunds: readonly {
    readonly id: string;
    readonly note: string | null;
    readonly transactions: { readonly nodes: readonly { readonly id: string }[] };
  }[];
  readonly lineItems: {
    readonly nodes: readonly {
      readonly id: string;
      readonly sku: string | null;
      readonly currentQuantity: number;
      readonly unfulfilledQuantity: number;
      readonly variant: { readonly id: string } | null;
    }[];
  };
  readonly fulfillmentOrders: { readonly nodes: readonly FulfillmentOrderNode[] };
}

/** What a transaction is called as a payment in Kept. */
export const paymentName = (transaction: string): string => `shopify-${numberOf(transaction)}`;

/** The number at the end of a global id: gid://shopify/Order/1001 is 1001. */
export const numberOf = (id: string): string => /(\d+)(\?.*)?$/.exec(id)?.[1] ?? id;
export const gid = (type: string, number: string | number): string =>
  String(number).startsWith('gid://') ? String(number) : `gid://shopify/${type}/${number}`;
