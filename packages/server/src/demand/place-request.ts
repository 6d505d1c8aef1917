import type { PlacedLine } from '@kept/engine';
import { toStockUnits } from '@kept/engine';
import { KeptError } from '../platform/errors.ts';
import type { Decided, KnownItem, Settings } from '../promising/index.ts';
import { contentOf, type LineHistory, type Order } from './order-input.ts';
import { unknownOption } from './production-requests.ts';

export interface PlaceRequest {
  readonly order: Order;
  /** Who asks, as the audit trail names them; left out: whoever the transaction is for. */
  readonly actor?: string | undefined;
  /** Per line, where units were shipped or cancelled before Kept knew the order. */
  readonly history?: readonly LineHistory[];
}

/** What became of a request, in the order of the requests. */
export type PlaceResult =
  | {
      readonly kind: 'placed';
      readonly order: number;
      readonly decided: Decided;
      readonly lines: readonly PlacedLine[];
    }
  /** It was there already, with the same content. */
  | { readonly kind: 'known'; readonly order: number }
  /** A placed order that is there with other content: a line-by-line edit (RULES 2). */
  | { readonly kind: 'edit'; readonly order: number }
  | { readonly kind: 'failed'; readonly error: KeptError };

/** A request whose words are understood: its channel, items and stock units. */
export interface Prepared {
  readonly index: number;
  readonly request: PlaceRequest;
  readonly channel: number;
  /** No other order has it. */
  readonly name: string;
  readonly items: readonly KnownItem[];
  readonly quantities: readonly number[];
  readonly content: string;
  order: number;
  event: number;
  replaces: number | null;
  /** By line: most units that the customer may have, where there is a limit. */
  rooms: readonly (number | undefined)[];
}

/** @returns what is wrong with the request, in all of its lines, where it cannot be read */
export function prepare(
  index: number,
  request: PlaceRequest,
  settings: Settings,
  items: ReadonlyMap<string, KnownItem>,
): Prepared | KeptError {
  const { order } = request;
  const channel = settings.channelOf.get(order.channel);
  if (channel === undefined)
    return new KeptError(
      'unknown_channel',
      `No channel has the code ${JSON.stringify(order.channel)}. PUT /v1/channels/${encodeURIComponent(order.channel)} makes one.`,
      {
        errors: [{ path: 'channel', message: 'expected the code of a channel' }],
      },
    );
  const errors: { path: string; message: string }[] = [];
  const known: KnownItem[] = [];
  const quantities: number[] = [];
  const currency = order.lines[0]!.price.currency;
  let unknown: string | null = null;
  for (const [place, line] of order.lines.entries()) {
    const item = items.get(line.sku);
    if (item === undefined) {
      unknown ??= line.sku;
      errors.push({
        path: `lines[${place}].sku`,
        message: `no item has the SKU ${JSON.stringify(line.sku)}`,
      });
      continue;
    }
    if (line.price.currency !== currency)
      errors.push({
        path: `lines[${place}].price.currency`,
        message: `expected ${currency}, as the order's first line`,
      });
    const factor = line.uom === undefined ? 1 : item.uoms[line.uom];
    const units = factor === undefined ? null : toStockUnits(line.quantity, factor);
    if (factor === undefined)
      errors.push({
        path: `lines[${place}].uom`,
        message: `${line.sku} has no unit of measure ${JSON.stringify(line.uom)}`,
      });
    else if (units === null)
      errors.push({
        path: `lines[${place}].quantity`,
        message: 'expected at most 10,000,000 stock units',
      });
    else if (item.legs.some((leg) => toStockUnits(units, leg.per) === null))
      errors.push({ path: `lines[${place}].quantity`, message: 'expected fewer kits' });
    // What a channel sold is recorded, also where nobody has said how long it takes to make.
    const unmade = order.mode === 'request' ? unknownOption(item, line.options) : null;
    if (unmade !== null) errors.push({ path: `lines[${place}].options`, message: unmade });
    known.push(item);
    quantities.push(units ?? 0);
  }
  if (errors.length > 0)
    return unknown === null
      ? new KeptError('invalid_input', errors.map((error) => `${error.path}: ${error.message}`).join('; '), {
          errors,
        })
      : new KeptError(
          'unknown_sku',
          `No item has the SKU ${JSON.stringify(unknown)}. PUT /v1/items/${encodeURIComponent(unknown)} makes one.`,
          { errors },
        );
  return {
    index,
    request,
    channel,
    name: nameOf(channel, order.ref),
    items: known,
    quantities,
    content: contentOf(order),
    order: 0,
    event: 0,
    replaces: null,
    rooms: [],
  };
}

/** By which two orders are the same. */
export const nameOf = (channel: number, ref: string) => `${channel}:${ref}`;
