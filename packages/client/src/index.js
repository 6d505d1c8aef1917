/**
 * A client of Kept's API: one function for every operation, typed by the OpenAPI document, with time limits, retries that count once, and
 * errors as the API tells them. It needs `fetch` and WebCrypto, which Node and browsers have.
 */

const USUAL_TIMEOUT_MS = 30_000;
const USUAL_RETRIES = 4;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 20_000;
/** Answers that a later try may change: too many requests, a batcher that is full, a restart under way. */
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);

/** What the API refused, as RFC 9457 tells it; status 0: it did not answer. */
export class KeptProblem extends Error {
  constructor(status, problem) {
    super(problem.detail ?? problem.title ?? `Kept answered ${status}.`);
    this.name = 'KeptProblem';
    this.status = status;
    this.code = problem.code ?? 'unknown';
    this.errors = problem.errors ?? [];
    this.problem = problem;
  }
}

export function keptClient({
  url,
  key,
  fetch: send = globalThis.fetch,
  timeoutMs = USUAL_TIMEOUT_MS,
  retries = USUAL_RETRIES,
}) {
  const base = String(url).replace(/\/+$/, '');
  const call = async (operation, options = {}) => {
    const [method, path] = operation.split(' ');
    const { body, signal, headers = {} } = options;
    const address = base + placed(path, options.params) + queried(options.query);
    // The same name for every try: an order that was placed before the answer got lost is not placed twice.
    const named =
      method === 'POST' ? { 'idempotency-key': options.idempotencyKey ?? crypto.randomUUID() } : {};
    const init = {
      method,
      headers: {
        accept: 'application/json',
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...named,
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    };
    for (let left = retries; ; left--) {
      const answer = await once(send, address, init, timeoutMs, signal);
      if (answer.ok) return answer.body;
      const { problem } = answer;
      if (left <= 0 || !PASSING.has(problem.status) || !mayRepeat(method)) throw problem;
      await waited(answer.retryAfterMs ?? backoff(retries - left), signal);
    }
  };
  return {
    call,
    async *all(operation, options = {}) {
      let cursor = options.query?.cursor;
      do {
        const page = await call(operation, { ...options, query: { ...options.query, cursor } });
        yield* page.items;
        cursor = page.next ?? undefined;
      } while (cursor !== undefined);
    },
  };
}

/** A request that has its name, or that says how something is to be, may be sent again. */
const mayRepeat = (method) => method !== 'PATCH';

async function once(send, address, init, timeoutMs, signal) {
  const limit = AbortSignal.timeout(timeoutMs);
  const either = signal === undefined ? limit : AbortSignal.any([signal, limit]);
  let response;
  try {
    response = await send(address, { ...init, signal: either });
  } catch (error) {
    if (signal?.aborted) throw error;
    const detail = limit.aborted
      ? `Kept did not answer within ${timeoutMs} ms.`
      : `Kept does not answer: ${error.message}`;
    return { ok: false, problem: new KeptProblem(503, { code: 'unreachable', detail }) };
  }
  const text = await response.text();
  const json = /json/.test(response.headers.get('content-type') ?? '');
  const body = text === '' ? null : json ? JSON.parse(text) : text;
  if (response.ok) return { ok: true, body };
  const after = Number(response.headers.get('retry-after'));
  return {
    ok: false,
    problem: new KeptProblem(response.status, json && body !== null ? body : { detail: text }),
    retryAfterMs: after > 0 ? Math.min(1000 * after, LONGEST_WAIT_MS) : undefined,
  };
}

/** Twice as long each time, and never all callers at one moment. */
function backoff(tries) {
  return Math.min(FIRST_WAIT_MS * 2 ** tries, LONGEST_WAIT_MS) * (0.5 + Math.random() / 2);
}

function waited(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', stop, { once: true });
  });
}

function placed(path, params = {}) {
  return path.replaceAll(/\{(\w+|\*)\}/g, (_, name) => {
    if (params[name] === undefined) throw new TypeError(`${path} needs params.${name}`);
    return encodeURIComponent(params[name]);
  });
}

function queried(query = {}) {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== null) search.set(name, String(value));
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}

/** Seconds that a webhook may have been on its way. */
const TOLERANCE_SECONDS = 300;

/** The headers under which a body is sent to Kept as Standard Webhooks 1.0 has it: of pushes to a connection. */
export async function webhookHeaders({ secret, id, body, now = new Date() }) {
  const seconds = Math.floor(now.getTime() / 1000);
  const key = await signingKey(secret, 'sign');
  const signature = await crypto.subtle.sign('HMAC', key, signedBytes(id, seconds, body));
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': `v1,${btoa(String.fromCharCode(...new Uint8Array(signature)))}`,
  };
}

function signingKey(secret, use) {
  const raw = Uint8Array.from(atob(secret.replace(/^whsec_/, '')), (letter) => letter.charCodeAt(0));
  return crypto.subtle.importKey('raw', raw, { name: 'HMAC', hash: 'SHA-256' }, false, [use]);
}

const signedBytes = (id, seconds, text) => new TextEncoder().encode(`${id}.${seconds}.${text}`);

/** Whether a webhook is Kept's (Standard Webhooks 1.0): its signature over the body as it came, and its time. Answers the body, read. */
export async function readWebhook({
  secret,
  headers,
  body,
  now = new Date(),
  toleranceSeconds = TOLERANCE_SECONDS,
}) {
  const header = (name) => (typeof headers.get === 'function' ? headers.get(name) : headers[name]) ?? '';
  const [id, sent] = [header('webhook-id'), header('webhook-timestamp')];
  const seconds = Number(sent);
  if (id === '' || !Number.isInteger(seconds) || Math.abs(now.getTime() / 1000 - seconds) > toleranceSeconds)
    throw new KeptProblem(401, {
      code: 'bad_signature',
      detail: 'The webhook is too old, or does not say when it was sent.',
    });
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
  const key = await signingKey(secret, 'verify');
  const told = signedBytes(id, sent, text);
  for (const part of header('webhook-signature').split(' ')) {
    const [version, signature] = part.split(',');
    if (version !== 'v1' || signature === undefined) continue;
    const bytes = Uint8Array.from(atob(signature), (letter) => letter.charCodeAt(0));
    if (await crypto.subtle.verify('HMAC', key, bytes, told)) return JSON.parse(text);
  }
  throw new KeptProblem(401, { code: 'bad_signature', detail: 'The signature does not fit the body.' });
}
