import type { FastifyInstance } from 'fastify';
import type { Kept } from '../platform/kept.ts';
import { itemRoutes } from './item-routes.ts';
import { settingRoutes } from './setting-routes.ts';

export function catalogRoutes(app: FastifyInstance, kept: Kept): void {
  itemRoutes(app, kept);
  settingRoutes(app, kept);
}
