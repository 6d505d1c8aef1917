export { erpnextConnector } from './connector.ts';
