import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** As much of Stripe's API as Kept uses, over HTTP, with its forms, its idempotency and its errors. */

interface Intent {
  id: string;
  object: 'payment_intent';
  amount: number;
  amount_received: number;
  currency: string;
  customer: string | null;
  payment_method: string | null;
  status: 'requires_capture' | 'succeeded' | 'canceled';
  metadata: Record<string, string>;
  latest_charge: {
    id: string;
    object: 'charge';
    payment_method_details: { card: { brand: string; capture_before: number } };
  };
}

const WEEK_SECONDS = 7 * 86_400;

export async function openStripeStandin() {
  const intents = new Map<string, Intent>();
  const refunds = new Map<string, number>();
  const setups = new Map<string, object>();
  let down = false;
  const answers = new Map<string, { status: number; body: unknown }>();
  let count = 0;

  function create(
    fields: Pick<Intent, 'amount' | 'currency' | 'customer' | 'payment_method'> & Partial<Intent>,
  ): Intent {
    const number = ++count;
    const intent: Intent = {
      id: `pi_${number}`,
      object: 'payment_intent',
      amount_received: 0,
      status: 'requires_capture',
      metadata: {},
      latest_charge: {
        id: `ch_${number}`,
        object: 'charge',
        payment_method_details: {
          card: { brand: 'visa', capture_before: Math.floor(Date.now() / 1000) + WEEK_SECONDS },
        },
      },
      ...fields,
    };
    intents.set(intent.id, intent);
    return intent;
  }

  const wrong = (message: string, status = 400, type = 'invalid_request_error') => ({
    status,
    body: { error: { type, message, ...(type === 'card_error' ? { code: 'card_declined' } : {}) } },
  });

  function answer(method: string, path: string, form: URLSearchParams): { status: number; body: unknown } {
    const [, id, action] = /^\/v1\/payment_intents\/([^/]+)(?:\/(\w+))?$/.exec(path) ?? [];
    if (id !== undefined) {
      const intent = intents.get(id);
      if (intent === undefined) return wrong(`No such payment_intent: '${id}'`, 404);
      if (action === 'capture') {
        const amount = Number(form.get('amount_to_capture') ?? intent.amount);
        if (intent.status !== 'requires_capture') return wrong('This PaymentIntent could not be captured.');
        if (amount > intent.amount) return wrong('The amount is more than the amount you can capture.');
        intent.status = 'succeeded';
        intent.amount_received = amount;
      }
      if (action === 'cancel') intent.status = 'canceled';
      return { status: 200, body: intent };
    }
    if (path === '/v1/payment_intents' && method === 'POST') {
      if (form.get('payment_method') === 'pm_declined')
        return wrong('Your card was declined.', 402, 'card_error');
      const metadata = Object.fromEntries(
        [...form].flatMap(([key, value]) => {
          const [, name] = /^metadata\[(\w+)\]$/.exec(key) ?? [];
          return name === undefined ? [] : [[name, value]];
        }),
      );
      const [customer, method_] = [form.get('customer'), form.get('payment_method')];
      return {
        status: 200,
        body: create({
          amount: Number(form.get('amount')),
          currency: form.get('currency')!,
          customer,
          payment_method: method_,
          metadata,
          ...(form.get('capture_method') === 'manual'
            ? {}
            : { status: 'succeeded', amount_received: Number(form.get('amount')) }),
        }),
      };
    }
    const setup = /^\/v1\/setup_intents\/(seti_\w+)$/.exec(path)?.[1];
    if (setup !== undefined)
      return setups.has(setup)
        ? { status: 200, body: setups.get(setup) }
        : wrong(`No such setup_intent: '${setup}'`, 404);
    if (path === '/v1/refunds' && method === 'POST') {
      const intent = intents.get(form.get('payment_intent') ?? '');
      if (intent === undefined) return wrong('No such payment_intent', 404);
      const amount = Number(form.get('amount'));
      const before = refunds.get(intent.id) ?? 0;
      if (before + amount > intent.amount_received)
        return wrong('Refund amount is greater than unrefunded amount on charge.');
      refunds.set(intent.id, before + amount);
      return {
        status: 200,
        body: {
          id: `re_${++count}`,
          object: 'refund',
          amount,
          currency: intent.currency,
          payment_intent: intent.id,
          status: 'succeeded',
        },
      };
    }
    return wrong(`Unrecognized request URL (${method}: ${path}).`, 404);
  }

  const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    if (down) {
      response.destroy();
      return;
    }
    const { pathname } = new URL(request.url!, 'http://stripe');
    const key = request.headers['idempotency-key'];
    const known = typeof key === 'string' ? answers.get(key) : undefined;
    const said = known ?? answer(request.method!, pathname, new URLSearchParams(text));
    if (typeof key === 'string') answers.set(key, structuredClone(said));
    response.writeHead(said.status, { 'content-type': 'application/json', 'request-id': `req_${++count}` });
    response.end(JSON.stringify(said.body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    create,
    /** A card that was saved without anything being set aside. */
    save(payment_method: string): string {
      const id = `seti_${++count}`;
      setups.set(id, { id, object: 'setup_intent', customer: 'cus_1', payment_method, status: 'succeeded' });
      return id;
    },
    /** It is there and does not answer, as when Stripe has an outage. */
    outage(now: boolean): void {
      down = now;
    },
    intents: () => [...intents.values()],
    refunded: (id: string) => refunds.get(id) ?? 0,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
