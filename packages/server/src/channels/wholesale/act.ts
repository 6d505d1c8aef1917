import type pg from 'pg';
import type { Action, Availability, Outcome } from '../../connections/index.ts';
import { viewOrderNamed } from '../../demand/index.ts';
import { withBrand } from '../../platform/database.ts';
import type { ItemNumber, LineLot, OrderAnswer, Party } from './documents.ts';
import { type Exchange, send } from './exchange.ts';
import { type EdiOrderRow, readEdiOrder, saveEdiOrder } from './exchange-store.ts';
import { pack } from './pack.ts';
import type { Partner } from './partner.ts';
import { digestOf } from './read-file.ts';
import { answerLine, type KeptOrder, type LineAnswer, verdictOf } from './to-answer.ts';
import type { KnownLine } from './to-order.ts';

const stockUnit = ({ standard }: Partner) => (standard === 'edifact' ? 'PCE' : 'EA');
type Tell = Extract<Action, { kind: 'tell_order' }>;
type Confirm = Extract<Action, { kind: 'confirm_shipment' }>;

/** Carries out what Kept asks of a partner, once by its id: writes the message down to be sent. */
export function carryOut(exchange: Exchange, action: Tell | Confirm): Promise<Outcome> {
  const { kept, brandId, partners } = exchange;
  return withBrand(kept.db, brandId, async (client) => {
    const row = await readEdiOrder(client, brandId, action.order.ref);
    if (row === null) return { state: 'done', note: 'The order did not come by message: nobody is told.' };
    const partner = partners.find((one) => one.code === row.partner);
    if (partner === undefined)
      return { state: 'refused', why: `Partner ${row.partner} is not set up any more.` };
    return action.kind === 'tell_order'
      ? tellOrder(exchange, client, { partner, row, action })
      : confirmShipment(exchange, client, { partner, row, action });
  });
}

/** What a partner was told of each line of an order. */
type Told = Readonly<Record<string, readonly LineLot[]>>;
const toldOf = (lines: readonly LineAnswer[]): Told =>
  Object.fromEntries(lines.map(({ line }) => [line.line, line.lots]));

async function tellOrder(
  exchange: Exchange,
  client: pg.PoolClient,
  { partner, row, action }: { partner: Partner; row: EdiOrderRow; action: Tell },
): Promise<Outcome> {
  // What was refused for another reason than its units is nothing that the partner did: a person mends it.
  if (action.state === null && action.refusal !== undefined && action.refusal.code !== 'cannot_promise')
    return { state: 'done', note: `Not told: ${action.refusal.detail}` };
  const known = JSON.parse(row.known) as KnownLine[];
  const lines = known.map((one) =>
    answerLine(
      one,
      action.state?.lines.filter((line) => one.lines.includes(String(line.line))) ?? [],
      stockUnit(partner),
    ),
  );
  const before = row.told === null ? null : (JSON.parse(row.told) as Told);
  const theirs = row.change !== null;
  const moved =
    before === null || theirs
      ? lines
      : lines.filter((one) => !isSame(before[one.line.line] ?? [], one.line.lots));
  await saveEdiOrder(client, exchange.brandId, {
    ...row,
    change: null,
    told: action.state === null && before !== null ? row.told : JSON.stringify(toldOf(lines)),
  });
  const wanted = before === null || theirs ? 'answer' : 'news';
  if (moved.length === 0 || !partner.sends.includes(wanted)) return { state: 'done' };
  const answer: OrderAnswer = {
    kind: 'answer',
    number: row.number,
    release: row.release,
    orderedOn: row.ordered_on,
    reference: action.state?.id ?? row.ref,
    on: exchange.kept.clock.now().toISOString().slice(0, 10),
    verdict: verdictOf(lines),
    news: before === null ? null : { change: row.change || null, ours: !theirs },
    lines: moved.map((one) => one.line),
  };
  await send(exchange, client, partner, { cause: `tell ${action.id}`, number: row.number }, (numbered) =>
    pack(answer, partner, numbered),
  );
  return { state: 'done' };
}

const isGone = ({ status }: LineLot) => status === 'rejected' || status === 'deleted';

/**
 * Whether a partner knows it: the same units on the same days. That promised units have left in time is told by the ship
 * notice, and is no news of the order.
 */
function isSame(before: readonly LineLot[], now: readonly LineLot[]): boolean {
  const days = (lots: readonly LineLot[]) =>
    JSON.stringify(lots.map((one) => [one.quantity, one.shipsOn, isGone(one)]));
  if (days(before) === days(now)) return true;
  const units = (lots: readonly LineLot[], which: (lot: LineLot) => boolean) =>
    lots.reduce((sum, one) => sum + (which(one) ? one.quantity : 0), 0);
  const shipped = (lot: LineLot) => lot.status === 'shipped';
  if (units(now, shipped) === units(before, shipped)) return false;
  const undated = (lot: LineLot) => lot.shipsOn === null && !isGone(lot) && !shipped(lot);
  const latest = (lots: readonly LineLot[]) =>
    lots
      .flatMap((one) => one.shipsOn ?? [])
      .sort()
      .at(-1) ?? '';
  return (
    units(before, isGone) === units(now, isGone) &&
    units(before, undated) >= units(now, undated) &&
    latest(now) <= latest(before)
  );
}

