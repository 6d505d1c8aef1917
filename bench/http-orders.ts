import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { buildApp } from '../packages/server/src/app.ts';
import type { BenchBrand } from './brand.ts';
import type { OrderLoad } from './http-load.ts';
import type { LoadOutcome } from './http-sockets.ts';

const KEY = 'bench-key';
const LOAD = fileURLToPath(new URL('http-load.ts', import.meta.url));

/** Kept's own app on the loopback, and orders from another process. */
export interface OrderServer {
  load(options: Pick<OrderLoad, 'connections' | 'seconds' | 'perSecond'>): Promise<LoadOutcome>;
  /** One request from here, without the network. */
  post(path: string, body: object): Promise<unknown>;
  close(): Promise<void>;
}

export async function serveOrders({ kept }: BenchBrand, skus: readonly string[]): Promise<OrderServer> {
  const app = await buildApp(kept, { bootstrapKey: KEY });
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as AddressInfo;
  let loads = 0;
  return {
    async load(options) {
      const name = `http-${process.pid}-${++loads}`;
      const all: OrderLoad = { port, key: KEY, skus, name, ...options };
      const child = spawn(process.execPath, [LOAD, JSON.stringify(all)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let said = '';
      child.stdout.on('data', (text) => {
        said += text;
      });
      const [code] = await once(child, 'close');
      if (code !== 0) throw new Error(`the load ended with ${code}`);
      const outcome = JSON.parse(said) as LoadOutcome;
      if (outcome.failed > 0) throw new Error(`${outcome.failed} orders were not placed`);
      return outcome;
    },
    async post(path, body) {
      const headers = { authorization: `Bearer ${KEY}` };
      const response = await app.inject({ method: 'POST', url: path, headers, payload: body });
      if (response.statusCode >= 300)
        throw new Error(`POST ${path}: ${response.statusCode} ${response.body}`);
      return response.json();
    },
    close: () => app.close(),
  };
}
