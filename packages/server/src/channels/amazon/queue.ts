import { AwsV4Signer } from 'aws4fetch';
import { z } from 'zod';
import { AccessLost, Busy } from '../../connections/index.ts';

export interface QueueContext {
  readonly url: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  now(): Date;
  fetch(url: string, init: RequestInit): Promise<Response>;
}

export interface QueueMessage {
  readonly body: string;
  /** By which it is taken away. */
  readonly receipt: string;
}

const Received = z.object({
  Messages: z.array(z.object({ Body: z.string(), ReceiptHandle: z.string() })).optional(),
});
const Deleted = z.object({ Failed: z.array(z.object({ Id: z.string() })).optional() });
const Failure = z.object({ __type: z.string().optional(), message: z.string().optional() });

/** A message that was received and not taken away comes again after this long. */
const HIDDEN_SECONDS = 300;
const AGAIN_MS = 60_000;
/** What SQS hands over, and takes away, at once. */
const BATCH = 10;

/** The two things that are done with a queue of Amazon SQS, over its JSON protocol. */
export class Queue {
  readonly #context: QueueContext;
  constructor(context: QueueContext) {
    this.#context = context;
  }

  async receive(signal?: AbortSignal): Promise<QueueMessage[]> {
    const { Messages } = Received.parse(
      await this.#call(
        'ReceiveMessage',
        { MaxNumberOfMessages: BATCH, VisibilityTimeout: HIDDEN_SECONDS, WaitTimeSeconds: 0 },
        signal,
      ),
    );
    return (Messages ?? []).map(({ Body, ReceiptHandle }) => ({ body: Body, receipt: ReceiptHandle }));
  }

  /** What cannot be taken away comes again, and changes nothing the second time. */
  async remove(messages: readonly QueueMessage[], signal?: AbortSignal): Promise<void> {
    for (let from = 0; from < messages.length; from += BATCH) {
      const Entries = messages
        .slice(from, from + BATCH)
        .map(({ receipt }, index) => ({ Id: String(index), ReceiptHandle: receipt }));
      Deleted.parse(await this.#call('DeleteMessageBatch', { Entries }, signal));
    }
  }

  async #call(action: string, input: object, signal?: AbortSignal): Promise<unknown> {
    const { url, region, accessKeyId, secretAccessKey, now } = this.#context;
    const body = JSON.stringify({ QueueUrl: url, ...input });
    const signed = await new AwsV4Signer({
      method: 'POST',
      url: new URL('/', url).href,
      headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${action}` },
      body,
      accessKeyId,
      secretAccessKey,
      region,
      service: 'sqs',
      datetime: now()
        .toISOString()
        .replace(/[:-]|\.\d{3}/g, ''),
    }).sign();
    const busy = (why: string) =>
      new Busy(new Date(now().getTime() + AGAIN_MS), `The queue of notifications ${why}.`);
    let response: Response;
    let text: string;
    try {
      response = await this.#context.fetch(signed.url.href, {
        method: 'POST',
        headers: Object.fromEntries(signed.headers),
        body,
        ...(signal === undefined ? {} : { signal }),
      });
      text = await response.text();
    } catch (error) {
      signal?.throwIfAborted();
      throw busy(`could not be reached: ${(error as Error).message}`);
    }
    if (response.ok) return text === '' ? {} : JSON.parse(text);
    const failure = Failure.safeParse(jsonOr(text)).data;
    const why = failure?.message ?? failure?.__type ?? `answered ${response.status}`;
    if (
      response.status === 403 ||
      response.status === 401 ||
      /AccessDenied|Signature|InvalidClientTokenId/.test(failure?.__type ?? '')
    )
      throw new AccessLost(
        `The queue of notifications refused Kept: ${why}. Give its AWS key sqs:ReceiveMessage and sqs:DeleteMessage on the queue.`,
      );
    throw busy(`answered: ${why}`);
  }
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
