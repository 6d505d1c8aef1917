import { createTransport } from 'nodemailer';
import { SEND_MS, type Sender, type Sending, troubleWords } from './sender.ts';

/**
 * Mail by SMTP, over a few connections that are kept. The Message-ID is the message's reference; where `bounces` names an
 * address, mail that comes back goes there with the reference in it (VERP): bounces+kept.…@example.com.
 */
export function smtpSender(url: string, from: string, bounces?: string): Sender {
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: 4,
    maxMessages: 500,
    connectionTimeout: SEND_MS,
    greetingTimeout: SEND_MS,
    socketTimeout: SEND_MS,
  });
  const address = /<([^<>]+)>\s*$/.exec(from)?.[1] ?? from;
  const domain = address.slice(address.lastIndexOf('@') + 1);
  return {
    name: `SMTP ${new URL(url).host}`,
    reaches: 'email',
    async send({ to, replyTo, subject, text, html, reference }) {
      try {
        await transport.sendMail({
          from,
          to,
          ...(replyTo === null ? {} : { replyTo }),
          ...(bounces === undefined
            ? {}
            : { envelope: { from: bounces.replace('@', `+${reference}@`), to } }),
          subject,
          text,
          html,
          messageId: `<${reference}@${domain}>`,
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
  const { code, responseCode } = (error ?? {}) as { code?: string; responseCode?: number };
  const final =
    responseCode !== undefined && responseCode >= 500 && (code === 'EENVELOPE' || code === 'EMESSAGE');
  return { kind: final ? 'refused' : 'retry', trouble: troubleWords(error) };
}
