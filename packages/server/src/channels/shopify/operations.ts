/**
 * Every operation that Kept sends to Shopify's Admin API, by name: the list is what a test validates against the schema that
 * Shopify publishes. Pages are small, because a query of more than 1,000 points is refused whatever the shop's budget.
 */

const MONEY = 'shopMoney { amount currencyCode }';

const VARIANT = `id sku title displayName price updatedAt inventoryPolicy
  inventoryItem { id sku tracked unitCost { amount currencyCode } }
  product { id title status }`;

const LEVELS = `inventoryLevels(first: 10) { pageInfo { hasNextPage endCursor } nodes {
    id updatedAt isActive location { id }
    quantities(names: ["available", "on_hand", "committed", "incoming", "reserved", "quality_control", "safety_stock", "damaged"]) { name quantity } } }`;

const ORDER = `id name createdAt updatedAt processedAt cancelledAt cancelReason test confirmed sourceName
  switches: metafield(namespace: "$app", key: "switches") { value }
  displayFinancialStatus customerLocale email phone currencyCode taxesIncluded
  customer { id displayName tags }
  purchasingEntity { __typename }
  shippingAddress { name countryCodeV2 provinceCode zip }
  billingAddress { countryCodeV2 }
  totalShippingPriceSet { ${MONEY} }
  paymentTerms { id dueInDays }
  transactions(first: 20) { id kind status processedAt authorizationExpiresAt
    amountSet { ${MONEY} } parentTransaction { id } paymentDetails { ... on CardPaymentDetails { company } } }`;

const LINE = `id sku name quantity currentQuantity unfulfilledQuantity requiresShipping isGiftCard
  variant { id sku inventoryItem { id } }
  sellingPlan { sellingPlanId name }
  originalUnitPriceSet { ${MONEY} }
  discountAllocations { allocatedAmountSet { shopMoney { amount } } }
  taxLines(first: 5) { priceSet { shopMoney { amount } } }`;

const ORDER_PAGE = `${ORDER} lineItems(first: 10) { pageInfo { hasNextPage endCursor } nodes { ${LINE} } }`;

const TRANSFER = `id name status origin { location { id } } destination { location { id } }
  lineItems(first: 10) { pageInfo { hasNextPage } nodes { id inventoryItem { id sku } totalQuantity shippedQuantity } }
  shipments(first: 5) { pageInfo { hasNextPage } nodes { id name status dateShipped tracking { arrivesAt }
    lineItems(first: 10) { pageInfo { hasNextPage } nodes { id inventoryItem { id sku } quantity unreceivedQuantity } } } }`;

const FULFILLMENT_ORDER = `id status fulfillAt
  assignedLocation { location { id } }
  fulfillmentHolds { id handle reason heldByRequestingApp }
  lineItems(first: 20) { nodes { id totalQuantity remainingQuantity lineItem { id } } }`;

export const SHOP = `query KeptShop {
  currentAppInstallation { accessScopes { handle } }
  shop { id name myshopifyDomain currencyCode ianaTimezone } }`;
export const LOCATIONS = `query KeptLocations($after: String) {
  locations(first: 100, after: $after, includeInactive: true) { pageInfo { hasNextPage endCursor }
    nodes { id name isActive fulfillsOnlineOrders shipsInventory } } }`;
export const VARIANTS = `query KeptVariants($after: String, $search: String) {
  productVariants(first: 100, after: $after, query: $search, sortKey: ID) { pageInfo { hasNextPage endCursor } nodes { ${VARIANT} } } }`;
export const VARIANTS_BY_ID = `query KeptVariantsById($ids: [ID!]!) {
  nodes(ids: $ids) { __typename ... on ProductVariant { ${VARIANT} } } }`;
export const PRODUCT_VARIANTS = `query KeptProductVariants($id: ID!, $after: String) {
  product(id: $id) { id variants(first: 100, after: $after) { pageInfo { hasNextPage endCursor } nodes { ${VARIANT} } } } }`;
