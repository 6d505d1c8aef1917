import type { Connection, Connector, Finding, Page, Reading } from '../../connections/index.ts';
import { follow } from '../follow.ts';
import { outcomeOf } from '../http.ts';
import { WRITTEN } from '../outgoing.ts';
import { carryOut } from './actions.ts';
import { currencyOf, itemSources, supplierSource } from './catalog.ts';
import { orderSources } from './orders.ts';
import { type Context, TrytonRpc } from './rpc.ts';
import { TrytonSecrets, TrytonSettings } from './settings.ts';

/** Tryton 6 and later, over JSON-RPC, with its modules purchase and stock. */
export const trytonConnector: Connector<TrytonSettings, TrytonSecrets> = {
  kind: 'tryton',
  role: 'erp',
  title: 'Tryton',
  streams: ['suppliers', 'items', 'purchase_orders'],
  can: { push: false, publish: false, act: WRITTEN },
  settings: TrytonSettings,
  secrets: TrytonSecrets,
  open: (context) => new TrytonConnection(context),
};

class TrytonConnection implements Connection {
  readonly #context: Context;
  readonly #rpc: TrytonRpc;
  constructor(context: Context) {
    this.#context = context;
    this.#rpc = new TrytonRpc(context);
  }

  async check(signal?: AbortSignal): Promise<readonly Finding[]> {
    const findings: Finding[] = [];
    const currency = await currencyOf(this.#rpc, signal);
    if (currency === null)
      findings.push({
        code: 'no_company',
        level: 'broken',
        words:
          'The user is of no company, and none is given: give the setting company, or put the user into one.',
      });
    const warehouses = await this.#rpc.read(
      'stock.location',
      [['type', '=', 'warehouse']],
      ['code', 'name'],
      {
        signal,
      },
    );
    const { locations } = this.#context.settings;
    for (const { code, name } of warehouses) {
      const called = String(code ?? name);
      if (!(called in locations))
        findings.push({
          code: 'warehouse_by_its_name',
          level: 'warning',
          words: `The warehouse ${called} is not among the setting locations: what comes to it is told of a location ${called}.`,
        });
    }
    return [...findings, { code: 'signed_in', level: 'ok', words: 'It lets us in, and shows its orders.' }];
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
