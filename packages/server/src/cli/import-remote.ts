import { openAsBlob } from 'node:fs';
import { appendFile, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ImportErrorPage, ImportStatus } from '@kept/contract';
import type { z } from 'zod';
import type { ImportOptions, ImportResult } from '../imports/index.ts';

export interface RemoteImport {
  url: string;
  key?: string;
  onProgress(now: { phase: string; rows: number; share: number }): void;
  /** Where every error is written, one JSON object a line. */
  errorFile?: string;
  fetch?: typeof fetch;
}

type Status = z.output<typeof ImportStatus>;

/** Sends a file to a running server and follows its import to the end. Throws where the server does not take it. */
export async function importOverHttp(
  file: string,
  options: ImportOptions,
  remote: RemoteImport,
): Promise<ImportResult> {
  const ask = async (path: string, init: RequestInit = {}): Promise<unknown> => {
    const headers = { ...init.headers, ...(remote.key ? { authorization: `Bearer ${remote.key}` } : {}) };
    const answer = await (remote.fetch ?? fetch)(new URL(path, remote.url), { ...init, headers });
    const body = (await answer.json().catch(() => ({}))) as { detail?: string };
    if (!answer.ok)
      throw new Error(`the server answered ${answer.status}: ${body.detail ?? answer.statusText}`);
    return body;
  };
  const query = new URLSearchParams({ name: basename(file) });
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined)
      query.set(name, name === 'map' ? mapText(value as Record<string, string>) : String(value));
  }
  const body = await openAsBlob(file);
  const headers = { 'content-type': 'application/octet-stream' };
  let status = (await ask(`/v1/imports?${query}`, { method: 'POST', body, headers })) as Status;
  while (status.finishedAt === null) {
    await delay(250);
    status = (await ask(`/v1/imports/${status.id}`)) as Status;
    if (status.state === 'checking' || status.state === 'applying') {
      remote.onProgress({ phase: status.state, rows: status.rows, share: status.progress ?? 0 });
    }
  }
  if (remote.errorFile !== undefined && status.errorCount > 0)
    await writeErrors(status.id, remote.errorFile, ask);
  const nothing = { encoding: null, delimiter: null, ignored: 0, warningCount: 0, warnings: [] };
  return { ...nothing, ...status, state: status.state as ImportResult['state'] };
}

async function writeErrors(id: string, file: string, ask: (path: string) => Promise<unknown>): Promise<void> {
  await rm(file, { force: true });
  for (let cursor: string | null = '0'; cursor !== null; ) {
    const page = (await ask(`/v1/imports/${id}/errors?limit=1000&cursor=${cursor}`)) as z.output<
      typeof ImportErrorPage
    >;
    await appendFile(file, page.items.map((error) => `${JSON.stringify(error)}\n`).join(''));
    cursor = page.next;
  }
}

const mapText = (map: Record<string, string>) =>
  Object.entries(map)
    .map(([field, column]) => `${field}=${column.replaceAll(',', '\\,')}`)
    .join(',');