export const INVENTORY = `query KeptInventory($after: String, $search: String) {
  inventoryItems(first: 15, after: $after, query: $search) { pageInfo { hasNextPage endCursor } nodes { id sku tracked updatedAt ${LEVELS} } } }`;
export const INVENTORY_BY_ID = `query KeptInventoryById($ids: [ID!]!) {
  nodes(ids: $ids) { __typename ... on InventoryItem { id sku tracked updatedAt ${LEVELS} } } }`;
export const MORE_LEVELS = `query KeptMoreLevels($id: ID!, $after: String) {
  inventoryItem(id: $id) { id sku tracked updatedAt ${LEVELS.replace('first: 10', 'first: 50, after: $after')} } }`;
export const ORDERS = `query KeptOrders($after: String, $search: String) {
  orders(first: 7, after: $after, query: $search, sortKey: UPDATED_AT) { pageInfo { hasNextPage endCursor } nodes { ${ORDER_PAGE} } } }`;
export const ORDERS_BY_ID = `query KeptOrdersById($ids: [ID!]!) {
  nodes(ids: $ids) { __typename ... on Order { ${ORDER_PAGE} } } }`;
export const MORE_LINES = `query KeptMoreLines($id: ID!, $after: String) {
  order(id: $id) { id lineItems(first: 80, after: $after) { pageInfo { hasNextPage endCursor } nodes { ${LINE} } } } }`;
export const TRANSFERS = `query KeptTransfers($after: String) {
  inventoryTransfers(first: 5, after: $after, sortKey: ID) { pageInfo { hasNextPage endCursor } nodes { ${TRANSFER} } } }`;

/** Run by bulk operation: without page sizes, and without limits of points. */
export const BULK_ORDERS = `{ orders(query: "SEARCH", sortKey: UPDATED_AT) { edges { node { ${ORDER}
  lineItems { edges { node { ${LINE} } } } } } } }`;
export const BULK_VARIANTS = `{ productVariants(query: "SEARCH") { edges { node { ${VARIANT} } } } }`;
export const BULK_INVENTORY = `{ inventoryItems(query: "SEARCH") { edges { node { id sku tracked updatedAt
  inventoryLevels { edges { node { ${LEVELS.slice(LEVELS.indexOf('id updatedAt'), LEVELS.lastIndexOf('} }'))} } } } } } } }`;

export const BULK_RUN = `mutation KeptBulkRun($query: String!) {
  bulkOperationRunQuery(query: $query, groupObjects: true) { bulkOperation { id status } userErrors { code field message } } }`;
export const BULK_STATUS = `query KeptBulkStatus($id: ID!) {
  bulkOperation(id: $id) { id status errorCode objectCount rootObjectCount url partialDataUrl createdAt completedAt } }`;

export const PUBLISHED = `query KeptPublished($ids: [ID!]!) {
  nodes(ids: $ids) { __typename ... on ProductVariant { id inventoryPolicy inventoryItem { id tracked } product { id }
    availability: metafield(namespace: "$app", key: "availability") { value }
    shipsOn: metafield(namespace: "$app", key: "ships_on") { value }
    before: metafield(namespace: "$app", key: "policy_before") { value } } } }`;
export const SET_POLICY = `mutation KeptSetPolicy($productId: ID!, $variants: [ProductVariantsBulkInput!]!) {
  productVariantsBulkUpdate(productId: $productId, variants: $variants, allowPartialUpdates: true) {
    productVariants { id inventoryPolicy } userErrors { code field message } } }`;
export const SET_METAFIELDS = `mutation KeptSetMetafields($metafields: [MetafieldsSetInput!]!) {
  metafieldsSet(metafields: $metafields) { metafields { id } userErrors { code field message elementIndex } } }`;
export const DELETE_METAFIELDS = `mutation KeptDeleteMetafields($metafields: [MetafieldIdentifierInput!]!) {
  metafieldsDelete(metafields: $metafields) { deletedMetafields { key } userErrors { field message } } }`;
