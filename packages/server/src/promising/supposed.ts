import type { Fact } from '@kept/engine';
import type { Loaded } from './decide-items.ts';

/** Something that is supposed to happen: which items it is about, and the facts that it is once those are loaded. */
export interface Supposed {
  readonly items: readonly number[];
  /** Supplies that have to be loaded though nothing of them is open. */
  readonly supplies: readonly { readonly item: number; readonly supply: number }[];
  facts(loaded: Loaded): readonly Fact[];
}
