import { randomUUID } from 'node:crypto';
import { posix } from 'node:path';
import SftpClient from 'ssh2-sftp-client';
import { type Mailbox, UNFINISHED } from './mailbox.ts';

export interface SftpPlace {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password?: string | undefined;
  readonly privateKey?: string | undefined;
  readonly passphrase?: string | undefined;
  /** SHA-256 of the server's key, as `ssh-keygen -lf` shows it, such as SHA256:…; another key is refused. */
  readonly hostKey: string;
  readonly in: string;
  readonly out: string;
  readonly taken?: string | undefined;
}

/** A server that cannot be spoken with is given up after this long. */
const PATIENCE_MS = 20_000;
const MAXIMUM_BYTES = 16 * 1024 * 1024;

/** Folders of somebody else's SFTP server. What is put there gets its name only when it is whole. */
export function sftpMailbox(place: SftpPlace): Mailbox {
  const { join } = posix;
  const taken = place.taken ?? join(place.in, '.taken');
  let connected: Promise<SftpClient> | null = null;

  const connect = async () => {
    const client = new SftpClient('kept', {
      error: () => {},
      end: () => {},
      close: () => (connected = null),
    });
    const wanted = place.hostKey.replace(/^SHA256:/, '').replace(/=+$/, '');
    await client.connect({
      host: place.host,
      port: place.port,
      username: place.username,
      ...(place.password === undefined ? {} : { password: place.password }),
      ...(place.privateKey === undefined ? {} : { privateKey: place.privateKey }),
      ...(place.passphrase === undefined ? {} : { passphrase: place.passphrase }),
      readyTimeout: PATIENCE_MS,
      hostHash: 'sha256',
      hostVerifier: (hash: string) =>
        Buffer.from(hash, 'hex').toString('base64').replace(/=+$/, '') === wanted,
    });
    return client;
  };
  const client = () => {
    connected ??= connect().catch((error) => {
      connected = null;
      throw error;
    });
    return connected;
  };
  const ensure = async (one: SftpClient, folder: string) => {
    if ((await one.exists(folder)) === false) await one.mkdir(folder, true);
  };

  return {
    async list() {
      const one = await client();
      await ensure(one, place.in);
      const entries = await one.list(place.in);
      return entries
        .filter(({ type, name }) => type === '-' && !UNFINISHED.test(name))
        .sort((a, b) => a.modifyTime - b.modifyTime || (a.name < b.name ? -1 : 1))
        .map(({ name, modifyTime }) => ({ name, quietMs: Date.now() - modifyTime }));
    },
    async read(name) {
      const one = await client();
      const path = join(place.in, name);
      const { size } = await one.stat(path);
      if (size > MAXIMUM_BYTES)
        throw new Error(`${name} has ${size} bytes; at most ${MAXIMUM_BYTES} are taken.`);
      return (await one.get(path)) as Buffer;
    },
    async settle(name, verdict) {
      const one = await client();
      const to = join(taken, verdict);
      await ensure(one, to);
      const from = join(place.in, name);
      if ((await one.exists(from)) !== false)
        await one.rename(from, join(to, `${randomUUID().slice(0, 8)}-${name}`));
    },
    async put(name, bytes) {
      const one = await client();
      await ensure(one, place.out);
      const unfinished = join(place.out, `.${name}.tmp`);
      const whole = join(place.out, name);
      await one.put(Buffer.from(bytes), unfinished);
      // SFTP's own rename does not write over a file: the same name is the same file, put there before a crash.
      if ((await one.exists(whole)) !== false) await one.delete(whole);
      await one.rename(unfinished, whole);
    },
    async close() {
      const open = connected;
      connected = null;
      if (open !== null) await (await open.catch(() => null))?.end();
    },
  };
}
