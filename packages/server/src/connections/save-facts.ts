import type { ConnectionFact } from '@kept/contract';
import type pg from 'pg';
import type { z } from 'zod';
import { saveChannels, saveItems, saveListings, saveLocations, saveSuppliers } from '../catalog/index.ts';
import {
  applyOrderRecords,
  cancelAsTold,
  changeAsTold,
  payAsTold,
  placeInTransaction,
  shipAsTold,
  shipUpTo,
} from '../demand/index.ts';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import type { Saved } from '../platform/saved.ts';
import { askForExport, erase } from '../privacy/index.ts';
import {
  receiveLine,
  receiveSupply,
  saveRevisions,
  saveStockLevels,
  saveSupply,
  saveToldOrders,
} from '../supply/index.ts';
import type { FactKind } from './connector.ts';
import { refuseOrder } from './order-answers.ts';
import { beingChanged, heldBackError } from './own-changes.ts';
import { forgetRefusedOf } from './refusal-store.ts';
import { ordersTold, saveThings } from './thing-store.ts';

type Checked = z.output<typeof ConnectionFact>;
type Of<Kind extends FactKind> = Extract<Checked, { kind: Kind }>;

export interface Saving {
  readonly kept: Kept;
  readonly client: pg.PoolClient;
  readonly brandId: number;
  readonly connection: string;
}

/** How facts of a kind are saved, in the caller's transaction: one outcome each. What it throws is of the whole group. */
interface Saver {
  /** Many are saved with some statements; else they are decided one by one. */
  readonly bulk: boolean;
  save(saving: Saving, facts: readonly Checked[]): Promise<readonly Saved[]>;
}

const bulk = <Kind extends FactKind>(
  _kind: Kind,
  save: (saving: Saving, facts: readonly Of<Kind>[]) => Promise<readonly Saved[]>,
): Saver => ({ bulk: true, save: (saving, facts) => save(saving, facts as readonly Of<Kind>[]) });

const each = <Kind extends FactKind>(
  _kind: Kind,
  save: (saving: Saving, fact: Of<Kind>) => Promise<boolean>,
): Saver => ({
  bulk: false,
  async save(saving, facts) {
    const saved: Saved[] = [];
    for (const fact of facts as readonly Of<Kind>[])
      saved.push({ state: (await save(saving, fact)) ? 'applied' : 'unchanged', created: false });
    return saved;
  },
});

/** The same services that the routes and imports use. */
export const SAVE: Readonly<Record<FactKind, Saver>> = {
  item: bulk('item', ({ kept, client, brandId }, facts) =>
    saveItems(
      kept,
      client,
      brandId,
      facts.map((one) => one.item),
    ),
  ),
  location: bulk('location', ({ kept, client, brandId }, facts) =>
    saveLocations(
      kept,
      client,
      brandId,
      facts.map((one) => one.location),
    ),
  ),
  channel: bulk('channel', ({ kept, client, brandId }, facts) =>
    saveChannels(
      kept,
      client,
      brandId,
      facts.map((one) => one.channel),
    ),
  ),
  supplier: bulk('supplier', ({ kept, client, brandId }, facts) =>
    saveSuppliers(
      kept,
      client,
      brandId,
      facts.map((one) => one.supplier),
    ),
  ),
  listing: bulk('listing', ({ kept, client, brandId }, facts) =>
    saveListings(
      kept,
      client,
      brandId,
      facts.map(({ channel, listing }) => ({ channel, ...listing })),
    ),
  ),
  stock: bulk('stock', ({ kept, client, brandId }, facts) => saveStockLevels(kept, client, brandId, facts)),
  purchase_order: bulk('purchase_order', async ({ kept, client, brandId, connection }, facts) => {
    const saved = await saveToldOrders(kept, client, brandId, facts);
    const things = facts.map(({ ref, externalId }) => ({ channel: '', ref, externalId }));
    await saveThings(client, brandId, connection, 'purchase_order', taken(things, saved));
    return saved;
  }),
  order: bulk('order', saveOrders),
  supply: each('supply', async ({ kept, client, brandId }, { ref, supply }) => {
    return (await saveSupply(kept, client, brandId, ref, supply)).changed;
  }),
  purchase_order_revision: each(
    'purchase_order_revision',
    async ({ kept, client, brandId }, { purchaseOrder, revision }) => {
      await saveRevisions(kept, client, brandId, [{ ...revision, purchaseOrder }]);
      return true;
    },
  ),
  receipt: each('receipt', async ({ kept, client, brandId }, { purchaseOrder, receipt }) => {
    await receiveLine(kept, client, brandId, purchaseOrder, receipt);
    return true;
  }),
  supply_receipt: each('supply_receipt', async ({ kept, client, brandId }, { ref, receipt }) => {
    await receiveSupply(kept, client, brandId, ref, receipt);
    return true;
  }),
  change: each('change', ({ kept, client, brandId }, { order, changes }) =>
    changeAsTold(kept, client, brandId, order, changes),
  ),
  cancellation: each('cancellation', ({ kept, client, brandId }, { order, cancellation }) =>
    cancelAsTold(kept, client, brandId, order, cancellation),
  ),
  shipment: each('shipment', ({ kept, client, brandId }, { order, shipment }) =>
    shipAsTold(kept, client, brandId, order, shipment),
  ),
  payment: each('payment', ({ kept, client, brandId }, { order, payment }) =>
    payAsTold(kept, client, brandId, order, payment),
  ),
  redaction: each('redaction', forget),
  data_request: each('data_request', async ({ kept, client, brandId, connection }, { email }) => {
    await askForExport(kept, client, brandId, { email, by: `connection:${connection}` });
    return true;
  }),
};

