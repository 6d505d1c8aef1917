import { type Asked, notFound, ok, type Said, wrong } from './answers.ts';
import type { World } from './world.ts';

/** Notifications v1: where they go to, and which are wanted. And Sellers v1, by which credentials are checked. */
export function notificationRoutes(world: World) {
  const shownDestination = (id: string) => {
    const { name, arn } = world.destinations.get(id)!;
    return { name, destinationId: id, resource: { sqs: { arn } } };
  };
  const shownSubscription = (type: string) => ({ ...world.subscriptions.get(type)!, payloadVersion: '1.0' });
  return {
    getDestinations: (): Said => ok({ payload: [...world.destinations.keys()].map(shownDestination) }),

    createDestination({ body }: Asked): Said {
      const { name, resourceSpecification } = body as {
        name: string;
        resourceSpecification: { sqs?: { arn: string } };
      };
      const arn = resourceSpecification.sqs?.arn;
      if (arn === undefined) return wrong(400, 'InvalidInput', 'The simulator knows queues only.');
      if ([...world.destinations.values()].some((one) => one.arn === arn))
        return wrong(409, 'Conflict', 'The destination exists.');
      const id = `destination-${world.number()}`;
      world.destinations.set(id, { name, arn });
      return ok({ payload: shownDestination(id) });
    },

    deleteDestination({ names }: Asked): Said {
      if ([...world.subscriptions.values()].some((one) => one.destinationId === names.destinationId))
        return wrong(409, 'Conflict', 'Subscriptions still go there.');
      return world.destinations.delete(names.destinationId!) ? ok({}) : notFound('The destination');
    },

    getSubscription: ({ names }: Asked): Said =>
      world.subscriptions.has(names.notificationType!)
        ? ok({ payload: shownSubscription(names.notificationType!) })
        : notFound('The subscription'),

    createSubscription({ names, body }: Asked): Said {
      const { destinationId } = body as { destinationId: string };
      const type = names.notificationType!;
      if (!world.destinations.has(destinationId)) return notFound('The destination');
      if (world.subscriptions.has(type)) return wrong(409, 'Conflict', 'The subscription exists.');
      world.subscriptions.set(type, { subscriptionId: `subscription-${world.number()}`, destinationId });
      return ok({ payload: shownSubscription(type) });
    },

    deleteSubscriptionById({ names }: Asked): Said {
      const known = world.subscriptions.get(names.notificationType!);
      if (known?.subscriptionId !== names.subscriptionId) return notFound('The subscription');
      world.subscriptions.delete(names.notificationType!);
      return ok({});
    },

    getMarketplaceParticipations: (): Said =>
      ok({
        payload: [
          {
            marketplace: {
              id: world.marketplace,
              name: 'Amazon.com',
              countryCode: 'US',
              defaultCurrencyCode: 'USD',
              defaultLanguageCode: 'en_US',
              domainName: 'www.amazon.com',
            },
            participation: { isParticipating: true, hasSuspendedListings: false },
            storeName: 'Kept Mugs',
          },
        ],
      }),
  };
}
