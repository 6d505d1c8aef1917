/**
 * The one catalogue of errors that a caller may meet: code → HTTP status and title. A code is stable, and scripts may
 * branch on it; the detail is written for people and may change.
 */
const catalogue = {
  malformed_request: [400, 'The request cannot be read'],
  unauthorized: [401, 'Sign in, or send an API key'],
  forbidden: [403, 'This key or user may not do that'],
  not_found: [404, 'There is no such thing'],
  method_not_allowed: [405, 'This address does not take that method'],
  conflict: [409, 'This does not fit what is already recorded'],
  order_differs: [409, 'An order with this reference is already recorded, and it differs'],
  position_changed: [409, 'The item is not as it was when this was previewed'],
  cannot_promise: [409, 'Some of these units cannot be promised'],
  idempotency_conflict: [409, 'This Idempotency-Key was used for a different request'],
  payload_too_large: [413, 'The request is larger than this server takes'],
  unsupported_media_type: [415, 'This content type is not understood here'],
  invalid_input: [422, 'Some fields are not what was expected'],
  unknown_sku: [422, 'No item has this SKU'],
  unknown_channel: [422, 'No channel has this code'],
  unknown_location: [422, 'No location has this code'],
  unknown_supplier: [422, 'No supplier has this code'],
  unknown_policy: [422, 'No policy has this name'],
  too_many_requests: [429, 'Too many requests'],
  internal: [500, 'Something went wrong on our side'],
  cannot_start: [500, 'Kept cannot start like this'],
  overloaded: [503, 'Too busy at this moment; try again'],
  database_unavailable: [503, 'The database cannot be reached'],
} as const satisfies Record<string, readonly [status: number, title: string]>;

export type ErrorCode = keyof typeof catalogue;

/** One field that is not as expected. */
export interface FieldError {
  /** As in the request: `lines[0].quantity`; '' is the whole. */
  path: string;
  /** What was expected, in a sentence. */
  message: string;
  /** Where the path begins, if it is not the body: `querystring`, `params` or `headers`. */
  in?: string;
}

/** An RFC 9457 problem. Codes add members of their own, as `cannot_promise` adds `lines`. */
export interface Problem {
  type: string;
  title: string;
  status: number;
  code: ErrorCode;
  detail: string;
  errors?: FieldError[];
  [member: string]: unknown;
}

/** How long a caller who met 503 should wait, unless the error says otherwise. */
const RETRY_AFTER_SECONDS = 1;

/** An error of the catalogue. Everything in it may be shown to the caller: it holds no secret and nobody else's data. */
export class KeptError extends Error {
  override readonly name = 'KeptError';
  readonly code: ErrorCode;
  readonly status: number;
  readonly extra: Record<string, unknown>;

  /**
   * @param detail a sentence for people: what was looked for or expected, and what was found
   * @param extra members added to the problem body; `errors` lists fields, `retryAfterSeconds` sets Retry-After;
   *   `cause` is kept for the log and never sent
   */
  constructor(code: ErrorCode, detail: string, extra: Record<string, unknown> = {}) {
    const { cause, ...members } = extra;
    super(detail, { cause });
    this.code = code;
    this.status = catalogue[code][0];
    this.extra = members;
  }
}

/** The answer to a request that ended in `err`, whatever was thrown. What is not of the catalogue becomes `internal` and tells nothing. */
export function toProblem(err: unknown): { status: number; headers: Record<string, string>; body: Problem } {
  const known = err instanceof KeptError ? err : translate(err);
  const { code, status, message, extra } = known;
  const headers: Record<string, string> = { 'content-type': 'application/problem+json' };
  if (status === 503 || status === 429) {
    headers['retry-after'] = String(extra.retryAfterSeconds ?? RETRY_AFTER_SECONDS);
  }
  return {
    status,
    headers,
    body: {
      ...extra,
      type: `urn:kept:problem:${code}`,
      title: catalogue[code][1],
      status,
      code,
      detail: message,
    },
  };
}

/** What Fastify, zod and pg throw, recognised by shape: the errors of three libraries without importing any. */
interface Foreign {
  code?: unknown;
  syscall?: unknown;
  name?: unknown;
  message?: unknown;
  statusCode?: unknown;
  validation?: { instancePath?: string; message?: string; params?: Record<string, unknown> }[];
  validationContext?: string;
  issues?: { path: PropertyKey[]; message: string }[];
}

