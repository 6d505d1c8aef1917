import { Agent, fetch as undiciFetch } from 'undici';
import { publicLookup, targetTrouble } from './guarded-post.ts';

/** Nothing was heard for so long: the headers, or the next piece of the body. A long answer may take as long as it comes. */
export const SILENCE_MS = 60_000;
const CONNECT_MS = 15_000;
/** Of a whole answer: a history in one file fits. */
const MOST_BYTES = 4 * 1024 ** 3;

/**
 * The platform's fetch for addresses that somebody typed in: with limits of time and size, and, unless private targets are
 * allowed, no way into one's own network. The name is looked up once, and what was looked at is what is connected to.
 * @param silenceMs after so long without a sign from the other side a call is over, with an error
 */
export function guardedFetch(
  privateTargets: boolean,
  silenceMs = SILENCE_MS,
): { fetch: typeof fetch; close(): Promise<void> } {
  const dispatcher = new Agent({
    headersTimeout: silenceMs,
    bodyTimeout: silenceMs,
    maxResponseSize: MOST_BYTES,
    connect: { timeout: CONNECT_MS, ...(privateTargets ? {} : { lookup: publicLookup }) },
  });
  const guarded = (input: string | URL | Request, init?: RequestInit) => {
    const url = input instanceof Request ? input.url : String(input);
    const trouble = targetTrouble(url, privateTargets);
    if (trouble !== null) return Promise.reject(new TypeError(`${new URL(url).host}: ${trouble}`));
    return undiciFetch(url, {
      redirect: 'manual',
      ...(init as object),
      dispatcher,
    }) as unknown as Promise<Response>;
  };
  return { fetch: guarded as typeof fetch, close: () => dispatcher.close() };
}
