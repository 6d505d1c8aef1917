import type { Outcome } from '../../connections/index.ts';
import { acknowledgementOf, type Cover } from './acknowledgement.ts';
import type { Vendor } from './context.ts';
import { AcknowledgementAnswer, VendorOrderAnswer } from './schemas/vendor.ts';
import { AmazonRefusal } from './trouble.ts';
import { answers } from './vendor-orders.ts';

/**
 * Answers a purchase order, or answers it anew: a later answer takes the place of the one before, so that the same twice is
 * one.
 */
export async function acknowledge(
  vendor: Vendor,
  purchaseOrder: string,
  cover: ReadonlyMap<string, Cover>,
  signal?: AbortSignal,
): Promise<Outcome> {
  try {
    const { payload: order } = await vendor.api.call('getPurchaseOrder', {
      method: 'GET',
      path: `/vendor/orders/v1/purchaseOrders/${encodeURIComponent(purchaseOrder)}`,
      answer: VendorOrderAnswer,
      signal,
    });
    if (order.purchaseOrderState === 'Closed')
      return { state: 'refused', why: `Amazon has closed purchase order ${purchaseOrder}.` };
    if (order.orderDetails === undefined)
      return { state: 'refused', why: `Amazon does not tell the lines of purchase order ${purchaseOrder}.` };
    const answered =
      order.purchaseOrderState === 'Acknowledged'
        ? (await answers(vendor, { purchaseOrderNumber: purchaseOrder }, signal)).get(purchaseOrder)
        : undefined;
    await vendor.api.call('submitAcknowledgement', {
      method: 'POST',
      path: '/vendor/orders/v1/acknowledgements',
      body: { acknowledgements: [acknowledgementOf(order, cover, vendor.now(), answered)] },
      answer: AcknowledgementAnswer,
      signal,
    });
    return { state: 'done' };
  } catch (error) {
    if (error instanceof AmazonRefusal) return { state: 'refused', why: error.message };
    throw error;
  }
}
