import { isAscii, isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { createGunzip } from 'node:zlib';
import { analyse } from 'chardet';
import iconv from 'iconv-lite';
import { FileProblem } from './problem.ts';

/** A file that has been looked at from end to end: it is whole, and it is known how its text is written. */
export interface TextFile {
  path: string;
  gzip: boolean;
  /** As iconv names it: utf-8, utf-16le, windows-1252, … */
  encoding: string;
  /** The file is UTF-8, but some of its bytes are not: they read as U+FFFD, and their rows are errors. */
  damaged: boolean;
  /** On disk, compressed or not. */
  bytes: number;
}

const PIECE = 128 * 1024;
const SAMPLE = 64 * 1024;

/**
 * Reads the whole file once: a cut-off gzip, a workbook or a PDF is told before any row is, and so is the encoding,
 * which a sample cannot tell (the first umlaut may stand in the last row). Throws {@link FileProblem}.
 */
export async function inspectFile(
  path: string,
  encoding?: string,
  maximumDecompressedBytes = Number.POSITIVE_INFINITY,
): Promise<TextFile> {
  if (encoding !== undefined && !iconv.encodingExists(encoding)) {
    throw new FileProblem(
      `the encoding ${encoding} is not known`,
      'an encoding such as utf-8 or windows-1252',
    );
  }
  const bytes = (await stat(path)).size;
  if (bytes === 0) throw new FileProblem('the file is empty', 'a header line and at least one row');
  const head = await firstBytes(path);
  refuseOtherFormats(head);
  const gzip = head[0] === 0x1f && head[1] === 0x8b;
  const look = new EncodingLook();
  for await (const piece of pieces(path, gzip)) {
    look.at(piece);
    if (gzip && look.total > maximumDecompressedBytes) {
      const most = maximumDecompressedBytes.toLocaleString('en-US');
      throw new FileProblem(`the file unpacks to more than ${most} bytes`, 'a smaller file: split it');
    }
  }
  if (look.total === 0) throw new FileProblem('the file is empty', 'a header line and at least one row');
  const found = encoding === undefined ? look.found() : { encoding, damaged: false };
  return { path, gzip, bytes, ...found };
}

/** The text, in pieces of constant size, without a byte order mark. `onBytes` hears how much of the disk file is read. */
export async function* textOf(file: TextFile, onBytes?: (bytes: number) => void): AsyncGenerator<string> {
  if (file.encoding === 'utf-8') {
    const decoder = new TextDecoder('utf-8');
    for await (const piece of pieces(file.path, file.gzip, onBytes))
      yield decoder.decode(piece, { stream: true });
    yield decoder.decode();
    return;
  }
  const decoder = iconv.getDecoder(file.encoding as Parameters<typeof iconv.getDecoder>[0]);
  for await (const piece of pieces(file.path, file.gzip, onBytes)) yield decoder.write(piece);
  yield decoder.end() ?? '';
}

async function* pieces(
  path: string,
  gzip: boolean,
  onBytes?: (bytes: number) => void,
): AsyncGenerator<Buffer> {
  const file = createReadStream(path, { highWaterMark: PIECE });
  const stream = gzip ? file.pipe(createGunzip({ chunkSize: PIECE })) : file;
  if (gzip) file.on('error', (error) => stream.destroy(error));
  try {
    for await (const piece of stream) {
      onBytes?.(file.bytesRead);
      yield piece as Buffer;
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'Z_BUF_ERROR')
      throw new FileProblem('the gzip file is cut off', 'a whole gzip file: send it again');
    if (code?.startsWith('Z_')) {
      throw new FileProblem('the gzip file is damaged', 'a whole gzip file: send it again');
    }
    throw error;
  } finally {
    file.destroy();
    stream.destroy();
  }
}

async function firstBytes(path: string): Promise<Buffer> {
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(8), 0, 8, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

function refuseOtherFormats(head: Buffer): void {
  const start = head.toString('latin1');
  if (start.startsWith('PK')) {
    throw new FileProblem(
      'the file is a ZIP archive or an Excel workbook',
      'a CSV file: save the sheet as CSV',
    );
  }
  if (start.startsWith('%PDF')) throw new FileProblem('the file is a PDF', 'a CSV file');
  if (start.startsWith('\u00d0\u00cf\u0011\u00e0')) {
    throw new FileProblem('the file is an old Excel workbook', 'a CSV file: save the sheet as CSV');
  }
}

/** Finds out, piece by piece, how the text is written. */
class EncodingLook {
  total = 0;
  #head: Buffer = Buffer.alloc(0);
  #tail: Buffer = Buffer.alloc(0);
  #multibyte = false;
  #invalid: Buffer | null = null;

  at(piece: Buffer): void {
    if (this.total < SAMPLE) this.#head = Buffer.concat([this.#head, piece]).subarray(0, SAMPLE);
    this.total += piece.length;
    if (this.#invalid !== null) return;
    const joined = this.#tail.length === 0 ? piece : Buffer.concat([this.#tail, piece]);
    const whole = joined.subarray(0, joined.length - openSequence(joined));
    this.#tail = Buffer.from(joined.subarray(whole.length));
    if (isAscii(whole)) return;
    if (isUtf8(whole)) this.#multibyte = true;
    else this.#invalid = Buffer.from(whole);
  }

  found(): { encoding: string; damaged: boolean } {
    const [a, b, c] = [this.#head[0], this.#head[1], this.#head[2]];
    if (a === 0xff && b === 0xfe) return { encoding: 'utf-16le', damaged: false };
    if (a === 0xfe && b === 0xff) return { encoding: 'utf-16be', damaged: false };
    const invalid = this.#invalid ?? (this.#tail.length > 0 ? this.#tail : null);
    if (a === 0xef && b === 0xbb && c === 0xbf) return { encoding: 'utf-8', damaged: invalid !== null };
    const wide = wideWithoutMark(this.#head);
    if (wide !== null) return { encoding: wide, damaged: false };
    if (invalid === null) return { encoding: 'utf-8', damaged: false };
    // a one-byte encoding hardly ever forms a valid sequence of UTF-8 by chance: one that does claims to be UTF-8
    const { valid, wrong } = countSequences(invalid);
    if (this.#multibyte || valid > wrong) return { encoding: 'utf-8', damaged: true };
    return { encoding: oneByteEncoding(invalid), damaged: false };
  }
}

/** How many bytes at the end begin a UTF-8 sequence that is not whole yet. */
function openSequence(bytes: Buffer): number {
  for (let back = 1; back <= 3 && back <= bytes.length; back++) {
    const byte = bytes[bytes.length - back]!;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) > back ? back : 0;
  }
  return 0;
}

function countSequences(bytes: Buffer): { valid: number; wrong: number } {
  let valid = 0;
  let wrong = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at]!;
    if (byte < 0x80) continue;
    const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : byte >= 0xc0 ? 2 : 1;
    if (length > 1 && isUtf8(bytes.subarray(at, at + length))) {
      valid++;
      at += length - 1;
    } else wrong++;
  }
  return { valid, wrong };
}

/** UTF-16 without a mark: in Western text nearly every other byte is zero. */
function wideWithoutMark(head: Buffer): string | null {
  let even = 0;
  let odd = 0;
  for (let at = 0; at < head.length; at++) if (head[at] === 0) at % 2 === 0 ? even++ : odd++;
  const half = head.length / 2;
  if (odd > half * 0.6 && even < half * 0.1) return 'utf-16le';
  return even > half * 0.6 && odd < half * 0.1 ? 'utf-16be' : null;
}

/** chardet's best guess that can be decoded; Windows-1252 where it is unsure, as it is the one spreadsheets write. */
function oneByteEncoding(bytes: Buffer): string {
  // only the lines that hold such bytes say anything: the rest would drown them
  const lines = bytes
    .toString('latin1')
    .split('\n')
    .filter((line) => /[\u0080-\u00ff]/.test(line));
  const sample = Buffer.from(lines.join('\n').slice(0, SAMPLE), 'latin1');
  const [best] = analyse(sample).filter(
    (match) => iconv.encodingExists(match.name) && !/^utf/i.test(match.name),
  );
  if (best === undefined || best.confidence < 25 || best.name === 'ISO-8859-1') return 'windows-1252';
  return best.name.toLowerCase();
}
