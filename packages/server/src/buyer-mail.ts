import type { Outgoing } from './comms/index.ts';
import type { BuyerChannels } from './watch/index.ts';

/** Digests leave by the way that customers' messages take. */
export function buyerMail({ sender }: Outgoing): BuyerChannels['mail'] {
  if (sender === null) return null;
  return ({ messageId, ...mail }) =>
    sender.send({ ...mail, replyTo: null, messageId: `<${messageId}@${sender.domain}>` });
}
