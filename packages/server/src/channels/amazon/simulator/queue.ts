import { AwsV4Signer } from 'aws4fetch';
import type { Faults } from './faults.ts';

interface Held {
  readonly id: string;
  readonly body: string;
  /** Not handed over again before this, in ms. */
  hiddenUntil: number;
  receipt: string | null;
}

export const QUEUE_KEY = {
  accessKeyId: 'AKIASIMULATED',
  secretAccessKey: 'simulated-secret',
  region: 'us-east-1',
};

/** A queue that speaks as much of SQS's JSON protocol as is needed, signatures checked, messages hidden and not lost. */
export class SimulatedQueue {
  readonly #now: () => Date;
  readonly #held: Held[] = [];
  #count = 0;
  #sent = 0;

  constructor(now: () => Date) {
    this.#now = now;
  }

  get length(): number {
    return this.#held.length;
  }

  send(body: unknown, faults: Faults): void {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    this.#sent++;
    if (faults.missed && this.#sent % 2 === 0) return;
    for (let copy = 0; copy < (faults.duplicates ? 2 : 1); copy++) {
      const held = { id: `message-${++this.#count}`, body: text, hiddenUntil: 0, receipt: null };
      if (faults.outOfOrder) this.#held.unshift(held);
      else this.#held.push(held);
    }
  }

  async answer(
    url: string,
    headers: Readonly<Record<string, string | string[] | undefined>>,
    body: string,
  ): Promise<{ status: number; body: unknown }> {
    const refuse = (type: string, message: string) => ({ status: 403, body: { __type: type, message } });
    const date = String(headers['x-amz-date'] ?? '');
    const signed = await new AwsV4Signer({
      method: 'POST',
      url,
      headers: {
        'content-type': String(headers['content-type']),
        'x-amz-target': String(headers['x-amz-target']),
      },
      body,
      ...QUEUE_KEY,
      service: 'sqs',
      datetime: date,
    }).sign();
    if (signed.headers.get('authorization') !== headers.authorization)
      return refuse('SignatureDoesNotMatch', 'The signature is not that of the request.');
    const action = String(headers['x-amz-target']).replace('AmazonSQS.', '');
    const input = JSON.parse(body) as {
      MaxNumberOfMessages?: number;
      VisibilityTimeout?: number;
      Entries?: { Id: string; ReceiptHandle: string }[];
    };
    const now = this.#now().getTime();
    if (action === 'ReceiveMessage') {
      const free = this.#held
        .filter((one) => one.hiddenUntil <= now)
        .slice(0, input.MaxNumberOfMessages ?? 1);
      for (const one of free) {
        one.hiddenUntil = now + (input.VisibilityTimeout ?? 30) * 1000;
        one.receipt = `${one.id}/${++this.#count}`;
      }
      const Messages = free.map(({ id, body: Body, receipt: ReceiptHandle }) => ({
        MessageId: id,
        Body,
        ReceiptHandle,
      }));
      return { status: 200, body: Messages.length === 0 ? {} : { Messages } };
    }
    if (action === 'DeleteMessageBatch') {
      for (const { ReceiptHandle } of input.Entries ?? []) {
        const place = this.#held.findIndex((one) => one.receipt === ReceiptHandle);
        if (place >= 0) this.#held.splice(place, 1);
      }
      return {
        status: 200,
        body: { Successful: (input.Entries ?? []).map(({ Id }) => ({ Id })), Failed: [] },
      };
    }
    return { status: 400, body: { __type: 'InvalidAction', message: `There is no ${action}.` } };
  }
}
