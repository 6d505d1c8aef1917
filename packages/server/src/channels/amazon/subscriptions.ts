import { z } from 'zod';
import type { Amazon } from './context.ts';
import { DestinationAnswer, DestinationsAnswer, SubscriptionAnswer } from './schemas/notifications.ts';
import { AmazonRefusal } from './trouble.ts';

const PAYLOAD_VERSION = '1.0';
const BASE = '/notifications/v1';

/** What Kept wants to hear of; of the second only who has goods in Amazon's warehouses. */
const typesFor = (amazon: Amazon): string[] => [
  'ORDER_CHANGE',
  ...(amazon.settings.fba === undefined ? [] : ['FBA_INVENTORY_AVAILABILITY_CHANGES']),
];

/** Has Amazon tell changes to the connection's queue. What is there already is used: doing it twice changes nothing. */
export async function subscribe(amazon: Amazon, signal?: AbortSignal): Promise<void> {
  const { arn } = amazon.settings.queue!;
  const destinationId =
    (await destinationFor(amazon, arn, signal)) ?? (await createDestination(amazon, arn, signal));
  for (const type of typesFor(amazon)) {
    const known = await subscriptionTo(amazon, type, signal);
    if (known?.destinationId === destinationId) continue;
    // Amazon has one subscription for each type: one that goes to a queue of before is moved
    if (known !== null) await unsubscribe(amazon, type, known.subscriptionId, signal);
    await amazon.api.call('createSubscription', {
      method: 'POST',
      path: `${BASE}/subscriptions/${type}`,
      body: { payloadVersion: PAYLOAD_VERSION, destinationId },
      answer: SubscriptionAnswer,
      signal,
    });
  }
}

/** Takes away what `subscribe` has made. */
export async function unsubscribeAll(amazon: Amazon, signal?: AbortSignal): Promise<void> {
  const arn = amazon.settings.queue?.arn;
  if (arn === undefined) return;
  const destinationId = await destinationFor(amazon, arn, signal);
  if (destinationId === null) return;
  for (const type of typesFor(amazon)) {
    const known = await subscriptionTo(amazon, type, signal);
    if (known?.destinationId === destinationId) await unsubscribe(amazon, type, known.subscriptionId, signal);
  }
  await quietly404(
    amazon.api.call('deleteDestination', {
      method: 'DELETE',
      path: `${BASE}/destinations/${encodeURIComponent(destinationId)}`,
      answer: z.unknown(),
      signal,
    }),
  );
}

async function destinationFor(amazon: Amazon, arn: string, signal?: AbortSignal): Promise<string | null> {
  const { payload } = await amazon.api.call('getDestinations', {
    method: 'GET',
    path: `${BASE}/destinations`,
    answer: DestinationsAnswer,
    signal,
  });
  return payload.find((one) => one.resource.sqs?.arn === arn)?.destinationId ?? null;
}

async function createDestination(amazon: Amazon, arn: string, signal?: AbortSignal): Promise<string> {
  const { payload } = await amazon.api.call('createDestination', {
    method: 'POST',
    path: `${BASE}/destinations`,
    body: { name: 'Kept', resourceSpecification: { sqs: { arn } } },
    answer: DestinationAnswer,
    signal,
  });
  return payload.destinationId;
}

async function subscriptionTo(
  amazon: Amazon,
  type: string,
  signal?: AbortSignal,
): Promise<{ subscriptionId: string; destinationId: string } | null> {
  const answer = await quietly404(
    amazon.api.call('getSubscription', {
      method: 'GET',
      path: `${BASE}/subscriptions/${type}`,
      query: { payloadVersion: PAYLOAD_VERSION },
      answer: SubscriptionAnswer,
      signal,
    }),
  );
  return answer?.payload ?? null;
}

async function unsubscribe(
  amazon: Amazon,
  type: string,
  subscriptionId: string,
  signal?: AbortSignal,
): Promise<void> {
  await quietly404(
    amazon.api.call('deleteSubscriptionById', {
      method: 'DELETE',
      path: `${BASE}/subscriptions/${type}/${encodeURIComponent(subscriptionId)}`,
      answer: z.unknown(),
      signal,
    }),
  );
}

async function quietly404<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof AmazonRefusal && error.status === 404) return null;
    throw error;
  }
}
