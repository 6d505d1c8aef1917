import { isAbsolute, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Flags, readConfig } from './config.ts';

test('what holds when nothing is said', () => {
  const { dataDir, ...rest } = readConfig({}, {});
  expect(rest).toEqual({
    port: 4400,
    host: '127.0.0.1',
    demo: true,
    keyRequestsPerMinute: 60_000,
    privateTargets: false,
    clock: 'system',
    logLevel: 'info',
  });
  expect(isAbsolute(dataDir)).toBe(true);
});

test('a flag comes before its variable, and an empty variable is as good as none', () => {
  const environment = { KEPT_PORT: '5000', KEPT_HOST: '', KEPT_DATA_DIR: 'data' };
  expect(readConfig({ port: '4000' }, environment)).toMatchObject({
    port: 4000,
    host: '127.0.0.1',
    dataDir: resolve('data'),
  });
  expect(readConfig({}, environment).port).toBe(5000);
});

test('everything can be set', () => {
  const flags: Flags = {
    port: 0,
    host: '::1',
    data: '/srv/kept',
    demo: false,
    clock: 'manual',
    log: 'debug',
  };
  const environment = {
    KEPT_DATABASE_URL: 'postgresql:///kept?host=/run/postgresql',
    KEPT_SMTP_URL: 'smtps://user:secret@mail.example.com:465',
    KEPT_MAIL_FROM: 'Example <orders@example.com>',
    KEPT_BOOTSTRAP_KEY: 'a-key',
    KEPT_PRIVATE_WEBHOOKS: 'yes',
  };
  expect(readConfig(flags, environment)).toEqual({
    port: 0,
    keyRequestsPerMinute: 60_000,
    privateTargets: true,
    host: '::1',
    dataDir: resolve('/srv/kept'),
    databaseUrl: environment.KEPT_DATABASE_URL,
    demo: false,
    clock: 'manual',
    bootstrapKey: 'a-key',
    smtpUrl: environment.KEPT_SMTP_URL,
    mailFrom: environment.KEPT_MAIL_FROM,
    logLevel: 'debug',
  });
});

describe('a wrong value stops the start with a sentence that names it', () => {
  const wrong: [flags: Flags, environment: Record<string, string>, says: string][] = [
    [{ port: 'abc' }, {}, '--port is "abc", but expects a whole number from 0 to 65535.'],
    [{ port: '-1' }, {}, '--port is "-1", but expects a whole number from 0 to 65535.'],
    [{ port: '' }, {}, '--port is "", but expects a whole number from 0 to 65535.'],
    [{ port: 65_536 }, {}, '--port is 65536, but expects a whole number from 0 to 65535.'],
    [{}, { KEPT_PORT: '80.5' }, 'KEPT_PORT is "80.5", but expects a whole number from 0 to 65535.'],
    [{}, { KEPT_PORT: '0x50' }, 'KEPT_PORT is "0x50", but expects a whole number from 0 to 65535.'],
    [
      { host: 'http://x' },
      {},
      '--host is "http://x", but expects a host name or an IP address, such as 127.0.0.1 or 0.0.0.0.',
    ],
    [{ data: '' }, {}, '--data is "", but expects a directory.'],
    [{ clock: 'sundial' }, {}, '--clock is "sundial", but expects system or manual.'],
    [
      { log: 'loud' },
      {},
      '--log is "loud", but expects one of fatal, error, warn, info, debug, trace, silent.',
    ],
    [
      {},
      { KEPT_LOG: 'loud' },
      'KEPT_LOG is "loud", but expects one of fatal, error, warn, info, debug, trace, silent.',
    ],
    [
      {},
      { KEPT_MAIL_FROM: 'orders', KEPT_SMTP_URL: 'smtp://localhost' },
      'KEPT_MAIL_FROM is "orders", but expects a mail address, such as orders@example.com or "Example <orders@example.com>".',
    ],
    [
      {},
      { KEPT_SMTP_URL: 'smtp://localhost' },
      'KEPT_SMTP_URL is set without KEPT_MAIL_FROM, the sender that customers will see; set both.',
    ],
    [
      {},
      { KEPT_MESSAGE_WEBHOOK_URL: 'https://send.example' },
      'KEPT_MESSAGE_WEBHOOK_URL is set without KEPT_MESSAGE_WEBHOOK_SECRET, the secret that signs what is sent; set both.',
    ],
    [
      {},
      { KEPT_SMS_URL: 'https://sid:token@sms.example' },
      'KEPT_SMS_URL is set without KEPT_SMS_FROM, the sender that customers will see; set both.',
    ],
    [
      {},
      {
        KEPT_SMTP_URL: 'smtp://localhost',
        KEPT_MAIL_FROM: 'a@b.example',
        KEPT_MESSAGE_WEBHOOK_URL: 'https://send.example',
        KEPT_MESSAGE_WEBHOOK_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
      },
      'KEPT_SMTP_URL and KEPT_MESSAGE_WEBHOOK_URL are both set, and a customer would be told twice; set one.',
    ],
    [
      {},
      { KEPT_MAIL_BOUNCES: 'bounces+x@b.example' },
      'KEPT_MAIL_BOUNCES is "bounces+x@b.example", but expects a mail address without a plus, such as bounces@example.com.',
    ],
  ];
  test.each(wrong)('%j %j', (flags, environment, says) => {
    expect(() => readConfig(flags, environment)).toThrow(
      expect.objectContaining({ code: 'cannot_start', message: says }),
    );
  });

  test.each([
    ['KEPT_DATABASE_URL', 'mysql://root:hunter2@db'],
    ['KEPT_DATABASE_URL', 'postgres//root:hunter2@db'],
    ['KEPT_SMTP_URL', 'user:hunter2@mail'],
    ['KEPT_BOOTSTRAP_KEY', 'hunter2 with spaces'],
    ['KEPT_MESSAGE_WEBHOOK_SECRET', 'hunter2'],
    ['KEPT_SMS_URL', 'sid:hunter2@sms.example'],
  ])('a secret is not shown: %s', (variable, value) => {
    expect(() => readConfig({}, { KEPT_MAIL_FROM: 'a@b.c', [variable]: value })).toThrow(
      expect.objectContaining({
        message: expect.stringContaining(`${variable} is set to something else, but expects`),
      }),
    );
    expect(messageOf(() => readConfig({}, { [variable]: value }))).not.toContain('hunter2');
  });

  test('all of them at once', () => {
    expect(() => readConfig({ port: 'x', clock: 'y' }, { KEPT_HOST: 'a b' })).toThrow(
      /--port.*\nKEPT_HOST.*\n--clock/s,
    );
  });
});

function messageOf(work: () => unknown): string {
  try {
    work();
    return '';
  } catch (err) {
    return String(err);
  }
}
