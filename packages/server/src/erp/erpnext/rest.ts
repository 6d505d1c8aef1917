import type { ConnectionContext } from '../../connections/index.ts';
import type { Changed } from '../follow.ts';
import { ask } from '../http.ts';
import { trimmed } from '../settings.ts';
import { instantOf, wallOf } from '../zoned.ts';
import type { ErpnextSecrets, ErpnextSettings } from './settings.ts';

export type Context = ConnectionContext<ErpnextSettings, ErpnextSecrets>;
export type Doc = Readonly<Record<string, unknown>> & { readonly name: string };
/** Of the document itself, or of a row of one of its tables. */
export type Filter =
  | readonly [field: string, operator: string, value: unknown]
  | readonly [table: string, field: string, operator: string, value: unknown];

/** Frappe's REST: documents of a type, one or many, and methods. */
export class ErpnextRest {
  readonly #context: Context;
  readonly #address: string;

  constructor(context: Context) {
    this.#context = context;
    this.#address = trimmed(context.settings.address);
  }

  list(
    type: string,
    fields: readonly string[],
    filters: readonly Filter[],
    limit = 0,
    signal?: AbortSignal,
  ): Promise<readonly Doc[]> {
    const query = new URLSearchParams({
      fields: JSON.stringify(fields),
      filters: JSON.stringify(filters),
      order_by: 'name asc',
      limit_page_length: String(limit),
    });
    return this.#ask('GET', `resource/${encodeURIComponent(type)}?${query}`, undefined, signal) as Promise<
      readonly Doc[]
    >;
  }

  read(type: string, name: string, signal?: AbortSignal): Promise<Doc> {
    const path = `resource/${encodeURIComponent(type)}/${encodeURIComponent(name)}`;
    return this.#ask('GET', path, undefined, signal) as Promise<Doc>;
  }

  create(type: string, doc: Record<string, unknown>, signal?: AbortSignal): Promise<Doc> {
    return this.#ask('POST', `resource/${encodeURIComponent(type)}`, doc, signal) as Promise<Doc>;
  }

  method(name: string, named: Record<string, unknown>, signal?: AbortSignal): Promise<unknown> {
    return this.#ask('POST', `method/${name}`, named, signal);
  }

  /** Documents whose stamp is at or above an instant, by name. */
  async changed(
    type: string,
    filters: readonly Filter[],
    {
      since,
      after,
      limit,
      signal,
    }: {
      readonly since: string | null;
      readonly after: number | string | null;
      readonly limit: number;
      readonly signal: AbortSignal | undefined;
    },
  ): Promise<readonly Changed[]> {
    const { timeZone } = this.#context.settings;
    const bounds: Filter[] = [
      ...filters,
      ...(after === null ? [] : [['name', '>', after] as Filter]),
      ...(since === null ? [] : [['modified', '>=', wallOf(since, timeZone)] as Filter]),
    ];
    const docs = await this.list(type, ['name', 'modified'], bounds, limit, signal);
    return docs.map(({ name, modified }) => ({ id: name, stamp: instantOf(String(modified), timeZone) }));
  }

  async #ask(method: string, path: string, body: unknown, signal: AbortSignal | undefined): Promise<unknown> {
    const { apiKey, apiSecret } = this.#context.secrets;
    const answer = (await ask(this.#context, `${this.#address}/api/${path}`, {
      method,
      reads: method === 'GET',
      headers: {
        authorization: `token ${apiKey}:${apiSecret}`,
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    })) as { data?: unknown; message?: unknown };
    return answer.data ?? answer.message;
  }
}
