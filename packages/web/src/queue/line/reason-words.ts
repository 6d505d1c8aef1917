import { formatDay } from '../../platform/format.ts';
import { language } from '../../platform/language.ts';
import { supplyName } from '../backing.ts';
import type { Explanation, Supply } from '../backorders.ts';
import { words } from './words.ts';

type Reason = Explanation['reasons'][number];

/** A promise's reason in a planner's words: its own where the server gives them, else made from its code and data. */
export function reasonWords(reason: Reason, today: string): string {
  const said = typeof reason.words === 'string' ? reason.words : null;
  if (said !== null && language === 'en') return said;
  const day = (name: string) => {
    const value = reason[name];
    return typeof value === 'string' ? formatDay(value, today) : undefined;
  };
  const number = (name: string) => (typeof reason[name] === 'number' ? reason[name] : 0);
  const text = (name: string) => (typeof reason[name] === 'string' ? reason[name] : undefined);
  switch (reason.code) {
    case 'pegged_to_supply':
      return words.reasons.pegged(
        number('quantity'),
        supplyName({ ...reason, kind: (text('supply') ?? 'purchase_order') as Supply['kind'] }),
        day('expectedOn'),
        number('bufferDays'),
      );
    case 'reserved_from_stock':
      return words.reasons.reserved(number('quantity'), text('location'));
    case 'nothing_backs':
      return words.reasons.unbacked(number('quantity'));
    case 'not_before':
      return words.reasons.notBefore(day('day') ?? '');
    case 'ships_complete':
      return words.reasons.shipsComplete;
    default:
      return (
        said ?? words.reasons.other(reason.code, [text('purchaseOrder'), text('reason')].filter(isThere))
      );
  }
}

function isThere(part: string | undefined): part is string {
  return part !== undefined;
}
