import type { ConnectionInput, Connection as ConnectionView } from '@kept/contract';
import type pg from 'pg';
import type { z } from 'zod';
import { withBrand } from '../platform/database.ts';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { sealerFor } from '../platform/sealed.ts';
import type { Applied } from './apply-facts.ts';
import {
  type ConnectionRow,
  connectionOrFail,
  insertNote,
  readConnection,
  setPartingSecrets,
  setSecrets,
  setState,
  upsertConnection,
  withSecrets,
} from './connection-store.ts';
import type { Finding } from './connector.ts';
import { aboutSecrets, breakConnection, closeConnection, openRow, parsed } from './opened.ts';
import { reconcileNow } from './reconcile.ts';
import { connectorOf, toolsOf } from './registry.ts';
import { beginStreams, readStreams, restartStreams, wakeStreams } from './stream-store.ts';
import { countWaiting, forgetConnection } from './waiting-store.ts';

export type View = z.output<typeof ConnectionView>;

/**
 * Makes a connection, or makes it what the input says. Secrets that are left out stay as they are.
 * @throws KeptError `invalid_input` for settings or secrets that its connector does not take, `conflict` for another kind
 */
export async function saveConnection(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  name: string,
  input: z.output<typeof ConnectionInput>,
): Promise<boolean> {
  const connector = connectorOf(kept, input.kind);
  parsed(connector, 'settings', input.settings);
  const before = await readConnection(client, brandId, name);
  if (before !== null && before.kind !== input.kind)
    throw new KeptError(
      'conflict',
      `${name} is a connection to ${before.kind}; give this one to ${input.kind} another name.`,
    );
  let secrets = before?.secrets ?? null;
  if (input.secrets !== undefined) {
    parsed(connector, 'secrets', input.secrets);
    secrets = sealerFor(toolsOf(kept)).seal(JSON.stringify(input.secrets), aboutSecrets(brandId, name));
  } else if (secrets === null && connector.authorise === undefined) parsed(connector, 'secrets', {});
  const now = kept.clock.now();
  const created = await upsertConnection(
    client,
    brandId,
    {
      name,
      kind: connector.kind,
      role: connector.role,
      title: input.title ?? before?.title ?? connector.title,
      settings: JSON.stringify(input.settings),
      secrets,
    },
    now,
  );
  await beginStreams(client, brandId, name, connector.streams, now);
  await wakeStreams(client, brandId, name, now);
  return created;
}

/** A connection as it is answered; its secrets never are. */
export async function viewConnection(
  client: pg.PoolClient,
  brandId: number,
  row: ConnectionRow,
): Promise<View> {
  const [streams, waiting] = await Promise.all([
    readStreams(client, brandId, row.name),
    countWaiting(client, brandId, row.name),
  ]);
  return {
    name: row.name,
    kind: row.kind,
    role: row.role,
    title: row.title,
    state: row.state,
    trouble: row.trouble,
    settings: JSON.parse(row.settings),
    hasSecrets: row.secrets !== null,
    streams: streams.map((one) => ({
      stream: one.stream,
      phase: one.phase,
      progress: one.progress,
      facts: one.facts,
      lastReadAt: one.lastReadAt,
      trouble: one.trouble,
    })),
    waiting,
    createdAt: row.createdAt,
  };
}

/** Nothing is read, decided, published or asked of it until it is resumed; pushes are taken all the same. */
export async function pauseConnection(
  kept: Kept,
  brandId: number,
  name: string,
  pause: boolean,
): Promise<void> {
  await withBrand(kept.db, brandId, async (client) => {
    const row = await connectionOrFail(client, brandId, name);
    if (row.state === 'disconnected')
      throw new KeptError(
        'conflict',
        `${name} is disconnected; PUT /v1/connections/${name} connects it again.`,
      );
    await setState(client, brandId, name, pause ? 'paused' : 'active', null);
    if (!pause) await wakeStreams(client, brandId, name, kept.clock.now());
  });
  if (pause) await closeConnection(kept, brandId, name);
}

/** Reads streams again, all or some, from a date or from the beginning; what is known is applied again. */
export function replayConnection(
  kept: Kept,
  brandId: number,
  name: string,
  { from, streams }: { from?: string | undefined; streams?: readonly string[] | undefined },
): Promise<void> {
  return withBrand(kept.db, brandId, async (client) => {
    const row = await connectionOrFail(client, brandId, name);
    const connector = connectorOf(kept, row.kind);
    const unknown = streams?.find((stream) => !connector.streams.includes(stream));
    if (unknown !== undefined)
      throw new KeptError('invalid_input', `${connector.title} has no stream ${JSON.stringify(unknown)}.`, {
        errors: [{ path: 'streams', message: `expected of ${connector.streams.join(', ')}` }],
      });
    const since = from === undefined ? null : new Date(from);
    await restartStreams(client, brandId, name, streams ?? null, since, kept.clock.now());
  });
}

