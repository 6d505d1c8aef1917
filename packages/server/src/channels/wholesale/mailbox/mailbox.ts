/**
 * Where files come from and go to: a watched folder, an SFTP server's folders, or a partner's address. A file is seen once it
 * is whole; it leaves the mailbox only after it is in Kept's database.
 */
export interface Mailbox {
  /** Files that lie there, the oldest first; those that bear the name of an unfinished one are passed over. */
  list(): Promise<readonly Lying[]>;
  /** Null: another process has taken it since it was listed. */
  read(name: string): Promise<Uint8Array | null>;
  /** It is in Kept: it is put aside under what became of it. Done twice, it is done. */
  settle(name: string, verdict: string): Promise<void>;
  /** Puts a file where the partner takes it, whole or not at all; the same name again is the same file again. */
  put(name: string, bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

export interface Lying {
  readonly name: string;
  /** For how long nobody has written to it. */
  readonly quietMs: number;
}

/** Of a file that is not there, as folders and SFTP servers say it; other errors go on. */
export function nullWhereGone(error: unknown): null {
  const { code } = error as { code?: unknown };
  if (code === 'ENOENT' || code === 2) return null;
  throw error;
}

/** Names of files that somebody is still writing, as programs write them. */
export const UNFINISHED = /(^\.|\.(tmp|part|partial|filepart|writing|crdownload)$|~$)/i;
