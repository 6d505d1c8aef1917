import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type SftpServer, sftpServer } from '../testing/sftp-server.ts';
import { folderMailbox } from './folder.ts';
import { httpMailbox } from './http.ts';
import type { Mailbox } from './mailbox.ts';
import { sftpMailbox } from './sftp.ts';

let root: string;
let server: SftpServer | null = null;
const opened: Mailbox[] = [];
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'kept-mailbox-'));
});
afterEach(async () => {
  for (const one of opened.splice(0)) await one.close();
  await server?.close();
  server = null;
  await rm(root, { recursive: true });
});

const kinds: Record<string, () => Promise<Mailbox>> = {
  async folder() {
    return folderMailbox({ in: join(root, 'in'), out: join(root, 'out') });
  },
  async sftp() {
    server = await sftpServer(root, 'north', 'secret');
    const { port, hostKey } = server;
    return sftpMailbox({
      host: '127.0.0.1',
      port,
      hostKey,
      username: 'north',
      password: 'secret',
      in: '/in',
      out: '/out',
    });
  },
};

describe.each(Object.keys(kinds))('a mailbox: %s', (kind) => {
  let box: Mailbox;
  beforeEach(async () => {
    box = await kinds[kind]!();
    opened.push(box);
    await box.list();
  });
  test('lists what lies there whole, reads it, and puts it aside under what became of it', async () => {
    await writeFile(join(root, 'in', 'a.x12'), 'ISA…');
    await writeFile(join(root, 'in', 'b.x12.part'), 'IS');
    await writeFile(join(root, 'in', '.c.x12'), 'IS');
    expect((await box.list()).map((one) => one.name)).toEqual(['a.x12']);
    expect(Buffer.from((await box.read('a.x12'))!).toString()).toBe('ISA…');
    await box.settle('a.x12', 'taken');
    await box.settle('a.x12', 'taken');
    expect(await box.list()).toEqual([]);
    expect(await readdir(join(root, 'in', '.taken', 'taken'))).toEqual([expect.stringMatching(/-a\.x12$/)]);
  });
  test('a file that another process has taken since is gone, and no error', async () => {
    await writeFile(join(root, 'in', 'a.x12'), 'ISA…');
    expect((await box.list()).map((one) => one.name)).toEqual(['a.x12']);
    await rm(join(root, 'in', 'a.x12'));
    expect(await box.read('a.x12')).toBeNull();
    await box.settle('a.x12', 'taken');
  });
  test('puts files whole, and the same again over itself', async () => {
    await box.put('x.edi', Buffer.from('one'));
    await box.put('x.edi', Buffer.from('one'));
    expect(await readdir(join(root, 'out'))).toEqual(['x.edi']);
    expect(await readFile(join(root, 'out', 'x.edi'), 'utf8')).toBe('one');
  });
});

test('a server with another key than agreed is not spoken with', async () => {
  server = await sftpServer(root, 'north', 'secret');
  const place = {
    host: '127.0.0.1',
    port: server.port,
    username: 'north',
    password: 'secret',
    in: '/in',
    out: '/out',
  };
  const box = sftpMailbox({ ...place, hostKey: `SHA256:${'A'.repeat(43)}` });
  opened.push(box);
  await expect(box.list()).rejects.toThrow(/verification/i);
});

test('an address is posted to, and its refusal is an error', async () => {
  const posted: { body: string; name: string | null }[] = [];
  let status = 200;
  const fetching = (async (_url: string, init: RequestInit) => {
    posted.push({ body: String(init.body), name: new Headers(init.headers).get('idempotency-key') });
    return new Response('', { status });
  }) as typeof fetch;
  const box = httpMailbox({ url: 'https://as2.example/kept' }, fetching);
  await box.put('north-855-1.x12', Buffer.from('ISA'));
  expect(posted).toEqual([{ body: 'ISA', name: 'north-855-1.x12' }]);
  status = 503;
  await expect(box.put('north-855-1.x12', Buffer.from('ISA'))).rejects.toThrow('503');
});
