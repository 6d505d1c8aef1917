export { fileConnector } from './connector.ts';
