import { resolve } from 'node:path';
import { z } from 'zod';
import { defaultDataDir } from './data-directory.ts';
import { KeptError } from './errors.ts';
import { LOG_LEVELS } from './log.ts';
import { parseSecretKeys } from './sealed.ts';

export interface Config {
  /** 0 takes any free port. */
  port: number;
  host: string;
  /** Absolute. The embedded server keeps its data in `postgres` below it. */
  dataDir: string;
  /** Somebody else's PostgreSQL; without it Kept starts the embedded one. */
  databaseUrl?: string;
  /** Whether an empty database is filled with the demo brand. */
  demo: boolean;
  clock: 'system' | 'manual';
  /** An API key with every scope for the first brand. */
  bootstrapKey?: string;
  /** Stripe's secret key: with it, card payments are renewed and refunded there. */
  stripeKey?: string;
  smtpUrl?: string;
  mailFrom?: string;
  /** Where mail that cannot be delivered comes back to: with the message's reference in it, `bounces+…@example.com`. */
  mailBounces?: string;
  /** A brand's own sender, instead of mail. */
  messageWebhookUrl?: string;
  messageWebhookSecret?: string;
  /** Text messages for customers who left a telephone number and no mail address. */
  smsUrl?: string;
  smsFrom?: string;
  /** Whether webhooks may go to addresses of one's own network. */
  privateTargets: boolean;
  /** Keep secrets that Kept has to read again; the first seals, all of them open. */
  secretKeys?: [Buffer, ...Buffer[]];
  /** Where people and customers reach this installation, behind whatever proxy; without a slash at the end. */
  publicUrl?: string;
  /** Whose word counts for where a request came from. */
  trustProxy?: string;
  /** What whoever reads /metrics has to send. */
  metricsToken?: string;
  /** 0: no limit. */
  keyRequestsPerMinute: number;
  oidcIssuer?: string;
  oidcClientId?: string;
  oidcClientSecret?: string;
  logLevel: string;
}

/** The flags of `kept start` as commander hands them over: `--no-demo` arrives as `demo: false`. */
export interface Flags {
  port?: string | number;
  host?: string;
  data?: string;
  databaseUrl?: string;
  demo?: boolean;
  clock?: string;
  log?: string;
}

type Environment = Record<string, string | undefined>;

interface Setting {
  flag?: keyof Flags;
  variable?: string;
  schema: z.ZodType;
  /** The end of "… but expects". */
  expects: string;
  /** Secrets are never quoted back. */
  secret?: boolean;
}

