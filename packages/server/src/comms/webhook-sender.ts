import { createHmac } from 'node:crypto';
import { postMessage } from './http-sending.ts';
import type { Sender } from './sender.ts';

/**
 * Hands messages to whoever sends for the brand: Klaviyo, Attentive, a service of its own. Signed as Standard Webhooks says;
 * `webhook-id` is the message's reference, the same at every attempt, by which the other side knows what it has already.
 * @param secret `whsec_` and base64
 */
export function webhookSender(url: string, secret: string): Sender {
  return {
    name: `webhook ${new URL(url).host}`,
    reaches: 'both',
    send({ to, replyTo, subject, text, html, short, reference, about }) {
      const body = JSON.stringify({
        type: `message.${about.kind}`,
        timestamp: new Date().toISOString(),
        data: { reference, to, replyTo, subject, text, html, short, ...about },
      });
      // The other side refuses what is old by its own clock: the time is the world's and not the brand's.
      const timestamp = Math.floor(Date.now() / 1000);
      return postMessage(url, body, {
        'content-type': 'application/json',
        'webhook-id': reference,
        'webhook-timestamp': String(timestamp),
        'webhook-signature': signatureOf(secret, reference, timestamp, body),
      });
    },
    close() {},
  };
}

/** Standard Webhooks: `v1,` and the base64 of HMAC-SHA256 over id, seconds and body, joined by dots. */
export function signatureOf(secret: string, id: string, timestamp: number, body: string): string {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`;
}
