import { AccessLost, type ConnectionContext } from '../../connections/index.ts';
import { ask, Refused } from '../http.ts';
import { trimmed } from '../settings.ts';
import type { TrytonSecrets, TrytonSettings } from './settings.ts';
import { decoded, encoded } from './values.ts';

export type Context = ConnectionContext<TrytonSettings, TrytonSecrets>;
export type Row = Readonly<Record<string, unknown>>;

interface Session {
  readonly authorization: string;
  readonly context: Record<string, unknown>;
}

/** Tryton's JSON-RPC. A session that is over is begun again, once a call. */
export class TrytonRpc {
  readonly #context: Context;
  readonly #url: string;
  #session: Session | null = null;
  #calls = 0;

  constructor(context: Context) {
    const { address, database } = context.settings;
    this.#context = context;
    this.#url = `${trimmed(address)}/${encodeURIComponent(database)}/`;
  }

  /** The company in whose name is read and written, by its id there. */
  async company(signal?: AbortSignal): Promise<number | null> {
    const { context } = await this.#open(signal);
    return (context.company as number | null | undefined) ?? null;
  }

  async read(
    model: string,
    domain: unknown,
    fields: readonly string[],
    { limit = null, order = null, signal }: Options = {},
  ): Promise<readonly Row[]> {
    return (await this.call(
      model,
      'search_read',
      [domain, 0, limit, order, fields],
      signal,
    )) as readonly Row[];
  }

  async call(
    model: string,
    method: string,
    params: readonly unknown[],
    signal?: AbortSignal,
  ): Promise<unknown> {
    const attempt = async () => {
      const session = await this.#open(signal);
      return this.#post(
        `model.${model}.${method}`,
        [...params, session.context],
        session.authorization,
        signal,
      );
    };
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof AccessLost) || this.#session === null) throw error;
      this.#session = null;
      return attempt();
    }
  }

  async #open(signal?: AbortSignal): Promise<Session> {
    if (this.#session !== null) return this.#session;
    const { user, company } = this.#context.settings;
    const { password } = this.#context.secrets;
    const signedIn = await this.#post('common.db.login', [user, { password }, 'en'], null, signal).catch(
      (error) => {
        if (error instanceof AccessLost) return null;
        throw error;
      },
    );
    if (!Array.isArray(signedIn))
      throw new AccessLost(`Tryton does not let ${user} in. Give the user's name and password again.`);
    const bearer = Buffer.from(`${user}:${signedIn[0]}:${signedIn[1]}`).toString('base64');
    const authorization = `Session ${bearer}`;
    const preferences = await this.#post('model.res.user.get_preferences', [true, {}], authorization, signal);
    this.#session = {
      authorization,
      context: { ...(preferences as object), ...(company === undefined ? {} : { company }) },
    };
    return this.#session;
  }

  async #post(
    method: string,
    params: readonly unknown[],
    authorization: string | null,
    signal?: AbortSignal,
  ) {
    const answer = (await ask(this.#context, this.#url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(authorization === null ? {} : { authorization }),
      },
      body: JSON.stringify({ id: ++this.#calls, method, params: encoded(params) }),
      reads: READING.test(method),
      ...(signal === undefined ? {} : { signal }),
    })) as { result?: unknown; error?: unknown };
    if (answer.error !== undefined && answer.error !== null) throw faultOf(method, answer.error);
    return decoded(answer.result);
  }
}

interface Options {
  readonly limit?: number | null;
  readonly order?: readonly (readonly [string, string])[] | null;
  readonly signal?: AbortSignal | undefined;
}

/** They change nothing, but for a session more. */
const READING = /^common\.db\.login$|\.(search_read|get_preferences)$/;

/** Two at the same record, or a sign-in too many: it works when it is tried again. */
const PASSING = /Concurrency|RateLimit|OperationalError|LockError|Timeout/;

function faultOf(method: string, error: unknown): Error {
  const [kind, detail] = Array.isArray(error) ? error : [error, ''];
  const told = Array.isArray(detail) ? detail.filter((one) => typeof one === 'string').join(' ') : detail;
  const words = `Tryton refused ${method}: ${[String(kind), told].filter(Boolean).join(': ')}`.slice(0, 500);
  return PASSING.test(String(kind)) ? new Error(words) : new Refused(200, words);
}
