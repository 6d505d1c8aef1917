import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readEdifact } from './edifact/read.ts';
import { readX12 } from './x12/read.ts';
import { validate } from './x12/validate.ts';
import { writeX12 } from './x12/write.ts';

const directory = fileURLToPath(new URL('../../../../../../shared/data/edi', import.meta.url));
const samples = existsSync(directory) ? readdirSync(directory) : [];

test.skipIf(samples.length > 0)(
  'samples of others lie beside the project: they are not here, and not looked at',
  () => {},
);

test.each(samples)('%s is read, and what is wrong with it is told', (name) => {
  const text = readFileSync(`${directory}/${name}`, 'utf8');
  if (!name.includes('x12')) {
    const [one] = readEdifact(text);
    expect(one!.messages[0]!.segments.length).toBeGreaterThan(10);
    return;
  }
  for (const one of readX12(text)) {
    const transactions = one.groups.flatMap((group) => group.transactions);
    expect(transactions.length).toBeGreaterThan(0);
    // Another segment than is there, and no fault to say so, would be an order misread.
    for (const each of transactions)
      for (const fault of validate(each, one.delimiters).faults)
        if (fault.grave) expect(fault.words).toMatch(/control character|counts|needs|at (most|least)/);
    if (one.delimiters.component !== '') {
      const again = readX12(writeX12(one)).flatMap((each) =>
        each.groups.flatMap((group) => group.transactions),
      );
      expect(again.map((each) => each.segments)).toEqual(transactions.map((each) => each.segments));
    }
  }
});
