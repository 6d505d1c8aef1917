import type { Connection, Connector, Finding, Page, Reading } from '../../connections/index.ts';
import { follow } from '../follow.ts';
import { outcomeOf } from '../http.ts';
import { WRITTEN } from '../outgoing.ts';
import { carryOut } from './actions.ts';
import { type Context, ErpnextRest } from './rest.ts';
import { ErpnextSecrets, ErpnextSettings } from './settings.ts';
import { itemSource, orderSources, supplierSource } from './sources.ts';

/** ERPNext 14 and later, over Frappe's REST. */
export const erpnextConnector: Connector<ErpnextSettings, ErpnextSecrets> = {
  kind: 'erpnext',
  role: 'erp',
  title: 'ERPNext',
  streams: ['suppliers', 'items', 'purchase_orders'],
  can: { push: false, publish: false, act: WRITTEN },
  settings: ErpnextSettings,
  secrets: ErpnextSecrets,
  open: (context) => new ErpnextConnection(context),
};

class ErpnextConnection implements Connection {
  readonly #context: Context;
  readonly #rest: ErpnextRest;
  constructor(context: Context) {
    this.#context = context;
    this.#rest = new ErpnextRest(context);
  }

  async check(signal?: AbortSignal): Promise<readonly Finding[]> {
    const { company, timeZone } = this.#context.settings;
    const [found] = await this.#rest.list('Company', ['name'], [['name', '=', company]], 1, signal);
    await this.#rest.list('Purchase Order', ['name'], [['company', '=', company]], 1, signal);
    if (found === undefined)
      return [
        {
          code: 'no_company',
          level: 'broken',
          words: `There is no company ${company} that the key may see.`,
        },
      ];
    return [
      {
        code: 'signed_in',
        level: 'ok',
        words: `It lets us in, and shows its orders; its stamps are read as ${timeZone}.`,
      },
    ];
  }

  changes(stream: string, cursor: string | null, reading: Reading): AsyncIterable<Page> {
    return follow(this.#sources(stream), cursor, reading);
  }

  #sources(stream: string) {
    if (stream === 'suppliers') return [supplierSource(this.#rest)];
    if (stream === 'items')
      return this.#context.settings.items === 'here' ? [itemSource(this.#rest, this.#context)] : [];
    return orderSources(this.#rest, this.#context);
  }

  act(action: Parameters<NonNullable<Connection['act']>>[0], signal?: AbortSignal) {
    return outcomeOf(() => carryOut(this.#rest, action, this.#context.settings, signal));
  }
}
