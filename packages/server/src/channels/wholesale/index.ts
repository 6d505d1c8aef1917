export { wholesaleConnector } from './connector.ts';
export { partnerMessageRoutes } from './routes.ts';
