/** Text that is no interchange at all: not a fault inside of a message, since there is none. */
export class NoInterchange extends Error {}
