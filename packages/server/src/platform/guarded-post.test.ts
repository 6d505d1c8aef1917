import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { guardedPost, isPublicAddress, targetTrouble } from './guarded-post.ts';

test.each<[string, boolean]>([
  ['93.184.215.14', true],
  ['2606:2800:21f:cb07:6820:80da:af6b:8b2c', true],
  ['127.0.0.1', false],
  ['10.1.2.3', false],
  ['172.31.255.255', false],
  ['172.32.0.1', true],
  ['192.168.0.1', false],
  ['169.254.169.254', false],
  ['100.64.0.1', false],
  ['0.0.0.0', false],
  ['255.255.255.255', false],
  ['::1', false],
  ['::ffff:127.0.0.1', false],
  ['::ffff:7f00:1', false],
  ['fe80::1', false],
  ['fc00::1', false],
  ['2002:7f00:1::', false],
  ['64:ff9b::7f00:1', false],
  ['not an address', false],
])('%s is public: %s', (address, isPublic) => {
  expect(isPublicAddress(address)).toBe(isPublic);
});

test.each<[string, string | null]>([
  ['https://hooks.example.com/x', null],
  ['http://hooks.example.com/x', 'expected https'],
  ['https://127.0.0.1/', 'expected a public address'],
  ['https://[::1]/', 'expected a public address'],
  ['https://2130706433/', 'expected a public address'],
  ['https://0x7f.1/', 'expected a public address'],
  ['https://localhost:4400/', 'expected a public address'],
  ['https://metadata.google.internal/', 'expected a public address'],
  ['https://user:word@hooks.example.com/', 'expected an address without a user name'],
  ['ftp://hooks.example.com/', 'expected https'],
  ['nonsense', 'expected an address such as https://example.com/hook'],
])('%s: %s', (url, trouble) => {
  expect(targetTrouble(url)).toBe(trouble);
});

test('a redirect is not followed, and what is inside is reached only where that was allowed', async () => {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(request.url!);
    if (request.url === '/moved') response.writeHead(302, { location: '/' }).end();
    else response.writeHead(request.url === '/gone' ? 410 : 204).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const at = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const post = (path: string, privateTargets: boolean) =>
    guardedPost({ url: at + path, headers: {}, body: '{}', privateTargets });
  try {
    expect(await post('/', false)).toMatchObject({ kind: 'refused' });
    expect(seen).toEqual([]);
    expect(await post('/', true)).toEqual({ kind: 'sent' });
    expect(await post('/moved', true)).toEqual({ kind: 'retry', trouble: 'It answered 302.' });
    expect(await post('/gone', true)).toMatchObject({ kind: 'refused' });
    expect(seen).toEqual(['/', '/moved', '/gone']);
  } finally {
    server.close();
  }
});
