import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { KeptError } from './errors.ts';

/** Keeps secrets that Kept has to read again (tokens of connectors, seeds of codes) unreadable in the database and its backups. */
export interface Sealer {
  /** @param about what it is and whose, such as `totp:1:ada`: it opens for the same words only, so that nobody swaps two */
  seal(text: string, about: string): string;
  /** @throws KeptError `internal` where it was sealed with a key that is not there any more, or about something else */
  open(sealed: string, about: string): string;
  /** Whether it was sealed with a key before the present one, and should be sealed anew. */
  isOld(sealed: string): boolean;
}

/** AES-256-GCM; `1.key.nonce.text`, so that another way can follow and keys can be told apart. */
const VERSION = '1';

/** @param keys 32 bytes each; the first seals, all of them open, so that a key is changed without a stop */
export function sealerOf(keys: readonly [Buffer, ...Buffer[]]): Sealer {
  const named = keys.map((key) => ({ key, name: nameOf(key) }));
  const present = named[0]!;
  return {
    seal(text, about) {
      const nonce = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', present.key, nonce).setAAD(Buffer.from(about));
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
      return [VERSION, present.name, nonce.toString('base64url'), sealed.toString('base64url')].join('.');
    },
    open(sealed, about) {
      const [version, name, nonce = '', text = ''] = sealed.split('.');
      const found = named.find((one) => one.name === name);
      if (version !== VERSION || found === undefined)
        throw new KeptError(
          'internal',
          'A stored secret was sealed with a key that is not in KEPT_SECRET_KEY any more. Add it there, behind the present one.',
        );
      const bytes = Buffer.from(text, 'base64url');
      const tag = bytes.subarray(-16);
      const decipher = createDecipheriv('aes-256-gcm', found.key, Buffer.from(nonce, 'base64url'), {
        authTagLength: 16,
      });
      decipher.setAAD(Buffer.from(about)).setAuthTag(tag);
      try {
        return Buffer.concat([decipher.update(bytes.subarray(0, -16)), decipher.final()]).toString('utf8');
      } catch (cause) {
        throw new KeptError('internal', 'A stored secret is not as it was sealed.', { cause });
      }
    },
    isOld: (sealed) => sealed.split('.')[1] !== present.name,
  };
}

/** @param text keys in base64, 32 bytes each, separated by commas; null where it is something else */
export function parseSecretKeys(text: string): [Buffer, ...Buffer[]] | null {
  const keys = text.split(',').map((one) => Buffer.from(one.trim(), 'base64'));
  return keys.every((key) => key.length === 32) ? (keys as [Buffer, ...Buffer[]]) : null;
}

/** The key of an installation that has its database beside it: made at the first start, for its owner's eyes alone. */
export function secretKeyIn(file: string): [Buffer] {
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true });
    try {
      writeFileSync(file, `${randomBytes(32).toString('base64')}\n`, { mode: 0o600, flag: 'wx' });
    } catch (err) {
      if ((err as NodeJS.ErrnoException).code !== 'EEXIST') throw err; // another process was first
    }
  }
  const keys = parseSecretKeys(readFileSync(file, 'utf8').trim());
  if (keys === null)
    throw new KeptError(
      'cannot_start',
      `${file} is to hold one key, 32 bytes in base64, and holds something else.`,
    );
  return [keys[0]];
}

/** @throws KeptError `conflict` where this installation has no key to seal with */
export function sealerFor({ sealer }: { readonly sealer?: Sealer | undefined }): Sealer {
  if (sealer !== undefined) return sealer;
  throw new KeptError(
    'conflict',
    'There is no key to keep secrets with. Set KEPT_SECRET_KEY to 32 random bytes in base64 (openssl rand -base64 32) for every process, and start again.',
  );
}

const nameOf = (key: Buffer) => createHash('sha256').update(key).digest('base64url').slice(0, 8);
