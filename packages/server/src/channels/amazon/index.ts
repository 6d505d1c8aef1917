export { amazonConnector } from './connector.ts';
export { amazonVendorConnector } from './vendor-connector.ts';
