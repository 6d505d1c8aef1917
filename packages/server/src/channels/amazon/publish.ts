import { type Availability, Busy, type Outcome } from '../../connections/index.ts';
import { dayIn } from './calendar-day.ts';
import type { Amazon } from './context.ts';
import { isAmazons, OWN_STOCK, searchListings, summaryOf } from './listings.ts';
import { type Offer, offerOf, offerWords } from './offer.ts';
import { type ListingsItem, ListingsSubmission } from './schemas/listings.ts';
import { marketplaceOf, type Settings, sellerSkusOf } from './settings.ts';
import { AmazonRefusal } from './trouble.ts';

/** Any product's quantity may be patched under this type. */
const ANY_PRODUCT = 'PRODUCT';
/** Listings that are looked up at once. */
const LOOKED_UP = 20;

/**
 * Tells Amazon what may be sold of each item: quantity, handling time and, for units to come, their day. One outcome each,
 * in order; what was held back, and why, stands in the connection's log.
 */
export async function publish(
  amazon: Amazon,
  all: readonly Availability[],
  signal?: AbortSignal,
): Promise<Outcome[]> {
  const { settings } = amazon;
  const today = dayIn(marketplaceOf(settings).timeZone, amazon.now());
  const own = all.filter((one) => one.channel === settings.channel);
  const metrics = await amazon.metrics(today);
  const terms = {
    today,
    handlingDays: settings.handlingDays,
    offerBackorders: settings.offerBackorders,
    metrics,
  };
  const outcomes = new Map<Availability, Outcome>();
  let busy: Busy | null = null;
  let listed: ReadonlyMap<string, ListingsItem> = new Map();
  for (const [index, one] of own.entries()) {
    try {
      if (busy === null && index % LOOKED_UP === 0)
        listed = await listingsOf(
          amazon,
          own.slice(index, index + LOOKED_UP).flatMap((next) => variantsOf(next, settings)),
          signal,
        );
      if (busy === null) outcomes.set(one, await tell(amazon, one, offerOf(one, terms), listed, signal));
    } catch (error) {
      if (!(error instanceof Busy)) throw error;
      busy = error;
    }
    if (busy !== null && !outcomes.has(one))
      outcomes.set(one, { state: 'later', after: busy.after, why: busy.message });
  }
  // of what Amazon ships it counts the stock itself
  return all.map((one) => outcomes.get(one) ?? { state: 'done' });
}

/** What the item is called on Amazon: as its listings say, else as the settings do. */
const variantsOf = ({ sku, externalIds }: Availability, settings: Settings): readonly string[] =>
  externalIds.length > 0 ? externalIds : sellerSkusOf(settings, sku);

async function tell(
  amazon: Amazon,
  availability: Availability,
  offer: Offer,
  listed: ReadonlyMap<string, ListingsItem>,
  signal?: AbortSignal,
): Promise<Outcome> {
  const { sku } = availability;
  const known = variantsOf(availability, amazon.settings).filter((seller) => listed.has(seller));
  if (known.length === 0)
    return { state: 'refused', why: `${sku} is not listed in this marketplace under that SKU.` };
  // a quantity of our own would turn Amazon's listing into one that we ship
  const merchant = known.filter((seller) => !isAmazons(listed.get(seller)!));
  if (merchant.length === 0)
    return { state: 'refused', why: `${sku} is shipped by Amazon, which counts its stock itself.` };
  let told = false;
  for (const [index, seller] of merchant.entries()) {
    // several listings of one item share what there is
    const value = attributeOf({ ...offer, quantity: shareOf(offer.quantity, index, merchant.length) });
    if (sameAs(listed.get(seller)!, value)) continue;
    const issues = await patch(amazon, seller, value, signal);
    told = true;
    if (issues !== null)
      return { state: 'refused', why: `Amazon did not take what ${seller} may sell: ${issues}` };
  }
  if (told && offer.reasons.length > 0)
    amazon.info(`${sku}: ${offer.quantity} offered. ${offer.reasons.map(offerWords).join('; ')}.`, {
      sku,
      offer,
    });
  return { state: 'done' };
}

/** @returns why Amazon took it for invalid; null: it was accepted */
async function patch(
  amazon: Amazon,
  sellerSku: string,
  value: Attribute,
  signal?: AbortSignal,
): Promise<string | null> {
  const { marketplace, sellerId } = amazon.settings;
  try {
    const answer = await amazon.api.call('patchListingsItem', {
      method: 'PATCH',
      path: `/listings/2021-08-01/items/${encodeURIComponent(sellerId ?? '')}/${encodeURIComponent(sellerSku)}`,
      query: { marketplaceIds: [marketplace], issueLocale: 'en_US' },
      body: {
        productType: ANY_PRODUCT,
        patches: [{ op: 'replace', path: '/attributes/fulfillment_availability', value: [value] }],
      },
      answer: ListingsSubmission,
      signal,
    });
    if (answer.status !== 'INVALID') return null;
    const errors = answer.issues.filter((issue) => issue.severity === 'ERROR').map((issue) => issue.message);
    return errors.join(' ') || 'it did not say why.';
  } catch (error) {
    if (error instanceof AmazonRefusal) return error.message;
    throw error;
  }
}

interface Attribute {
  readonly fulfillment_channel_code: string;
  readonly quantity: number;
  readonly lead_time_to_ship_max_days: number;
  readonly restock_date?: string;
}

function attributeOf({ quantity, leadTimeDays, restockOn }: Offer): Attribute {
  return {
    fulfillment_channel_code: OWN_STOCK,
    quantity,
    lead_time_to_ship_max_days: leadTimeDays,
    ...(restockOn !== null && { restock_date: restockOn }),
  };
}

async function listingsOf(
  amazon: Amazon,
  sellerSkus: readonly string[],
  signal?: AbortSignal,
): Promise<Map<string, ListingsItem>> {
  const found = new Map<string, ListingsItem>();
  for (let from = 0; from < sellerSkus.length; from += LOOKED_UP) {
    const { items } = await searchListings(
      amazon,
      {
        identifiers: sellerSkus.slice(from, from + LOOKED_UP),
        identifiersType: 'SKU',
        includedData: ['summaries', 'attributes', 'fulfillmentAvailability'],
      },
      signal,
    );
    for (const item of items) if (summaryOf(item, amazon.settings) !== undefined) found.set(item.sku, item);
  }
  return found;
}

/** What the listing says already is not said again: each patch costs from the plan. */
function sameAs(item: ListingsItem, value: Attribute): boolean {
  const said = item.attributes?.fulfillment_availability?.find(
    (one) => one.fulfillment_channel_code === OWN_STOCK,
  );
  return (
    said !== undefined &&
    said.quantity === value.quantity &&
    said.lead_time_to_ship_max_days === value.lead_time_to_ship_max_days &&
    said.restock_date?.slice(0, 10) === value.restock_date
  );
}

const shareOf = (quantity: number, index: number, of: number): number =>
  Math.floor(quantity / of) + (index < quantity % of ? 1 : 0);
