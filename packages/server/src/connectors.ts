import { shopify } from './channels/index.ts';
import type { Connector } from './connections/index.ts';

/** All that Kept can be connected to: a new connector is named here, and nowhere else. */
// biome-ignore lint/suspicious/noExplicitAny: each has settings and secrets of its own
export const CONNECTORS: readonly Connector<any, any>[] = [shopify];
