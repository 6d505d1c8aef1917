import { type Asked, invalid, notFound, ok, type Said } from './answers.ts';
import { pageOf } from './pages.ts';
import type { SimulatedListing, SimulatedPlan, SimulatedShipment, World } from './world.ts';

/** FBA Inventory, Fulfillment Inbound and Listings Items. */
export function stockRoutes(world: World) {
  const addressed = {
    name: 'Warehouse',
    addressLine1: '1 Main Street',
    city: 'Reno',
    countryCode: 'US',
    postalCode: '89501',
    stateOrProvinceCode: 'NV',
  };
  const shipmentOf = ({ names }: Asked): SimulatedShipment | undefined =>
    world.plans.get(names.inboundPlanId!)?.shipments.find((one) => one.shipmentId === names.shipmentId);

  const summaryOf = (plan: SimulatedPlan) => ({
    inboundPlanId: plan.inboundPlanId,
    name: 'Refill',
    status: plan.status,
    createdAt: plan.createdAt,
    lastUpdatedAt: plan.lastUpdated,
    marketplaceIds: [world.marketplace],
    sourceAddress: addressed,
  });

  const shownListing = (listing: SimulatedListing, included: ReadonlySet<string>) => ({
    sku: listing.sku,
    ...(included.has('summaries') && {
      summaries: [
        {
          marketplaceId: world.marketplace,
          asin: listing.asin,
          productType: 'DRINKING_CUP',
          status: listing.quantity > 0 ? ['BUYABLE', 'DISCOVERABLE'] : ['DISCOVERABLE'],
          itemName: listing.title,
          createdDate: '2026-01-01T00:00:00Z',
          lastUpdatedDate: listing.lastUpdated,
        },
      ],
    }),
    ...(included.has('offers') && {
      offers: [
        {
          marketplaceId: world.marketplace,
          offerType: 'B2C',
          price: { amount: listing.price, currencyCode: world.currency },
        },
      ],
    }),
    ...(included.has('attributes') && {
      attributes: {
        item_name: [{ value: listing.title, marketplace_id: world.marketplace }],
        ...(listing.leadTimeDays !== undefined && {
          fulfillment_availability: [
            {
              fulfillment_channel_code: listing.fulfillmentChannel,
              quantity: listing.quantity,
              lead_time_to_ship_max_days: listing.leadTimeDays,
              ...(listing.restockOn !== undefined && { restock_date: listing.restockOn }),
            },
          ],
        }),
      },
    }),
    ...(included.has('fulfillmentAvailability') && {
      fulfillmentAvailability: [
        {
          fulfillmentChannelCode: listing.fulfillmentChannel,
          ...(listing.fulfillmentChannel === 'DEFAULT' && { quantity: listing.quantity }),
        },
      ],
    }),
  });

  return {
    getInventorySummaries({ query }: Asked): Said {
      const since = query.get('startDateTime');
      const named = query.get('sellerSkus')?.split(',');
      const found = [...world.stock.values()].filter((one) =>
        named === undefined ? since === null || one.lastUpdated >= since : named.includes(one.sellerSku),
      );
      const page = pageOf(found, 50, query.get('nextToken'), world.now(), 30_000);
      if (page === null) return invalid('The nextToken has expired.');
      return ok({
        payload: {
          granularity: { granularityType: 'Marketplace', granularityId: world.marketplace },
          inventorySummaries: page.items.map((one) => ({
            asin: one.asin,
            fnSku: one.fnSku,
            sellerSku: one.sellerSku,
            condition: 'NewItem',
            productName: one.title,
            lastUpdatedTime: one.lastUpdated,
            totalQuantity: one.fulfillable + one.unfulfillable + one.pendingCustomerOrder,
            ...(query.get('details') === 'true' && {
              inventoryDetails: {
                fulfillableQuantity: one.fulfillable,
                inboundWorkingQuantity: 0,
                inboundShippedQuantity: one.inboundShipped,
                inboundReceivingQuantity: one.inboundReceiving,
                reservedQuantity: {
                  totalReservedQuantity: one.pendingCustomerOrder + one.transshipment + one.processing,
                  pendingCustomerOrderQuantity: one.pendingCustomerOrder,
                  pendingTransshipmentQuantity: one.transshipment,
                  fcProcessingQuantity: one.processing,
                },
                unfulfillableQuantity: { totalUnfulfillableQuantity: one.unfulfillable },
              },
            }),
          })),
        },
        ...(page.next !== undefined && { pagination: { nextToken: page.next } }),
      });
    },

    listInboundPlans({ query }: Asked): Said {
      const plans = [...world.plans.values()].sort((a, b) => (a.lastUpdated > b.lastUpdated ? -1 : 1));
      const page = pageOf(
        plans,
        Number(query.get('pageSize') ?? 10),
        query.get('paginationToken'),
        world.now(),
      );
      if (page === null) return invalid('The paginationToken has expired.');
      return ok({
        inboundPlans: page.items.map(summaryOf),
        ...(page.next !== undefined && { pagination: { nextToken: page.next } }),
      });
    },

    getInboundPlan({ names }: Asked): Said {
      const plan = world.plans.get(names.inboundPlanId!);
      if (plan === undefined) return notFound('The plan');
      const shipments = plan.shipments.map(({ shipmentId, status }) => ({ shipmentId, status }));
      return ok({ ...summaryOf(plan), shipments });
    },

    getShipment(asked: Asked): Said {
      const shipment = shipmentOf(asked);
      if (shipment === undefined) return notFound('The shipment');
      return ok({
        shipmentId: shipment.shipmentId,
        shipmentConfirmationId: shipment.confirmationId,
        placementOptionId: 'pl'.padEnd(38, '0'),
        status: shipment.status,
        source: { sourceType: 'SELLER_FACILITY', address: addressed },
        destination: { destinationType: 'AMAZON_WAREHOUSE', warehouseId: 'RNO4' },
        ...(shipment.readyBy !== undefined && {
          dates: { readyToShipWindow: { start: shipment.readyBy, end: shipment.readyBy } },
        }),
        ...(shipment.window !== undefined && {
          selectedDeliveryWindow: {
            availabilityType: 'AVAILABLE',
            deliveryWindowOptionId: 'dw'.padEnd(38, '0'),
            startDate: shipment.window.start,
            endDate: shipment.window.end,
          },
        }),
      });
    },

    listShipmentItems(asked: Asked): Said {
      const shipment = shipmentOf(asked);
      if (shipment === undefined) return notFound('The shipment');
      return ok({
        items: shipment.items.map(({ msku, quantity }) => ({
          asin: 'B00SIMULAT',
          fnsku: 'X00SIMULAT',
          labelOwner: 'SELLER',
          msku,
          prepInstructions: [],
          quantity,
        })),
      });
    },

    searchListingsItems({ names, query }: Asked): Said {
      if (names.sellerId !== world.sellerId) return notFound('The seller');
      const named = query.get('identifiers')?.split(',');
      if ((named === undefined) !== (query.get('identifiersType') === null))
        return invalid('identifiers and identifiersType come together.');
      const after = query.get('lastUpdatedAfter');
      const found = [...world.listings.values()]
        .filter((one) => named === undefined || named.includes(one.sku))
        .filter((one) => after === null || one.lastUpdated >= after)
        .sort((a, b) => (a.lastUpdated < b.lastUpdated ? -1 : 1))
        .slice(0, 1000);
      const page = pageOf(found, Number(query.get('pageSize') ?? 10), query.get('pageToken'), world.now());
      if (page === null) return invalid('The pageToken has expired.');
      const included = new Set((query.get('includedData') ?? 'summaries').split(','));
      return ok({
        numberOfResults: found.length,
        items: page.items.map((one) => shownListing(one, included)),
        ...(page.next !== undefined && { pagination: { nextToken: page.next } }),
      });
    },

    patchListingsItem({ names, body }: Asked): Said {
      const listing = world.listings.get(names.sku!);
      const answer = (status: 'ACCEPTED' | 'INVALID', message?: string) =>
        ok({
          sku: names.sku,
          status,
          submissionId: `submission-${world.number()}`,
          issues:
            message === undefined
              ? []
              : [{ code: '90220', message, severity: 'ERROR', categories: ['INVALID_ATTRIBUTE'] }],
        });
      if (listing === undefined || names.sellerId !== world.sellerId)
        return answer('INVALID', 'The SKU does not match any item of the seller.');
      for (const { op, path, value } of (body as PatchBody).patches) {
        if (path !== '/attributes/fulfillment_availability' || op !== 'replace')
          return answer('INVALID', `The simulator knows no ${op} of ${path}.`);
        const [attribute] = value;
        const problem = problemOf(attribute, world.instant().slice(0, 10));
        if (problem !== null) return answer('INVALID', problem);
        // a quantity for the seller's own stock makes it the seller's to ship
        listing.fulfillmentChannel = attribute!.fulfillment_channel_code;
        listing.quantity = attribute!.quantity;
        listing.leadTimeDays = attribute!.lead_time_to_ship_max_days;
        if (attribute!.restock_date === undefined) delete listing.restockOn;
        else listing.restockOn = attribute!.restock_date;
        listing.lastUpdated = world.instant();
      }
      return answer('ACCEPTED');
    },
  };
}

interface Attribute {
  readonly fulfillment_channel_code: string;
  readonly quantity: number;
  readonly lead_time_to_ship_max_days: number;
  readonly restock_date?: string;
}
interface PatchBody {
  readonly patches: readonly {
    readonly op: string;
    readonly path: string;
    readonly value: readonly Attribute[];
  }[];
}

/** As the product type's definition has it: whole units, at most 30 days, a day that is still to come. */
function problemOf(attribute: Attribute | undefined, today: string): string | null {
  if (attribute === undefined) return 'fulfillment_availability is empty.';
  const { quantity, lead_time_to_ship_max_days: days, restock_date: restock } = attribute;
  if (attribute.fulfillment_channel_code !== 'DEFAULT') return 'Only DEFAULT takes a quantity.';
  if (!Number.isInteger(quantity) || quantity < 0) return 'quantity must be a whole number, zero or more.';
  if (!Number.isInteger(days) || days < 0 || days > 30)
    return 'lead_time_to_ship_max_days must be from 0 to 30.';
  if (restock !== undefined && (!/^\d{4}-\d\d-\d\d$/.test(restock) || restock < today))
    return 'restock_date must be a day that is to come.';
  return null;
}
