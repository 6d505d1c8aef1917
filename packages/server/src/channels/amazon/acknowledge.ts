import type { Outcome } from '../../connections/index.ts';
import { type Answered, acknowledgementOf, type Cover } from './acknowledgement.ts';
import type { Amazon } from './context.ts';
import { AcknowledgementAnswer, VendorOrderAnswer, VendorOrdersStatusAnswer } from './schemas/vendor.ts';
import { AmazonRefusal } from './trouble.ts';

/**
 * Answers a purchase order, or answers it anew: a later answer takes the place of the one before, so that the same twice is
 * one.
 */
export async function acknowledge(
  amazon: Amazon,
  purchaseOrder: string,
  cover: ReadonlyMap<string, Cover>,
  signal?: AbortSignal,
): Promise<Outcome> {
  if (amazon.settings.vendor === undefined)
    return { state: 'refused', why: 'This connection is not one of a vendor.' };
  try {
    const { payload: order } = await amazon.api.call('getPurchaseOrder', {
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
        ? await answeredBefore(amazon, purchaseOrder, signal)
        : new Map<string, Answered>();
    await amazon.api.call('submitAcknowledgement', {
      method: 'POST',
      path: '/vendor/orders/v1/acknowledgements',
      body: { acknowledgements: [acknowledgementOf(order, cover, amazon.now(), answered)] },
      answer: AcknowledgementAnswer,
      signal,
    });
    return { state: 'done' };
  } catch (error) {
    if (error instanceof AmazonRefusal) return { state: 'refused', why: error.message };
    throw error;
  }
}

async function answeredBefore(
  amazon: Amazon,
  purchaseOrderNumber: string,
  signal?: AbortSignal,
): Promise<Map<string, Answered>> {
  const { payload } = await amazon.api.call('getPurchaseOrdersStatus', {
    method: 'GET',
    path: '/vendor/orders/v1/purchaseOrdersStatus',
    query: { purchaseOrderNumber },
    answer: VendorOrdersStatusAnswer,
    signal,
  });
  const answered = new Map<string, Answered>();
  for (const { itemStatus } of payload.ordersStatus)
    for (const { itemSequenceNumber, acknowledgementStatus } of itemStatus) {
      if (acknowledgementStatus === undefined || acknowledgementStatus.confirmationStatus === 'UNCONFIRMED')
        continue;
      answered.set(itemSequenceNumber, {
        accepted: acknowledgementStatus.acceptedQuantity?.amount ?? 0,
        rejected: acknowledgementStatus.rejectedQuantity?.amount ?? 0,
      });
    }
  return answered;
}
