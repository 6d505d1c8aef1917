import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

/**
 * Answers a polled read with an ETag: 304 without a body where the caller has this very answer already. When it was asked
 * (`asOf`) is not part of what the answer says.
 */
export function sendTagged(request: FastifyRequest, reply: FastifyReply, body: object): FastifyReply {
  const { asOf: _when, ...content } = body as { asOf?: string };
  const tag = `"${createHash('sha1').update(JSON.stringify(content)).digest('base64url')}"`;
  reply.header('etag', tag).header('cache-control', 'private, no-cache');
  if (request.headers['if-none-match'] === tag) return reply.status(304).send();
  return reply.send(body);
}

/** The same for an answer that is written already, all but its time. */
export function sendRendered(
  request: FastifyRequest,
  reply: FastifyReply,
  { head, etag, asOf }: { readonly head: string; readonly etag: string; readonly asOf: string },
): FastifyReply {
  reply.header('etag', etag).header('cache-control', 'private, no-cache');
  if (request.headers['if-none-match'] === etag) return reply.status(304).send();
  return reply.type('application/json; charset=utf-8').send(`${head}${asOf}"}`);
}