function translate(err: unknown): KeptError {
  const foreign: Foreign = typeof err === 'object' && err !== null ? err : {};
  if (Array.isArray(foreign.validation)) {
    const context = foreign.validationContext;
    return invalidInput(
      foreign.validation.map((field) => ({
        path: pathOf((field.instancePath ?? '').split('/').filter(Boolean)),
        message: field.message ?? 'is not what was expected',
        ...(context && context !== 'body' ? { in: context } : {}),
      })),
    );
  }
  if (foreign.name === 'ZodError' && Array.isArray(foreign.issues)) {
    return invalidInput(foreign.issues.map(({ path, message }) => ({ path: pathOf(path), message })));
  }
  if (isDatabaseUnavailable(foreign)) {
    return new KeptError('database_unavailable', 'The database does not answer. Try again in a moment.', {
      cause: err,
    });
  }
  const refusal = typeof foreign.code === 'string' ? TAKES_NOTHING[foreign.code] : undefined;
  if (refusal !== undefined) return new KeptError('database_unavailable', refusal, { cause: err });
  return byStatus(foreign, err);
}

/** Fastify's own refusals: their messages describe the request and nothing of ours. */
function byStatus(foreign: Foreign, cause: unknown): KeptError {
  const detail = typeof foreign.message === 'string' ? foreign.message : '';
  switch (foreign.statusCode) {
    case 400:
      return new KeptError('malformed_request', detail, { cause });
    case 404:
      return new KeptError('not_found', detail, { cause });
    case 405:
      return new KeptError('method_not_allowed', detail, { cause });
    case 413:
      return new KeptError('payload_too_large', detail, { cause });
    case 415:
      return new KeptError('unsupported_media_type', detail, { cause });
    case 429:
      return new KeptError('too_many_requests', detail, { cause });
    case 503:
      return new KeptError('overloaded', detail, { cause });
    default:
      if (typeof foreign.statusCode === 'number' && foreign.statusCode >= 400 && foreign.statusCode < 500)
        return new KeptError('malformed_request', detail, { cause });
      return new KeptError('internal', 'The request was not carried out. The server’s log tells why.', {
        cause,
      });
  }
}

/** @param errors in the order in which the fields stand; the first is told in the detail */
export function invalidInput(errors: FieldError[]): KeptError {
  const [first] = errors;
  const rest = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  const detail = first
    ? `${first.path || 'The request'}: ${first.message}${rest}`
    : 'The request is not what was expected.';
  return new KeptError('invalid_input', detail, { errors });
}

/** ['lines', 0, 'quantity'] → 'lines[0].quantity' */
export function pathOf(parts: readonly PropertyKey[]): string {
  return parts.reduce<string>((path, part) => {
    const name = String(part);
    if (/^\d+$/.test(name)) return `${path}[${name}]`;
    return path ? `${path}.${name}` : name;
  }, '');
}

/**
 * True for a lost or refused connection: Node's socket errors; PostgreSQL's class 08, its shutdown (57P01 to 57P03), a transaction
 * that stood still for too long (25P03) and "too many connections" (53300). pg gives no code to what was under way on a connection
 * that ended.
 */
function isDatabaseUnavailable({ code, message, syscall }: Foreign): boolean {
  // Of a server that ended in order, the socket's file is gone with it.
  if (code === 'ENOENT') return syscall === 'connect';
  if (typeof code !== 'string')
    return (
      typeof message === 'string' &&
      /^(Connection terminated|Client has encountered a connection error)/.test(message)
    );
  return /^(ECONN(REFUSED|RESET)|EPIPE|ETIMEDOUT|ENOTFOUND|08\w{3}|57P0[123]|25P03|53300)$/.test(code);
}

/** PostgreSQL's own, of a server that answers and yet takes nothing: whoever runs it has to do something. */
const TAKES_NOTHING: Readonly<Record<string, string>> = {
  '53100': 'The disk of the database is full: whoever runs it has to make room. Nothing of this was kept.',
  '53200': 'The database is out of memory. Nothing of this was kept; try again in a moment.',
  '58030': 'The disk of the database fails: whoever runs it has to look at it. Nothing of this was kept.',
  // A standby before it is promoted, or a primary that no longer is one.
  '25006':
    'The database takes no changes at this moment, as a standby does. Nothing of this was kept; try again.',
};
