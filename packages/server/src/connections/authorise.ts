import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { withBrand } from '../platform/database.ts';
import { KeptError } from '../platform/errors.ts';
import { guardedFetch } from '../platform/guarded-fetch.ts';
import type { Kept } from '../platform/kept.ts';
import { sealerFor } from '../platform/sealed.ts';
import { type ConnectionRow, connectionOrFail, insertNote } from './connection-store.ts';
import { saveConnection } from './connections.ts';
import type { Authorisation } from './connector.ts';
import { aboutSecrets, closeConnection, parsed } from './opened.ts';
import { connectorOf, toolsOf } from './registry.ts';

/** Where the other side sends people back to, under Kept's own address: the same for every connection. */
export const RETURN_PATH = '/connections/authorised';
/** A person has this long to agree over there. */
const MINUTES = 10;
const ABOUT = 'authorisation of a connection';

/** What goes there and back with the person, sealed, so that nobody makes one up or reads it. */
interface State {
  readonly brandId: number;
  readonly name: string;
  /** Who began, as the audit trail names them. */
  readonly actor: string;
  /** Digest of the secret that only their browser or their key's owner has. */
  readonly binding: string;
  readonly expiresAt: number;
}

export interface Begun {
  readonly url: string;
  readonly expiresAt: string;
  /** Whoever comes back has to bring it: by it they are known to be who began. */
  readonly ticket: string;
}

/**
 * Begins a connection's authorisation: where a person is to be sent.
 * @throws KeptError `not_found`, `conflict` where its connector has none or Kept does not know its own address
 */
export async function beginAuthorisation(
  kept: Kept,
  brandId: number,
  { name, actor }: { readonly name: string; readonly actor: string },
): Promise<Begun> {
  const row = await withBrand(kept.db, brandId, (client) => connectionOrFail(client, brandId, name), {
    reads: true,
  });
  const asked = askedOf(kept, brandId, row);
  const ticket = randomBytes(32).toString('base64url');
  const expiresAt = kept.clock.now().getTime() + MINUTES * 60_000;
  const state: State = { brandId, name, actor, binding: digestOf(ticket), expiresAt };
  const sealed = sealerFor(toolsOf(kept)).seal(JSON.stringify(state), ABOUT);
  const url = inWords(() =>
    asked.authorise.begin({
      settings: asked.settings,
      secrets: asked.secrets,
      state: sealed,
      redirectUrl: asked.redirectUrl,
    }),
  );
  return { url, expiresAt: new Date(expiresAt).toISOString(), ticket };
}

/**
 * Ends it: what came back becomes the connection's secrets, and it goes on. Only for who began it, in the brand in which they did.
 * @param ticket what `beginAuthorisation` gave
 * @param by the brand and connection of whoever ends it by key: as it was begun
 * @returns the connection's name and title
 * @throws KeptError `conflict` with words for the person, where it is not theirs, too late, or not as the other side signs it
 */
export async function finishAuthorisation(
  kept: Kept,
  query: Readonly<Record<string, string>>,
  ticket: string,
  by?: { readonly brandId: number; readonly name: string },
): Promise<{ readonly name: string; readonly title: string }> {
  const { brandId, name, actor } = stateIn(kept, query.state ?? '', ticket);
  if (by !== undefined && (by.brandId !== brandId || by.name !== name))
    throw new KeptError('conflict', `This was not begun for ${by.name}. Begin its authorisation again.`);
  const row = await withBrand(kept.db, brandId, (client) => connectionOrFail(client, brandId, name), {
    reads: true,
  });
  const { authorise, settings, secrets, redirectUrl } = askedOf(kept, brandId, row);
  const { privateTargets, silenceMs } = toolsOf(kept);
  const guarded = guardedFetch(privateTargets, silenceMs);
  let renewed: unknown;
  try {
    const now = () => kept.clock.now();
    renewed = await authorise.finish({ settings, secrets, query, redirectUrl, fetch: guarded.fetch, now });
  } catch (error) {
    throw inPlainWords(error);
  } finally {
    await guarded.close();
  }
  await withBrand(
    kept.db,
    brandId,
    async (client) => {
      await saveConnection(kept, client, brandId, name, {
        kind: row.kind,
        settings: JSON.parse(row.settings),
        secrets: renewed as Record<string, unknown>,
      });
      await insertNote(client, brandId, name, {
        at: kept.clock.now(),
        level: 'info',
        words: `Access was given anew by ${actor}.`,
        data: '{}',
      });
    },
    { actor },
  );
  await closeConnection(kept, brandId, name);
  return { name, title: row.title };
}

function askedOf(kept: Kept, brandId: number, row: ConnectionRow) {
  const connector = connectorOf(kept, row.kind);
  const tools = toolsOf(kept);
  const { authorise } = connector;
  if (authorise === undefined)
    throw new KeptError(
      'conflict',
      `${connector.title} is given access by its secrets: PUT /v1/connections/${row.name} tells them.`,
    );
  if (tools.publicUrl === null)
    throw new KeptError(
      'conflict',
      `${connector.title} sends people back to Kept, and Kept does not know its own address: set KEPT_PUBLIC_URL.`,
    );
  const secrets: unknown =
    row.secrets === null
      ? {}
      : JSON.parse(sealerFor(tools).open(row.secrets, aboutSecrets(brandId, row.name)));
  return {
    authorise: authorise as Authorisation<unknown, unknown>,
    settings: parsed(connector, 'settings', JSON.parse(row.settings)),
    secrets,
    redirectUrl: new URL(RETURN_PATH, tools.publicUrl).href,
  };
}

function stateIn(kept: Kept, sealed: string, ticket: string): State {
  let state: State;
  try {
    state = JSON.parse(sealerFor(toolsOf(kept)).open(sealed, ABOUT)) as State;
  } catch {
    throw new KeptError('conflict', 'This was not begun here. Begin the authorisation again.');
  }
  if (!timingSafeEqual(Buffer.from(state.binding), Buffer.from(digestOf(ticket))))
    throw new KeptError(
      'conflict',
      'This was begun in another browser. Begin the authorisation again in this one.',
    );
  if (kept.clock.now().getTime() > state.expiresAt)
    throw new KeptError(
      'conflict',
      `More than ${MINUTES} minutes have passed. Begin the authorisation again.`,
    );
  return state;
}

function inWords<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw inPlainWords(error);
  }
}

/** What a connector says is meant for the person. */
function inPlainWords(error: unknown): Error {
  if (error instanceof KeptError) return error;
  return new KeptError('conflict', error instanceof Error ? error.message : String(error), { cause: error });
}

const digestOf = (text: string) => createHash('sha256').update(text).digest('base64url');
