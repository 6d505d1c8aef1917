import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestKept } from '../../testing/brand.ts';

/** An address on loopback under which a test's Kept can be pushed to: what comes is handed on as it came. */
export async function relayTo(
  kept: () => TestKept,
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const headers = { ...request.headers } as Record<string, string>;
    const answer = await kept().call('POST', request.url!, Buffer.concat(chunks), headers);
    response.writeHead(answer.status).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
