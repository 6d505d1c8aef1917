import { expect, test } from 'vitest';
import { faultsIn, remarksOn } from './plain-language.ts';

test.each<[string, string | null]>([
  ['It leaves us by 14 March.', null],
  ['It leaves us by 2026-03-14.', '2026-03-14'],
  ['It leaves us by 3/14/26.', '3/14/26'],
  ['Er kommt am 14.3.2026.', '14.3.2026'],
  ['It leaves us on 3/14.', '3/14'],
  ['Version 1.2 costs 3.50.', null],
  ['Hello {name}, about {order} of {brand}', null],
  ['Hello {first_name}', '{first_name}'],
])('%s: %s', (opening, fault) => {
  const found = faultsIn({ opening });
  if (fault === null) expect(found).toEqual([]);
  else expect(found).toMatchObject([{ path: 'opening', message: expect.stringContaining(fault) }]);
});

test.each([
  ['We are sorry. Your cup comes later than we said.', 'en', 0],
  ['Es tut uns leid. Deine Tasse kommt später als gesagt.', 'de', 0],
  ['We apologise for any inconvenience.', 'en', 1],
  [
    'Notwithstanding unanticipated transportation irregularities, procurement organisations continuously prioritise replenishment.',
    'en',
    1,
  ],
] as const)('%s (%s) gets %i remarks', (opening, language, remarks) => {
  expect(remarksOn({ opening }, language)).toHaveLength(remarks);
});
