import { dayText } from '@kept/engine';
import { saveItems, savePolicy } from '../catalog/index.ts';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { loadSettings, worldAt } from '../promising/index.ts';
import { beginValidation, openDrop } from '../selling/index.ts';
import { savePurchaseOrders, saveStockLevels } from '../supply/index.ts';
import { createPublishableKey, revokePublishableKeys } from './keys.ts';
import { type DemoShop, WINDOW_PREFIX } from './shop.ts';

/** How the window charges for what waits by the brand's choice; what is here or only delayed is paid with the order. */
const POLICIES = [
  { name: 'preorder-set-aside', kind: 'preorder', charge: { terms: { kind: 'authorise' } } },
  { name: 'made-with-a-deposit', kind: 'made_to_order', charge: { terms: { kind: 'deposit', percent: 30 } } },
] as const;

/** One article in each state, beside what the demo brand really sells. */
const GOODS = [
  { sku: 'MUG', title: 'Stoneware mug', pounds: 14, stock: 40 },
  {
    sku: 'LANTERN',
    title: 'Storm lantern',
    pounds: 38,
    stock: 5,
    coming: 20,
    days: 18,
    alternatives: ['MUG'],
  },
  { sku: 'TEAPOT', title: 'Enamel teapot', pounds: 29, coming: 25, days: 24 },
  {
    sku: 'ALMANAC',
    title: 'Next year’s almanac',
    pounds: 18,
    lifecycle: 'upcoming',
    policy: 'preorder-set-aside',
    coming: 60,
    days: 20,
    launch: 45,
  },
  {
    sku: 'BLANKET',
    title: 'Blanket with your initials',
    pounds: 120,
    policy: 'made-with-a-deposit',
    leadTimeDays: 21,
  },
  { sku: 'PRINT', title: 'Signed linocut, one of twelve', pounds: 85, policy: 'drop', stock: 12 },
  {
    sku: 'DESK',
    title: 'Folding writing desk',
    pounds: 240,
    lifecycle: 'upcoming',
    policy: 'demand_validation',
    leadTimeDays: 60,
  },
  { sku: 'BASKET', title: 'Willow log basket', pounds: 64, alternatives: ['LANTERN', 'MUG'] },
  { sku: 'KETTLE', title: 'Copper kettle', pounds: 95, lifecycle: 'discontinued', alternatives: ['TEAPOT'] },
] as const;

type Good = {
  readonly sku: string;
  readonly title: string;
  readonly pounds: number;
  readonly stock?: number;
  readonly coming?: number;
  readonly days?: number;
  readonly launch?: number;
  readonly lifecycle?: 'upcoming' | 'discontinued';
  readonly policy?: (typeof POLICIES)[number]['name'] | 'drop' | 'demand_validation';
  readonly leadTimeDays?: number;
  readonly alternatives?: readonly string[];
};

const nameOf = (sku: string) => `${WINDOW_PREFIX}${sku}`;

/** Puts one article of each kind into the demo brand’s window, through the doors that everything goes through. */
export async function loadShowcase(
  kept: Kept,
  brandId: number,
  place: { readonly channel: string; readonly location: string; readonly supplier: string },
): Promise<void> {
  await withBrand(kept.db, brandId, async (client) => {
    const { today } = worldAt(await loadSettings(client, kept.db, brandId), kept.clock.now());
    const goods: readonly Good[] = GOODS;
    for (const { name, ...policy } of POLICIES) await savePolicy(kept, client, brandId, name, policy);
    await saveItems(
      kept,
      client,
      brandId,
      goods.map(({ sku, title, pounds, lifecycle, policy, leadTimeDays, launch, alternatives }) => ({
        sku: nameOf(sku),
        title,
        price: { amount: pounds * 100, currency: 'GBP' },
        ...(lifecycle === undefined ? {} : { lifecycle }),
        ...(policy === undefined ? {} : { policy }),
        ...(leadTimeDays === undefined ? {} : { leadTimeDays }),
        ...(launch === undefined ? {} : { launchOn: dayText(today + launch) }),
        ...(alternatives === undefined ? {} : { alternatives: alternatives.map(nameOf) }),
      })),
    );
    await saveStockLevels(
      kept,
      client,
      brandId,
      goods.flatMap(({ sku, stock }) =>
        stock === undefined
          ? []
          : [{ sku: nameOf(sku), location: place.location, condition: 'sellable' as const, counted: stock }],
      ),
    );
    await savePurchaseOrders(
      kept,
      client,
      brandId,
      goods.flatMap(({ sku, coming, days }) =>
        coming === undefined
          ? []
          : [
              {
                ref: `PO-${nameOf(sku)}`,
                purchaseOrder: {
                  supplier: place.supplier,
                  placedOn: dayText(today),
                  stage: 'confirmed' as const,
                  lines: [
                    {
                      line: 1,
                      sku: nameOf(sku),
                      quantity: coming,
                      expectedOn: dayText(today + days!),
                      location: place.location,
                    },
                  ],
                },
              },
            ],
      ),
    );
    await beginValidation(kept, client, brandId, nameOf('DESK'), {
      goal: 40,
      until: dayText(today + 30),
      supplier: place.supplier,
      location: place.location,
    });
    await openDrop(kept, client, brandId, 'linocut', {
      sku: nameOf('PRINT'),
      channel: place.channel,
      units: 12,
      each: 1,
      method: 'draw',
      closesAt: new Date(kept.clock.now().getTime() + 10 * 86_400_000).toISOString(),
      offerMinutes: 24 * 60,
    });
  });
}

const KEY_NAME = 'demo shop';

/** The window’s own key, made anew with each start: only digests are kept. */
export async function openDemoShop(
  kept: Kept,
  brand: { readonly brandId: number; readonly title: string },
  channel: string,
): Promise<DemoShop> {
  const { brandId, title } = brand;
  const { key } = await withBrand(kept.db, brandId, async (client) => {
    await revokePublishableKeys(kept, client, brandId, KEY_NAME);
    return createPublishableKey(kept, client, brandId, { name: KEY_NAME, channel });
  });
  return { brandId, title, channel, key };
}
