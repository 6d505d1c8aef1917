/**
 * The one way to the server: same origin, session by cookie, problem+json as errors. Answers are typed by the
 * contract's schemas but not parsed here: zod stays out of the first load, and the tests parse every shape instead.
 */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
  }
}

/** What a schema of the contract parses to: its type alone, so that no page pulls in the schemas themselves. */
export type Shape<Schema extends { _output: unknown }> = Schema['_output'];

export type QueryValues = Record<string, string | number | undefined>;

/** Reads a path under /v1. The browser keeps the ETag: an unchanged answer costs a 304 and no body. */
export async function read<T>(path: string, query: QueryValues = {}, signal?: AbortSignal): Promise<T> {
  let response: Response;
  try {
    response = await fetch(withQuery(path, query), {
      headers: { accept: 'application/json' },
      credentials: 'same-origin',
      cache: 'no-cache',
      signal,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError(0, 'unreachable', 'Kept does not answer.');
  }
  if (!response.ok) throw await problemOf(response);
  return (await response.json()) as T;
}

/**
 * Does something under /v1 and returns the answer; null where there is none. Two tries of one request count once: the
 * caller's `key` names it, and where none is given one is made.
 */
export async function write<T>(
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  body?: unknown,
  signal?: AbortSignal,
  key: string = newKey(),
): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path, {
      method,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(method === 'POST' ? { 'idempotency-key': key } : {}),
      },
      credentials: 'same-origin',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: signal ?? null,
    });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new ApiError(0, 'unreachable', 'Kept does not answer.');
  }
  if (!response.ok) throw await problemOf(response);
  return (response.status === 204 ? null : await response.json()) as T;
}

/** Sends a file as the body, and returns the answer. */
export async function sendFile<T>(path: string, query: QueryValues, file: File): Promise<T> {
  const packed = file.name.endsWith('.gz');
  let response: Response;
  try {
    response = await fetch(withQuery(path, query), {
      method: 'POST',
      headers: { accept: 'application/json', 'content-type': packed ? 'application/gzip' : 'text/csv' },
      credentials: 'same-origin',
      body: file,
    });
  } catch {
    throw new ApiError(0, 'unreachable', 'Kept does not answer.');
  }
  if (!response.ok) throw await problemOf(response);
  return (await response.json()) as T;
}

/** A name for one request. Also where the page came without TLS, and browsers have no crypto.randomUUID. */
export function newKey(): string {
  return [...crypto.getRandomValues(new Uint32Array(4))].map((part) => part.toString(16)).join('-');
}

export function isSignedOut(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401;
}

export function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.status === 404;
}

function withQuery(path: string, query: QueryValues): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined && value !== '') search.set(name, String(value));
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}

const OWN_ACCOUNT = '/settings?tab=account';

async function problemOf(response: Response): Promise<ApiError> {
  const problem: unknown = await response.json().catch(() => null);
  const field = (name: string): string | undefined => {
    const value = (problem as Record<string, unknown> | null)?.[name];
    return typeof value === 'string' ? value : undefined;
  };
  // Nothing else answers until it is set up, whatever page this is.
  if (field('needs') === 'second_factor' && location.pathname + location.search !== OWN_ACCOUNT)
    location.replace(OWN_ACCOUNT);
  return new ApiError(
    response.status,
    field('code') ?? 'unknown',
    field('detail') ?? field('title') ?? `The answer was ${response.status}.`,
  );
}
