import type { Answer, Server } from './scenario.ts';

/** Kept at an address, spoken to as everybody else does. */
export function httpServer(url: string, key: string): Server {
  return {
    async call(method, path, body, headers = {}): Promise<Answer> {
      const response = await fetch(new URL(path, url), {
        method,
        headers: {
          authorization: `Bearer ${key}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }).catch((cause) => {
        throw new Error(`There is no Kept at ${url}: it does not answer.`, { cause });
      });
      return {
        status: response.status,
        headers: Object.fromEntries(response.headers),
        body: bodyOf(await response.text()),
      };
    },
  };
}

function bodyOf(text: string): unknown {
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
