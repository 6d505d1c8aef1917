import type { SellingTermsInput, SellingTerms as TermsContract } from '@kept/contract';
import { dayNumber, dayText, type Reason, type SellingTerms } from '@kept/engine';
import type pg from 'pg';
import type { z } from 'zod';
import { unknownSku } from '../catalog/index.ts';
import type { Kept } from '../platform/kept.ts';
import { recordEvents } from '../platform/outbox.ts';
import { decideItems } from '../promising/index.ts';
import { lockSoldItem, readSoldItem, type SoldItem, writeTerms } from './terms-store.ts';

type Input = z.output<typeof SellingTermsInput>;
type View = z.output<typeof TermsContract>;

/** @throws KeptError `unknown_sku` */
export async function itemOrFail(client: pg.PoolClient, brandId: number, sku: string): Promise<SoldItem> {
  const item = await lockSoldItem(client, brandId, sku);
  if (item === null) throw unknownSku(sku, 'sku');
  return item;
}

/** Says how an item is sold before it is here. What a drop or a campaign has said of it stays. */
export async function saveTerms(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  sku: string,
  input: Input,
): Promise<View> {
  const item = await itemOrFail(client, brandId, sku);
  const { preorder, production } = input;
  const perCustomer = preorder?.perCustomer;
  const terms: SellingTerms = {
    ...(preorder === undefined
      ? {}
      : {
          preorder: {
            ...(preorder.batches === undefined
              ? {}
              : {
                  batches: preorder.batches.map(({ quantity, opensOn }) => ({
                    quantity,
                    opensOn: opensOn === undefined ? null : dayNumber(opensOn),
                  })),
                }),
            ...(perCustomer === undefined ? {} : { perCustomer }),
          },
        }),
    ...(production === undefined
      ? {}
      : {
          production: {
            ...(production.unitsPerWeek === undefined ? {} : { unitsPerWeek: production.unitsPerWeek }),
            ...(production.leadTimes === undefined
              ? {}
              : { leadTimes: [...production.leadTimes].sort((a, b) => a.from - b.from) }),
            ...(production.options === undefined ? {} : { options: production.options }),
          },
        }),
    ...(item.terms?.drop === undefined ? {} : { drop: item.terms.drop }),
    ...(item.terms?.validation === undefined ? {} : { validation: item.terms.validation }),
  };
  await changeTerms(kept, client, brandId, item, terms);
  return termsView(sku, terms);
}

/** Writes an item's terms under its lock, and records that they are others. Nobody who has a promise loses it by them. */
export async function changeTerms(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  { item, sku }: SoldItem,
  terms: SellingTerms,
): Promise<void> {
  await writeTerms(client, brandId, item, Object.keys(terms).length === 0 ? null : terms);
  await tell(kept, client, brandId, 'item.terms', { sku, terms });
}

export async function readTerms(client: pg.PoolClient, brandId: number, sku: string): Promise<View> {
  const item = await readSoldItem(client, brandId, sku);
  if (item === null) throw unknownSku(sku, 'sku');
  return termsView(sku, item.terms ?? {});
}

function termsView(sku: string, { preorder, production, drop, validation }: SellingTerms): View {
  return {
    sku,
    preorder: preorder && {
      batches: preorder.batches?.map(({ quantity, opensOn }) => ({
        quantity,
        ...(opensOn === null ? {} : { opensOn: dayText(opensOn) }),
      })),
      perCustomer: preorder.perCustomer,
    },
    production: production && {
      unitsPerWeek: production.unitsPerWeek,
      leadTimes: production.leadTimes?.map((one) => ({ ...one })),
      options: production.options && { ...production.options },
    },
    drop,
    validation: validation && {
      goal: validation.goal,
      until: dayText(validation.until),
      open: validation.open,
    },
  };
}

/** Appends one event, in the transaction of what it tells. */
export async function tell(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  kind: string,
  data: unknown,
): Promise<number> {
  const id = await kept.ids.take(brandId, 'event', 1);
  await recordEvents(client, brandId, [{ id, kind, data, at: kept.clock.now().toISOString() }]);
  return id;
}

/** Decides an item's queue again after something about it changed. */
export async function decideAgain(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  item: number,
  event: number,
  cause: Reason,
): Promise<void> {
  await decideItems(kept, client, brandId, {
    items: [item],
    scope: { lines: 'queue' },
    event,
    facts: () => [{ kind: 'replan', item, cause }],
  });
}
