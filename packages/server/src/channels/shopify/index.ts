export { shopify, shopifyConnector } from './connector.ts';
