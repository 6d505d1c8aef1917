import type { FastifyInstance } from 'fastify';

const LOOK_EVERY_MS = 50;

/**
 * A server that ends answers what it has begun. Whoever is answered then keeps the connection open for what comes next, as far as
 * they know, and the end would wait for that: they are told to take another, and what is idle is closed.
 */
export function closeIdleOnEnd(app: FastifyInstance): void {
  let ending: NodeJS.Timeout | undefined;
  app.addHook('preClose', async () => {
    ending = setInterval(() => app.server.closeIdleConnections(), LOOK_EVERY_MS);
  });
  app.addHook('onSend', async (_request, reply, payload) => {
    if (ending !== undefined) reply.header('connection', 'close');
    return payload;
  });
  app.addHook('onClose', async () => clearInterval(ending));
}
