import type { Connection, Connector, Finding, Page, Reading } from '../../connections/index.ts';
import { follow } from '../follow.ts';
import { outcomeOf } from '../http.ts';
import { WRITTEN } from '../outgoing.ts';
import { carryOut } from './actions.ts';
import { type Context, NetsuiteRest } from './rest.ts';
import { NetsuiteSecrets, NetsuiteSettings } from './settings.ts';
import { itemSource, orderSources, supplierSource } from './sources.ts';

/** NetSuite over SuiteTalk REST: SuiteQL to read, records to write. */
export const netsuiteConnector: Connector<NetsuiteSettings, NetsuiteSecrets> = {
  kind: 'netsuite',
  role: 'erp',
  title: 'NetSuite',
  streams: ['suppliers', 'items', 'purchase_orders'],
  can: { push: false, publish: false, act: WRITTEN },
  settings: NetsuiteSettings,
  secrets: NetsuiteSecrets,
  open: (context) => new NetsuiteConnection(context),
};

class NetsuiteConnection implements Connection {
  readonly #context: Context;
  readonly #rest: NetsuiteRest;
  constructor(context: Context) {
    this.#context = context;
    this.#rest = new NetsuiteRest(context);
  }

  async check(signal?: AbortSignal): Promise<readonly Finding[]> {
    const { locations, timeZone } = this.#context.settings;
    await this.#rest.query("SELECT id FROM transaction WHERE type = 'PurchOrd' ORDER BY id", 1, signal);
    const there = await this.#rest.query('SELECT id, name FROM location', 1000, signal);
    const unknown = Object.keys(locations).filter((name) => !there.some((one) => one.name === name));
    return [
      ...unknown.map(
        (name): Finding => ({
          code: 'unknown_location',
          level: 'warning',
          words: `NetSuite has no location ${name} that the role may see; the setting locations names it.`,
        }),
      ),
      {
        code: 'signed_in',
        level: 'ok',
        words: `It gives a token, and shows its orders; its stamps are read as ${timeZone}.`,
      },
    ];
  }

  changes(stream: string, cursor: string | null, reading: Reading): AsyncIterable<Page> {
    return follow(this.#sources(stream), cursor, reading);
  }

  #sources(stream: string) {
    if (stream === 'suppliers') return [supplierSource(this.#rest, this.#context)];
    if (stream === 'items')
      return this.#context.settings.items === 'here' ? [itemSource(this.#rest, this.#context)] : [];
    return orderSources(this.#rest, this.#context);
  }

  act(action: Parameters<NonNullable<Connection['act']>>[0], signal?: AbortSignal) {
    return outcomeOf(() => carryOut(this.#rest, action, this.#context.settings, signal));
  }
}
