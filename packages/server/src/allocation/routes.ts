import type { FastifyInstance } from 'fastify';
import type { Kept } from '../platform/kept.ts';
import { queueRoutes } from './queue-routes.ts';
import { reallocationRoutes } from './reallocation-routes.ts';
import { releaseRoutes } from './release-routes.ts';
import { whatIfRoutes } from './what-if-routes.ts';

/** Who gets the units: what would be if, places in the queue, what is given to others, what is released. */
export async function allocationRoutes(app: FastifyInstance, kept: Kept): Promise<void> {
  whatIfRoutes(app, kept);
  queueRoutes(app, kept);
  reallocationRoutes(app, kept);
  releaseRoutes(app, kept);
}
