import type { Availability } from '@kept/contract';
import type { z } from 'zod';

type Answer = z.output<typeof Availability>;

/** schema.org's ItemAvailability for each state (https://schema.org/ItemAvailability). */
const AVAILABILITY: Readonly<Record<Answer['state'], string>> = {
  in_stock: 'InStock',
  backorder: 'BackOrder',
  preorder: 'PreOrder',
  made_to_order: 'MadeToOrder',
  drop: 'LimitedAvailability',
  // Sold before it is made: "available for ordering and delivery before general availability".
  demand_validation: 'PreSale',
  out_of_stock: 'OutOfStock',
  discontinued: 'Discontinued',
};

/** What search engines read of an item: a Product with one Offer, dated where it waits. */
export function jsonLdOf(answer: Answer, url: string | null): object {
  const { amount, currency } = answer.price;
  const digits =
    new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  const starts = answer.now > 0 ? undefined : (answer.launchOn ?? answer.later[0]?.shipBy);
  const waits = !['in_stock', 'out_of_stock', 'discontinued'].includes(answer.state);
  return {
    '@context': 'https://schema.org',
    '@type': 'Product',
    sku: answer.sku,
    name: answer.title,
    offers: {
      '@type': 'Offer',
      ...(url === null ? {} : { url }),
      price: (amount / 10 ** digits).toFixed(digits),
      priceCurrency: currency,
      availability: `https://schema.org/${AVAILABILITY[answer.state]}`,
      ...(waits && starts !== undefined ? { availabilityStarts: starts } : {}),
    },
  };
}

/** As it stands inside a script element: nothing in it may end the element. */
export function jsonLdText(value: object): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}
