import { z } from 'zod';
import { Instant } from './common.ts';

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

const Email = z.email().max(320);
const PersonName = z.string().trim().min(1).max(200);

/** Somebody who may sign in. */
export const Person = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  role: RoleName,
  password: z.boolean().describe('whether there is one'),
  code: z.boolean().describe('whether an app’s code is asked for besides the password'),
  recoveryCodes: z.int().describe('how many are left, each of which stands in for an app’s code once'),
  passkeys: z.int(),
  createdAt: Instant,
  endedAt: Instant.nullable(),
});

export const PeopleSettings = z.object({
  secondFactor: z.boolean().describe('whether everybody with a password has to have a second factor'),
});

export const InvitationInput = z.object({ email: Email, name: PersonName, role: RoleName });
export const InvitationSent = z.object({
  link: z.string().describe('opens the account, once; shown this one time'),
  expiresAt: Instant,
});
export const PersonChange = z
  .object({
    name: PersonName,
    role: RoleName,
    ended: z.boolean().describe('true signs them out everywhere and lets them in no more'),
    resetSecondFactor: z.literal(true).describe('for somebody who lost their device'),
  })
  .partial();

/** Whoever signed in, as they see themselves. */
export const Self = Person.extend({
  passkeyList: z.array(
    z.object({ id: z.string(), name: z.string(), createdAt: Instant, lastUsedAt: Instant.nullable() }),
  ),
  secondFactorNeeded: z
    .boolean()
    .describe('the brand wants one, and until it is there nothing else can be done'),
});

const Password = z.string().max(1000);
export const PasswordChange = z.object({ current: Password.optional(), password: Password });
export const TotpStarted = z.object({
  secret: z.string(),
  uri: z.string().describe('as authenticator apps read it out of a QR code'),
});
export const RecoveryCodes = z.object({
  codes: z.array(z.string()).describe('shown this one time; each is good once'),
});
export const Code = z.object({
  code: z
    .string()
    .trim()
    .regex(/^\d{6}$/),
});
export const CurrentPassword = z.object({ current: Password.optional() });

export const SessionView = z.object({
  id: z.string(),
  person: z
    .object({ id: z.string(), name: z.string() })
    .nullable()
    .describe('null: by the link that Kept printed'),
  browser: z.string().nullable(),
  createdAt: Instant,
  lastUsedAt: Instant,
  expiresAt: Instant,
  current: z.boolean(),
});

export const KeyInput = z.object({
  name: z.string().trim().min(1).max(120),
  scopes: z.array(ScopeName).min(1).max(SCOPES.length).describe('no more than you have yourself'),
  expiresAt: Instant.optional(),
});
export const KeyView = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(ScopeName),
  createdBy: z.string(),
  createdAt: Instant,
  lastUsedAt: Instant.nullable().describe('to the minute'),
  expiresAt: Instant.nullable(),
  revokedAt: Instant.nullable(),
});
export const KeyShown = KeyView.extend({ key: z.string().describe('shown this one time') });
export const KeyRotation = z.object({
  overlapMinutes: z.int().min(0).max(10_080).default(60).describe('how long the old one goes on working'),
});
