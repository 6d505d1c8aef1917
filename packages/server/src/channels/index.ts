export { shopify } from './shopify/connector.ts';
