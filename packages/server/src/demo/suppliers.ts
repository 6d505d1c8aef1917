/** The demo brand's invented suppliers, and which of them makes what. */
import { shareOf } from './chance.ts';
import type { SampleItem } from './sample.ts';

export type FreightMode = 'ocean' | 'air' | 'air_charter' | 'truck';

export interface DemoSupplier {
  code: string;
  title: string;
  mode: FreightMode;
  /** From placing to arriving, in calendar days. */
  leadTimeDays: number;
  /** Days between the buyer's reviews of this supplier. */
  reviewDays: number;
  /** 1 follows the real deliveries of its mode; above 1 is later than them, below 1 earlier. */
  lateness: number;
  paymentTerms: string;
  currency: 'GBP' | 'EUR' | 'USD';
  abandoned?: boolean;
  /** Titles of what it makes; the first supplier that matches gets the item. */
  makes: RegExp;
}

export const SUPPLIERS: readonly DemoSupplier[] = [
  {
    code: 'SHENZHEN-LUMA',
    title: 'Shenzhen Luma Lighting',
    mode: 'air',
    leadTimeDays: 35,
    reviewDays: 14,
    lateness: 1.3,
    paymentTerms: '30% deposit, 70% before shipment',
    currency: 'USD',
    makes: /LED|night light/i,
  },
  {
    code: 'KERALA-COIR',
    title: 'Kerala Coir Company',
    mode: 'ocean',
    leadTimeDays: 70,
    reviewDays: 28,
    lateness: 1,
    paymentTerms: 'letter of credit, 60 days',
    currency: 'USD',
    makes: /doormat|kneeling/i,
  },
  {
    code: 'LODZ-PAPER',
    title: 'Łódź Paper and Print',
    mode: 'truck',
    leadTimeDays: 21,
    reviewDays: 14,
    lateness: 1,
    paymentTerms: '30 days end of month',
    currency: 'EUR',
    makes: /paper|card|wrap|napkin|tissue|cases|doilies|book|stationery|tags|crackers|writing|magnet|pencil/i,
  },
  {
    code: 'JAIPUR-BLOCK',
    title: 'Jaipur Block Print Works',
    mode: 'air',
    leadTimeDays: 42,
    reviewDays: 14,
    lateness: 1,
    paymentTerms: '50% deposit, 50% on delivery',
    currency: 'USD',
    makes: /\bbag\b|bunting|apron|glove|tea towels|shopper|backpack|poncho|doorstop/i,
  },
  {
    code: 'LEEDS-HABERDASHERY',
    title: 'Leeds Haberdashery',
    mode: 'truck',
    leadTimeDays: 10,
    reviewDays: 7,
    lateness: 0.8,
    paymentTerms: '30 days',
    currency: 'GBP',
    makes: /ribbon|felt|knitting|sewing|craft|filler|garland/i,
  },
  {
    code: 'MORADABAD-METAL',
    title: 'Moradabad Metal Works',
    mode: 'ocean',
    leadTimeDays: 75,
    reviewDays: 28,
    lateness: 1.2,
    paymentTerms: 'letter of credit, 90 days',
    currency: 'USD',
    makes: /zinc|metal|enamel|lantern|tins?\b|bells|hook/i,
  },
  {
    code: 'IZMIR-GLASS',
    title: 'İzmir Glass',
    mode: 'truck',
    leadTimeDays: 28,
    reviewDays: 14,
    lateness: 1,
    paymentTerms: '45 days',
    currency: 'EUR',
    makes: /glass|t-light|candles|\bjar\b/i,
  },
  {
    code: 'NINGBO-HARBOUR',
    title: 'Ningbo Harbour Homeware',
    mode: 'ocean',
    leadTimeDays: 85,
    reviewDays: 28,
    lateness: 1.2,
    paymentTerms: '30% deposit, 70% before shipment',
    currency: 'USD',
    makes: /clock|scales|lunch box|snack box|popcorn|container|hot water bottle|hand warmer|utensil|jelly/i,
  },
  {
    code: 'YIWU-BRIGHTWAY',
    title: 'Yiwu Brightway Ceramics',
    mode: 'ocean',
    leadTimeDays: 90,
    reviewDays: 28,
    lateness: 1,
    paymentTerms: '30% deposit, 70% against documents',
    currency: 'USD',
    makes: /ceramic|teacup|cakestand|mug|\bjug\b|bowl|beaker|bottles|trinket|coasters|baking/i,
  },
  {
    code: 'HANOI-BAMBOO',
    title: 'Hanoi Bamboo and Wicker',
    mode: 'ocean',
    leadTimeDays: 80,
    reviewDays: 28,
    lateness: 0.8,
    paymentTerms: '60 days',
    currency: 'USD',
    makes: /wood|wicker|skittles|tops|blocks|chalkboard|cabinet|rack|wreath/i,
  },
  {
    code: 'SHEFFIELD-STEEL',
    title: 'Sheffield Trade Supplies',
    mode: 'truck',
    leadTimeDays: 7,
    reviewDays: 7,
    lateness: 0.8,
    paymentTerms: '30 days',
    currency: 'GBP',
    makes: /./,
  },
  {
    code: 'OLDHAM-FRAMES',
    title: 'Oldham Frames (ceased trading)',
    mode: 'truck',
    leadTimeDays: 14,
    reviewDays: 7,
    lateness: 1,
    paymentTerms: 'pro forma',
    currency: 'GBP',
    abandoned: true,
    makes: /wooden picture frame white/i,
  },
];

export const supplierOf = (item: SampleItem): DemoSupplier =>
  SUPPLIERS.find((supplier) => supplier.abandoned && supplier.makes.test(item.title)) ??
  SUPPLIERS.find((supplier) => supplier.makes.test(item.title))!;

/** Cost in pence: 34 to 46 % of the list price, by item. */
export const costOf = (item: SampleItem): number =>
  Math.max(1, Math.round(item.pence * (0.34 + 0.12 * shareOf('cost', item.sku))));

/** Minor units of one currency in another: fixed, so that the demo needs no rate of the day. */
export const PENCE_TO: Record<DemoSupplier['currency'], number> = { GBP: 1, EUR: 1.16, USD: 1.27 };

/** The cheaper the item, the larger the carton it comes in. */
export function orderSizeOf(item: SampleItem): { moq: number; orderMultiple: number } {
  if (item.pence < 100) return { moq: 96, orderMultiple: 24 };
  if (item.pence < 250) return { moq: 48, orderMultiple: 12 };
  return item.pence < 600 ? { moq: 24, orderMultiple: 6 } : { moq: 12, orderMultiple: 2 };
}
