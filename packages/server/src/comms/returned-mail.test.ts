import { expect, test } from 'vitest';
import { type ReturnedMail, readReturnedMail } from './returned-mail.ts';

const NAME = `kept.${'0123456789abcdef'.repeat(2)}`;

/** As Postfix writes it, with a header that goes on in the next line. */
const dsn = (
  action: string,
  status: string,
  { to = 'bounces@ember.example', original = `<${NAME}@ember.example>` } = {},
) =>
  [
    'From: MAILER-DAEMON@mx.example (Mail Delivery System)',
    `To: ${to}`,
    'Subject: Undelivered Mail Returned to Sender',
    'Content-Type: multipart/report; report-type=delivery-status;',
    '\tboundary="X"',
    '',
    '--X',
    'Content-Type: text/plain',
    '',
    'I am sorry.',
    '--X',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example',
    '',
    'Final-Recipient: rfc822; ada@example.com',
    `Action: ${action}`,
    `Status: ${status}`,
    'Diagnostic-Code: smtp; 550 5.1.1',
    '    no such user',
    '',
    '--X',
    'Content-Type: text/rfc822-headers',
    '',
    'Subject: Your order 1001',
    `Message-ID: ${original}`,
    '--X--',
  ].join('\r\n');

const complaint = [
  'From: <abuse@isp.example>',
  'To: bounces@ember.example',
  'Content-Type: multipart/report; report-type=feedback-report; boundary="X"',
  '',
  '--X',
  'Content-Type: message/feedback-report',
  '',
  'Feedback-Type: abuse',
  'User-Agent: SomeGenerator/1.0',
  '',
  '--X',
  'Content-Type: message/rfc822',
  '',
  `Message-ID: <${NAME}@ember.example>`,
  '--X--',
].join('\n');

/** Somebody answers, and their program quotes what it answers to. */
const answer = [
  'From: ada@example.com',
  `In-Reply-To: <${NAME}@ember.example>`,
  'Content-Type: text/plain',
  '',
  'I cannot wait. Action: failed',
  `Message-ID: <${NAME}@ember.example>`,
].join('\n');

test.each<[string, string, Partial<ReturnedMail> | null]>([
  [
    'undeliverable, known by the Message-ID it carries',
    dsn('failed', '5.1.1'),
    { reference: NAME, kind: 'bounced', detail: '5.1.1 smtp; 550 5.1.1 no such user' },
  ],
  ['still being tried', dsn('delayed', '4.4.1'), { reference: NAME, kind: 'deferred' }],
  ['delivered', dsn('delivered', '2.0.0'), { kind: 'delivered' }],
  [
    'known by the address it came to, where nothing of the mail is left',
    dsn('failed', '5.7.1', { to: `<bounces+${NAME}@ember.example>`, original: '<other@example.com>' }),
    { reference: NAME, kind: 'bounced' },
  ],
  ['about somebody else’s mail', dsn('failed', '5.1.1', { original: '<other@example.com>' }), null],
  ['a complaint', complaint, { reference: NAME, kind: 'complained', detail: 'abuse' }],
  ['an answer by a person, whatever it quotes', answer, null],
  ['nothing', '', null],
])('%s', (_, raw, expected) => {
  const read = readReturnedMail(raw);
  if (expected === null) expect(read).toBeNull();
  else expect(read).toMatchObject(expected);
});