export const DEFINITIONS = `query KeptDefinitions($owner: MetafieldOwnerType!) {
  metafieldDefinitions(first: 50, ownerType: $owner, namespace: "$app") { nodes { id key } } }`;
export const DEFINE = `mutation KeptDefine($definition: MetafieldDefinitionInput!) {
  metafieldDefinitionCreate(definition: $definition) { createdDefinition { id key } userErrors { code field message } } }`;
export const UNDEFINE = `mutation KeptUndefine($id: ID!) {
  metafieldDefinitionDelete(id: $id, deleteAllAssociatedMetafields: true) { deletedDefinitionId userErrors { code field message } } }`;
export const CHANGED_POLICIES = `query KeptChangedPolicies($after: String) {
  productVariants(first: 100, after: $after, sortKey: ID) { pageInfo { hasNextPage endCursor }
    nodes { id product { id } before: metafield(namespace: "$app", key: "policy_before") { value } } } }`;

export const PLANS = `query KeptPlans($after: String) {
  sellingPlanGroups(first: 25, after: $after) { pageInfo { hasNextPage endCursor } nodes { id merchantCode } } }`;
export const CREATE_PLAN = `mutation KeptCreatePlan($input: SellingPlanGroupInput!, $resources: SellingPlanGroupResourceInput) {
  sellingPlanGroupCreate(input: $input, resources: $resources) { sellingPlanGroup { id merchantCode } userErrors { code field message } } }`;
export const ADD_TO_PLAN = `mutation KeptAddToPlan($id: ID!, $variants: [ID!]!) {
  sellingPlanGroupAddProductVariants(id: $id, productVariantIds: $variants) { sellingPlanGroup { id } userErrors { code field message } } }`;
export const REMOVE_FROM_PLAN = `mutation KeptRemoveFromPlan($id: ID!, $variants: [ID!]!) {
  sellingPlanGroupRemoveProductVariants(id: $id, productVariantIds: $variants) { removedProductVariantIds userErrors { code field message } } }`;
export const DELETE_PLAN = `mutation KeptDeletePlan($id: ID!) {
  sellingPlanGroupDelete(id: $id) { deletedSellingPlanGroupId userErrors { code field message } } }`;

export const WEBHOOKS = `query KeptWebhooks($after: String) {
  webhookSubscriptions(first: 100, after: $after) { pageInfo { hasNextPage endCursor } nodes { id topic uri } } }`;
export const SUBSCRIBE = `mutation KeptSubscribe($topic: WebhookSubscriptionTopic!, $subscription: WebhookSubscriptionInput!) {
  webhookSubscriptionCreate(topic: $topic, webhookSubscription: $subscription) { webhookSubscription { id } userErrors { field message } } }`;
export const UNSUBSCRIBE = `mutation KeptUnsubscribe($id: ID!) {
  webhookSubscriptionDelete(id: $id) { deletedWebhookSubscriptionId userErrors { field message } } }`;

export const ORDER_STATE = `query KeptOrderState($id: ID!) {
  order(id: $id) { id cancelledAt currencyCode
    switches: metafield(namespace: "$app", key: "switches") { value }
    transactions(first: 50) { id kind status gateway processedAt amountSet { ${MONEY} } parentTransaction { id } }
    refunds(first: 20) { id note transactions(first: 5) { nodes { id } } }
    lineItems(first: 60) { nodes { id sku currentQuantity unfulfilledQuantity variant { id } } }
    fulfillmentOrders(first: 10) { nodes { ${FULFILLMENT_ORDER} } } } }`;
export const FULFILLMENT_ORDER_BY_ID = `query KeptFulfillmentOrder($id: ID!) {
  fulfillmentOrder(id: $id) { ${FULFILLMENT_ORDER} } }`;
export const ORDER_NAMED = `query KeptOrderNamed($search: String!) {
  orders(first: 2, query: $search) { nodes { id name } } }`;