/** Takes back what was left in the other system, then forgets its secrets. What it told stays. */
export async function disconnect(kept: Kept, brandId: number, name: string): Promise<void> {
  const row = await withBrand(kept.db, brandId, (client) => connectionOrFail(client, brandId, name));
  if (row.state === 'disconnected') return;
  // First, so that nothing is published while it is taken back.
  await withBrand(kept.db, brandId, (client) => setState(client, brandId, name, 'paused', null));
  const { connection } = await openRow(kept, brandId, row);
  await connection.disconnect?.();
  await closeConnection(kept, brandId, name);
  await endConnection(kept, brandId, name, 'disconnected');
}

/** The connection is over, whoever ended it: nothing waits any more, and its secrets are forgotten. */
export async function endConnection(kept: Kept, brandId: number, name: string, words: string): Promise<void> {
  await withBrand(kept.db, brandId, async (client) => {
    await keepParting(kept, client, brandId, name);
    await setState(client, brandId, name, 'disconnected', null);
    await setSecrets(client, brandId, name, null);
    await forgetConnection(client, brandId, name);
    await insertNote(client, brandId, name, { at: kept.clock.now(), level: 'info', words, data: '{}' });
  });
  await closeConnection(kept, brandId, name);
}

/** What checks the other side's word about privacy outlives the connection: customers may ask it after that. */
async function keepParting(kept: Kept, client: pg.PoolClient, brandId: number, name: string): Promise<void> {
  const row = await connectionOrFail(client, brandId, name);
  const connector = connectorOf(kept, row.kind);
  if (connector.parting === undefined || row.secrets === null) return;
  const about = aboutSecrets(brandId, name);
  const sealer = sealerFor(toolsOf(kept));
  const left = connector.parting(JSON.parse(sealer.open(row.secrets, about)));
  await setPartingSecrets(client, brandId, name, sealer.seal(JSON.stringify(left), about));
}

/** Nothing is expected of the other side any more. */
export async function forgetParting(kept: Kept, brandId: number, name: string): Promise<void> {
  await withBrand(kept.db, brandId, (client) => setPartingSecrets(client, brandId, name, null));
  await closeConnection(kept, brandId, name);
}

/** Asks the other side whether all is as it has to be. What cannot be asked is a finding too. */
export async function checkConnection(
  kept: Kept,
  brandId: number,
  name: string,
): Promise<readonly Finding[]> {
  const row = await withBrand(kept.db, brandId, (client) => connectionOrFail(client, brandId, name), {
    reads: true,
  });
  try {
    const { connection } = await openRow(kept, brandId, row);
    return await connection.check(AbortSignal.timeout(60_000));
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    if (row.state === 'active' && error instanceof Error && error.name === 'AccessLost')
      await breakConnection(kept, brandId, name, error);
    return [{ code: 'unreachable', level: 'broken', words }];
  }
}

/** @throws KeptError `conflict` for one that is not active, or whose other side does not answer */
export async function reconcileByHand(
  kept: Kept,
  brandId: number,
  name: string,
): Promise<Record<string, Applied>> {
  const row = await withBrand(kept.db, brandId, (client) => connectionOrFail(client, brandId, name), {
    reads: true,
  });
  if (row.state !== 'active')
    throw new KeptError('conflict', `${name} is ${row.state}; it can be reconciled while it is active.`);
  try {
    return await reconcileNow(kept, brandId, await openRow(kept, brandId, row), kept.clock.now());
  } catch (error) {
    if (error instanceof KeptError) throw error;
    const words = error instanceof Error ? error.message : String(error);
    throw new KeptError('conflict', `${row.title} could not be read: ${words}`, { cause: error });
  }
}

/**
 * Whether the keys that are here open what is sealed, and seals anew what is under an older one.
 * @throws KeptError `cannot_start` with what to do
 */
export async function checkSecrets(kept: Kept, brandId: number): Promise<void> {
  const { sealer } = toolsOf(kept);
  const names = await withBrand(kept.db, brandId, (client) => withSecrets(client, brandId), { reads: true });
  if (names.length === 0) return;
  if (sealer === undefined)
    throw new KeptError(
      'cannot_start',
      `The connections ${names.join(', ')} have secrets, and there is no key that opens them. Set KEPT_SECRET_KEY to the keys that they were kept under.`,
    );
  for (const name of names) {
    await withBrand(kept.db, brandId, async (client) => {
      const row = await connectionOrFail(client, brandId, name);
      const about = aboutSecrets(brandId, name);
      for (const [sealed, set] of [
        [row.secrets, setSecrets],
        [row.partingSecrets, setPartingSecrets],
      ] as const) {
        if (sealed === null) continue;
        try {
          const text = sealer.open(sealed, about);
          if (sealer.isOld(sealed)) await set(client, brandId, name, sealer.seal(text, about));
        } catch (error) {
          throw new KeptError('cannot_start', error instanceof Error ? error.message : String(error));
        }
      }
    });
  }
}
