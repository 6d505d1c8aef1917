import type { Outgoing } from './comms/index.ts';
import type { BuyerChannels } from './watch/index.ts';

/** Digests leave by the way that customers' messages take, where that reaches mail addresses. */
export function buyerMail({ sender }: Outgoing): BuyerChannels['mail'] {
  if (sender === null || sender.reaches === 'phone') return null;
  return ({ messageId, to, subject, text, html }) =>
    sender.send({
      to,
      replyTo: null,
      subject,
      text,
      html,
      short: subject,
      reference: messageId,
      about: {
        order: null,
        kind: 'digest',
        language: 'en',
        customer: { name: '', email: to, phone: null },
        link: null,
        lines: [],
      },
    });
}