export const VARIANT_BY_SKU = `query KeptVariantBySku($search: String!) {
  productVariants(first: 2, query: $search) { nodes { id sku price } } }`;
export const CANCEL = `mutation KeptCancel($id: ID!, $reason: OrderCancelReason!, $note: String) {
  orderCancel(orderId: $id, reason: $reason, restock: true, notifyCustomer: false, staffNote: $note) {
    job { id done } orderCancelUserErrors { code field message } } }`;
export const JOB = `query KeptJob($id: ID!) { job(id: $id) { id done } }`;
export const REFUND = `mutation KeptGiveBack($input: RefundInput!, $key: String!) {
  refundCreate(input: $input) @idempotent(key: $key) { refund { id transactions(first: 5) { nodes { id } } } userErrors { field message } } }`;
export const EDIT_BEGIN = `mutation KeptEditBegin($id: ID!) {
  orderEditBegin(id: $id) { calculatedOrder { id lineItems(first: 100) { nodes { id sku quantity editableQuantity variant { id } } } } userErrors { field message } } }`;
export const EDIT_QUANTITY = `mutation KeptEditQuantity($id: ID!, $line: ID!, $quantity: Int!) {
  orderEditSetQuantity(id: $id, lineItemId: $line, quantity: $quantity, restock: true) { calculatedOrder { id } userErrors { field message } } }`;
export const EDIT_ADD = `mutation KeptEditAdd($id: ID!, $variant: ID!, $quantity: Int!) {
  orderEditAddVariant(id: $id, variantId: $variant, quantity: $quantity, allowDuplicates: true) {
    calculatedLineItem { id originalUnitPriceSet { ${MONEY} } } userErrors { field message } } }`;
export const EDIT_DISCOUNT = `mutation KeptEditDiscount($id: ID!, $line: ID!, $discount: OrderEditAppliedDiscountInput!) {
  orderEditAddLineItemDiscount(id: $id, lineItemId: $line, discount: $discount) { calculatedOrder { id } userErrors { field message } } }`;
export const EDIT_COMMIT = `mutation KeptEditCommit($id: ID!, $note: String) {
  orderEditCommit(id: $id, notifyCustomer: false, staffNote: $note) { order { id } userErrors { field message } } }`;
export const HOLD = `mutation KeptHold($id: ID!, $hold: FulfillmentOrderHoldInput!) {
  fulfillmentOrderHold(id: $id, fulfillmentHold: $hold) { fulfillmentHold { id } fulfillmentOrder { id status } userErrors { code field message } } }`;
export const RELEASE = `mutation KeptRelease($id: ID!, $holdIds: [ID!]) {
  fulfillmentOrderReleaseHold(id: $id, holdIds: $holdIds) { fulfillmentOrder { id status } userErrors { code field message } } }`;
export const SPLIT = `mutation KeptSplit($splits: [FulfillmentOrderSplitInput!]!) {
  fulfillmentOrderSplit(fulfillmentOrderSplits: $splits) {
    fulfillmentOrderSplits { fulfillmentOrder { id } remainingFulfillmentOrder { id } } userErrors { code field message } } }`;
export const RESCHEDULE = `mutation KeptReschedule($id: ID!, $at: DateTime!) {
  fulfillmentOrderReschedule(id: $id, fulfillAt: $at) { fulfillmentOrder { id status fulfillAt } userErrors { code field message } } }`;
export const OPEN = `mutation KeptOpen($id: ID!) {
  fulfillmentOrderOpen(id: $id) { fulfillmentOrder { id status } userErrors { field message } } }`;
export const HELD = `query KeptHeld($after: String) {
  fulfillmentOrders(first: 20, after: $after, query: "status:on_hold") { pageInfo { hasNextPage endCursor }
    nodes { id fulfillmentHolds { id heldByRequestingApp } } } }`;

/** What a bulk operation asks for, of all that changed since a search says. */
export const bulkQuery = (query: string, search: string): string =>
  query.replace('SEARCH', search.replaceAll('"', '\\"'));
