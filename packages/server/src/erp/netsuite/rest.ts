import { AccessLost, type ConnectionContext } from '../../connections/index.ts';
import { type Asked, ask, Refused } from '../http.ts';
import { trimmed } from '../settings.ts';
import type { NetsuiteSecrets, NetsuiteSettings } from './settings.ts';
import { clientAssertion } from './token.ts';

export type Context = ConnectionContext<NetsuiteSettings, NetsuiteSecrets>;
export type Row = Readonly<Record<string, string | null | undefined>>;

/** SuiteTalk REST: records, and SuiteQL over all of them. */
export class NetsuiteRest {
  readonly #context: Context;
  readonly #address: string;
  #token: string | null = null;

  constructor(context: Context) {
    const { account, address } = context.settings;
    this.#context = context;
    const host = account.toLowerCase().replaceAll('_', '-');
    this.#address = trimmed(address ?? `https://${host}.suitetalk.api.netsuite.com`);
  }

  /** At most `limit` rows: pages are asked for by what is in them, since an offset shifts and ends at 100,000. */
  async query(text: string, limit = 1000, signal?: AbortSignal): Promise<readonly Row[]> {
    const answer = (await this.#ask(`query/v1/suiteql?limit=${limit}&offset=0`, {
      method: 'POST',
      // Without it NetSuite refuses the query: its result is not to be kept there.
      headers: { prefer: 'transient', 'content-type': 'application/json' },
      body: JSON.stringify({ q: text }),
      reads: true,
      ...(signal === undefined ? {} : { signal }),
    })) as { items?: readonly Row[] };
    return answer.items ?? [];
  }

  record(
    method: 'POST' | 'PATCH' | 'PUT',
    path: string,
    body: unknown,
    signal?: AbortSignal,
  ): Promise<unknown> {
    return this.#ask(`record/v1/${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
      ...(signal === undefined ? {} : { signal }),
    });
  }

  async #ask(path: string, init: Asked): Promise<unknown> {
    const attempt = async () => {
      const authorization = `Bearer ${await this.#open(init.signal ?? undefined)}`;
      const headers = { ...init.headers, authorization };
      return ask(this.#context, `${this.#address}/services/rest/${path}`, { ...init, headers });
    };
    try {
      return await attempt();
    } catch (error) {
      // A token lasts an hour; one that is over is asked for anew, once a call.
      if (!(error instanceof AccessLost) || this.#token === null) throw error;
      this.#token = null;
      return attempt();
    }
  }

  async #open(signal?: AbortSignal): Promise<string> {
    if (this.#token !== null) return this.#token;
    const { clientId, certificateId } = this.#context.settings;
    const audience = `${this.#address}/services/rest/auth/oauth2/v1/token`;
    const assertion = clientAssertion({
      privateKey: this.#context.secrets.privateKey,
      certificateId,
      clientId,
      audience,
      now: this.#context.now(),
    });
    try {
      const answer = (await ask(this.#context, audience, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
          client_assertion: assertion,
        }).toString(),
        reads: true,
        ...(signal === undefined ? {} : { signal }),
      })) as { access_token: string };
      this.#token = answer.access_token;
      return this.#token;
    } catch (error) {
      // It answers 400 where the certificate is unknown or over.
      if (!(error instanceof Refused)) throw error;
      throw new AccessLost(
        `NetSuite gives no token: ${error.message}. Look at the integration's client id, certificate and role.`,
      );
    }
  }
}

/** A text in SuiteQL. */
export const quoted = (text: string | number) => `'${String(text).replaceAll("'", "''")}'`;
