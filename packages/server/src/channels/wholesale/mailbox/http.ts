import type { Mailbox } from './mailbox.ts';

/**
 * A gateway's or partner's address, to which files are posted. What it has for Kept it posts to the connection's own address:
 * nothing lies here to be taken.
 */
export function httpMailbox(
  place: { readonly url: string; readonly authorization?: string | undefined },
  fetching: typeof fetch,
): Mailbox {
  return {
    async list() {
      return [];
    },
    async read(name) {
      throw new Error(`${name}: nothing is taken from an address.`);
    },
    async settle() {},
    async put(name, bytes) {
      const response = await fetching(place.url, {
        method: 'POST',
        headers: {
          'content-type': name.endsWith('.edi') ? 'application/edifact' : 'application/edi-x12',
          'content-disposition': `attachment; filename="${name}"`,
          // The receiver can tell by it that a file comes again after an answer that was lost.
          'idempotency-key': name,
          ...(place.authorization === undefined ? {} : { authorization: place.authorization }),
        },
        body: Buffer.from(bytes),
      });
      await response.body?.cancel();
      if (!response.ok) throw new Error(`${place.url} answered ${response.status}.`);
    },
    async close() {},
  };
}
