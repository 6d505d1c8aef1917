import { z } from 'zod';
import { type Asked, invalid, notFound, ok, type Said } from './answers.ts';
import { pageOf } from './pages.ts';
import type { SimulatedPurchaseOrder, SimulatedPurchaseOrderLine, World } from './world.ts';

/** What Amazon takes as an answer to purchase orders: strict, since the published models are not at hand for these. */
const Quantity = z.strictObject({
  amount: z.int().positive(),
  unitOfMeasure: z.enum(['Cases', 'Eaches']),
  unitSize: z.int().positive().optional(),
});
const Submission = z.strictObject({
  acknowledgements: z.array(
    z.strictObject({
      purchaseOrderNumber: z.string().min(1),
      sellingParty: z.strictObject({ partyId: z.string().min(1) }),
      acknowledgementDate: z.iso.datetime({ offset: true }),
      items: z.array(
        z.strictObject({
          itemSequenceNumber: z.string(),
          amazonProductIdentifier: z.string().optional(),
          vendorProductIdentifier: z.string().optional(),
          orderedQuantity: Quantity,
          netCost: z.strictObject({ amount: z.string(), currencyCode: z.string().length(3) }),
          itemAcknowledgements: z
            .array(
              z.strictObject({
                acknowledgementCode: z.enum(['Accepted', 'Backordered', 'Rejected']),
                acknowledgedQuantity: Quantity,
                scheduledShipDate: z.iso.datetime({ offset: true }).optional(),
                rejectionReason: z
                  .enum(['TemporarilyUnavailable', 'InvalidProductIdentifier', 'ObsoleteProduct'])
                  .optional(),
              }),
            )
            .min(1),
        }),
      ),
    }),
  ),
});
type Answers = z.output<typeof Submission>['acknowledgements'][number]['items'][number];

const VENDOR = 'KEPTV';
const QUANTITIES_MS = 48 * 3_600_000;

/** Vendor Retail Procurement Orders v1, with Amazon's rules for answers. */
export function vendorRoutes(world: World) {
  const shown = (order: SimulatedPurchaseOrder) => ({
    purchaseOrderNumber: order.number,
    purchaseOrderState: order.state,
    orderDetails: {
      purchaseOrderDate: order.placedAt,
      ...(order.changedAt !== undefined && { purchaseOrderChangedDate: order.changedAt }),
      purchaseOrderStateChangedDate: order.stateChangedAt,
      purchaseOrderType: 'RegularOrder',
      paymentMethod: 'Invoice',
      buyingParty: { partyId: 'RNO4' },
      sellingParty: { partyId: VENDOR },
      shipToParty: { partyId: 'RNO4', address: { name: 'RNO4', addressLine1: '1 Way', countryCode: 'US' } },
      shipWindow: order.shipWindow,
      items: order.lines.map(({ quantity, answered: _answered, ...line }) => ({
        ...line,
        orderedQuantity: quantity,
      })),
    },
  });

  return {
    getPurchaseOrders({ query }: Asked): Said {
      const changed = query.get('changedAfter') !== null;
      const from = query.get(changed ? 'changedAfter' : 'createdAfter');
      const to = query.get(changed ? 'changedBefore' : 'createdBefore') ?? world.instant();
      if (from === null) return invalid('createdAfter or changedAfter is missing.');
      if (Date.parse(to) - Date.parse(from) > 7 * 86_400_000)
        return invalid('The range must not be more than 7 days.');
      const found = [...world.purchaseOrders.values()].filter((order) => {
        const at = changed ? order.changedAt : order.placedAt;
        const state = query.get('purchaseOrderState') ?? order.state;
        return at !== undefined && at >= from && at <= to && order.state === state;
      });
      const page = pageOf(found, Number(query.get('limit') ?? 100), query.get('nextToken'), world.now());
      if (page === null) return invalid('The nextToken has expired.');
      return ok({
        payload: {
          orders: page.items.map(shown),
          ...(page.next !== undefined && { pagination: { nextToken: page.next } }),
        },
      });
    },

    getPurchaseOrder({ names }: Asked): Said {
      const order = world.purchaseOrders.get(names.purchaseOrderNumber!);
      return order === undefined ? notFound('The purchase order') : ok({ payload: shown(order) });
    },

    getPurchaseOrdersStatus({ query }: Asked): Said {
      const number = query.get('purchaseOrderNumber');
      const after = query.get('updatedAfter');
      const before = query.get('updatedBefore') ?? world.instant();
      if (after !== null && Date.parse(before) - Date.parse(after) > 7 * 86_400_000)
        return invalid('The range must not be more than 7 days.');
      const found = [...world.purchaseOrders.values()]
        .filter((order) => number === null || order.number === number)
        .filter(
          (order) => after === null || (order.stateChangedAt >= after && order.stateChangedAt <= before),
        );
      return ok({
        payload: {
          ordersStatus: found.map((order) => ({
            purchaseOrderNumber: order.number,
            purchaseOrderStatus: order.state === 'Closed' ? 'CLOSED' : 'OPEN',
            purchaseOrderDate: order.placedAt,
            lastUpdatedDate: order.stateChangedAt,
            sellingParty: { partyId: VENDOR },
            shipToParty: { partyId: 'RNO4' },
            itemStatus: order.lines.map(statusOf),
          })),
        },
      });
    },

    submitAcknowledgement({ body }: Asked): Said {
      const read = Submission.safeParse(body);
      if (!read.success) return invalid(z.prettifyError(read.error));
      for (const answer of read.data.acknowledgements) {
        const order = world.purchaseOrders.get(answer.purchaseOrderNumber);
        if (order === undefined) return notFound(`Purchase order ${answer.purchaseOrderNumber}`);
        if (order.state === 'Closed') return invalid(`Purchase order ${order.number} is closed.`);
        const late = world.now().getTime() > Date.parse(order.placedAt) + QUANTITIES_MS;
        for (const item of answer.items) {
          const line = order.lines.find((one) => one.itemSequenceNumber === item.itemSequenceNumber);
          if (line === undefined) return invalid(`There is no line ${item.itemSequenceNumber}.`);
          const problem = problemOf(line, item, late);
          if (problem !== null) return invalid(`Line ${line.itemSequenceNumber}: ${problem}`);
        }
      }
      for (const answer of read.data.acknowledgements) take(world, answer);
      return ok({ payload: { transactionId: `transaction-${world.number()}` } }, 202);
    },
  };
}

