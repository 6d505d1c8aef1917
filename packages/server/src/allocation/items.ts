import type pg from 'pg';
import { KeptError } from '../platform/errors.ts';
import { lookupItems } from '../promising/index.ts';

/** Items by SKU, a kit's components for it. @throws KeptError `unknown_sku` with the path of the first */
export async function itemsBySku(
  client: pg.PoolClient,
  brandId: number,
  skus: readonly string[],
): Promise<number[]> {
  const known = await lookupItems(client, brandId, skus);
  for (const [index, sku] of skus.entries())
    if (!known.has(sku))
      throw new KeptError('unknown_sku', `No item has the SKU ${JSON.stringify(sku)}.`, {
        errors: [{ path: `skus[${index}]`, message: 'expected the SKU of an item' }],
      });
  return [...new Set([...known.values()].flatMap((item) => item.legs.map((leg) => leg.item)))];
}

/**
 * An item whose units are given out by themselves.
 * @throws KeptError `unknown_sku`; `invalid_input` for a kit
 */
export async function plainItem(
  client: pg.PoolClient,
  brandId: number,
  sku: string,
  where?: 'querystring',
): Promise<number> {
  const at = (message: string) => ({
    errors: [{ path: 'sku', message, ...(where === undefined ? {} : { in: where }) }],
  });
  const item = (await lookupItems(client, brandId, [sku])).get(sku);
  if (item === undefined)
    throw new KeptError(
      'unknown_sku',
      `No item has the SKU ${JSON.stringify(sku)}.`,
      at('expected the SKU of an item'),
    );
  if (item.kit)
    throw new KeptError(
      'invalid_input',
      `sku: ${sku} is a kit; its components are given out each by itself.`,
      at('expected an item that is no kit'),
    );
  return item.item;
}
