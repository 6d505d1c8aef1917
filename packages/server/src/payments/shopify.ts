import { type Money, type PaymentProvider, type ProviderAuthorisation, ProviderRefusal } from './provider.ts';

/** Answers one GraphQL operation of the Admin API; whoever connects the shop brings it, with its token and its rate. */
export type ShopifyAdmin = (operation: string, variables: Record<string, unknown>) => Promise<unknown>;

const TRANSACTIONS = `query KeptOrderTransactions($id: ID!) {
  order(id: $id) {
    id
    cancelledAt
    transactions {
      id kind status authorizationExpiresAt
      amountSet { shopMoney { amount currencyCode } }
      parentTransaction { id }
      paymentDetails { ... on CardPaymentDetails { company } }
    }
  }
}`;
const CAPTURE = `mutation KeptCapture($input: OrderCaptureInput!) {
  orderCapture(input: $input) {
    transaction { id amountSet { shopMoney { amount currencyCode } } }
    userErrors { field message }
  }
}`;
const REFUND = `mutation KeptRefund($input: RefundInput!, $key: String!) {
  refundCreate(input: $input) @idempotent(key: $key) {
    refund { id totalRefundedSet { shopMoney { amount currencyCode } } }
    userErrors { field message }
  }
}`;

interface Transaction {
  readonly id: string;
  readonly kind: string;
  readonly status: string;
  readonly authorizationExpiresAt: string | null;
  readonly amountSet: { readonly shopMoney: { readonly amount: string; readonly currencyCode: string } };
  readonly parentTransaction: { readonly id: string } | null;
  readonly paymentDetails: { readonly company?: string } | null;
}

/** Shopify through its orders: a reference is an order's id, since its money is the shop's to handle. */
export function shopifyProvider(admin: ShopifyAdmin): PaymentProvider {
  const done = new Map<string, Promise<unknown>>();
  /** Once per key in this process; the shop itself keeps a transaction from being captured twice. */
  const once = <T>(key: string, work: () => Promise<T>): Promise<T> => {
    let running = done.get(key) as Promise<T> | undefined;
    if (running === undefined) {
      running = work();
      done.set(key, running);
      running.catch(() => done.delete(key));
    }
    return running;
  };
  async function transactions(order: string): Promise<{ cancelled: boolean; all: readonly Transaction[] }> {
    const answer = (await admin(TRANSACTIONS, { id: order })) as {
      order: { cancelledAt: string | null; transactions: Transaction[] } | null;
    };
    if (answer.order === null) throw new ProviderRefusal(`Shopify has no order ${order}.`);
    const all = answer.order.transactions.filter((one) => one.status === 'SUCCESS');
    return { cancelled: answer.order.cancelledAt !== null, all };
  }
  async function authorised(order: string): Promise<Transaction> {
    const { all } = await transactions(order);
    const found = all.findLast((one) => one.kind === 'AUTHORIZATION');
    if (found === undefined) throw new ProviderRefusal(`Nothing is authorised on ${order}.`);
    return found;
  }
  return {
    name: 'shopify',
    async look(order): Promise<ProviderAuthorisation> {
      const { cancelled, all } = await transactions(order);
      const found = all.findLast((one) => one.kind === 'AUTHORIZATION' || one.kind === 'SALE');
      if (found === undefined) throw new ProviderRefusal(`Nothing was paid on ${order}.`);
      const captured = found.kind === 'SALE' || all.some((one) => one.kind === 'CAPTURE');
      return {
        reference: order,
        amount: moneyFrom(found.amountSet.shopMoney),
        captureBefore: found.authorizationExpiresAt,
        network: found.paymentDetails?.company?.toLowerCase() ?? null,
        state: captured ? 'captured' : cancelled ? 'cancelled' : 'authorised',
      };
    },
    extend: async () => null,
    reauthorise: async () => null,
    /** A shop's vaulted cards are its own: the balance of its orders is collected by its payment terms. */
    charge: async () => null,
    capture: (order, amount, key) =>
      once(key, async () => {
        const parent = await authorised(order);
        const input = {
          id: order,
          parentTransactionId: parent.id,
          amount: decimal(amount),
          currency: amount.currency,
        };
        const { orderCapture } = (await admin(CAPTURE, { input })) as {
          orderCapture: { transaction: Transaction | null; userErrors: { message: string }[] };
        };
        refuse(orderCapture.userErrors);
        return {
          id: orderCapture.transaction!.id,
          amount: moneyFrom(orderCapture.transaction!.amountSet.shopMoney),
        };
      }),
    refund: (order, amount, key) =>
      once(key, async () => {
        const { all } = await transactions(order);
        const parent = all.findLast((one) => one.kind === 'CAPTURE' || one.kind === 'SALE');
        if (parent === undefined) throw new ProviderRefusal(`Nothing was taken on ${order}.`);
        const input = {
          orderId: order,
          transactions: [
            { orderId: order, parentId: parent.id, kind: 'REFUND', gateway: '', amount: decimal(amount) },
          ],
        };
        const { refundCreate } = (await admin(REFUND, { input, key })) as {
          refundCreate: {
            refund: {
              id: string;
              totalRefundedSet: { shopMoney: { amount: string; currencyCode: string } };
            } | null;
            userErrors: { message: string }[];
          };
        };
        refuse(refundCreate.userErrors);
        const { id, totalRefundedSet } = refundCreate.refund!;
        return { id, amount: moneyFrom(totalRefundedSet.shopMoney) };
      }),
  };
}

function refuse(errors: readonly { readonly message: string }[]): void {
  if (errors.length > 0) throw new ProviderRefusal(errors.map((one) => one.message).join('; '));
}

/** Minor units of a currency: Intl knows how many digits it has. */
function digitsOf(currency: string): number {
  return (
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2
  );
}

function decimal({ amount, currency }: Money): string {
  const digits = digitsOf(currency);
  if (digits === 0) return String(amount);
  const text = String(amount).padStart(digits + 1, '0');
  return `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

function moneyFrom({ amount, currencyCode }: { amount: string; currencyCode: string }): Money {
  const digits = digitsOf(currencyCode);
  const [whole = '0', part = ''] = amount.split('.');
  return { amount: Number(`${whole}${part.padEnd(digits, '0').slice(0, digits)}`), currency: currencyCode };
}
