import { AccessLost, type ConnectionContext } from '../../connections/index.ts';
import type { Changed } from '../follow.ts';
import { ask, askText, Refused } from '../http.ts';
import { trimmed } from '../settings.ts';
import type { OdooSecrets, OdooSettings } from './settings.ts';
import { readAnswer, writeCall, XmlRpcFault } from './xml-rpc.ts';

export type Context = ConnectionContext<OdooSettings, OdooSecrets>;
export type Row = Readonly<Record<string, unknown>> & { readonly id: number };
type Named = Readonly<Record<string, unknown>>;

/** They change nothing. */
const READING = new Set(['search_read', 'fields_get', 'authenticate']);

/** Odoo's models, by JSON-2 or, in versions before 19, by /jsonrpc or /xmlrpc/2. */
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
      reads: READING.has(method),
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
      const found = await this.#post(
        'common',
        'authenticate',
        [database, user ?? '', apiKey, {}],
        signal,
        true,
      );
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
      READING.has(method),
    );
  }

  async #post(
    service: string,
    method: string,
    args: readonly unknown[],
    signal: AbortSignal | undefined,
    reads: boolean,
  ): Promise<unknown> {
    const told =
      this.#context.settings.protocol === 'xmlrpc'
        ? await this.#postXml(service, method, args, signal, reads)
        : await this.#postJson(service, method, args, signal, reads);
    if (!('trouble' in told)) return told.result;
    const words = `Odoo refused ${method}: ${told.words}`.slice(0, 500);
    if (told.trouble === 'access') {
      this.#user = null;
      throw new AccessLost(words);
    }
    throw told.trouble === 'asked_wrongly' ? new Refused(200, words) : new Error(words);
  }

  async #postJson(
    service: string,
    method: string,
    args: readonly unknown[],
    signal: AbortSignal | undefined,
    reads: boolean,
  ): Promise<Told> {
    const answer = (await ask(this.#context, `${this.#address}/jsonrpc`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', method: 'call', id: 1, params: { service, method, args } }),
      reads,
      ...(signal === undefined ? {} : { signal }),
    })) as { result?: unknown; error?: { message?: string; data?: { name?: string; message?: string } } };
    if (answer.error === undefined) return { result: answer.result };
    const { name = '', message = answer.error.message ?? 'nothing' } = answer.error.data ?? {};
    return { trouble: troubleNamed(name), words: message };
  }

  async #postXml(
    service: string,
    method: string,
    args: readonly unknown[],
    signal: AbortSignal | undefined,
    reads: boolean,
  ): Promise<Told> {
    const { text } = await askText(this.#context, `${this.#address}/xmlrpc/2/${service}`, {
      method: 'POST',
      headers: { 'content-type': 'text/xml' },
      body: writeCall(method, args),
      reads,
      ...(signal === undefined ? {} : { signal }),
    });
    try {
      return { result: readAnswer(text) };
    } catch (error) {
      if (!(error instanceof XmlRpcFault)) throw error;
      return { trouble: troubleOf(error), words: lastLine(error.message) };
    }
  }
}

type Told =
  | { readonly result: unknown }
  | { readonly trouble: 'access' | 'asked_wrongly' | 'there'; readonly words: string };

const ASKED_WRONGLY = /AccessError|UserError|ValidationError|MissingError|TypeError|ValueError/;

/** By the name of the exception that Odoo tells. */
function troubleNamed(name: string): 'access' | 'asked_wrongly' | 'there' {
  if (/AccessDenied|SessionExpired/.test(name)) return 'access';
  return ASKED_WRONGLY.test(name) ? 'asked_wrongly' : 'there';
}

/** The codes of faults at /xmlrpc/2. What is none of them is told with the exception's trace, whose last line names it. */
const WARNING = 2;
const ACCESS_DENIED = 3;
const ACCESS_ERROR = 4;

function troubleOf({ code, message }: XmlRpcFault): 'access' | 'asked_wrongly' | 'there' {
  if (code === ACCESS_DENIED) return 'access';
  if (code === WARNING || code === ACCESS_ERROR) return 'asked_wrongly';
  return troubleNamed(lastLine(message).split(':')[0]!);
}

const lastLine = (text: string): string => text.trim().split('\n').at(-1)!.trim();

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
