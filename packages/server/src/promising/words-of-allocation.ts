import type { Reason } from '@kept/engine';

const because = (reason: Reason) => (typeof reason.reason === 'string' ? ` (${reason.reason})` : '');

/** What became of lines since somebody decided so, in the words of each reader. */
export const ALLOCATION_PHRASES = {
  reallocated: (reason: Reason) => ({
    planner: `Units were given to others by an approved re-allocation${because(reason)}.`,
    agent: 'We gave the units that are here out anew.',
    customer: 'We had to give out the items that are here anew.',
  }),
  queue_moved: (reason: Reason) => ({
    planner: `The queue was changed by hand${because(reason)}.`,
    agent: 'The order of the queue was changed.',
  }),
  queue_move_undone: (reason: Reason) => ({
    planner: `A change of the queue was taken back${because(reason)}.`,
  }),
  ranked_again: (reason: Reason) => ({
    planner: `The queue was ranked again by its rules${because(reason)}.`,
    agent: 'The order of the queue was changed.',
  }),
  line_unlocked: () => ({ planner: 'What backed it was locked, and was let go.' }),
};