const settings = {
  port: {
    flag: 'port',
    variable: 'KEPT_PORT',
    schema: z
      .union([z.int(), z.string().trim().regex(/^\d+$/).transform(Number)])
      .pipe(z.int().min(0).max(65_535)),
    expects: 'a whole number from 0 to 65535',
  },
  host: {
    flag: 'host',
    variable: 'KEPT_HOST',
    schema: z.string().regex(/^[\w.:%-]+$/),
    expects: 'a host name or an IP address, such as 127.0.0.1 or 0.0.0.0',
  },
  dataDir: {
    flag: 'data',
    variable: 'KEPT_DATA_DIR',
    schema: z.string().regex(/^[^\0]+$/),
    expects: 'a directory',
  },
  databaseUrl: {
    flag: 'databaseUrl',
    variable: 'KEPT_DATABASE_URL',
    schema: urlOf('postgres:', 'postgresql:'),
    expects: 'an address such as postgresql://user:password@host:5432/kept',
    secret: true,
  },
  stripeKey: {
    variable: 'KEPT_STRIPE_KEY',
    schema: z.string().regex(/^[sr]k_\w+$/),
    expects: 'a secret or restricted key of Stripe, such as sk_live_…',
    secret: true,
  },
  smtpUrl: {
    variable: 'KEPT_SMTP_URL',
    schema: urlOf('smtp:', 'smtps:'),
    expects: 'an address such as smtps://user:password@host:465',
    secret: true,
  },
  mailFrom: {
    variable: 'KEPT_MAIL_FROM',
    schema: z.string().regex(/^([^<>\r\n]+<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/),
    expects: 'a mail address, such as orders@example.com or "Example <orders@example.com>"',
  },
  mailBounces: {
    variable: 'KEPT_MAIL_BOUNCES',
    schema: z.string().regex(/^[^\s<>@+]+@[^\s<>@]+$/),
    expects: 'a mail address without a plus, such as bounces@example.com',
  },
  messageWebhookUrl: {
    variable: 'KEPT_MESSAGE_WEBHOOK_URL',
    schema: urlOf('https:', 'http:'),
    expects: 'an address such as https://example.com/kept-messages',
    secret: true,
  },
  messageWebhookSecret: {
    variable: 'KEPT_MESSAGE_WEBHOOK_SECRET',
    schema: z.string().regex(/^whsec_[A-Za-z0-9+/]{32,}={0,2}$/),
    expects: 'whsec_ and at least 24 bytes in base64, as Standard Webhooks has it',
    secret: true,
  },
  smsUrl: {
    variable: 'KEPT_SMS_URL',
    schema: urlOf('https:', 'http:'),
    expects: 'an address such as https://SID:TOKEN@api.twilio.com/2010-04-01/Accounts/SID/Messages.json',
    secret: true,
  },
  smsFrom: {
    variable: 'KEPT_SMS_FROM',
    schema: z.string().regex(/^(\+[1-9]\d{6,14}|[A-Za-z0-9 ]{1,11})$/),
    expects: 'a telephone number such as +442071838750, or a name of at most 11 letters',
  },
  privateTargets: {
    variable: 'KEPT_PRIVATE_WEBHOOKS',
    schema: z.enum(['yes', 'no']).transform((text) => text === 'yes'),
    expects: 'yes or no',
  },
  bootstrapKey: {
    variable: 'KEPT_BOOTSTRAP_KEY',
    schema: z.string().regex(/^[\x21-\x7e]+$/),
    expects: 'a key of visible ASCII characters without spaces, as it is sent in a header',
    secret: true,
  },
  secretKeys: {
    variable: 'KEPT_SECRET_KEY',
    schema: z
      .string()
      .transform(parseSecretKeys)
      .refine((keys) => keys !== null),
    expects: '32 bytes in base64 (openssl rand -base64 32), and behind a comma those it was before',
    secret: true,
  },
  publicUrl: {
    variable: 'KEPT_PUBLIC_URL',
    schema: urlOf('https:', 'http:').transform((text) => text.replace(/\/+$/, '')),
    expects: 'an address such as https://kept.example.com',
  },
  trustProxy: {
    variable: 'KEPT_TRUST_PROXY',
    schema: z
      .string()
      .regex(
        /^(loopback|linklocal|uniquelocal|[\d.:a-fA-F]+(\/\d+)?)(\s*,\s*(loopback|linklocal|uniquelocal|[\d.:a-fA-F]+(\/\d+)?))*$/,
      ),
    expects: 'addresses or networks of your proxies, such as loopback or 10.0.0.0/8, separated by commas',
  },
  metricsToken: {
    variable: 'KEPT_METRICS_TOKEN',
    schema: z.string().regex(/^[\x21-\x7e]{16,}$/),
    expects: 'at least 16 visible ASCII characters without spaces',
    secret: true,
  },
  keyRequestsPerMinute: {
    variable: 'KEPT_KEY_REQUESTS_PER_MINUTE',
    schema: z
      .string()
      .regex(/^\d{1,9}$/)
      .transform(Number),
    expects: 'a whole number, 0 for no limit',
  },
  oidcIssuer: {
    variable: 'KEPT_OIDC_ISSUER',
    schema: urlOf('https:', 'http:'),
    expects: 'the address of an OpenID provider, such as https://login.example.com',
  },
  oidcClientId: { variable: 'KEPT_OIDC_CLIENT_ID', schema: z.string(), expects: 'a client id' },
  oidcClientSecret: {
    variable: 'KEPT_OIDC_CLIENT_SECRET',
    schema: z.string(),
    expects: 'a client secret',
    secret: true,
  },
  clock: { flag: 'clock', schema: z.enum(['system', 'manual']), expects: 'system or manual' },
  logLevel: {
    flag: 'log',
    variable: 'KEPT_LOG',
    schema: z.enum(LOG_LEVELS),
    expects: `one of ${LOG_LEVELS.join(', ')}`,
  },
} satisfies Partial<Record<keyof Config, Setting>>;

/**
 * Reads the configuration, flags before environment; an empty variable counts as unset.
 * @throws KeptError `cannot_start` whose detail has one sentence for each wrong value: its flag or variable, the value,
 *   and what is expected.
 */
export function readConfig(flags: Flags, environment: Environment): Config {
  const wrong: string[] = [];
  const read = <T>(setting: Setting): T | undefined => {
    const given = find(setting, flags, environment);
    if (!given) return undefined;
    const parsed = setting.schema.safeParse(given.value);
    if (parsed.success) return parsed.data as T;
    const shown = setting.secret ? 'is set to something else' : `is ${JSON.stringify(given.value)}`;
    wrong.push(`${given.name} ${shown}, but expects ${setting.expects}.`);
    return undefined;
  };

  const dataDir = read<string>(settings.dataDir);
  const config: Config = {
    port: read<number>(settings.port) ?? 4400,
    host: read<string>(settings.host) ?? '127.0.0.1',
    dataDir: dataDir === undefined ? defaultDataDir() : resolve(dataDir),
    databaseUrl: read<string>(settings.databaseUrl),
    demo: flags.demo ?? true,
    clock: read<Config['clock']>(settings.clock) ?? 'system',
    bootstrapKey: read<string>(settings.bootstrapKey),
    stripeKey: read<string>(settings.stripeKey),
    smtpUrl: read<string>(settings.smtpUrl),
    mailFrom: read<string>(settings.mailFrom),
    mailBounces: read<string>(settings.mailBounces),
    messageWebhookUrl: read<string>(settings.messageWebhookUrl),
    messageWebhookSecret: read<string>(settings.messageWebhookSecret),
    smsUrl: read<string>(settings.smsUrl),
    smsFrom: read<string>(settings.smsFrom),
    privateTargets: read<boolean>(settings.privateTargets) ?? false,
    secretKeys: read<[Buffer, ...Buffer[]]>(settings.secretKeys),
    publicUrl: read<string>(settings.publicUrl),
    trustProxy: read<string>(settings.trustProxy),
    metricsToken: read<string>(settings.metricsToken),
    keyRequestsPerMinute: read<number>(settings.keyRequestsPerMinute) ?? 60_000,
    oidcIssuer: read<string>(settings.oidcIssuer),
    oidcClientId: read<string>(settings.oidcClientId),
    oidcClientSecret: read<string>(settings.oidcClientSecret),
    logLevel: read<string>(settings.logLevel) ?? 'info',
  };
  if (config.smtpUrl && !find(settings.mailFrom, flags, environment)) {
    wrong.push('KEPT_SMTP_URL is set without KEPT_MAIL_FROM, the sender that customers will see; set both.');
  }
  const given = (setting: Setting) => find(setting, flags, environment) !== undefined;
  for (const [one, other, why] of [
    [settings.messageWebhookUrl, settings.messageWebhookSecret, 'the secret that signs what is sent'],
    [settings.smsUrl, settings.smsFrom, 'the sender that customers will see'],
    [settings.oidcIssuer, settings.oidcClientId, 'the name by which the provider knows Kept'],
    [settings.oidcIssuer, settings.publicUrl, 'the address to which the provider sends people back'],
  ] as const)
    if (given(one) && !given(other))
      wrong.push(`${one.variable} is set without ${other.variable}, ${why}; set both.`);
  if (given(settings.smtpUrl) && given(settings.messageWebhookUrl))
    wrong.push(
      'KEPT_SMTP_URL and KEPT_MESSAGE_WEBHOOK_URL are both set, and a customer would be told twice; set one.',
    );
  if (wrong.length > 0) throw new KeptError('cannot_start', wrong.join('\n'));
  return config;
}

/** The value that counts, and the name under which the reader set it. */
function find(
  { flag, variable }: Setting,
  flags: Flags,
  environment: Environment,
): { name: string; value: unknown } | undefined {
  if (flag && flags[flag] !== undefined) {
    return {
      name: `--${flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
      value: flags[flag],
    };
  }
  const value = variable && environment[variable];
  return variable && value ? { name: variable, value } : undefined;
}

function urlOf(...protocols: string[]) {
  const begins = (text: string) => protocols.some((protocol) => text.startsWith(`${protocol}//`));
  return z.string().refine((text) => begins(text) && URL.canParse(text));
}
