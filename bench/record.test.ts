import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Row } from './measure.ts';
import { picture } from './picture.ts';
import { fallen, readRecord, recorded, writeRecord } from './record.ts';
import { performanceDocument } from './report.ts';

const ROW: Row = {
  bench: 'plan',
  work: 'a million lines',
  kept: 70,
  unit: 'ms',
  limit: 40,
  peers: { 'plain JS objects': 2000, frePPLe: null },
  ratio: 1.75,
  goal: '≤ 2 × C',
  holds: true,
};
const rate = (ratio: number | null): Row => ({ ...ROW, work: 'orders', unit: 'orders/s', ratio });

describe('a run held against the last full one', () => {
  test.each([
    ['a time twice as far from the limit is at the edge', [{ ...ROW, ratio: 3.5 }], 0],
    ['a time further than that has fallen', [{ ...ROW, ratio: 3.51 }], 1],
    ['a time nearer to the limit has not', [{ ...ROW, ratio: 0.1 }], 0],
    ['half of a rate is at the edge', [rate(2)], 0],
    ['less than half of a rate has fallen', [rate(1.99)], 1],
    ['more of a rate has not', [rate(40)], 0],
    ['what could not be measured says nothing', [rate(null)], 0],
    ['a tail is not held', [{ ...ROW, work: 'p99 at 5000/s', ratio: 99 }], 0],
    ['what was never recorded says nothing', [{ ...ROW, work: 'something new', ratio: 99 }], 0],
  ])('%s', (_what, rows, falls) => {
    expect(fallen(rows, [ROW, rate(4), { ...ROW, work: 'p99 at 5000/s' }])).toHaveLength(falls);
  });

  test('is told with what it was', () => {
    expect(fallen([{ ...ROW, ratio: 9 }], [ROW])).toEqual([{ row: { ...ROW, ratio: 9 }, was: 1.75 }]);
  });
});

describe('the record', () => {
  const directory = mkdtempSync(join(tmpdir(), 'kept-record-'));
  const file = join(directory, 'record.json');
  const at = new Date('2026-11-25T03:00:00Z');

  test('keeps the benches that were not measured again', () => {
    writeRecord(
      recorded(recorded({ benches: {} }, 'plan', [{ row: ROW }], [], at), 'start', [], [], at),
      file,
    );
    const read = readRecord(file);
    expect(Object.keys(read.benches)).toEqual(['plan', 'start']);
    expect(read.benches.plan!.rows).toEqual([{ ...ROW, spread: null, note: null }]);
    rmSync(directory, { recursive: true });
    expect(readRecord(file)).toEqual({ benches: {} });
  });

  test('becomes a page that says machine, figures, peers, what is missed and how to repeat it', () => {
    const missed = { ...ROW, work: 'ten | million', holds: false };
    const page = performanceDocument(
      recorded(
        { benches: {} },
        'plan',
        [{ row: ROW, spread: '69–71', note: 'plan: of nine.' }, { row: missed }],
        [],
        at,
      ),
    );
    expect(page).toContain(
      '| a million lines | 70.0 ms (69–71) | 40.0 ms | **1.75 ×** | plain JS objects 2,000 | ≤ 2 × C | holds |',
    );
    expect(page).toContain('ten \\| million');
    expect(page).toContain('1 of 2 goals is missed');
    expect(page).toContain('npm run bench -- plan');
    expect(page).toContain('plan: of nine.');
    expect(page).toContain('2026-11-25');
  });

  test('becomes a picture, in which a rate and a time that are as far from their limits stand at one height', () => {
    const svg = picture([ROW, { ...rate(1 / 1.75), work: 'a < b' }]);
    const bars = [...svg.matchAll(/<rect class="bar[^"]*" x="[\d.]+" y="[\d.]+" width="([\d.]+)"/g)].map(
      (bar) => bar[1],
    );
    expect(bars).toHaveLength(2);
    expect(bars[0]).toBe(bars[1]);
    expect(svg).toContain('a &lt; b');
  });
});
