import { setTimeout as sleep } from 'node:timers/promises';
import { AccessLost, Busy, type Outcome } from '../connections/index.ts';

/** An answer that says the request is wrong as it is: asked again it would say the same. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly status: number;
  constructor(status: number, words: string) {
    super(words);
    this.status = status;
  }
}

/** Where nobody says how long. */
const USUAL_WAIT_MS = 30_000;
const LONGEST_WAIT_MS = 3_600_000;

export interface Asking {
  readonly fetch: typeof fetch;
  now(): Date;
}

export type Asked = Omit<RequestInit, 'headers'> & {
  readonly headers: Readonly<Record<string, string>>;
  /** It changes nothing there: what fails on the way is asked again at once, some times. */
  readonly reads?: boolean;
};

/** One page of orders takes a dozen questions: if each had to be answered at its first attempt, a line with faults would end none. */
const ATTEMPTS = 4;
const PAUSE_MS = 60;

/**
 * Asks an ERP for JSON.
 * @throws as askText does, and where it answers something else
 */
export async function ask(asking: Asking, url: string, init: Asked): Promise<unknown> {
  const { text, location } = await askText(asking, url, init);
  if (text === '') return { location };
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`It answered no JSON: ${wordsOf(text)}`);
  }
}

interface Answered {
  readonly text: string;
  /** Where what was made can be read. */
  readonly location: string | null;
}

/**
 * Asks an ERP.
 * @throws Busy where it is throttled, AccessLost where it does not let us in, Refused where what is asked is wrong; anything
 * else may work later
 */
export async function askText(asking: Asking, url: string, { reads, ...init }: Asked): Promise<Answered> {
  for (let attempt = 1; ; attempt++)
    try {
      return await askOnce(asking, url, init);
    } catch (error) {
      const final = error instanceof Busy || error instanceof AccessLost || error instanceof Refused;
      if (final || reads !== true || attempt === ATTEMPTS || init.signal?.aborted) throw error;
      await sleep(PAUSE_MS * 2 ** attempt * Math.random(), undefined, { signal: init.signal ?? undefined });
    }
}

async function askOnce({ fetch, now }: Asking, url: string, init: Asked): Promise<Answered> {
  const response = await fetch(url, init);
  const text = await response.text();
  const { status } = response;
  const words = `It answered ${status}: ${wordsOf(text)}`;
  if (status === 429 || (status === 503 && response.headers.has('retry-after')))
    throw new Busy(new Date(now().getTime() + waitMs(response.headers.get('retry-after'), now())), words);
  if (status === 401 || status === 403) throw new AccessLost(words);
  if (status >= 400 && status < 500 && status !== 408) throw new Refused(status, words);
  if (status >= 300) throw new Error(words);
  return { text, location: response.headers.get('location') };
}

function waitMs(header: string | null, now: Date): number {
  if (header === null || header.trim() === '') return USUAL_WAIT_MS;
  const seconds = Number(header);
  const ms = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(header) - now.getTime();
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 1000), LONGEST_WAIT_MS) : USUAL_WAIT_MS;
}

const wordsOf = (text: string) => text.replaceAll(/\s+/g, ' ').trim().slice(0, 300) || 'nothing';

/** Carries something out; what is throttled comes again, what is wrong is told. */
export async function outcomeOf(work: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Busy) return { state: 'later', after: error.after, why: error.message };
    if (error instanceof Refused) return { state: 'refused', why: error.message };
    throw error;
  }
}
