import { type Argon2Parameters, argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { invalidInput } from '../platform/errors.ts';

const derive = promisify(argon2) as (algorithm: 'argon2id', parameters: Argon2Parameters) => Promise<Buffer>;

/** Memory in KiB, passes, lanes: OWASP's first choice for argon2id (Password Storage Cheat Sheet), some 20 ms. */
const COST = { memory: 19_456, passes: 2, parallelism: 1 } as const;
const TAG_BYTES = 32;
const SALT_BYTES = 16;

export const PASSWORD_LENGTH = { least: 10, most: 200 } as const;

/** @returns a PHC string: `$argon2id$v=19$m=…,t=…,p=…$salt$hash` */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(SALT_BYTES);
  const hash = await derive('argon2id', { ...COST, message: asBytes(password), nonce, tagLength: TAG_BYTES });
  const cost = `m=${COST.memory},t=${COST.passes},p=${COST.parallelism}`;
  return `$argon2id$v=19$${cost}$${base64(nonce)}$${base64(hash)}`;
}

/** Whether a password is the one that was hashed. With no hash at all it takes as long and answers no. */
export async function isPassword(password: string, phc: string | null): Promise<boolean> {
  const parts = PHC.exec(phc ?? NOBODYS);
  if (parts === null) throw new Error('a stored password hash is no argon2id');
  const [, memory, passes, parallelism, salt = '', hash = ''] = parts;
  const expected = Buffer.from(hash, 'base64');
  const found = await derive('argon2id', {
    message: asBytes(password),
    nonce: Buffer.from(salt, 'base64'),
    memory: Number(memory),
    passes: Number(passes),
    parallelism: Number(parallelism),
    tagLength: expected.length,
  });
  return timingSafeEqual(found, expected) && phc !== null;
}

/**
 * Whether a password may be chosen: long enough, not among those that are tried first, and not made of what anybody knows of
 * the person. No rules of composition (NIST SP 800-63B, 3.1.1.2).
 * @param known words about the person: their address, name, brand
 * @throws KeptError `invalid_input` that says which it is
 */
export async function checkPassword(password: string, known: readonly string[]): Promise<void> {
  const refuse = (message: string) => invalidInput([{ path: 'password', message }]);
  const length = [...password].length;
  if (length < PASSWORD_LENGTH.least)
    throw refuse(`expected at least ${PASSWORD_LENGTH.least} characters, found ${length}`);
  if (length > PASSWORD_LENGTH.most)
    throw refuse(`expected at most ${PASSWORD_LENGTH.most} characters, found ${length}`);
  const small = password.normalize('NFKC').toLowerCase();
  if (new Set(small).size < 4) throw refuse('the same few characters again and again are guessed at once');
  if (await isCommon(small))
    throw refuse('this password is in lists of stolen ones and is tried first; choose another');
  const words = known
    .flatMap((text) => text.toLowerCase().split(/[^\p{L}\p{N}]+/u))
    .filter((word) => word.length > 2);
  const rest = words.reduce((text, word) => text.replaceAll(word, ''), small);
  if ([...rest].length < PASSWORD_LENGTH.least / 2)
    throw refuse('it is made of your name, address or brand; choose words that nobody links to you');
}

let common: Promise<ReadonlySet<string>> | undefined;
/** Some 50,000 passwords out of known breaches: read once, and only by whoever sets one. */
async function isCommon(small: string): Promise<boolean> {
  common ??= import('@zxcvbn-ts/language-common').then(
    ({ dictionary }) => new Set<string>(dictionary['passwords-common']),
  );
  const list = await common;
  // Password1234! is password with a tail.
  const bare = small.replace(/[\d\W_]+$/u, '');
  return [small, bare, withoutDisguise(small), withoutDisguise(bare)].some((one) => list.has(one));
}

/** The usual signs for letters, as a guesser reads them. */
const withoutDisguise = (text: string) =>
  text.replace(/[@4]/g, 'a').replace(/0/g, 'o').replace(/\$/g, 's').replace(/3/g, 'e').replace(/1/g, 'l');

// Two keyboards may write the same letter in two ways.
const asBytes = (password: string) => Buffer.from(password.normalize('NFKC'), 'utf8');
const base64 = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '');
const PHC = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)$/;
const NOBODYS = `$argon2id$v=19$m=${COST.memory},t=${COST.passes},p=${COST.parallelism}$${'A'.repeat(22)}$${'A'.repeat(43)}`;
