import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { readStandard } from '../packages/server/src/platform/standard-webhooks.ts';
import type { BenchBrand } from './brand.ts';

/** What somebody would write in an afternoon: a plain server that checks the signature and commits each push by itself. */
export async function singleInserts({ kept, asOwner }: BenchBrand, secret: string) {
  await asOwner(
    'create table bench_push (id text primary key, body bytea not null, at timestamptz default now())',
  );
  await asOwner('grant insert on bench_push to kept_app');
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const read = readStandard(secret, request.headers, body);
    if (read === null) return response.writeHead(401, { 'content-length': '0' }).end();
    await kept.db.pool.query({
      name: 'bench-push',
      text: 'insert into bench_push (id, body) values ($1, $2) on conflict do nothing',
      values: [read.id, body],
    });
    return response.writeHead(200, { 'content-length': '2' }).end('{}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
