export { amazonConnector } from './connector.ts';
