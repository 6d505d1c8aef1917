import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { KeptError } from './errors.ts';

/** AES-256-GCM's own: a nonce of 12 bytes, drawn anew for each text, and a tag of 16. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

/** Keys by their ids; the first seals, all of them open. */
export type SecretKeys = ReadonlyMap<string, Buffer>;

/** Encrypts what must not be read in a copy of the database: AES-256-GCM under keys that have ids, so that they can be changed. */
export interface SecretBox {
  /** Whether there is a key at all. */
  readonly hasKey: boolean;
  /** @param about what it belongs to: it opens for nothing else. @throws KeptError `conflict` where there is no key */
  seal(text: string, about: string): string;
  /** @throws KeptError `conflict` where its key is not here, or it was tampered with */
  open(sealed: string, about: string): string;
  /** Whether it was sealed under another key than the one that seals now. */
  isOld(sealed: string): boolean;
}

const NO_KEY =
  'Set KEPT_SECRET_KEYS to an id and 32 bytes in base64, such as "2026-03:$(openssl rand -base64 32)", and start again.';

export function secretBox(keys: SecretKeys): SecretBox {
  const [first] = keys;
  return {
    hasKey: first !== undefined,
    seal(text, about) {
      if (first === undefined)
        throw new KeptError('conflict', `There is no key to keep secrets under. ${NO_KEY}`);
      const [id, key] = first;
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(about));
      const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return `1.${id}.${sealed.toString('base64url')}`;
    },
    open(sealed, about) {
      const [, id = '', rest = ''] = sealed.split('.');
      const key = keys.get(id);
      if (key === undefined)
        throw new KeptError(
          'conflict',
          `The secrets of ${about} were sealed under the key ${JSON.stringify(id)}, which is not among KEPT_SECRET_KEYS. Add it behind the others.`,
        );
      const bytes = Buffer.from(rest, 'base64url');
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES))
          .setAAD(Buffer.from(about))
          .setAuthTag(bytes.subarray(-TAG_BYTES));
        const text = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
        return Buffer.concat([text, decipher.final()]).toString('utf8');
      } catch (cause) {
        throw new KeptError(
          'conflict',
          `The secrets of ${about} do not open under the key ${JSON.stringify(id)}: it is another one, or they were changed.`,
          { cause },
        );
      }
    },
    isOld: (sealed) => first !== undefined && sealed.split('.')[1] !== first[0],
  };
}

/** `id:base64` of 32 bytes, with commas between keys: the first seals. Undefined: it is not that. */
export function parseSecretKeys(text: string): SecretKeys | undefined {
  const keys = new Map<string, Buffer>();
  for (const part of text.split(',')) {
    const found = /^\s*([\w-]{1,40}):([A-Za-z0-9+/_-]{43}=?)\s*$/.exec(part);
    if (found === null || keys.has(found[1]!)) return undefined;
    keys.set(found[1]!, Buffer.from(found[2]!, 'base64'));
  }
  return keys;
}

/**
 * The key of an embedded database: a file beside its data, made at the first start, that only its owner may read.
 * @throws KeptError `cannot_start` where there is a file that is no key
 */
export function keyBesideData(path: string): SecretKeys {
  if (!existsSync(path)) {
    mkdirSync(dirname(path), { recursive: true });
    try {
      writeFileSync(path, `local:${randomBytes(KEY_BYTES).toString('base64')}\n`, {
        mode: 0o600,
        flag: 'wx',
      });
    } catch (error) {
      // Another process was first.
      if ((error as { code?: unknown }).code !== 'EEXIST') throw error;
    }
  }
  chmodSync(path, 0o600);
  const keys = parseSecretKeys(readFileSync(path, 'utf8').trim());
  if (keys === undefined)
    throw new KeptError(
      'cannot_start',
      `${path} should hold the key that secrets are kept under, as id:base64, and holds something else. Bring the file back from a backup, or set KEPT_SECRET_KEYS.`,
    );
  return keys;
}
