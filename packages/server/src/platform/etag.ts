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
