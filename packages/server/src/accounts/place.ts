import type { FastifyRequest } from 'fastify';
import type { Place } from './passkeys.ts';

/** How this installation is reached, where that is not how the request came: behind a proxy. */
export interface Outside {
  readonly publicUrl?: string | undefined;
}

export function placeOf(request: FastifyRequest, { publicUrl }: Outside): Place {
  const { origin, hostname } = new URL(publicUrl ?? `${request.protocol}://${request.host}`);
  return { origin, host: hostname };
}

export function isSecure(request: FastifyRequest, { publicUrl }: Outside): boolean {
  return publicUrl === undefined ? request.protocol === 'https' : publicUrl.startsWith('https:');
}
