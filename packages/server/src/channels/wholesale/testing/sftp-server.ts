import { createHash, generateKeyPairSync, randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join, normalize } from 'node:path';
import ssh2, { type Attributes, type FileEntry } from 'ssh2';
import { CallFaults } from '../../../connections/testing/call-faults.ts';

export interface SftpServer {
  readonly port: number;
  readonly hostKey: string;
  /** Of the next so many looks into a folder: refused, or the connection cut. */
  fail(looks: number): void;
  cut(looks: number): void;
  /** They are never answered. */
  hang(looks: number): void;
  /** What goes wrong with looks into a folder and with files, while it is switched on: refused, cut, or never answered. */
  readonly calls: CallFaults;
  close(): Promise<void>;
}

/** A real SSH server on loopback that serves one directory by SFTP, to one user with a password. */
export async function sftpServer(root: string, user: string, password: string): Promise<SftpServer> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs1', format: 'pem' }) as string;
  const parsed = ssh2.utils.parseKey(pem);
  if (parsed instanceof Error) throw parsed;
  const fingerprint = createHash('sha256').update(parsed.getPublicSSH()).digest('base64').replace(/=+$/, '');
  const clients = new Set<ssh2.Connection>();
  const calls = new CallFaults();
  const server = new ssh2.Server({ hostKeys: [pem] }, (client) => {
    clients.add(client);
    // As every SFTP server does; the types do not know it.
    (client as unknown as Pick<ssh2.Client, 'setNoDelay'>).setNoDelay(true);
    client.on('close', () => clients.delete(client));
    client.on('error', () => {});
    client.on('authentication', (asked) => {
      if (asked.method === 'password' && asked.username === user && asked.password === password)
        asked.accept();
      else asked.reject(['password']);
    });
    client.on('ready', () =>
      client.on('session', (accept) =>
        accept().on('sftp', (acceptSftp) => serve(acceptSftp(), root, calls, () => client.end())),
      ),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    hostKey: `SHA256:${fingerprint}`,
    fail: (looks) => calls.ask('error_before', looks),
    cut: (looks) => calls.ask('lost_after', looks),
    hang: (looks) => calls.hang(looks),
    calls,
    async close() {
      for (const client of clients) client.end();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function serve(sftp: ssh2.SFTPWrapper, root: string, calls: CallFaults, cut: () => void): void {
  const { STATUS_CODE } = ssh2.utils.sftp;
  const files = new Map<string, FileHandle>();
  const folders = new Map<string, FileEntry[]>();
  const here = (path: string) => join(root, normalize(`/${path}`));
  const attributes = async (path: string): Promise<Attributes> => {
    const { mode, uid, gid, size, atimeMs, mtimeMs } = await stat(path);
    return { mode, uid, gid, size, atime: Math.floor(atimeMs / 1000), mtime: Math.floor(mtimeMs / 1000) };
  };
  const fail = (id: number) => (error: NodeJS.ErrnoException) =>
    sftp.status(id, error.code === 'ENOENT' ? STATUS_CODE.NO_SUCH_FILE : STATUS_CODE.FAILURE);
  const done = (id: number) => () => sftp.status(id, STATUS_CODE.OK);
  const tell = (id: number, path: string) =>
    attributes(here(path)).then((one) => sftp.attrs(id, one), fail(id));
  sftp.on('REALPATH', (id, path) =>
    sftp.name(id, [{ filename: normalize(`/${path}`), longname: path, attrs: {} as Attributes }]),
  );
  /** Whether a call meets a fault, which is its answer then, or its silence. */
  const goesWrong = (id: number): boolean => {
    const fault = calls.next();
    if (fault === null) return false;
    if (fault === 'lost_after') cut();
    else if (!fault.startsWith('hang')) sftp.status(id, STATUS_CODE.FAILURE);
    return true;
  };
  sftp.on('STAT', tell);
  sftp.on('LSTAT', tell);
  sftp.on('FSTAT', (id, handle) => {
    files
      .get(String(handle))!
      .stat()
      .then(
        ({ mode, uid, gid, size }) => sftp.attrs(id, { mode, uid, gid, size, atime: 0, mtime: 0 }),
        fail(id),
      );
  });
  sftp.on('SETSTAT', (id) => done(id)());
  sftp.on('FSETSTAT', (id) => done(id)());
  sftp.on('MKDIR', (id, path) => mkdir(here(path)).then(done(id), fail(id)));
  sftp.on('RMDIR', (id, path) => rmdir(here(path)).then(done(id), fail(id)));
  sftp.on('REMOVE', (id, path) => rm(here(path)).then(done(id), fail(id)));
  sftp.on('RENAME', (id, from, to) => {
    // Version 3 of the protocol does not write over what is there.
    stat(here(to)).then(
      () => sftp.status(id, STATUS_CODE.FAILURE),
      () => rename(here(from), here(to)).then(done(id), fail(id)),
    );
  });
  sftp.on('OPENDIR', (id, path) => {
    if (goesWrong(id)) return;
    readdir(here(path)).then(async (names) => {
      const entries = await Promise.all(
        names.map(async (filename) => {
          const attrs = await attributes(join(here(path), filename));
          const kind = (attrs.mode & constants.S_IFMT) === constants.S_IFDIR ? 'd' : '-';
          return {
            filename,
            longname: `${kind}rw-r--r-- 1 a a ${attrs.size} Jan 1 00:00 ${filename}`,
            attrs,
          };
        }),
      );
      const handle = randomUUID().slice(0, 8);
      folders.set(handle, entries);
      sftp.handle(id, Buffer.from(handle));
    }, fail(id));
  });
  sftp.on('READDIR', (id, handle) => {
    const entries = folders.get(String(handle)) ?? [];
    folders.set(String(handle), []);
    if (entries.length === 0) sftp.status(id, STATUS_CODE.EOF);
    else sftp.name(id, entries);
  });
  sftp.on('OPEN', (id, path, flags) => {
    if (goesWrong(id)) return;
    const mode = ssh2.utils.sftp.flagsToString(flags) ?? 'r';
    open(here(path), mode).then((file) => {
      const handle = randomUUID().slice(0, 8);
      files.set(handle, file);
      sftp.handle(id, Buffer.from(handle));
    }, fail(id));
  });
  sftp.on('READ', (id, handle, offset, length) => {
    files
      .get(String(handle))!
      .read(Buffer.alloc(length), 0, length, offset)
      .then(({ bytesRead, buffer }) => {
        if (bytesRead === 0) sftp.status(id, STATUS_CODE.EOF);
        else sftp.data(id, buffer.subarray(0, bytesRead));
      }, fail(id));
  });
  sftp.on('WRITE', (id, handle, offset, data) => {
    files.get(String(handle))!.write(data, 0, data.length, offset).then(done(id), fail(id));
  });
  sftp.on('CLOSE', (id, handle) => {
    const file = files.get(String(handle));
    folders.delete(String(handle));
    files.delete(String(handle));
    (file?.close() ?? Promise.resolve()).then(done(id), fail(id));
  });
}
