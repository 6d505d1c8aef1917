export { slipsOf } from './projection.ts';
export { planningRoutes } from './routes.ts';
