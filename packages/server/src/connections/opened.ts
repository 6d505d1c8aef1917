import { withBrand } from '../platform/database.ts';
import { KeptError, pathOf } from '../platform/errors.ts';
import { guardedFetch } from '../platform/guarded-fetch.ts';
import type { Kept } from '../platform/kept.ts';
import { sealerFor } from '../platform/sealed.ts';
import { type ConnectionRow, insertNote, readConnection, setSecrets, setState } from './connection-store.ts';
import type { AccessLost, Connection, Connector } from './connector.ts';
import { connectorOf, toolsOf } from './registry.ts';
import { soldOrders } from './sold-orders.ts';

export interface OpenedConnection {
  readonly row: ConnectionRow;
  readonly connector: Connector;
  readonly connection: Connection;
}

/** What secrets are sealed for: those of another brand or connection do not open. */
export const aboutSecrets = (brandId: number, name: string) => `connection ${name} of brand ${brandId}`;

interface Held {
  readonly opened: OpenedConnection;
  readonly of: string;
  secrets: string | null;
  readonly close: () => Promise<void>;
}

const held = new WeakMap<object, Map<string, Held>>();

function heldBy(kept: Kept): Map<string, Held> {
  let all = held.get(kept.db);
  if (all === undefined) {
    all = new Map();
    held.set(kept.db, all);
  }
  return all;
}

/**
 * The connection as this process holds it open, since what it knows of rates and tokens is worth keeping; opened anew when
 * somebody has changed it. Null: there is none, or it is not active.
 * @throws KeptError where its secrets do not open, or its settings are not what its connector expects
 */
export async function openConnection(
  kept: Kept,
  brandId: number,
  name: string,
): Promise<OpenedConnection | null> {
  const row = await withBrand(kept.db, brandId, (client) => readConnection(client, brandId, name), {
    reads: true,
  });
  if (row === null || row.state !== 'active') {
    await closeConnection(kept, brandId, name);
    return null;
  }
  return openRow(kept, brandId, row);
}

/** A push comes many times a second: so long it is opened by what was read before. */
const HELD_MS = 1000;
const looked = new WeakMap<
  object,
  Map<string, { readonly at: number; readonly opened: Promise<OpenedConnection> }>
>();

/**
 * The connection that a push is for, active or paused, or ended and still to be asked about privacy; what was changed of it
 * counts a second later at most.
 * @throws KeptError `not_found`
 */
export function heldConnection(kept: Kept, brandId: number, name: string): Promise<OpenedConnection> {
  let all = looked.get(kept.db);
  if (all === undefined) {
    all = new Map();
    looked.set(kept.db, all);
  }
  const key = `${brandId}:${name}`;
  const known = all.get(key);
  if (known !== undefined && performance.now() - known.at < HELD_MS) return known.opened;
  const opened = withBrand(kept.db, brandId, (client) => readConnection(client, brandId, name), {
    reads: true,
  }).then((row) => {
    if (row === null || (row.state === 'disconnected' && row.partingSecrets === null))
      throw new KeptError('not_found', `There is no connection ${JSON.stringify(name)}.`);
    return openRow(
      kept,
      brandId,
      row.state === 'disconnected' ? { ...row, secrets: row.partingSecrets } : row,
    );
  });
  const entry = { at: performance.now(), opened };
  all.set(key, entry);
  opened.catch(() => {
    if (all.get(key) === entry) all.delete(key);
  });
  return opened;
}

