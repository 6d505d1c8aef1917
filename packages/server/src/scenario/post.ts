import type { Outgoing } from '../comms/index.ts';

/** For stories in which messages go out: they arrive at once, and nobody reads them. */
export const everythingArrives: Outgoing = {
  sender: {
    name: 'the story',
    reaches: 'both',
    send: async () => ({ kind: 'sent' }),
    close() {},
  },
  pageUrl: 'https://orders.example',
};
