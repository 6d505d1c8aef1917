import { type ErpServer, erpServer } from '../../testing/erp-server.ts';

/** A way to a real Tryton on which everything can go wrong; `expireToken` ends the session that is in use. */
export async function faultyWay(address: string): Promise<ErpServer> {
  let expired: string | null = null;
  let last: string | null = null;
  return erpServer(
    async ({ path, headers, body }) => {
      const { authorization } = headers;
      if (authorization !== undefined) {
        if (authorization === expired) return { status: 401, body: 'Unauthorized' };
        last = authorization;
      }
      const response = await fetch(`${address}${path}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(authorization === undefined ? {} : { authorization }),
        },
        body: JSON.stringify(body),
      });
      const text = await response.text();
      return { status: response.status, body: response.ok ? JSON.parse(text) : text };
    },
    (status, words) => ({ error: [String(status), words] }),
    () => {
      expired = last;
    },
  );
}
