import type { Client } from './client.ts';
import { cancel, change, consume, hold, order, release, ship } from './customer-deeds.ts';
import type { Deed } from './deed.ts';
import { look, plan } from './reader-deeds.ts';
import type { Shelf } from './shelf.ts';
import { adjust, count, moveCondition, receive, revise, rewrite } from './supply-deeds.ts';

/** What a client does next. Makers answer null where there is nothing to do it with: then it orders. */
type Maker = (client: Client, shelf: Shelf) => Deed | null;

const CHECKED: Maker = (client, shelf) => {
  const kind = client.chance.weighed([
    [4, 'flash'],
    [3, 'carted'],
    [4, 'queued'],
  ] as const);
  const sku = client.chance.oneOf(shelf[kind]);
  const maker = client.chance.weighed(MAKERS[kind]);
  return maker(client, sku);
};

type OneMaker = (client: Client, sku: string) => Deed | null;

const request: OneMaker = (client, sku) => order(client, [sku], { mode: 'request', checked: true });
const placed: OneMaker = (client, sku) => order(client, [sku], { mode: 'placed', checked: true });
const cart: OneMaker = (client, sku) => hold(client, sku, true);
const checkout: OneMaker = (client, sku) => consume(client, sku, true);
const giveBack: OneMaker = (client, sku) => release(client, sku, true);
const cancelSome: OneMaker = (client, sku) => cancel(client, sku, true);
const resize: OneMaker = (client, sku) => change(client, sku, true);
const send: OneMaker = (client, sku) => ship(client, sku, true);
const found: OneMaker = (client, sku) => adjust(client, sku, { delta: client.chance.whole(1, 3) }, true);
const receipt: OneMaker = (client, sku) => receive(client, sku, { sellableOnly: true, checked: true });
const anyReceipt: OneMaker = (client, sku) => receive(client, sku, { sellableOnly: false, checked: true });
const counted: OneMaker = (client, sku) => count(client, sku, true);
const revision: OneMaker = (client, sku) => revise(client, sku, true);

const MAKERS: Readonly<Record<'flash' | 'carted' | 'queued', readonly (readonly [number, OneMaker])[]>> = {
  flash: [
    [10, request],
    [4, cart],
    [4, checkout],
    [2, giveBack],
    [6, cancelSome],
    [3, resize],
    [2, send],
    [1, found],
  ],
  carted: [
    [10, request],
    [4, cart],
    [4, checkout],
    [2, giveBack],
    [6, cancelSome],
    [3, resize],
    [2, send],
    [1, receipt],
  ],
  queued: [
    [7, request],
    [5, placed],
    [6, cancelSome],
    [3, resize],
    [2, send],
    [2, anyReceipt],
    [2, revision],
    [1, counted],
    [1, found],
  ],
};

const WILD: Maker = (client, shelf) => {
  const { chance } = client;
  const sku = chance.oneOf(shelf.wild);
  const some = () => {
    const skus = [...shelf.wild, shelf.kit];
    return Array.from({ length: chance.whole(1, 3) }, () => chance.oneOf(skus));
  };
  return chance.weighed<() => Deed | null>([
    [8, () => order(client, some(), { mode: 'request', checked: false })],
    [5, () => order(client, some(), { mode: 'placed', checked: false })],
    [3, () => hold(client, sku, false)],
    [3, () => consume(client, sku, false)],
    [1, () => release(client, sku, false)],
    [5, () => cancel(client, sku, false)],
    [3, () => change(client, sku, false)],
    [3, () => ship(client, sku, false)],
    [1, () => adjust(client, sku, { delta: chance.whole(-3, 6) || 1 }, false)],
    [1, () => count(client, sku, false)],
    [1, () => moveCondition(client, sku)],
    [2, () => receive(client, sku, { sellableOnly: false, checked: false })],
    [2, () => revise(client, sku, false)],
    [1, () => rewrite(client, sku)],
    [1, () => plan(client, shelf.wild)],
    [2, () => look(client, sku)],
  ])();
};

export function nextDeed(client: Client, shelf: Shelf): Deed {
  const maker = client.chance.maybe(0.65) ? CHECKED : WILD;
  return (
    maker(client, shelf) ??
    order(client, [client.chance.oneOf(shelf.wild)], { mode: 'request', checked: false })
  );
}
