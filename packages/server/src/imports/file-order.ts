import { inspectFile } from './bytes.ts';
import { recognise } from './detect.ts';
import { jsonKindOf } from './ndjson.ts';
import type { ImportOptions, Kind } from './options.ts';
import { readLayout } from './passes.ts';

/**
 * What must be there before what. FBA's count comes behind the orders: of the units that Amazon holds back, those of
 * known orders are stock (RULES 6).
 */
const ORDER: readonly Kind[] = [
  'channels',
  'locations',
  'suppliers',
  'items',
  'shopify_products',
  'stock',
  'shopify_inventory',
  'purchase_orders',
  'orders',
  'shopify_orders',
  'amazon_orders',
  'amazon_fba_inventory',
];

/** Several files in the order in which they can be imported; one that is not recognised comes last, where it is told. */
export async function inDependencyOrder(paths: readonly string[], options: ImportOptions): Promise<string[]> {
  const ranked: { path: string; rank: number }[] = [];
  for (const path of paths) {
    const kind = await kindOf(path, options);
    ranked.push({ path, rank: kind === null ? ORDER.length : ORDER.indexOf(kind) });
  }
  return ranked.sort((a, b) => a.rank - b.rank).map(({ path }) => path);
}

async function kindOf(path: string, options: ImportOptions): Promise<Kind | null> {
  try {
    const layout = await readLayout(await inspectFile(path, options.encoding));
    if (layout.dialect === null) return jsonKindOf(layout, options.kind);
    return recognise(layout.header, layout.samples, options).format.kind;
  } catch {
    // the import itself tells what is wrong with it
    return null;
  }
}
