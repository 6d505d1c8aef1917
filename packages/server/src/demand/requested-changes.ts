import { MAXIMUM_LINE_AMOUNT, type OrderChanges } from '@kept/contract';
import { toStockUnits } from '@kept/engine';
import type { z } from 'zod';
import { KeptError } from '../platform/errors.ts';
import { lineOrFail } from './change-order.ts';
import type { OrderLineInput } from './order-input.ts';
import { NO_CHANGE, type OrderPlan } from './order-plan.ts';
import type { StoredOrder } from './order-store.ts';

/** What a caller's changes come to, line by line. */
export function requestedChanges(order: StoredOrder, changes: z.output<typeof OrderChanges>): OrderPlan {
  const cancel: { line: OrderPlan['cancel'][number]['line']; quantity: number }[] = [];
  const add: { line: OrderPlan['add'][number]['line']; quantity: number }[] = [];
  const reschedule: OrderPlan['reschedule'][number][] = [];
  const place: OrderLineInput[] = [];
  for (const [index, change] of changes.lines.entries()) {
    if (change.price !== undefined && change.price.currency !== order.currency)
      throw invalid(`lines[${index}].price.currency`, `expected ${order.currency}, as the order's prices`);
    const known = order.lines.some((line) => String(line.ref) === String(change.line));
    if (!known && change.sku !== undefined) {
      refuseValue(change.price?.amount ?? 0, change.quantity ?? 0, index);
      place.push(newLine(change, index));
      continue;
    }
    const line = lineOrFail(order, change.line, `lines[${index}].line`);
    if (change.sku !== undefined && change.sku !== line.sku)
      throw new KeptError(
        'invalid_input',
        `Line ${line.ref} is ${line.sku}; a line keeps its item. Cancel it and add a line.`,
        {
          errors: [{ path: `lines[${index}].sku`, message: `expected ${line.sku}` }],
        },
      );
    if (change.quantity !== undefined) {
      const has = line.ordered - line.cancelled;
      if (change.quantity > has) {
        refuseValue(line.price, change.quantity, index);
        if (line.legs.some(({ per }) => toStockUnits(change.quantity!, per) === null))
          throw invalid(`lines[${index}].quantity`, 'expected fewer kits');
      }
      if (change.quantity > 0 && change.quantity < line.shipped)
        throw new KeptError('conflict', `${line.shipped} units of line ${line.ref} have left already.`, {
          line: line.ref,
          errors: [{ path: `lines[${index}].quantity`, message: `expected at least ${line.shipped}` }],
        });
      // 0 cancels what is open, whatever has left.
      const kept = Math.max(change.quantity, line.shipped);
      if (kept < has) cancel.push({ line, quantity: has - kept });
      if (change.quantity > has) add.push({ line, quantity: change.quantity - has });
    }
    if (change.notBefore !== undefined || change.cancelAfter !== undefined)
      reschedule.push({
        line,
        notBefore: change.notBefore === undefined ? line.notBefore : change.notBefore,
        cancelAfter: change.cancelAfter === undefined ? line.cancelAfter : change.cancelAfter,
      });
  }
  return { ...NO_CHANGE, cancel, add, reschedule, place };
}

function refuseValue(price: number, quantity: number, index: number): void {
  if (price * quantity > MAXIMUM_LINE_AMOUNT)
    throw invalid(
      `lines[${index}].quantity`,
      'expected price × quantity of at most 10,000,000,000,000 minor units',
    );
}

function invalid(path: string, message: string): KeptError {
  return new KeptError('invalid_input', `${path}: ${message}.`, { errors: [{ path, message }] });
}

function newLine(change: z.output<typeof OrderChanges>['lines'][number], index: number): OrderLineInput {
  const missing = [
    ...(change.quantity
      ? []
      : [{ path: `lines[${index}].quantity`, message: 'expected 1 or more for a new line' }]),
    ...(change.price ? [] : [{ path: `lines[${index}].price`, message: 'expected a price for a new line' }]),
  ];
  if (missing.length > 0)
    throw new KeptError('invalid_input', `Line ${change.line} is new and needs a quantity and a price.`, {
      errors: missing,
    });
  return {
    line: change.line,
    sku: change.sku!,
    quantity: change.quantity!,
    price: change.price!,
    kind: 'sale',
    ...(change.options ? { options: change.options } : {}),
    ...(change.notBefore ? { notBefore: change.notBefore } : {}),
    ...(change.cancelAfter ? { cancelAfter: change.cancelAfter } : {}),
  };
}
