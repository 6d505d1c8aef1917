import { createWriteStream } from 'node:fs';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ImportQuery } from '@kept/contract';
import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { KeptError } from '../platform/errors.ts';

/** Bodies that are the file itself. */
export const FILE_TYPES = [
  ...['text/csv', 'text/tab-separated-values', 'text/plain', 'application/x-ndjson'],
  ...['application/gzip', 'application/octet-stream'],
];

const PREFIX = 'kept-upload-';
const STALE_AFTER_MS = 24 * 3_600_000;

export interface Upload {
  /** Holds the file and whatever the import writes beside it; the caller removes it. */
  directory: string;
  path: string;
  name: string;
  query: z.output<typeof ImportQuery>;
}

/**
 * Spools the file of a request to a directory of its own, in constant memory, and gathers what is said about it: a
 * form's fields win over the query. Throws a {@link KeptError} where there is no file, too much of it, or a parameter is wrong.
 */
export async function receiveUpload(request: FastifyRequest, maximumBytes: number): Promise<Upload> {
  const gone = new AbortController();
  const left = new Promise<never>((_resolve, reject) => {
    const leave = () => {
      if (!request.raw.readableAborted) return;
      const error = new KeptError('malformed_request', 'The upload broke off.');
      gone.abort(error);
      reject(error);
    };
    request.raw.once('close', leave);
    if (request.raw.destroyed) leave();
  });
  left.catch(() => {});
  const directory = await mkdtemp(join(tmpdir(), PREFIX));
  try {
    const path = join(directory, 'file');
    const said: Record<string, unknown> = { ...(request.query as object) };
    // a form's parts may simply stop coming when the client leaves: whoever waits for them would wait for ever
    const name = await Promise.race([
      left,
      request.isMultipart()
        ? receiveForm(request, path, maximumBytes, said, gone.signal)
        : receiveBody(request, path, maximumBytes, gone.signal),
    ]);
    const query = ImportQuery.parse(said);
    return { directory, path, name: query.name ?? (name || 'upload'), query };
  } catch (error) {
    gone.abort(error);
    await rm(directory, { recursive: true, force: true, maxRetries: 3 });
    throw error;
  }
}

/** Removes what servers that were killed have left of their uploads, a day later. */
export async function removeStaleUploads(now = Date.now()): Promise<void> {
  for (const name of await readdir(tmpdir()).catch(() => [])) {
    if (!name.startsWith(PREFIX)) continue;
    const path = join(tmpdir(), name);
    try {
      if (now - (await stat(path)).mtimeMs > STALE_AFTER_MS) await rm(path, { recursive: true, force: true });
    } catch {
      // somebody else's, or removed by another server at the same moment
    }
  }
}

/** Answers the name of the form's file, and adds its fields to `said`. */
async function receiveForm(
  request: FastifyRequest,
  path: string,
  maximumBytes: number,
  said: Record<string, unknown>,
  signal: AbortSignal,
): Promise<string> {
  let name: string | null = null;
  const limits = { fileSize: maximumBytes, files: 1, fields: 30, fieldSize: 10_000 };
  for await (const part of request.parts({ limits })) {
    if (part.type === 'field') {
      said[part.fieldname] = part.value;
      continue;
    }
    name = part.filename;
    await pipeline(part.file, createWriteStream(path, { mode: 0o600 }), { signal });
    if (part.file.truncated) throw tooLarge(maximumBytes);
  }
  if (name === null) throw new KeptError('malformed_request', 'Expected a form with a file.');
  return name;
}

async function receiveBody(
  request: FastifyRequest,
  path: string,
  maximumBytes: number,
  signal: AbortSignal,
): Promise<string> {
  const body = request.body;
  if (!isReadable(body)) {
    throw new KeptError(
      'unsupported_media_type',
      `Expected a form with a file, or a body of ${FILE_TYPES.join(', ')}.`,
    );
  }
  let bytes = 0;
  const limited = async function* (source: AsyncIterable<Buffer>) {
    for await (const piece of source) {
      bytes += piece.length;
      if (bytes > maximumBytes) throw tooLarge(maximumBytes);
      yield piece;
    }
  };
  await pipeline(body, limited, createWriteStream(path, { mode: 0o600 }), { signal });
  return '';
}

const tooLarge = (most: number) =>
  new KeptError('payload_too_large', `The file is larger than ${most} bytes.`);
const isReadable = (body: unknown): body is Readable => typeof (body as Readable | null)?.pipe === 'function';
