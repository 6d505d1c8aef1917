import type { Connection, Connector, Finding, Page, Reading } from '../../connections/index.ts';
import { follow } from '../follow.ts';
import { outcomeOf } from '../http.ts';
import { WRITTEN } from '../outgoing.ts';
import { carryOut } from './actions.ts';
import { itemSources, supplierSource } from './catalog.ts';
import { orderSources } from './orders.ts';
import { type Context, OdooRpc } from './rpc.ts';
import { OdooSecrets, OdooSettings } from './settings.ts';

/** Odoo with its apps Purchase and Inventory. */
export const odooConnector: Connector<OdooSettings, OdooSecrets> = {
  kind: 'odoo',
  role: 'erp',
  title: 'Odoo',
  streams: ['suppliers', 'items', 'purchase_orders'],
  can: { push: false, publish: false, act: WRITTEN },
  settings: OdooSettings,
  secrets: OdooSecrets,
  open: (context) => new OdooConnection(context),
};

class OdooConnection implements Connection {
  readonly #context: Context;
  readonly #rpc: OdooRpc;
  constructor(context: Context) {
    this.#context = context;
    this.#rpc = new OdooRpc(context);
  }

  async check(signal?: AbortSignal): Promise<readonly Finding[]> {
    const { locations, protocol, user } = this.#context.settings;
    if (protocol !== 'json2' && user === undefined)
      return [
        {
          code: 'no_user',
          level: 'broken',
          words: 'The older protocols ask for a name: give the setting user.',
        },
      ];
    const warehouses = await this.#rpc.read('stock.warehouse', [], ['code'], {}, signal);
    await this.#rpc.read('purchase.order', [], ['name'], { limit: 1 }, signal);
    const unnamed = warehouses
      .filter(({ code }) => !(String(code) in locations))
      .map(
        ({ code }): Finding => ({
          code: 'warehouse_by_its_name',
          level: 'warning',
          words: `The warehouse ${code} is not among the setting locations: what comes to it is told of a location ${code}.`,
        }),
      );
    return [...unnamed, { code: 'signed_in', level: 'ok', words: 'It lets us in, and shows its orders.' }];
  }

  changes(stream: string, cursor: string | null, reading: Reading): AsyncIterable<Page> {
    return follow(this.#sources(stream), cursor, reading);
  }

  #sources(stream: string) {
    if (stream === 'suppliers') return [supplierSource(this.#rpc)];
    if (stream === 'items') return this.#context.settings.items === 'here' ? itemSources(this.#rpc) : [];
    return orderSources(this.#rpc, this.#context);
  }

  act(action: Parameters<NonNullable<Connection['act']>>[0], signal?: AbortSignal) {
    return outcomeOf(() => carryOut(this.#rpc, action, this.#context.settings, signal));
  }
}
