import { createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
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
  const directory = await mkdtemp(join(tmpdir(), 'kept-upload-'));
  try {
    const path = join(directory, 'file');
    const said: Record<string, unknown> = { ...(request.query as object) };
    const name = request.isMultipart()
      ? await receiveForm(request, path, maximumBytes, said)
      : await receiveBody(request, path, maximumBytes);
    const query = ImportQuery.parse(said);
    return { directory, path, name: query.name ?? (name || 'upload'), query };
  } catch (error) {
    await rm(directory, { recursive: true, force: true });
    throw error;
  }
}

/** Answers the name of the form's file, and adds its fields to `said`. */
async function receiveForm(
  request: FastifyRequest,
  path: string,
  maximumBytes: number,
  said: Record<string, unknown>,
): Promise<string> {
  let name: string | null = null;
  const limits = { fileSize: maximumBytes, files: 1, fields: 30, fieldSize: 10_000 };
  for await (const part of request.parts({ limits })) {
    if (part.type === 'field') {
      said[part.fieldname] = part.value;
      continue;
    }
    name = part.filename;
    await pipeline(part.file, createWriteStream(path, { mode: 0o600 }));
    if (part.file.truncated) throw tooLarge(maximumBytes);
  }
  if (name === null) throw new KeptError('malformed_request', 'Expected a form with a file.');
  return name;
}

async function receiveBody(request: FastifyRequest, path: string, maximumBytes: number): Promise<string> {
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
  await pipeline(body, limited, createWriteStream(path, { mode: 0o600 }));
  return '';
}

const tooLarge = (most: number) =>
  new KeptError('payload_too_large', `The file is larger than ${most} bytes.`);
const isReadable = (body: unknown): body is Readable => typeof (body as Readable | null)?.pipe === 'function';
