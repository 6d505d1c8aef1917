import { SCOPES, SCOPES_OF, type Scope } from '@kept/contract';
import { withBrand } from '../platform/database.ts';
import { invalidInput, KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { findKey, insertKey, type KeyRow, listKeys, lockKey, revokeKey } from './key-store.ts';
import { digestOfSecret, newId, newKey } from './secrets.ts';

export interface ShownKey {
  readonly key: string;
  readonly row: KeyRow;
}

/** An API key with every scope of its brand, for automation. It is shown this once: only its digest is kept. */
export async function createKey(kept: Kept, brandId: number, name: string): Promise<string> {
  const made = await makeKey(kept, brandId, { name, scopes: null, by: 'kept', expiresAt: null });
  return made.key;
}

/** A key by whoever holds the machine. @param scopes null: all there are */
export async function createKeyFor(
  kept: Kept,
  brandId: number,
  key: { name: string; scopes: readonly Scope[] | null; by: string },
): Promise<string> {
  const made = await makeKey(kept, brandId, { ...key, expiresAt: null });
  return made.key;
}

/**
 * A new key. It is shown this once: only its digest is kept.
 * @param has what whoever asks may do: a key never may more than who made it
 * @throws KeptError `invalid_input` for scopes beyond that, or a time that has passed
 */
export async function createScopedKey(
  kept: Kept,
  brandId: number,
  key: { name: string; scopes: readonly Scope[]; by: string; expiresAt: Date | null },
  has: ReadonlySet<Scope>,
): Promise<ShownKey> {
  const beyond = key.scopes.filter((scope) => !has.has(scope));
  if (beyond.length > 0)
    throw invalidInput([
      { path: 'scopes', message: `you may not give what you do not have: ${beyond.join(', ')}` },
    ]);
  if (key.expiresAt !== null && key.expiresAt <= kept.clock.now())
    throw invalidInput([{ path: 'expiresAt', message: 'expected an instant that is still to come' }]);
  return makeKey(kept, brandId, { ...key, scopes: [...new Set(key.scopes)] });
}

/**
 * The same key anew: the old one goes on working for a while, so that nothing stops meanwhile.
 * @throws KeptError `not_found`; `forbidden` where the key may more than who asks
 */
export async function rotateKey(
  kept: Kept,
  brandId: number,
  id: string,
  rotation: { overlapMinutes: number; by: string },
  has: ReadonlySet<Scope>,
): Promise<ShownKey> {
  const key = newKey(brandId);
  const at = kept.clock.now();
  const row = await withBrand(kept.db, brandId, async (client) => {
    const old = await lockKey(client, brandId, id, at);
    if (old === null) throw missing(id);
    if (!scopesOf(old).every((scope) => has.has(scope)))
      throw new KeptError('forbidden', 'This key may do what you may not: let somebody rotate it who may.');
    await revokeKey(client, brandId, id, new Date(at.getTime() + rotation.overlapMinutes * 60_000));
    return insertKey(client, brandId, {
      id: newId(),
      digest: digestOfSecret(key),
      name: old.name,
      scopes: old.scopes,
      by: rotation.by,
      at,
      expiresAt: old.expiresAt === null ? null : new Date(old.expiresAt),
    });
  });
  return { key, row };
}

/** @throws KeptError `not_found` */
export async function endKey(kept: Kept, brandId: number, id: string): Promise<void> {
  const at = kept.clock.now();
  await withBrand(kept.db, brandId, async (client) => {
    if ((await lockKey(client, brandId, id, at)) === null) throw missing(id);
    await revokeKey(client, brandId, id, at);
  });
}

export function keysOf(kept: Kept, brandId: number): Promise<KeyRow[]> {
  return withBrand(kept.db, brandId, (client) => listKeys(client, brandId), { reads: true });
}

/** A key that is in force, and what it may; else null. */
export async function recogniseKey(
  kept: Kept,
  brandId: number,
  key: string,
): Promise<{ id: string; name: string; scopes: ReadonlySet<Scope> } | null> {
  const row = await withBrand(
    kept.db,
    brandId,
    (client) => findKey(client, brandId, digestOfSecret(key), kept.clock.now()),
    { reads: true },
  );
  if (row === null) return null;
  return { ...row, scopes: row.scopes === null ? SCOPES_OF.owner : new Set(row.scopes) };
}

/** What a key may do. */
export const scopesOf = ({ scopes }: Pick<KeyRow, 'scopes'>): readonly Scope[] => scopes ?? SCOPES;

async function makeKey(
  kept: Kept,
  brandId: number,
  key: { name: string; scopes: readonly Scope[] | null; by: string; expiresAt: Date | null },
): Promise<ShownKey> {
  const secret = newKey(brandId);
  const row = await withBrand(kept.db, brandId, (client) =>
    insertKey(client, brandId, {
      ...key,
      id: newId(),
      digest: digestOfSecret(secret),
      at: kept.clock.now(),
    }),
  );
  return { key: secret, row };
}

const missing = (id: string) => new KeptError('not_found', `There is no key ${id} that is in force.`);
