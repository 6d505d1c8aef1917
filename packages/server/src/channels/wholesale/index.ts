export { partnerMessageRoutes } from './routes.ts';
