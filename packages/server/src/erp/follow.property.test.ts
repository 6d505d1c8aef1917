import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Fact } from '../connections/index.ts';
import { follow, type Source } from './follow.ts';

interface Kept {
  readonly id: number;
  stamp: string;
}
const at = (minutes: number) => new Date(Date.UTC(2026, 2, 2, 9, minutes)).toISOString();
const factOf = ({ id, stamp }: { id: number | string; stamp: string }): Fact => ({
  kind: 'supplier',
  externalId: `${id} ${stamp}`,
  supplier: { code: String(id), title: stamp },
});

/** A table whose records are changed between two pages, and that shows at most `most` of them. */
function table(records: Kept[], most: number, between: () => void = () => {}): Source {
  return {
    async page({ since, after }) {
      between();
      return records
        .filter((one) => (since === null || one.stamp >= since) && one.id > Number(after ?? 0))
        .slice(0, most)
        .map((one) => ({ ...one }));
    },
    facts: async (changed) => changed.map(factOf),
  };
}

async function read(source: Source, cursor: string | null): Promise<{ told: Set<string>; cursor: string }> {
  const told = new Set<string>();
  let last = cursor ?? '';
  for await (const page of follow([source], cursor, {})) {
    for (const fact of page.facts) told.add(fact.externalId);
    last = page.cursor;
  }
  return { told, cursor: last };
}

test('what is changed while pages are read is told in this round or the next, whatever shifts', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.integer({ min: 0, max: 14 }), { maxLength: 40 }),
      fc.integer({ min: 1, max: 4 }),
      async (changes, most) => {
        const records: Kept[] = Array.from({ length: 10 }, (_, id) => ({ id: id + 1, stamp: at(0) }));
        let clock = 0;
        const left = [...changes];
        const source = table(records, most, () => {
          const which = left.pop();
          if (which === undefined) return;
          const stamp = at(++clock);
          const known = records.find((one) => one.id === which + 1);
          if (known !== undefined) known.stamp = stamp;
          else records.push({ id: records.length + 1, stamp });
        });
        const first = await read(source, null);
        left.length = 0;
        const second = await read(source, first.cursor);
        const told = new Set([...first.told, ...second.told]);
        for (const one of records) expect(told).toContain(`${one.id} ${one.stamp}`);
      },
    ),
  );
});

test('a look that was cut off goes on where it was, and is history until it is over', async () => {
  const records = Array.from({ length: 5 }, (_, id) => ({ id: id + 1, stamp: at(id) }));
  const histories: boolean[] = [];
  const plain = table(records, 2);
  const source: Source = {
    ...plain,
    async facts(changed, asked) {
      histories.push(asked.history);
      return plain.facts(changed, asked);
    },
  };
  const pages = follow([source], null, {});
  const { value } = await pages.next();
  const rest = await read(source, value!.cursor);
  expect([...rest.told]).toEqual([`3 ${at(2)}`, `4 ${at(3)}`, `5 ${at(4)}`]);
  expect(histories).toEqual([true, true, true]);
  await read(source, rest.cursor);
  expect(histories.slice(3)).not.toContain(true);
});
