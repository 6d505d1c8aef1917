import { amazonConnector, amazonVendorConnector } from './channels/amazon/index.ts';
import { shopify } from './channels/shopify/index.ts';
import { wholesaleConnector } from './channels/wholesale/index.ts';
import { type Connector, genericChannel, genericErp } from './connections/index.ts';
import {
  erpnextConnector,
  fileConnector,
  netsuiteConnector,
  odooConnector,
  trytonConnector,
} from './erp/index.ts';

/** All that Kept can be connected to: a new connector is named here, and nowhere else. */
// biome-ignore lint/suspicious/noExplicitAny: each has settings and secrets of its own
export const CONNECTORS: readonly Connector<any, any>[] = [
  genericChannel,
  genericErp,
  shopify,
  amazonConnector(),
  amazonVendorConnector(),
  wholesaleConnector,
  trytonConnector,
  odooConnector,
  netsuiteConnector,
  erpnextConnector,
  fileConnector,
];
