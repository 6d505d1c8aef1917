import type { CancellationTried, CustomerPage } from '@kept/contract';
import type { Shape } from '../platform/api.ts';

export type Order = Shape<typeof CustomerPage>;
export type OrderLine = Order['lines'][number];
export type ChoiceName = 'wait' | 'switch' | 'cancel';

/** What went wrong, in the server's own sentence. */
export class Refusal extends Error {
  readonly status: number;
  constructor(status: number, detail: string) {
    super(detail);
    this.status = status;
  }
}

/** The page's own address is the key to the order. */
const address = () => location.pathname.replace(/\/$/, '');

export function readOrder(): Promise<Order> {
  return call(address(), {});
}

/** Carries a choice out. The same `key` is carried out once, however often it is sent. */
export function choose(choice: Record<string, unknown>, key: string): Promise<Order> {
  return call(`${address()}/choice`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify(choice),
  });
}

/** What goes back if so many units of some lines are cancelled. */
export async function refundOf(lines: readonly { line: string | number; quantity: number }[]) {
  const tried: Shape<typeof CancellationTried> = await call(`${address()}/refund`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ lines }),
  });
  return tried.refund;
}

async function call<Answer = Order>(path: string, init: RequestInit): Promise<Answer> {
  const response = await fetch(path, {
    ...init,
    headers: { accept: 'application/json', ...init.headers },
    cache: 'no-store',
  });
  const body = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refusal(response.status, body.detail ?? '');
  return body as Answer;
}