function problemOf(line: SimulatedPurchaseOrderLine, item: Answers, late: boolean): string | null {
  const { unitOfMeasure, amount } = line.quantity;
  const answers = item.itemAcknowledgements;
  const sum = answers.reduce((total, one) => total + one.acknowledgedQuantity.amount, 0);
  if (sum !== amount || item.orderedQuantity.amount !== amount) return `${sum} of ${amount} are answered.`;
  if (answers.some((one) => one.acknowledgedQuantity.unitOfMeasure !== unitOfMeasure))
    return `the unit of measure is ${unitOfMeasure}.`;
  if (item.netCost.amount !== line.netCost.amount) return 'the cost is not that of the purchase order.';
  if (answers.some((one) => one.acknowledgementCode === 'Backordered') && !line.isBackOrderAllowed)
    return 'backorders are not allowed.';
  if (answers.some((one) => one.acknowledgementCode === 'Backordered' && one.scheduledShipDate === undefined))
    return 'a backorder needs its day.';
  if (answers.some((one) => one.acknowledgementCode === 'Rejected' && one.rejectionReason === undefined))
    return 'a rejection needs its reason.';
  const before = line.answered;
  if (before === undefined) return null;
  const rejectedBefore = before.every((one) => one.code === 'Rejected');
  if (rejectedBefore && answers.some((one) => one.acknowledgementCode !== 'Rejected'))
    return 'what was rejected stays rejected.';
  const rejected = (all: readonly { amount: number; code: string }[]) =>
    all.reduce((total, one) => total + (one.code === 'Rejected' ? one.amount : 0), 0);
  const now = answers.map((one) => ({
    code: one.acknowledgementCode,
    amount: one.acknowledgedQuantity.amount,
  }));
  if (late && rejected(now) !== rejected(before)) return 'after 48 hours only days may change.';
  return null;
}

function take(world: World, answer: z.output<typeof Submission>['acknowledgements'][number]): void {
  const order = world.purchaseOrders.get(answer.purchaseOrderNumber)!;
  for (const line of order.lines) {
    const item = answer.items.find((one) => one.itemSequenceNumber === line.itemSequenceNumber);
    if (item !== undefined)
      line.answered = item.itemAcknowledgements.map((one) => ({
        code: one.acknowledgementCode,
        amount: one.acknowledgedQuantity.amount,
        ...(one.scheduledShipDate !== undefined && { shipDate: one.scheduledShipDate }),
      }));
    // a line that a first answer leaves out is rejected by that
    else if (line.answered === undefined && line.quantity.amount > 0)
      line.answered = [{ code: 'Rejected', amount: line.quantity.amount }];
  }
  order.answeredAt ??= world.instant();
  order.state = order.lines.every((line) => line.answered?.every((one) => one.code === 'Rejected'))
    ? 'Closed'
    : 'Acknowledged';
  order.stateChangedAt = world.instant();
}

function statusOf(line: SimulatedPurchaseOrderLine) {
  const sum = (rejected: boolean) =>
    (line.answered ?? []).reduce(
      (total, one) => total + ((one.code === 'Rejected') === rejected ? one.amount : 0),
      0,
    );
  const quantity = (amount: number) => ({ ...line.quantity, amount });
  return {
    itemSequenceNumber: line.itemSequenceNumber,
    buyerProductIdentifier: line.amazonProductIdentifier,
    vendorProductIdentifier: line.vendorProductIdentifier,
    orderedQuantity: { orderedQuantity: line.quantity },
    acknowledgementStatus: {
      confirmationStatus:
        line.answered === undefined
          ? 'UNCONFIRMED'
          : sum(true) === 0
            ? 'ACCEPTED'
            : sum(false) === 0
              ? 'REJECTED'
              : 'PARTIALLY_ACCEPTED',
      acceptedQuantity: quantity(sum(false)),
      rejectedQuantity: quantity(sum(true)),
    },
  };
}
