import { SEND_MS, type Sending, troubleWords } from './sender.ts';

/** Answers that say no to this message for good, and not to its moment or to the way there. */
const FINAL = new Set([400, 410, 413, 422]);

/**
 * Posts a message and says what became of it. What is not there, is too busy, or does not know us may be mended, and is tried
 * again; a redirect is followed by nobody, since a message is for the address that was configured.
 */
export async function postMessage(
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
  wordsOf: (answer: string) => string = (answer) => answer,
): Promise<Sending> {
  let response: Response;
  let answer: string;
  try {
    response = await fetch(url, {
      method: 'POST',
      body,
      headers,
      redirect: 'manual',
      signal: AbortSignal.timeout(SEND_MS),
    });
    answer = await response.text();
  } catch (error) {
    return { kind: 'retry', trouble: troubleWords(error) };
  }
  if (response.ok) return { kind: 'sent' };
  const trouble = `${response.status} ${wordsOf(answer)}`.trim().slice(0, 500);
  if (FINAL.has(response.status)) return { kind: 'refused', trouble };
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return { kind: 'retry', trouble, ...(seconds > 0 ? { afterMs: Math.min(seconds, 86_400) * 1000 } : {}) };
}
