import { type Asked, invalid, notFound, ok, type Said, wrong } from './answers.ts';
import { pageOf } from './pages.ts';
import type { SimulatedItem, SimulatedOrder, World } from './world.ts';

/** Orders API 2026-01-01, and of v0 the one operation that is not deprecated. */
export function orderRoutes(world: World) {
  const shown = (order: SimulatedOrder, included: ReadonlySet<string>) => ({
    orderId: order.orderId,
    createdTime: order.createdTime,
    lastUpdatedTime: order.lastUpdatedTime,
    programs: order.programs,
    salesChannel: {
      channelName: order.channelName,
      marketplaceId: order.marketplaceId,
      marketplaceName: 'Amazon.com',
    },
    ...(included.has('RECIPIENT') && {
      recipient: {
        deliveryAddress: {
          stateOrRegion: order.region,
          postalCode: order.zip,
          countryCode: order.country,
          addressType: 'RESIDENTIAL',
        },
      },
    }),
    ...(included.has('FULFILLMENT') && {
      fulfillment: {
        fulfillmentStatus: order.status,
        fulfilledBy: order.fulfilledBy,
        fulfillmentServiceLevel: 'STANDARD',
        shipByWindow: { earliestDateTime: order.createdTime, latestDateTime: order.shipBy },
      },
    }),
    orderItems: order.items.map((item) => shownItem(order, item, included)),
    ...(included.has('PACKAGES') &&
      order.packages.length > 0 && {
        packages: order.packages.map((one) => ({
          packageReferenceId: one.packageReferenceId,
          createdTime: one.shipTime,
          packageStatus: { status: 'SHIPPED' },
          carrier: one.carrier,
          shipTime: one.shipTime,
          trackingNumber: one.trackingNumber,
          packageItems: one.items,
        })),
      }),
  });

  const shownItem = (order: SimulatedOrder, item: SimulatedItem, included: ReadonlySet<string>) => {
    const money = (amount: string) => ({ amount, currencyCode: world.currency });
    const cancelled = order.status === 'CANCELLED' || item.cancelled > 0;
    return {
      orderItemId: item.orderItemId,
      quantityOrdered: item.quantity,
      product: {
        asin: item.asin,
        title: item.title,
        sellerSku: item.sellerSku,
        // an order that is not paid yet comes without prices
        ...(order.status !== 'PENDING' && { price: { unitPrice: money(item.unitPrice) } }),
      },
      ...(included.has('PROCEEDS') &&
        order.status !== 'PENDING' && {
          proceeds: {
            breakdowns: [
              { type: 'ITEM', subtotal: money((Number(item.unitPrice) * item.quantity).toFixed(2)) },
            ],
          },
        }),
      ...(included.has('CANCELLATION') &&
        cancelled && {
          cancellation: {
            cancellationExecution: { cancelledBy: order.cancelledBy ?? 'BUYER', cancelReason: 'cancelled' },
          },
        }),
      ...(included.has('FULFILLMENT') && {
        fulfillment: {
          quantityFulfilled: item.fulfilled,
          quantityUnfulfilled: cancelled && order.status === 'CANCELLED' ? 0 : openOf(item),
        },
      }),
    };
  };

  return {
    searchOrders({ query }: Asked): Said {
      const after = query.get('lastUpdatedAfter');
      const createdAfter = query.get('createdAfter');
      if ((after === null) === (createdAfter === null))
        return invalid('Exactly one of createdAfter and lastUpdatedAfter must be given.');
      const before = query.get('lastUpdatedBefore') ?? query.get('createdBefore');
      const settled = new Date(world.now().getTime() - 120_000).toISOString();
      if (before !== null && before > settled)
        return invalid('The end must be two minutes before the request.');
      const until = before ?? settled;
      const size = Number(query.get('maxResultsPerPage') ?? 100);
      if (!(size >= 1 && size <= 100)) return invalid('maxResultsPerPage must be from 1 to 100.');
      const at = (order: SimulatedOrder) => (after === null ? order.createdTime : order.lastUpdatedTime);
      const found = [...world.orders.values()]
        .filter((order) => at(order) >= (after ?? createdAfter!) && at(order) <= until)
        .sort((a, b) => (at(a) < at(b) ? -1 : 1));
      const page = pageOf(found, size, query.get('paginationToken'), world.now());
      if (page === null) return invalid('The paginationToken has expired.');
      const included = new Set((query.get('includedData') ?? '').split(','));
      return ok({
        orders: page.items.map((order) => shown(order, included)),
        ...(page.next !== undefined && { pagination: { nextToken: page.next } }),
        lastUpdatedBefore: until,
      });
    },

    getOrder({ names, query }: Asked): Said {
      const order = world.orders.get(names.orderId!);
      if (order === undefined) return notFound(`Order ${names.orderId}`);
      return ok({ order: shown(order, new Set((query.get('includedData') ?? '').split(','))) });
    },

    confirmShipment({ names, body }: Asked): Said {
      const order = world.orders.get(names.orderId!);
      if (order === undefined) return notFound(`Order ${names.orderId}`);
      const { packageDetail, marketplaceId } = body as ConfirmShipmentBody;
      if (marketplaceId !== order.marketplaceId) return invalid('The marketplace is not the order’s.');
      if (order.fulfilledBy === 'AMAZON')
        return wrong(400, 'InvalidInput', 'The order is fulfilled by Amazon.');
      if (order.status === 'CANCELLED') return wrong(400, 'InvalidInput', 'The order is cancelled.');
      if (!/^[1-9]\d*$/.test(packageDetail.packageReferenceId))
        return invalid('packageReferenceId must be a positive number.');
      if (packageDetail.carrierCode === 'Other' && !packageDetail.carrierName)
        return invalid('carrierName is required for the carrier Other.');
      if (packageDetail.shipDate > new Date(world.now().getTime() + 86_400_000).toISOString())
        return invalid('shipDate lies in the future.');
      // the same package again takes the place of the one before
      const before = order.packages.find(
        (one) => one.packageReferenceId === packageDetail.packageReferenceId,
      );
      const already = new Map(before?.items.map((one) => [one.orderItemId, one.quantity]));
      for (const { orderItemId, quantity } of packageDetail.orderItems) {
        const item = order.items.find((one) => one.orderItemId === orderItemId);
        if (item === undefined) return invalid(`Order item ${orderItemId} does not exist.`);
        if (quantity > openOf(item) + (already.get(orderItemId) ?? 0))
          return invalid(`More units of ${orderItemId} than are open.`);
      }
      for (const { orderItemId, quantity } of packageDetail.orderItems) {
        const item = order.items.find((one) => one.orderItemId === orderItemId)!;
        item.fulfilled += quantity - (already.get(orderItemId) ?? 0);
      }
      order.packages = order.packages.filter((one) => one !== before);
      order.packages.push({
        packageReferenceId: packageDetail.packageReferenceId,
        carrier: packageDetail.carrierName ?? packageDetail.carrierCode,
        trackingNumber: packageDetail.trackingNumber,
        shipTime: packageDetail.shipDate,
        items: packageDetail.orderItems.map(({ orderItemId, quantity }) => ({ orderItemId, quantity })),
      });
      order.status = order.items.every((item) => openOf(item) === 0) ? 'SHIPPED' : 'PARTIALLY_SHIPPED';
      order.lastUpdatedTime = world.instant();
      return { status: 204 };
    },
  };
}

interface ConfirmShipmentBody {
  readonly marketplaceId: string;
  readonly packageDetail: {
    readonly packageReferenceId: string;
    readonly carrierCode: string;
    readonly carrierName?: string;
    readonly trackingNumber: string;
    readonly shipDate: string;
    readonly orderItems: readonly { orderItemId: string; quantity: number }[];
  };
}

export const openOf = (item: SimulatedItem): number => item.quantity - item.cancelled - item.fulfilled;
