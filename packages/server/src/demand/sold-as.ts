import type { ItemPosition } from '@kept/engine';
import type { KnownItem, Loaded } from '../promising/index.ts';

type Sight = Pick<Loaded, 'positions' | 'settings'>;

/** An item as it is sold by itself: a kit's own policy, and not its components'. */
export function soldAs(
  item: KnownItem,
  { positions, settings }: Sight,
): Pick<ItemPosition, 'lifecycle' | 'policy'> | null {
  if (item.own === null) return positions.get(item.item) ?? null;
  const policy = settings.policies.get(item.own.policy) ?? settings.policies.get('backorder')!;
  return { lifecycle: item.own.lifecycle, policy };
}

/** A kit's own lifecycle and policy clip what its components would allow. */
export function ownOf(item: KnownItem, loaded: Sight) {
  return item.own === null ? {} : { own: { ...soldAs(item, loaded)!, terms: item.own.terms } };
}
