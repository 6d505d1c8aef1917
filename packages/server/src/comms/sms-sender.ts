import { postMessage } from './http-sending.ts';
import type { Sender } from './sender.ts';

/**
 * Text messages, by the HTTP interface that Twilio has and others copy: a form with To, From and Body, user and password in
 * the address. It knows no key for "the same again": a process that dies between sending and recording sends twice.
 */
export function smsSender(address: string, from: string): Sender {
  const url = new URL(address);
  const credentials = [url.username, url.password].map(decodeURIComponent).join(':');
  url.username = '';
  url.password = '';
  return {
    name: `SMS ${url.host}`,
    reaches: 'phone',
    send: ({ to, short }) =>
      postMessage(
        url.href,
        new URLSearchParams({ To: to, From: from, Body: short }).toString(),
        {
          'content-type': 'application/x-www-form-urlencoded',
          authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
        },
        wordsIn,
      ),
    close() {},
  };
}

function wordsIn(answer: string): string {
  try {
    const { message } = JSON.parse(answer) as { message?: unknown };
    return typeof message === 'string' ? message : answer;
  } catch {
    return answer;
  }
}
