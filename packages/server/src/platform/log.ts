import { destination, type Logger, type LoggerOptions, pino } from 'pino';

export type { Logger };

export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/**
 * Options for pino, and for Fastify's logger, which is pino: JSON, one line an event, and no personal data. A request is
 * logged by its route and not by its address, because addresses hold search words and the shopper's token.
 */
export function logOptions(level: string): LoggerOptions {
  return {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { req: describeRequest, res: describeResponse, err: describeError, error: describeError },
    redact: { paths: PRIVATE_FIELDS, censor: '[private]' },
  };
}

/** @param fileDescriptor where lines go; stderr unless told, so that stdout is left to what a command answers. */
export function createLog(level = 'info', fileDescriptor: 1 | 2 = 2): Logger {
  return pino(logOptions(level), destination(fileDescriptor));
}

/** The second line of defence: these fields are private wherever they appear, should somebody log a whole object. */
const PRIVATE_FIELDS = [
  'email',
  'name',
  'phone',
  'address',
  'zip',
  'customer',
  'shipTo',
  'authorization',
  'cookie',
  'password',
  'token',
].flatMap((field) => [field, `*.${field}`, `*.*.${field}`]);

interface LoggedRequest {
  id?: unknown;
  method?: string;
  routeOptions?: { url?: string };
}

function describeRequest(request: LoggedRequest) {
  return { id: request.id, method: request.method, route: request.routeOptions?.url ?? 'unknown' };
}

function describeResponse(response: { statusCode?: number }) {
  return { status: response.statusCode };
}

/** Fields of an error that never hold a row's values. */
interface LoggedError {
  name?: string;
  message?: string;
  stack?: string;
  code?: unknown;
  severity?: unknown;
  table?: unknown;
  constraint?: unknown;
  cause?: unknown;
}

function describeError(thrown: unknown): object {
  if (typeof thrown !== 'object' || thrown === null) return { message: typeof thrown };
  const error: LoggedError = thrown;
  const { name, code, table, constraint, cause } = error;
  // PostgreSQL's DETAIL quotes the row, and the messages of class 22 ("invalid input syntax …") the value.
  const quotesValue = error.severity !== undefined && String(code).startsWith('22');
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line));
  return {
    name,
    code,
    message: quotesValue ? 'a value that PostgreSQL does not take' : error.message,
    table,
    constraint,
    stack: frames?.join('\n'),
    ...(cause === undefined ? {} : { cause: describeError(cause) }),
  };
}
