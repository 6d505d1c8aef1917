import { expect, test } from 'vitest';
import { checkPassword, hashPassword, isPassword } from './passwords.ts';

test('a password is known again by its hash, and nothing else is', async () => {
  const hash = await hashPassword('violet teapots sing');
  expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  expect(hash).not.toBe(await hashPassword('violet teapots sing'));
  expect(await isPassword('violet teapots sing', hash)).toBe(true);
  expect(await isPassword('violet teapots sin', hash)).toBe(false);
  expect(await isPassword('violet teapots sing', null)).toBe(false);
});

test('a hash of another maker is read too', async () => {
  // The reference implementation: echo -n password | argon2 somesalt -id -t 2 -k 65536 -p 1
  const hash = '$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc';
  expect(await isPassword('password', hash)).toBe(true);
});

test('the same letter written in two ways is the same password', async () => {
  expect(await isPassword('cafe\u0301 au lait noir', await hashPassword('caf\u00e9 au lait noir'))).toBe(
    true,
  );
});

test.each([
  ['too short', 'kV9!xq', /at least 10 characters, found 6/],
  ['too long', 'ab1!'.repeat(51), /at most 200/],
  ['a stolen one', '1234567890', /stolen/],
  ['a stolen one with a tail', 'Liverpool!!!!!', /stolen/],
  ['a stolen one in disguise', 'p@$$w0rd123', /stolen/],
  ['one letter', 'aaaaaaaaaaaaaaa', /same few characters/],
  ['one’s own name', 'AdaLovelace1!', /your name/],
])('%s is refused', async (_, password, says) => {
  await expect(checkPassword(password, ['ada.lovelace@wren.example', 'Ada Lovelace'])).rejects.toMatchObject({
    code: 'invalid_input',
    message: expect.stringMatching(says),
  });
});

test.each(['violet teapots sing', 'kV9!xqLm2#', 'ganz-normale-woerter', '東京の朝は静かで青い空です'])(
  '%s is taken',
  async (password) => {
    await checkPassword(password, ['ada@wren.example', 'Ada', 'Wren']);
  },
);