/** A customer by address, the orders that are named, or all of a channel: each is a request of its own. */
async function forget(saving: Saving, told: Of<'redaction'>): Promise<boolean> {
  const { kept, client, brandId, connection } = saving;
  const by = `connection:${connection}`;
  const { email, channel } = told;
  const orders = await ordersTold(client, brandId, connection, told.orders, told.externalIds);
  if (orders.length > 0) await erase(kept, client, brandId, { whose: { orders }, by });
  if (email !== undefined) await erase(kept, client, brandId, { whose: { email }, by });
  if (channel !== undefined) await erase(kept, client, brandId, { whose: { channel }, by });
  await forgetRefusedOf(client, brandId, connection, channel === undefined ? (email ?? null) : 'everybody');
  return true;
}

/** Orders that a channel sold, by the bulk path of imports; those that ask, as the API decides them. */
async function saveOrders(saving: Saving, facts: readonly Of<'order'>[]): Promise<readonly Saved[]> {
  const { kept, client, brandId, connection } = saving;
  const saved = new Map<Of<'order'>, Saved>();
  const changing = await beingChanged(saving, facts);
  for (const fact of facts)
    if (changing.has(fact.externalId)) saved.set(fact, { state: 'refused', error: heldBackError() });
  const sold = facts.filter((fact) => fact.order.mode === 'placed' && !saved.has(fact));
  const asking = facts.filter((fact) => fact.order.mode === 'request' && !saved.has(fact));
  if (sold.length > 0) {
    const records = sold.map(({ order, shipped }) => ({
      order,
      ...(shipped === undefined
        ? {}
        : { history: shipped.map(({ line, quantity }) => ({ line, shipped: quantity, cancelled: 0 })) }),
    }));
    const outcomes = await applyOrderRecords(kept, client, brandId, records);
    for (const [index, fact] of sold.entries()) {
      const outcome = outcomes[index]!;
      const { channel, ref } = fact.order;
      // Of one that was known, what has left since is news.
      const left =
        outcome.state === 'refused' || outcome.created || fact.shipped === undefined
          ? false
          : await shipUpTo(kept, client, brandId, `${channel}:${ref}`, fact.shipped, fact.sourceUpdatedAt);
      saved.set(fact, left ? { state: 'applied', created: false } : outcome);
    }
  }
  if (asking.length > 0) {
    const answers = await placeInTransaction(
      kept,
      client,
      brandId,
      asking.map((fact) => fact.order),
    );
    for (const [index, fact] of asking.entries()) {
      const answer = answers[index]!;
      if (!(answer instanceof Error))
        saved.set(fact, {
          state: answer.status === 201 ? 'applied' : 'unchanged',
          created: answer.status === 201,
        });
      else if (answer instanceof KeptError && answer.code === 'cannot_promise') {
        // A refusal is an answer, and no fault of the fact.
        await refuseOrder(kept, client, brandId, connection, fact, answer);
        saved.set(fact, { state: 'applied', created: false });
      } else if (answer instanceof KeptError) saved.set(fact, { state: 'refused', error: answer });
      else throw answer;
    }
  }
  const outcomes = facts.map((fact) => saved.get(fact)!);
  const things = facts.map(({ order: { channel, ref }, externalId }) => ({ channel, ref, externalId }));
  await saveThings(client, brandId, connection, 'order', taken(things, outcomes));
  return outcomes;
}

const taken = <Row>(rows: readonly Row[], saved: readonly Saved[]) =>
  rows.filter((_, index) => saved[index]!.state !== 'refused');
