import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OutgoingMessage, Sender } from '../sender.ts';

/** What the other side of a sender got. */
export interface Received {
  readonly to: string;
  /** What a person reads. */
  readonly text: string;
  /** By which the same is known when it comes again; null: this way has nothing like it. */
  readonly reference: string | null;
}

export interface Standin {
  readonly sender: Sender;
  readonly received: readonly Received[];
  /** Answers the next so many messages with: ask again later, or never. */
  answer(how: 'later' | 'never', times: number): void;
  close(): Promise<void>;
}

let messages = 0;
export function message(over: Partial<OutgoingMessage> = {}): OutgoingMessage {
  const number = ++messages;
  return {
    to: 'ada@example.com',
    replyTo: null,
    subject: `Your order ${number}: where it stands`,
    text: `Hello Ada,\n\nyour tea cup leaves us by Friday 3 April. Grüße, 你好, & "quotes"\n${number}\n`,
    html: `<p>Hello Ada ${number}</p>`,
    short: `Ember: your tea cup leaves us by Friday 3 April. Grüße, 你好, & "quotes" ${number}`,
    reference: `kept.${String(number).padStart(32, '0')}`,
    about: {
      order: `web:${number}`,
      kind: 'update',
      language: 'en',
      customer: { name: 'Ada', email: 'ada@example.com', phone: '+442071838750' },
      link: 'https://orders.ember.example/c/x',
      lines: [],
    },
    ...over,
  };
}

/** What every way of sending has to do alike. `to` is an address of its kind; `nowhere` the same sender with nobody there. */
export function conforms(
  name: string,
  { to, open, nowhere }: { to: string; open: () => Promise<Standin>; nowhere: () => Sender },
): void {
  describe(`sending by ${name}`, () => {
    let side: Standin;
    beforeAll(async () => {
      side = await open();
    });
    afterAll(() => side.close());
    const newest = () => side.received.at(-1);

    test('what was written arrives as it was written, where it was sent', async () => {
      const one = message({ to });
      expect(await side.sender.send(one)).toEqual({ kind: 'sent' });
      expect(newest()!.to).toContain(to);
      expect(newest()!.text).toContain('by Friday 3 April. Grüße, 你好, & "quotes"');
    });

    test('later is asked again, never is a person’s matter, and both say why', async () => {
      const before = side.received.length;
      side.answer('later', 1);
      const later = await side.sender.send(message({ to }));
      expect(later).toMatchObject({ kind: 'retry', trouble: expect.stringMatching(/\w/) });
      side.answer('never', 1);
      const never = await side.sender.send(message({ to }));
      expect(never).toMatchObject({ kind: 'refused', trouble: expect.stringMatching(/\w/) });
      expect(side.received).toHaveLength(before);
      expect(await side.sender.send(message({ to }))).toEqual({ kind: 'sent' });
    });

    test('nobody there is trouble of the way and not of the message', async () => {
      const sender = nowhere();
      const result = await sender.send(message({ to }));
      expect(result).toMatchObject({ kind: 'retry', trouble: expect.stringMatching(/\w/) });
      sender.close();
    });

    test('the same message again has the same name', async () => {
      const one = message({ to });
      await side.sender.send(one);
      const first = newest()!;
      await side.sender.send(one);
      expect(newest()!.reference).toBe(first.reference);
      if (first.reference === null) return;
      expect(first.reference).toContain(one.reference);
      await side.sender.send(message({ to }));
      expect(newest()!.reference).not.toBe(first.reference);
    });

    test('many at once arrive once each', async () => {
      const before = side.received.length;
      const sent = await Promise.all(Array.from({ length: 25 }, () => side.sender.send(message({ to }))));
      expect(new Set(sent.map((one) => one.kind))).toEqual(new Set(['sent']));
      expect(new Set(side.received.slice(before).map((one) => one.text)).size).toBe(25);
    });
  });
}
