import type { ShopifyAdmin } from '../shopify.ts';

/** A shop's orders as far as their money goes, answering the operations that Kept sends. */
export function shopifyStandin() {
  interface Transaction {
    id: string;
    kind: string;
    status: 'SUCCESS';
    authorizationExpiresAt: string | null;
    amountSet: { shopMoney: { amount: string; currencyCode: 'USD' } };
    parentTransaction: null;
    paymentDetails: { company: 'Visa' };
    cents: number;
  }
  const orders = new Map<string, Transaction[]>();
  let count = 0;
  const dollars = (cents: number) => (cents / 100).toFixed(2);
  const transaction = (kind: string, cents: number): Transaction => ({
    id: `gid://shopify/OrderTransaction/${++count}`,
    kind,
    status: 'SUCCESS',
    authorizationExpiresAt: kind === 'AUTHORIZATION' ? '2026-03-09T09:00:00Z' : null,
    amountSet: { shopMoney: { amount: dollars(cents), currencyCode: 'USD' } },
    parentTransaction: null,
    paymentDetails: { company: 'Visa' },
    cents,
  });
  const total = (order: string, kind: string) =>
    (orders.get(order) ?? []).reduce((sum, one) => sum + (one.kind === kind ? one.cents : 0), 0);
  const no = (message: string) => ({ userErrors: [{ field: null, message }] });

  const admin: ShopifyAdmin = async (operation, variables) => {
    if (operation.startsWith('query')) {
      const transactions = orders.get(String(variables.id));
      return { order: transactions === undefined ? null : { cancelledAt: null, transactions } };
    }
    const input = variables.input as {
      id: string;
      orderId: string;
      amount: string;
      transactions: { amount: string }[];
    };
    if (operation.includes('orderCapture')) {
      const cents = Math.round(Number(input.amount) * 100);
      if (total(input.id, 'CAPTURE') + cents > total(input.id, 'AUTHORIZATION'))
        return { orderCapture: { transaction: null, ...no('Amount exceeds the capturable amount') } };
      const made = transaction('CAPTURE', cents);
      orders.get(input.id)!.push(made);
      return { orderCapture: { transaction: made, userErrors: [] } };
    }
    const cents = Math.round(Number(input.transactions[0]!.amount) * 100);
    if (total(input.orderId, 'REFUND') + cents > total(input.orderId, 'CAPTURE'))
      return { refundCreate: { refund: null, ...no('Amount exceeds the refundable amount') } };
    orders.get(input.orderId)!.push(transaction('REFUND', cents));
    const totalRefundedSet = { shopMoney: { amount: dollars(cents), currencyCode: 'USD' } };
    return {
      refundCreate: { refund: { id: `gid://shopify/Refund/${++count}`, totalRefundedSet }, userErrors: [] },
    };
  };
  return {
    admin,
    authorise(cents: number): string {
      const order = `gid://shopify/Order/${++count}`;
      orders.set(order, [transaction('AUTHORIZATION', cents)]);
      return order;
    },
    refunded: (order: string) => total(order, 'REFUND'),
  };
}
