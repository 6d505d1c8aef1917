/** What Kept answered. */
export interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: whoever asked knows what it looks like
  readonly body: any;
}

export interface Call {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  /** Idempotency-Key */
  readonly key?: string | undefined;
}

/** Longer than any restart takes: what is silent for so long hangs. */
const LONGEST_ANSWER_MS = 60_000;

/** Nothing was heard, and the connection is still there. */
export const SILENCE = 'silence';

export const API_KEY = 'chaos-key';

/** Sends a call once; null: the connection was lost, and nobody knows what became of it. */
export async function send(
  address: string,
  { method, path, body, key }: Call,
): Promise<Answer | typeof SILENCE | null> {
  try {
    const response = await fetch(address + path, {
      method,
      headers: {
        authorization: `Bearer ${API_KEY}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(LONGEST_ANSWER_MS),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? null : JSON.parse(text) };
  } catch (error) {
    return (error as Error).name === 'TimeoutError' ? SILENCE : null;
  }
}
