import type { Action, ConnectionContext, Connector, Finding, Outcome } from '../../connections/index.ts';
import { AccessLost } from '../../connections/index.ts';
import { openAccount, type Pace } from './account.ts';
import { acknowledge } from './acknowledge.ts';
import type { Vendor } from './context.ts';
import { type Credentials, VendorSecrets, VendorSettings } from './settings.ts';
import { coverOf } from './vendor-cover.ts';
import { purchaseOrderChanges, purchaseOrderNow, unanswered } from './vendor-orders.ts';

const STREAM = 'purchase_orders';
/** Amazon takes an answer for 24 hours; somebody should know some hours before. */
const ANSWER_SOON_MS = 18 * 3_600_000;

/**
 * Amazon as a customer: its purchase orders come in as they are placed and changed, and each is answered with what Kept has
 * decided of it, and answered anew when that changes.
 */
export function amazonVendorConnector(pace: Pace = {}): Connector<VendorSettings, Credentials> {
  return {
    kind: 'amazon_vendor',
    role: 'channel',
    title: 'Amazon Vendor',
    streams: [STREAM],
    can: { push: false, publish: false, act: ['tell_order'] },
    settings: VendorSettings,
    secrets: VendorSecrets,
    open(context: ConnectionContext<VendorSettings, Credentials>) {
      const vendor: Vendor = { ...openAccount(context, pace), settings: context.settings };
      return {
        check: (signal) => check(vendor, signal),
        changes: (_stream, cursor, reading) => purchaseOrderChanges(vendor, cursor, reading),
        async reread(_stream, ids, signal) {
          const facts = await Promise.all(ids.map((id) => purchaseOrderNow(vendor, id, signal)));
          return facts.flat();
        },
        act: (action, signal) => act(vendor, action, signal),
      };
    },
  };
}

async function act(vendor: Vendor, action: Action, signal?: AbortSignal): Promise<Outcome> {
  if (action.kind !== 'tell_order')
    return { state: 'refused', why: `Amazon has no way to ${action.kind} a purchase order of its own.` };
  if (action.state === null) return { state: 'done' };
  return acknowledge(vendor, action.order.ref, coverOf(action.state, action.at), signal);
}

/** Whether purchase orders can be read, and whether one is not answered though its day is nearly over. */
async function check(vendor: Vendor, signal?: AbortSignal): Promise<Finding[]> {
  try {
    const late = await unanswered(vendor, new Date(vendor.now().getTime() - ANSWER_SOON_MS), signal);
    if (late.length === 0)
      return [{ code: 'access', level: 'ok', words: 'Amazon lets Kept read the vendor’s purchase orders.' }];
    return [
      {
        code: 'unanswered_purchase_orders',
        level: 'warning',
        words: `Amazon waits for an answer to ${late.slice(0, 10).join(', ')}, and takes one for 24 hours: look at the connection's refused facts and actions.`,
      },
    ];
  } catch (error) {
    if (!(error instanceof AccessLost)) throw error;
    return [{ code: 'access_lost', level: 'broken', words: error.message }];
  }
}
