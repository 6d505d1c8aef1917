import { type LookupAddress, lookup } from 'node:dns';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** Posting to addresses that somebody typed in: nothing inside our own network is to be reached by it. */

export type Posted =
  | { readonly kind: 'sent' }
  /** It may work later. */
  | { readonly kind: 'retry'; readonly trouble: string }
  /** It will never work as it is. */
  | { readonly kind: 'refused'; readonly trouble: string };

export interface GuardedPost {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Lets private addresses and plain http through: for tests, and where receivers are in one's own network. */
  readonly privateTargets?: boolean;
}

const TIMEOUT_MS = 15_000;

/** Not for anybody's servers: IANA's special-purpose registries (RFC 6890 and those after it). */
const SPECIAL = new BlockList();
for (const [net, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  SPECIAL.addSubnet(net, prefix, 'ipv4');
/** Of IPv6 only what is given out to the public is public; tunnels into IPv4 and documentation are not. */
const PUBLIC_V6 = new BlockList();
PUBLIC_V6.addSubnet('2000::', 3, 'ipv6');
for (const [net, prefix] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  SPECIAL.addSubnet(net, prefix, 'ipv6');

/** Whether an address is a public one. */
export function isPublicAddress(address: string): boolean {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return isPublicAddress(mapped);
  if (isIP(address) === 4) return !SPECIAL.check(address, 'ipv4');
  return isIP(address) === 6 && PUBLIC_V6.check(address, 'ipv6') && !SPECIAL.check(address, 'ipv6');
}

/** What is wrong with a target before anything is asked of the network; null: nothing. */
export function targetTrouble(url: string, privateTargets = false): string | null {
  if (!URL.canParse(url)) return 'expected an address such as https://example.com/hook';
  const { protocol, hostname, username, password } = new URL(url);
  if (username !== '' || password !== '') return 'expected an address without a user name';
  if (privateTargets) return /^https?:$/.test(protocol) ? null : 'expected http or https';
  if (protocol !== 'https:') return 'expected https';
  const host = hostname.replace(/^\[|\]$/g, '');
  const isLocal = /(^|\.)(localhost|local|internal)\.?$/i.test(host);
  return isLocal || (isIP(host) !== 0 && !isPublicAddress(host)) ? 'expected a public address' : null;
}

/** The name is looked up once, and what was looked at is what is connected to: a name cannot turn to another address in between. */
export const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    if (error !== null) return callback(error, '', 4);
    const bad = addresses.find(({ address }) => !isPublicAddress(address));
    if (bad !== undefined || addresses.length === 0)
      return callback(new NotPublic(`${hostname} is not at a public address`), '', 4);
    if (options.all === true) return callback(null, addresses);
    callback(null, addresses[0]!.address, addresses[0]!.family);
  });
};

class NotPublic extends Error {}

/** Posts a body. Redirects are not followed, and the answer is not read. */
export function guardedPost({ url, headers, body, privateTargets = false }: GuardedPost): Promise<Posted> {
  const trouble = targetTrouble(url, privateTargets);
  if (trouble !== null) return Promise.resolve({ kind: 'refused', trouble });
  const request = new URL(url).protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve) => {
    const sent = request(
      url,
      {
        method: 'POST',
        agent: false,
        headers: { ...headers, 'content-length': Buffer.byteLength(body) },
        signal: AbortSignal.timeout(TIMEOUT_MS),
        ...(privateTargets ? {} : { lookup: publicLookup }),
      },
      (response) => {
        response.destroy();
        const status = response.statusCode ?? 0;
        if (status >= 200 && status < 300) resolve({ kind: 'sent' });
        else if (status === 410) resolve({ kind: 'refused', trouble: 'It answered 410: it wants no more.' });
        else resolve({ kind: 'retry', trouble: `It answered ${status}.` });
      },
    );
    sent.on('error', (error) =>
      resolve({
        kind: error instanceof NotPublic ? 'refused' : 'retry',
        trouble: error.message.slice(0, 500),
      }),
    );
    sent.end(body);
  });
}
