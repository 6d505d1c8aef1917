import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parseSecretKeys, sealerOf, secretKeyIn } from './sealed.ts';

const first = randomBytes(32);
const second = randomBytes(32);

test('what is sealed opens again, is unreadable meanwhile, and never looks the same twice', () => {
  const { seal, open } = sealerOf([first]);
  const sealed = seal('shpat_é', 'shop:1');
  expect(sealed).not.toContain('shpat');
  expect(seal('shpat_é', 'shop:1')).not.toBe(sealed);
  expect(open(sealed, 'shop:1')).toBe('shpat_é');
});

test.each<[string, (sealed: string) => string, string]>([
  ['about something else', (sealed) => sealed, 'shop:2'],
  ['that was cut', (sealed) => sealed.slice(0, -4), 'shop:1'],
  ['that was changed', (sealed) => `${sealed.slice(0, -6)}AAAAAA`, 'shop:1'],
  ['of another make', (sealed) => `2${sealed.slice(1)}`, 'shop:1'],
  ['that is nothing', () => '', 'shop:1'],
])('a secret %s does not open', (_, spoil, about) => {
  const { seal, open } = sealerOf([first]);
  expect(() => open(spoil(seal('secret', 'shop:1')), about)).toThrow(/stored secret/);
});

test('a key is changed without a stop: the old one still opens, the new one seals', () => {
  const before = sealerOf([first]).seal('secret', 'a');
  const rotated = sealerOf([second, first]);
  expect(rotated.open(before, 'a')).toBe('secret');
  expect(rotated.isOld(before)).toBe(true);
  const anew = rotated.seal(rotated.open(before, 'a'), 'a');
  expect(rotated.isOld(anew)).toBe(false);
  expect(sealerOf([second]).open(anew, 'a')).toBe('secret');
  expect(() => sealerOf([second]).open(before, 'a')).toThrow('KEPT_SECRET_KEY');
});

test('keys are 32 bytes in base64, one behind the other', () => {
  const text = `${second.toString('base64')}, ${first.toString('base64')}`;
  expect(parseSecretKeys(text)).toEqual([second, first]);
  expect(parseSecretKeys('too short')).toBeNull();
  expect(parseSecretKeys('')).toBeNull();
});

test('an installation with its own database makes itself a key, once, that only its owner can read', () => {
  const directory = mkdtempSync(join(tmpdir(), 'kept-key-'));
  try {
    const file = join(directory, 'data', 'secret.key');
    const made = secretKeyIn(file);
    expect(secretKeyIn(file)).toEqual(made);
    expect(statSync(file).mode & 0o077).toBe(0);
  } finally {
    rmSync(directory, { recursive: true });
  }
});
