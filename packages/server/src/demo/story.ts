/**
 * What a story can say of an item. Days are counted from today (negative: past); units may follow from those that wait.
 */
import type { SlipReason, Stage } from './slips.ts';

export type Situation =
  | 'hero_queue'
  | 'covered'
  | 'partly_covered'
  | 'uncovered'
  | 'slipped_once'
  | 'slipped_twice'
  | 'overdue'
  | 'undated'
  | 'date_withdrawn'
  | 'draft_only'
  | 'quality_hold'
  | 'returned_stock'
  | 'short_receipt'
  | 'part_received'
  | 'abandoned_supplier'
  | 'launch'
  | 'made_to_order'
  | 'kit'
  | 'kit_component_in_stock'
  | 'kit_component_short'
  | 'discontinued'
  | 'big_order_ahead'
  | 'amazon_partly_covered'
  | 'amazon_oversold'
  | 'moq_shortfall'
  | 'deliveries_in_parts'
  | 'second_purchase_covers'
  | 'beyond_longest_wait'
  | 'limited_drop'
  | 'demand_validation'
  | 'about_to_run_out'
  | 'expedited';

/** A number of units, or how it follows from the units that wait. */
export type Units = number | ((waiting: number) => number);

export interface StoryPurchase {
  ref: string;
  units: Units;
  placed: number;
  /** The day given when it was placed; null: none. */
  expected: number | null;
  /** Later words: on which day, which date from then on, why, and the stage if it moved. */
  said?: { on: number; expected: number | null; reason: SlipReason; stage?: Stage }[];
  draft?: boolean;
  mode?: 'air_charter';
  location?: 'fba';
  received?: { on: number; units: Units; condition?: 'damaged' }[];
  /** Deliveries in parts; the last takes what is left. */
  parts?: { share: number; expected: number }[];
}
export interface Story {
  sku: string;
  situation: Situation;
  /** The last so many lines for the warehouse wait, or all since a day of the source ('2011-11-30'), or all. */
  waiting?: number | string | 'all';
  /** The last so many Amazon lines wait, and Amazon's shelf is empty. */
  amazonWaiting?: number;
  sellable?: Units;
  qualityHold?: Units;
  returned?: Units;
  damaged?: Units;
  purchases?: StoryPurchase[];
  notOnAmazon?: boolean;
  /** Not bought by the simulated buyer: no purchases before the story's. */
  noHistory?: boolean;
  item?: {
    lifecycle?: 'upcoming' | 'discontinued';
    policy?: 'preorder' | 'made_to_order' | 'drop' | 'demand_validation';
    leadTimeDays?: number;
    /** Days from today. */
    launchIn?: number;
    components?: { sku: string; quantity: number }[];
    alternatives?: string[];
  };
}
