export { netsuiteConnector } from './connector.ts';
