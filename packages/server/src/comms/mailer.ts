import { createTransport } from 'nodemailer';

/** A message ready to leave. */
export interface Mail {
  readonly to: string;
  readonly replyTo: string | null;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** The same for every attempt at the same cause, so that what arrives twice is seen to be one. */
  readonly messageId: string;
}

export type Sending =
  | { readonly kind: 'sent' }
  /** It may work later. */
  | { readonly kind: 'retry'; readonly trouble: string }
  /** It will never work as it is: a person has to look. */
  | { readonly kind: 'refused'; readonly trouble: string };

/** A way by which messages leave: mail here, an SMS gateway or a brand's own sender elsewhere. */
export interface Sender {
  /** As the settings page names it. */
  readonly name: string;
  /** What stands behind the @ of a Message-ID. */
  readonly domain: string;
  send(mail: Mail): Promise<Sending>;
  close(): void;
}

/** No server may hold a message longer than this; the lease on it is longer. */
const TIMEOUT_MS = 20_000;

/** Mail by SMTP, over a few connections that are kept. */
export function smtpSender(url: string, from: string): Sender {
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: 4,
    maxMessages: 500,
    connectionTimeout: TIMEOUT_MS,
    greetingTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
  });
  const address = /<([^<>]+)>\s*$/.exec(from)?.[1] ?? from;
  return {
    name: `SMTP ${new URL(url).host}`,
    domain: address.slice(address.lastIndexOf('@') + 1),
    async send({ to, replyTo, subject, text, html, messageId }) {
      try {
        await transport.sendMail({
          from,
          to,
          ...(replyTo === null ? {} : { replyTo }),
          subject,
          text,
          html,
          messageId,
          headers: { 'Auto-Submitted': 'auto-generated' },
        });
        return { kind: 'sent' };
      } catch (error) {
        return troubleOf(error);
      }
    },
    close: () => transport.close(),
  };
}

/** RFC 5321: a reply of 5xx to the recipient or the message is final; 4xx, and a server that is not there, are not. */
function troubleOf(error: unknown): Sending {
  const { code, responseCode, message } = (error ?? {}) as {
    code?: string;
    responseCode?: number;
    message?: string;
  };
  const trouble = (message ?? String(error)).slice(0, 500);
  const final =
    responseCode !== undefined && responseCode >= 500 && (code === 'EENVELOPE' || code === 'EMESSAGE');
  return { kind: final ? 'refused' : 'retry', trouble };
}
