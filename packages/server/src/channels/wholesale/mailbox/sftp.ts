import { randomUUID } from 'node:crypto';
import { posix } from 'node:path';
import type ssh2 from 'ssh2';
import SftpClient from 'ssh2-sftp-client';
import { SILENCE_MS } from '../../../platform/guarded-fetch.ts';
import { type Mailbox, nullWhereGone, UNFINISHED } from './mailbox.ts';

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
  /** After so long without an answer a server is given up; a minute unless told. */
  readonly silenceMs?: number | undefined;
}

/** A server that does not open is given up after this long. */
const CONNECT_MS = 20_000;
/** A whole file may take so many times as long as an answer: a line is slow, and 16 MB are the most. */
const FILE_TIMES = 10;
const MAXIMUM_BYTES = 16 * 1024 * 1024;

/** Folders of somebody else's SFTP server. What is put there gets its name only when it is whole. */
export function sftpMailbox(place: SftpPlace): Mailbox {
  const { join } = posix;
  const silenceMs = place.silenceMs ?? SILENCE_MS;
  const taken = place.taken ?? join(place.in, '.taken');
  let connected: Promise<SftpClient> | null = null;

  const within = <T>(one: SftpClient, ms: number, working: Promise<T>): Promise<T> => {
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        connected = null;
        socketOf(one).destroy();
        reject(new Error(`${place.host} has not answered for ${ms / 1000} s.`));
      }, ms);
    });
    // What is raced against the silence fails as well, when its connection is gone.
    working.catch(() => {});
    return Promise.race([working, silence]).finally(() => clearTimeout(timer));
  };
  const connect = async () => {
    const client = new SftpClient('kept', {
      error: () => {},
      end: () => {},
      close: () => (connected = null),
    });
    const wanted = place.hostKey.replace(/^SHA256:/, '').replace(/=+$/, '');
    const connecting = client.connect({
      host: place.host,
      port: place.port,
      username: place.username,
      ...(place.password === undefined ? {} : { password: place.password }),
      ...(place.privateKey === undefined ? {} : { privateKey: place.privateKey }),
      ...(place.passphrase === undefined ? {} : { passphrase: place.passphrase }),
      readyTimeout: Math.min(CONNECT_MS, silenceMs),
      hostHash: 'sha256',
      hostVerifier: (hash: string) =>
        Buffer.from(hash, 'hex').toString('base64').replace(/=+$/, '') === wanted,
    });
    // Beyond the handshake: a server may open, and then no folder.
    await within(client, Math.min(CONNECT_MS, silenceMs) + silenceMs, connecting);
    // Small requests and answers in turn: each would wait for the delayed acknowledgement of the one before.
    socketOf(client).setNoDelay(true);
    return client;
  };
  const client = () => {
    connected ??= connect().catch((error) => {
      connected = null;
      throw error;
    });
    return connected;
  };
  /** SFTP knows no time: a server that never answers is left, and the next call connects anew. */
  const answered = async <T>(work: (one: SftpClient) => Promise<T>, times = 1): Promise<T> => {
    const one = await client();
    return within(one, silenceMs * times, work(one));
  };
  const exists = (path: string) => answered((one) => one.exists(path));
  const ensure = async (folder: string) => {
    if ((await exists(folder)) === false) await answered((one) => one.mkdir(folder, true));
  };

  return {
    async list() {
      await ensure(place.in);
      const entries = await answered((one) => one.list(place.in));
      return entries
        .filter(({ type, name }) => type === '-' && !UNFINISHED.test(name))
        .sort((a, b) => a.modifyTime - b.modifyTime || (a.name < b.name ? -1 : 1))
        .map(({ name, modifyTime }) => ({ name, quietMs: Date.now() - modifyTime }));
    },
    async read(name) {
      const path = join(place.in, name);
      const lies = await answered((one) => one.stat(path)).catch(nullWhereGone);
      if (lies === null) return null;
      const { size } = lies;
      if (size > MAXIMUM_BYTES)
        throw new Error(`${name} has ${size} bytes; at most ${MAXIMUM_BYTES} are taken.`);
      return (await answered((one) => one.get(path), FILE_TIMES).catch(nullWhereGone)) as Buffer | null;
    },
    async settle(name, verdict) {
      const to = join(taken, verdict);
      await ensure(to);
      const from = join(place.in, name);
      if ((await exists(from)) !== false)
        await answered((one) => one.rename(from, join(to, `${randomUUID().slice(0, 8)}-${name}`)));
    },
    async put(name, bytes) {
      await ensure(place.out);
      const unfinished = join(place.out, `.${name}.tmp`);
      const whole = join(place.out, name);
      await answered((one) => one.put(Buffer.from(bytes), unfinished), FILE_TIMES);
      // SFTP's own rename does not write over a file: the same name is the same file, put there before a crash.
      if ((await exists(whole)) !== false) await answered((one) => one.delete(whole));
      await answered((one) => one.rename(unfinished, whole));
    },
    async close() {
      const open = connected;
      connected = null;
      const one = await open?.catch(() => null);
      if (one == null) return;
      // A server that does not take leave either is left.
      const silence = setTimeout(() => socketOf(one).destroy(), silenceMs);
      await one.end().finally(() => clearTimeout(silence));
    },
  };
}

/** The connection beneath, which the library has and its types do not tell. */
const socketOf = (client: SftpClient) => (client as unknown as { readonly client: ssh2.Client }).client;
