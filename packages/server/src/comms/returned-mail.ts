/** What a mail says that came back: about which message, and what became of it. */
export interface ReturnedMail {
  readonly reference: string;
  readonly kind: 'delivered' | 'deferred' | 'bounced' | 'complained';
  readonly detail: string;
}

/**
 * Reads a mail that a mail server sent back: a delivery status notification (RFC 3464) or a complaint (RFC 5965). It is known
 * by the address that it came to (bounces+kept.…@…), else by the Message-ID of what it carries. Null: it is no such mail, or
 * about nothing that Kept sent; an answer by a person is none, whatever it quotes. The parts that say these things are never
 * encoded (RFC 3462, RFC 2046 5.2.1), so that the mail is read as the text that it is.
 */
export function readReturnedMail(raw: string): ReturnedMail | null {
  // A header that goes on in the next line is one header.
  const mail = raw.replaceAll('\r\n', '\n').replaceAll(/\n[ \t]+/g, ' ');
  const end = mail.indexOf('\n\n');
  const head = end === -1 ? mail : mail.slice(0, end);
  const type = /^content-type:.*multipart\/report.*report-type="?(delivery-status|feedback-report)"?/im.exec(
    head,
  );
  if (type === null) return null;
  const reference =
    /^(?:to|delivered-to|x-original-to):.*\+(kept\.[0-9a-f]{32})@/im.exec(head)?.[1] ??
    /^(?:message-id|x-original-message-id):\s*<?(kept\.[0-9a-f]{32})@/im.exec(mail.slice(head.length))?.[1];
  if (reference === undefined) return null;
  const field = (name: string) =>
    new RegExp(`^${name}:\\s*(.+)$`, 'im').exec(mail.slice(head.length))?.[1]?.trim();
  if (type[1]!.toLowerCase() === 'feedback-report')
    return { reference, kind: 'complained', detail: field('feedback-type') ?? 'abuse' };
  const kind = ACTIONS[field('action')?.toLowerCase() ?? ''];
  if (kind === undefined) return null;
  const detail = [field('status'), field('diagnostic-code')].filter((part) => part !== undefined).join(' ');
  return { reference, kind, detail: detail.slice(0, 2000) };
}

const ACTIONS: Readonly<Record<string, ReturnedMail['kind']>> = {
  failed: 'bounced',
  delayed: 'deferred',
  delivered: 'delivered',
  relayed: 'delivered',
  expanded: 'delivered',
};
