/**
 * Tries the readers of partners' files with files to which things have happened:
 *
 *   npm run fuzz -- edi [--runs N] [--seed N] [--json]
 *
 * Nothing may crash, hang, or be read as something else than is there. A fault is told with its seed, which repeats it.
 */
import { parseArgs } from 'node:util';
import { tryOne } from './edi.ts';
import { Chance } from './mutate.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
});
const [runs, seed] = [Number(values.runs), Number(values.seed)];
if (positionals.join() !== 'edi' || !Number.isSafeInteger(runs) || runs < 1 || !Number.isSafeInteger(seed)) {
  console.error('Usage: npm run fuzz -- edi [--runs N] [--seed N] [--json]');
  process.exit(2);
}

const begun = performance.now();
let [read, taken] = [0, 0];
const wrong: { seed: number; words: string; input: string }[] = [];
for (let n = 0; n < runs && wrong.length < 10; n++) {
  const tried = tryOne(new Chance(seed + n));
  if (tried.read) read++;
  taken += tried.taken;
  for (const words of tried.wrong) wrong.push({ seed: seed + n, words, input: tried.input });
}
const seconds = (performance.now() - begun) / 1000;
if (values.json)
  console.log(JSON.stringify({ fuzz: 'edi', runs, seed, read, taken, wrong: wrong.length, seconds }));
else {
  for (const one of wrong) console.log(`seed ${one.seed}: ${one.words}\n${JSON.stringify(one.input)}\n`);
  console.log(
    `${runs} files tried in ${seconds.toFixed(1)} s: ${read} read as interchanges, ${taken} messages taken, ${wrong.length} wrong.`,
  );
}
process.exitCode = wrong.length > 0 ? 1 : 0;
