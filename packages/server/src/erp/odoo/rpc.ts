import { AccessLost, type ConnectionContext } from '../../connections/index.ts';
import type { Changed } from '../follow.ts';
import { ask, Refused } from '../http.ts';
import { trimmed } from '../settings.ts';
import type { OdooSecrets, OdooSettings } from './settings.ts';

export type Context = ConnectionContext<OdooSettings, OdooSecrets>;
export type Row = Readonly<Record<string, unknown>> & { readonly id: number };
type Named = Readonly<Record<string, unknown>>;

/** Odoo's models, by JSON-2 or, in versions before 19, by /jsonrpc. */
export class OdooRpc {
  readonly #context: Context;
  readonly #address: string;
  #user: number | null = null;
  readonly #fields = new Map<string, ReadonlySet<string>>();

  constructor(context: Context) {
    this.#context = context;
    this.#address = trimmed(context.settings.address);
  }

  async read(
    model: string,
    domain: readonly unknown[],
    fields: readonly string[],
    more: Named = {},
    signal?: AbortSignal,
  ): Promise<readonly Row[]> {
    const there = await this.fields(model, signal);
    const known = fields.filter((field) => there.has(field));
    return (await this.call(
      model,
      'search_read',
      null,
      { domain, fields: known, ...more },
      signal,
    )) as readonly Row[];
  }

  /** Fields have other names in other versions: what this one has. */
  async fields(model: string, signal?: AbortSignal): Promise<ReadonlySet<string>> {
    const known = this.#fields.get(model);
    if (known !== undefined) return known;
    const told = (await this.call(model, 'fields_get', null, { attributes: ['type'] }, signal)) as Named;
    const fields = new Set(Object.keys(told));
    this.#fields.set(model, fields);
    return fields;
  }

  /** @param ids null: the method is the model's own */
  call(
    model: string,
    method: string,
    ids: readonly number[] | null,
    named: Named,
    signal?: AbortSignal,
  ): Promise<unknown> {
    return this.#context.settings.protocol === 'json2'
      ? this.#callJson2(model, method, ids, named, signal)
      : this.#callRpc(model, method, ids, named, signal);
  }

  #callJson2(
    model: string,
    method: string,
    ids: readonly number[] | null,
    named: Named,
    signal: AbortSignal | undefined,
  ): Promise<unknown> {
    const { database } = this.#context.settings;
    return ask(this.#context, `${this.#address}/json/2/${model}/${method}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `bearer ${this.#context.secrets.apiKey}`,
        'x-odoo-database': database,
      },
      body: JSON.stringify({ ...(ids === null ? {} : { ids }), ...named }),
      ...(signal === undefined ? {} : { signal }),
    });
  }

  async #callRpc(
    model: string,
    method: string,
    ids: readonly number[] | null,
    named: Named,
    signal: AbortSignal | undefined,
  ): Promise<unknown> {
    const { database, user } = this.#context.settings;
    const { apiKey } = this.#context.secrets;
    if (this.#user === null) {
      const found = await this.#post('common', 'authenticate', [database, user ?? '', apiKey, {}], signal);
      if (typeof found !== 'number')
        throw new AccessLost(
          `Odoo does not let ${user ?? 'a user without a name'} in: give the name and key again.`,
        );
      this.#user = found;
    }
    const args = ids === null ? [] : [ids];
    return this.#post(
      'object',
      'execute_kw',
      [database, this.#user, apiKey, model, method, args, named],
      signal,
    );
  }

  async #post(service: string, method: string, args: readonly unknown[], signal: AbortSignal | undefined) {
    const answer = (await ask(this.#context, `${this.#address}/jsonrpc`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', method: 'call', id: 1, params: { service, method, args } }),
      ...(signal === undefined ? {} : { signal }),
    })) as { result?: unknown; error?: { message?: string; data?: { name?: string; message?: string } } };
    if (answer.error === undefined) return answer.result;
    const { name = '', message = answer.error.message ?? 'nothing' } = answer.error.data ?? {};
    const words = `Odoo refused ${method}: ${message}`.slice(0, 500);
    if (/AccessDenied|SessionExpired/.test(name)) {
      this.#user = null;
      throw new AccessLost(words);
    }
    if (/AccessError|UserError|ValidationError|MissingError|TypeError|ValueError/.test(name))
      throw new Refused(200, words);
    throw new Error(words);
  }
}

/** Odoo tells instants in UTC, without saying so; nothing is `false`. */
export const instant = (told: unknown): string =>
  new Date(`${String(told).replace(' ', 'T')}Z`).toISOString();
const asked = (iso: string): string => iso.slice(0, 19).replace('T', ' ');

export const dayOf = (told: unknown): string | null =>
  typeof told === 'string' && told !== '' ? told.slice(0, 10) : null;
export const textOf = (told: unknown): string | null =>
  typeof told === 'string' && told.trim() !== '' ? told.trim() : null;
/** The id of what a record refers to. */
export const idOf = (told: unknown): number | null => (Array.isArray(told) ? (told[0] as number) : null);

export async function changedOf(
  rpc: OdooRpc,
  model: string,
  domain: readonly unknown[],
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
  const bounds = [
    ...domain,
    ...(after === null ? [] : [['id', '>', after]]),
    ...(since === null ? [] : [['write_date', '>=', asked(since)]]),
  ];
  const rows = await rpc.read(model, bounds, ['write_date'], { limit, order: 'id asc' }, signal);
  return rows.map((row) => ({ id: row.id, stamp: instant(row.write_date) }));
}
