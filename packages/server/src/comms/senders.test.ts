import { describe, expect, test } from 'vitest';
import { smtpSender } from './mailer.ts';
import { smsSender } from './sms-sender.ts';
import { httpSide } from './testing/http-side.ts';
import { mailServer } from './testing/mail-server.ts';
import { conforms, message, type Received } from './testing/sender-conformance.ts';
import { signatureOf, webhookSender } from './webhook-sender.ts';

const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const FROM = 'Ember <orders@ember.example>';
/** A port on which nobody listens. */
const NOBODY = '127.0.0.1:9';

conforms('SMTP', {
  to: 'ada@example.com',
  nowhere: () => smtpSender(`smtp://${NOBODY}`, FROM),
  async open() {
    const server = await mailServer();
    const sender = smtpSender(server.url, FROM);
    return {
      sender,
      get received() {
        return server.mails.map(
          (mail): Received => ({
            to: String((mail.to as { text: string }).text),
            text: mail.text ?? '',
            reference: mail.messageId ?? null,
          }),
        );
      },
      answer: (how, times) => server.refuse(how === 'later' ? 451 : 550, times),
      async close() {
        sender.close();
        await server.close();
      },
    };
  },
});

conforms('webhook', {
  to: 'ada@example.com',
  nowhere: () => webhookSender(`http://${NOBODY}/`, SECRET),
  async open() {
    const side = await httpSide();
    return {
      sender: webhookSender(side.url, SECRET),
      get received() {
        return side.got.map(({ headers, body }): Received => {
          const { data } = JSON.parse(body);
          return { to: data.to, text: data.text, reference: String(headers['webhook-id']) };
        });
      },
      answer: (how, times) => side.refuse(how === 'later' ? 503 : 422, times),
      close: side.close,
    };
  },
});

conforms('SMS', {
  to: '+442071838750',
  nowhere: () => smsSender(`http://sid:token@${NOBODY}/`, '+15005550006'),
  async open() {
    const side = await httpSide();
    const url = new URL(side.url);
    url.username = 'sid';
    url.password = 'to/ken';
    return {
      sender: smsSender(url.href, '+15005550006'),
      get received() {
        return side.got.map(({ body }): Received => {
          const form = new URLSearchParams(body);
          return { to: form.get('To') ?? '', text: form.get('Body') ?? '', reference: null };
        });
      },
      answer: (how, times) => side.refuse(how === 'later' ? 429 : 400, times),
      close: side.close,
    };
  },
});

describe('a webhook', () => {
  test('is signed as Standard Webhooks says', async () => {
    // The specification's own example.
    expect(
      signatureOf(
        'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
        'msg_p5jXN8AQM9LWM0D4loKWxJek',
        1614265330,
        '{"test": 2432232314}',
      ),
    ).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
    const side = await httpSide();
    const one = message();
    await webhookSender(side.url, SECRET).send(one);
    const { headers, body } = side.got[0]!;
    const seconds = Number(headers['webhook-timestamp']);
    expect(Math.abs(Date.now() / 1000 - seconds)).toBeLessThan(60);
    expect(headers['webhook-signature']).toBe(signatureOf(SECRET, one.reference, seconds, body));
    expect(JSON.parse(body)).toMatchObject({
      type: 'message.update',
      data: { reference: one.reference, order: one.about.order, link: one.about.link, html: one.html },
    });
    await side.close();
  });

  test('waits as long as the other side asks, and follows no redirect', async () => {
    const side = await httpSide();
    const sender = webhookSender(side.url, SECRET);
    side.refuse(429, 1, { 'retry-after': '120' });
    expect(await sender.send(message())).toMatchObject({ kind: 'retry', afterMs: 120_000 });
    side.refuse(302, 1, { location: side.url });
    expect(await sender.send(message())).toMatchObject({ kind: 'retry' });
    expect(side.got).toHaveLength(0);
    await side.close();
  });
});

test('an SMS carries its sender and who pays, and no password in its address', async () => {
  const side = await httpSide();
  const url = new URL(side.url);
  url.username = 'sid';
  url.password = 'to/ken';
  await smsSender(url.href, 'Ember').send(message({ to: '+442071838750' }));
  const { headers, body } = side.got[0]!;
  expect(new URLSearchParams(body).get('From')).toBe('Ember');
  expect(headers.authorization).toBe(`Basic ${Buffer.from('sid:to/ken').toString('base64')}`);
  await side.close();
});