/** Whatever its state is. */
export async function openRow(kept: Kept, brandId: number, row: ConnectionRow): Promise<OpenedConnection> {
  const all = heldBy(kept);
  const key = `${brandId}:${row.name}`;
  const of = `${row.kind}\n${row.settings}`;
  const known = all.get(key);
  if (known !== undefined && known.of === of && known.secrets === row.secrets)
    return { ...known.opened, row };
  await closeConnection(kept, brandId, row.name);
  const connector = connectorOf(kept, row.kind);
  const { sealer, privateTargets, publicUrl, silenceMs } = toolsOf(kept);
  const about = aboutSecrets(brandId, row.name);
  const secrets = row.secrets === null ? {} : JSON.parse(sealerFor({ sealer }).open(row.secrets, about));
  const guarded = guardedFetch(privateTargets, silenceMs);
  const note = (level: 'info' | 'warning', words: string, data: Record<string, unknown> = {}) => {
    kept.log[level === 'info' ? 'info' : 'warn']({ connection: row.name, ...data }, words);
    void withBrand(kept.db, brandId, (client) =>
      insertNote(client, brandId, row.name, {
        at: kept.clock.now(),
        level,
        words,
        data: JSON.stringify(data),
      }),
    ).catch((err) => kept.log.warn({ err }, 'a note of a connection was not kept'));
  };
  const entry: Held = {
    of,
    secrets: row.secrets,
    opened: {
      row,
      connector,
      connection: connector.open({
        settings: parsed(connector, 'settings', JSON.parse(row.settings)),
        secrets: parsed(connector, 'secrets', secrets),
        now: () => kept.clock.now(),
        home: { kept, brandId, name: row.name },
        fetch: guarded.fetch,
        silenceMs,
        log: {
          info: (words, data) => note('info', words, data),
          warn: (words, data) => note('warning', words, data),
        },
        soldOrders: (channel, since) => soldOrders(kept, brandId, channel, since),
        pushUrl:
          publicUrl === null
            ? null
            : `${publicUrl}/v1/connections/${row.name}/pushes${brandId === 1 ? '' : `?brand=${brandId}`}`,
        async saveSecrets(renewed) {
          const sealed = sealerFor({ sealer }).seal(JSON.stringify(renewed), about);
          await withBrand(kept.db, brandId, (client) => setSecrets(client, brandId, row.name, sealed));
          entry.secrets = sealed;
        },
      }),
    },
    async close() {
      await entry.opened.connection.close?.();
      await guarded.close();
    },
  };
  all.set(key, entry);
  return entry.opened;
}

export async function closeConnection(kept: Kept, brandId: number, name: string): Promise<void> {
  const all = heldBy(kept);
  looked.get(kept.db)?.delete(`${brandId}:${name}`);
  const entry = all.get(`${brandId}:${name}`);
  if (entry === undefined) return;
  all.delete(`${brandId}:${name}`);
  await entry.close().catch((err) => kept.log.warn({ err, connection: name }, 'a connection did not close'));
}

/** Closes all that this process holds open. */
export async function closeConnections(kept: Kept): Promise<void> {
  const all = heldBy(kept);
  const entries = [...all.values()];
  all.clear();
  await Promise.all(entries.map((entry) => entry.close().catch(() => {})));
}

/**
 * Settings or secrets as the connector has them.
 * @throws KeptError `invalid_input` with the path of each that is not as expected
 */
export function parsed(connector: Connector, what: 'settings' | 'secrets', value: unknown): unknown {
  const result = connector[what].safeParse(value);
  if (result.success) return result.data;
  const errors = result.error.issues.map(({ path, message }) => ({
    path: pathOf([what, ...path]),
    message,
  }));
  throw new KeptError(
    'invalid_input',
    `The ${what} are not what ${connector.title} expects: ${errors[0]!.path} ${errors[0]!.message}.`,
    { errors },
  );
}

/** The access is gone for good: a person has to renew it, and nothing is asked of the other side meanwhile. */
export async function breakConnection(
  kept: Kept,
  brandId: number,
  name: string,
  error: AccessLost | Error,
): Promise<void> {
  const words = error.message;
  await withBrand(kept.db, brandId, async (client) => {
    await setState(client, brandId, name, 'broken', words);
    await insertNote(client, brandId, name, { at: kept.clock.now(), level: 'broken', words, data: '{}' });
  });
  await closeConnection(kept, brandId, name);
}