async function confirmShipment(
  exchange: Exchange,
  client: pg.PoolClient,
  { partner, row, action }: { partner: Partner; row: EdiOrderRow; action: Confirm },
): Promise<Outcome> {
  if (!partner.sends.includes('ship_notice')) return { state: 'done' };
  const { kept, brandId } = exchange;
  const order = (await viewOrderNamed(
    kept,
    client,
    brandId,
    `${action.order.channel}:${row.ref}`,
  )) as KeptOrder | null;
  const known = JSON.parse(row.known) as KnownLine[];
  const lines = known.flatMap((line) => {
    const leaving = action.lines.filter((one) => line.lines.includes(String(one.line)));
    const quantity = leaving.reduce((sum, one) => sum + one.quantity, 0);
    if (quantity === 0) return [];
    const own = order?.lines.filter((one) => line.lines.includes(String(one.line))) ?? [];
    const ordered = own.reduce((sum, one) => sum + one.ordered, 0) || line.quantity;
    const inAll = Math.max(
      quantity,
      own.reduce((sum, one) => sum + one.shipped, 0),
    );
    const factor = ordered % line.quantity === 0 ? ordered / line.quantity : 1;
    const whole = quantity % factor === 0 && inAll % factor === 0;
    const per = whole ? factor : 1;
    return [
      {
        line: line.line,
        quantity: quantity / per,
        shippedInAll: inAll / per,
        ordered: ordered / per,
        unit: whole ? line.unit : stockUnit(partner),
        numbers: line.numbers,
      },
    ];
  });
  if (lines.length === 0)
    return { state: 'done', note: 'None of its lines is one that the partner ordered.' };
  await send(exchange, client, partner, { cause: `shipment ${action.id}`, number: row.number }, (numbered) =>
    pack(
      {
        kind: 'ship_notice',
        id: `S${numbered.control}`,
        at: kept.clock.now(),
        shippedOn: action.shippedAt.slice(0, 10),
        expectedOn: null,
        carrier: action.carrier ?? null,
        tracking: action.tracking ?? null,
        number: row.number,
        release: row.release,
        orderedOn: row.ordered_on,
        shipTo: row.ship_to === null ? null : (JSON.parse(row.ship_to) as Party),
        lines,
      },
      partner,
      numbered,
    ),
  );
  return { state: 'done' };
}

/** Tells each partner what of its catalogue can be had (846, INVRPT); what no partner buys is told to nobody. */
export function tellAvailability(
  exchange: Exchange,
  availabilities: readonly Pick<Availability, 'sku' | 'now' | 'later' | 'asOf'>[],
): Promise<readonly Outcome[]> {
  const { kept, brandId, partners } = exchange;
  return withBrand(kept.db, brandId, async (client) => {
    for (const partner of partners) {
      if (!partner.sends.includes('availability')) continue;
      const told = availabilities.filter((one) => partner.catalogue.includes(one.sku));
      if (told.length === 0) continue;
      const items = told.map((one) => ({
        numbers: numbersOf(one.sku, partner),
        unit: stockUnit(partner),
        now: one.now,
        later: one.later.map(({ quantity, shipBy }) => ({ quantity, from: shipBy })),
      }));
      const asOf = told
        .map((one) => one.asOf)
        .sort()
        .at(-1)!;
      const cause = `availability ${partner.code} ${digestOf(Buffer.from(JSON.stringify([asOf, items]))).slice(0, 32)}`;
      await send(exchange, client, partner, { cause, number: null }, (numbered) =>
        pack(
          { kind: 'availability', id: `A${numbered.control}`, at: kept.clock.now(), items },
          partner,
          numbered,
        ),
      );
    }
    return availabilities.map((): Outcome => ({ state: 'done' }));
  });
}

/** What a partner calls an item: its own numbers of it, and ours. */
function numbersOf(sku: string, partner: Partner): ItemNumber[] {
  const theirs = Object.entries(partner.items.numbers).flatMap(([key, known]) => {
    const [, qualifier, value] = /^([A-Z0-9]{1,3}):(.+)$/.exec(key) ?? [];
    return known === sku && qualifier !== undefined ? [{ qualifier, value: value! }] : [];
  });
  return [...theirs, { qualifier: partner.items.skuQualifiers[0] ?? 'VN', value: sku }].slice(0, 3);
}
