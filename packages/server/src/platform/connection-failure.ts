import pg from 'pg';
import { KeptError } from './errors.ts';

/** Turns a failed connection into a sentence that names the server and says what to do; never shows the password. */
export function explainConnectionFailure(err: unknown, url: string): KeptError {
  const code = err instanceof Error && 'code' in err ? String(err.code) : '';
  const { server, user, database } = describe(url);
  const detail =
    sentence(code, { server, user, database }) ?? `The database at ${server} refused: ${messageOf(err)}`;
  return new KeptError('database_unavailable', detail, { cause: err });
}

/** The parts of a connection URL that may be shown. */
function describe(url: string): { server: string; user: string; database: string } {
  const { host, port, user, database } = new pg.Client({ connectionString: url });
  const server = host.startsWith('/') ? `the socket in ${host}` : `${host}:${port}`;
  return { server, user: user ?? 'the default user', database: database ?? 'the default database' };
}

function sentence(code: string, { server, user, database }: ReturnType<typeof describe>): string | undefined {
  switch (code) {
    case 'ECONNREFUSED':
    case 'ENOENT':
      return `No PostgreSQL answers at ${server}. Start it, or correct KEPT_DATABASE_URL.`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `The host of the database, ${server}, is not known here. Correct KEPT_DATABASE_URL, or the DNS.`;
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return `The database at ${server} cannot be reached. A firewall may be between, or the host is down.`;
    case '28P01':
    case '28000':
      return `The database at ${server} does not let ${user} in. Correct the user or password in KEPT_DATABASE_URL.`;
    case '3D000':
      return `The server at ${server} has no database "${database}". Create it, or correct KEPT_DATABASE_URL.`;
    case '53300':
      return `The server at ${server} has no free connection. Raise its max_connections, or stop what holds them.`;
    case '57P03':
      return `The server at ${server} is starting or stopping. Try again in a moment.`;
    case '22023':
      return `The database "${database}" at ${server} has not been prepared for Kept. Run "kept migrate" first.`;
    case '42501':
      return `${user} may not act as the role kept_app at ${server}. Run "kept migrate" as the owner of the database first.`;
    default:
      return undefined;
  }
}

function messageOf(err: unknown): string {
  return err instanceof Error && err.message ? err.message : 'it gave no reason.';
}
