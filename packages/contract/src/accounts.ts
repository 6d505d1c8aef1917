import { z } from 'zod';

/** What there is to be seen and changed, in the words of the capabilities that own it. */
const AREAS = [
  'catalog',
  'supply',
  'orders',
  'queue',
  'planning',
  'selling',
  'signals',
  'messages',
  'money',
  'book',
  'imports',
  'connections',
  'settings',
  'people',
  'keys',
  'privacy',
] as const;

type Area = (typeof AREAS)[number];

/** What a role or an API key may do: read or write one area. `audit` is only ever read: nobody writes there but Kept. */
export type Scope = `${Area}:read` | `${Area}:write` | 'audit:read';

export const SCOPES: readonly Scope[] = [
  ...AREAS.flatMap((area): Scope[] => [`${area}:read`, `${area}:write`]),
  'audit:read',
];

/**
 * What a route asks of its caller: a scope; `signed_in` of anybody whom Kept knows; `public` of nobody at all, where the
 * address itself is the secret or there is none.
 */
export type Permission = Scope | 'signed_in' | 'public';

export const ROLES = ['owner', 'buyer', 'operations', 'cx', 'finance', 'viewer'] as const;
export type Role = (typeof ROLES)[number];

const read = (...areas: Area[]): Scope[] => areas.map((area): Scope => `${area}:read`);
const both = (...areas: Area[]): Scope[] =>
  areas.flatMap((area): Scope[] => [`${area}:read`, `${area}:write`]);

/** What everybody at a brand works with; not who else may sign in, which keys there are, and who did what. */
const WORK = read(
  'catalog',
  'supply',
  'orders',
  'queue',
  'planning',
  'selling',
  'signals',
  'messages',
  'book',
  'imports',
  'connections',
  'settings',
);

/** What each role may do. Everybody reads the work of the others; each writes their own. */
export const SCOPES_OF: Readonly<Record<Role, ReadonlySet<Scope>>> = {
  owner: new Set(SCOPES),
  buyer: new Set([
    ...WORK,
    ...both('catalog', 'supply', 'queue', 'planning', 'selling', 'signals', 'imports'),
  ]),
  operations: new Set([
    ...WORK,
    ...both('catalog', 'supply', 'orders', 'queue', 'signals', 'imports', 'connections'),
  ]),
  cx: new Set([...WORK, ...both('orders', 'messages', 'signals', 'privacy'), ...read('money')]),
  finance: new Set([...WORK, ...both('money', 'book'), 'audit:read']),
  viewer: new Set(WORK),
};

export const RoleName = z.enum(ROLES).describe('what somebody may do: docs/SECURITY.md lists it by role');
export const ScopeName = z.enum(SCOPES as readonly [Scope, ...Scope[]]);
