import type { Acknowledgement, ItemQuantity, VendorOrder, VendorOrderItem } from './schemas/vendor.ts';
import { type Answered, unitSizeOf } from './vendor-quantity.ts';
import { windowOf } from './vendor-window.ts';

/** What Kept promises of a line, in stock units; days are ship-by days, 'YYYY-MM-DD'. What is in no part has nothing behind it. */
export interface Cover {
  readonly parts: readonly { readonly quantity: number; readonly shipBy: string }[];
  /** `unknown`: Kept has no such item. `obsolete`: it is no longer sold. */
  readonly item?: 'unknown' | 'obsolete' | undefined;
}

type ItemAcknowledgements = Acknowledgement['items'][number]['itemAcknowledgements'];
type RejectionReason = NonNullable<ItemAcknowledgements[number]['rejectionReason']>;

const HOUR_MS = 3_600_000;

/** Source: Amazon's "Submit order acknowledgement": answered within 24 hours, quantities changed within 48, days at any time. */
export function acknowledgementDeadlines(order: VendorOrder): { answerBy: Date; quantitiesUntil: Date } {
  const placed = Date.parse(order.orderDetails!.purchaseOrderDate);
  return { answerBy: new Date(placed + 24 * HOUR_MS), quantitiesUntil: new Date(placed + 48 * HOUR_MS) };
}

/**
 * The answer to a purchase order: of each line what ships within its window is accepted, what ships later is backordered with its
 * day where Amazon allows backorders, and the rest is rejected. A line's answers always add up to what was ordered; every
 * line is answered, since Amazon takes a missing one for rejected; cases stay whole.
 *
 * An update follows Amazon's rules: a line that was rejected stays so, and after 48 hours only days change.
 * @param cover by itemSequenceNumber
 * @param answered by itemSequenceNumber, where Amazon was answered before
 */
export function acknowledgementOf(
  order: VendorOrder,
  cover: ReadonlyMap<string, Cover>,
  now: Date,
  answered: ReadonlyMap<string, Answered> = new Map(),
): Acknowledgement {
  const details = order.orderDetails!;
  const lastShipDay = windowOf(details.shipWindow)?.until.slice(0, 10) ?? null;
  const fixed = now > acknowledgementDeadlines(order).quantitiesUntil;
  return {
    purchaseOrderNumber: order.purchaseOrderNumber,
    sellingParty: { partyId: details.sellingParty?.partyId ?? '' },
    acknowledgementDate: now.toISOString(),
    items: details.items
      .filter((item) => item.orderedQuantity.amount > 0)
      .map((item) => ({
        itemSequenceNumber: item.itemSequenceNumber,
        ...(item.amazonProductIdentifier && { amazonProductIdentifier: item.amazonProductIdentifier }),
        ...(item.vendorProductIdentifier && { vendorProductIdentifier: item.vendorProductIdentifier }),
        orderedQuantity: item.orderedQuantity,
        // Amazon pays only what matches: its own cost goes back as it came
        ...(item.netCost && { netCost: item.netCost }),
        itemAcknowledgements: answersFor(
          item,
          cover.get(item.itemSequenceNumber) ?? { parts: [] },
          lastShipDay,
          answered.get(item.itemSequenceNumber),
          fixed,
        ),
      })),
  };
}

function answersFor(
  item: VendorOrderItem,
  cover: Cover,
  lastShipDay: string | null,
  before: Answered | undefined,
  fixed: boolean,
): ItemAcknowledgements {
  const ordered = item.orderedQuantity.amount;
  const wasRejected = before !== undefined && before.accepted === 0 && before.rejected > 0;
  if (wasRejected) return [rejected(item, ordered, reasonOf(cover))];
  const mostAccepted = before !== undefined && fixed ? Math.min(before.accepted, ordered) : ordered;
  const answers: ItemAcknowledgements = [];
  let given = 0;
  for (const part of wholeUnits(cover, unitSizeOf(item.orderedQuantity), mostAccepted)) {
    const inTime = lastShipDay === null || part.shipBy <= lastShipDay;
    if (!inTime && !item.isBackOrderAllowed) break;
    answers.push({
      acknowledgementCode: inTime ? 'Accepted' : 'Backordered',
      acknowledgedQuantity: { ...item.orderedQuantity, amount: part.quantity },
      scheduledShipDate: `${part.shipBy}T00:00:00Z`,
    });
    given += part.quantity;
  }
  // after 48 hours what was accepted stays accepted, whatever has become of its cover: only its day may change
  const kept = before !== undefined && fixed ? mostAccepted - given : 0;
  if (kept > 0)
    answers.push({
      acknowledgementCode: 'Accepted',
      acknowledgedQuantity: { ...item.orderedQuantity, amount: kept },
    });
  const rest = ordered - given - kept;
  if (rest > 0) answers.push(rejected(item, rest, reasonOf(cover)));
  return answers;
}

/** Parts in Amazon's units, earliest first, each day once: a case ships when its last piece does. */
function wholeUnits(cover: Cover, size: number, most: number): { quantity: number; shipBy: string }[] {
  if (cover.item !== undefined) return [];
  const days: { quantity: number; shipBy: string }[] = [];
  let pieces = 0;
  let given = 0;
  for (const part of [...cover.parts].sort((a, b) => (a.shipBy < b.shipBy ? -1 : 1))) {
    pieces += part.quantity;
    const units = Math.min(Math.floor(pieces / size), most) - given;
    if (units <= 0) continue;
    given += units;
    const last = days.at(-1);
    if (last?.shipBy === part.shipBy) last.quantity += units;
    else days.push({ quantity: units, shipBy: part.shipBy });
  }
  return days;
}

const rejected = (
  { orderedQuantity }: { orderedQuantity: ItemQuantity },
  amount: number,
  rejectionReason: RejectionReason,
): ItemAcknowledgements[number] => ({
  acknowledgementCode: 'Rejected',
  acknowledgedQuantity: { ...orderedQuantity, amount },
  rejectionReason,
});

const reasonOf = ({ item }: Cover): RejectionReason =>
  item === 'unknown'
    ? 'InvalidProductIdentifier'
    : item === 'obsolete'
      ? 'ObsoleteProduct'
      : 'TemporarilyUnavailable';
