export { trytonConnector } from './connector.ts';
