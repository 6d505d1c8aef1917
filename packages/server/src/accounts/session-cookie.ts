import type { FastifyRequest } from 'fastify';
import { SESSION_SECONDS } from './sessions.ts';

const PLAIN = 'kept_session';
/** Over TLS the browser itself holds it to this host, path / and TLS. */
const BOUND = `__Host-${PLAIN}`;
const STATE = 'kept_sign_in';
const STATE_SECONDS = 600;

/** The token of the session that a request bears. */
export function sessionOf(request: FastifyRequest): string | undefined {
  const cookies = cookiesOf(request);
  return cookies[BOUND] ?? cookies[PLAIN];
}

/** @param token '' takes the cookie away */
export function sessionCookie(request: FastifyRequest, token: string, secure: boolean): string {
  return request.server.serializeCookie(secure ? BOUND : PLAIN, token, {
    httpOnly: true,
    sameSite: 'strict',
    secure,
    path: '/',
    maxAge: token === '' ? 0 : SESSION_SECONDS,
  });
}

/** What a browser was sent to another house with. */
export function stateOf(request: FastifyRequest): string | undefined {
  return cookiesOf(request)[STATE];
}

/** Lax, since the other house sends the browser back. @param state '' takes the cookie away */
export function stateCookie(request: FastifyRequest, state: string, secure: boolean): string {
  return request.server.serializeCookie(STATE, state, {
    httpOnly: true,
    sameSite: 'lax',
    secure,
    path: '/sign-in',
    maxAge: state === '' ? 0 : STATE_SECONDS,
  });
}

function cookiesOf(request: FastifyRequest): Record<string, string | undefined> {
  return request.headers.cookie === undefined ? {} : request.server.parseCookie(request.headers.cookie);
}
