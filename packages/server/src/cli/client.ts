import { randomUUID } from 'node:crypto';
import type { Command } from 'commander';
import { hasBrand } from '../accounts/index.ts';
import { buildApp } from '../app.ts';
import { type Opened, openKept } from '../open.ts';
import { type Config, type Flags, readConfig } from '../platform/config.ts';
import { KeptError } from '../platform/errors.ts';

export interface ClientOptions extends Flags {
  url?: string;
  key?: string;
}

/** Kept's API, wherever it is: a server that runs, or the database opened right here. */
export interface Client {
  /** @throws KeptError with the problem's sentence for an answer of 400 and more */
  call(method: string, path: string, body?: unknown): Promise<Record<string, unknown>>;
  /** An answer that is text and not JSON, such as a CSV. @throws KeptError as `call` does */
  text(method: string, path: string): Promise<string>;
  close(): Promise<void>;
}

/** The options of every command that speaks with Kept. */
export function clientFlags(command: Command): Command {
  return command
    .option('--url <address>', 'a running Kept, such as http://127.0.0.1:4400 (or KEPT_URL)')
    .option('--key <key>', 'an API key for it (or KEPT_KEY)')
    .option('--data <directory>', 'where the embedded database keeps its data, if there is no --url')
    .option('--json', 'print JSON');
}

export async function connect(options: ClientOptions): Promise<Client> {
  const url = options.url ?? process.env.KEPT_URL;
  const key = options.key ?? process.env.KEPT_KEY ?? process.env.KEPT_BOOTSTRAP_KEY;
  if (url === undefined) return local(options);
  if (key === undefined)
    throw new KeptError('unauthorized', 'Kept asks for a key: give --key, or set KEPT_KEY.');
  const ask = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(new URL(path, url), {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }).catch((cause) => {
      throw new KeptError('not_found', `There is no Kept at ${url}: it does not answer.`, { cause });
    });
    return { status: response.status, body: await response.text() };
  };
  return { ...answering(ask), close: async () => {} };
}

/** The API in this process, over the database itself, with a key that nobody else ever sees. */
async function local(options: ClientOptions): Promise<Client> {
  const config = readConfig(
    { ...(options.data === undefined ? {} : { data: options.data }), log: 'error' },
    process.env,
  );
  const opened: Opened = await openKept(config);
  if (!(await hasBrand(opened.kept))) {
    await opened.close();
    throw new KeptError('not_found', nothingIn(config));
  }
  const key = randomUUID();
  const app = await buildApp(opened.kept, { bootstrapKey: key });
  const ask = async (method: string, path: string, body?: unknown) => {
    const response = await app.inject({
      method: method as 'GET',
      url: path,
      headers: { authorization: `Bearer ${key}` },
      ...(body === undefined ? {} : { payload: body as object }),
    });
    return { status: response.statusCode, body: response.body };
  };
  return {
    ...answering(ask),
    async close() {
      await app.close();
      await opened.close();
    },
  };
}

function nothingIn({ databaseUrl, dataDir }: Config): string {
  const where =
    databaseUrl === undefined ? `the data directory ${dataDir}` : 'the database of KEPT_DATABASE_URL';
  return (
    `There is no brand in ${where} yet. Begin with \`kept start\` or \`kept import\`, ` +
    'or name the right one with --data, or a running Kept with --url.'
  );
}

function answering(
  ask: (method: string, path: string, body?: unknown) => Promise<{ status: number; body: string }>,
): Pick<Client, 'call' | 'text'> {
  return {
    async call(method, path, body) {
      const answer = await ask(method, path, body);
      return answerOf(answer.status, answer.body);
    },
    async text(method, path) {
      const answer = await ask(method, path);
      if (answer.status >= 400) answerOf(answer.status, answer.body);
      return answer.body;
    },
  };
}

function answerOf(status: number, text: string): Record<string, unknown> {
  const answer = text === '' ? {} : JSON.parse(text);
  if (status >= 400) throw new KeptError(answer.code, answer.detail ?? `Kept answered ${status}.`, answer);
  return answer;
}
