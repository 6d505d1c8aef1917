import { expect, test } from 'vitest';
import { causeOfMove } from './cause-of-move.ts';
import type { Reason } from './position.ts';

test.each<[string, Reason[], string, string | null]>([
  ['a slip', [{ code: 'supply_slipped', reason: 'customs' }], 'supplier_delay', 'customs'],
  ['a slip for the MOQ', [{ code: 'supply_slipped', reason: 'moq' }], 'moq_shortfall', 'moq'],
  ['a supply that is overdue', [{ code: 'day_passed' }], 'supplier_delay', 'day_passed'],
  ['a delivery that was short', [{ code: 'received_short', short: 4 }], 'supplier_delay', 'received_short'],
  [
    'a delivery that may not be sold',
    [{ code: 'received_short', condition: 'quality_hold' }],
    'quality_or_returns_hold',
    'received_short',
  ],
  [
    'units set aside for a check',
    [{ code: 'quality_hold', reason: 'crazing' }],
    'quality_or_returns_hold',
    'crazing',
  ],
  ['somebody’s re-allocation', [{ code: 'reallocated' }], 'undetermined', 'reallocated'],
  ['nothing that is known', [], 'undetermined', null],
])('%s', (_, reasons, cause, detail) => {
  expect(causeOfMove(reasons)).toEqual({ cause, detail });
});
