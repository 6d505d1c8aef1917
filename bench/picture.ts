import type { Row } from './measure.ts';
import { isRate } from './record.ts';

const LEFT = 430;
const WIDTH = 960;
const ROW_HEIGHT = 26;
const TOP = 54;
/** Shares of the limit's speed from one edge to the other. */
const LEAST = 0.01;
const MOST = 100;

/**
 * The rows that have a limit as a picture (SVG): how fast Kept does a piece of work as a share of the limit's speed, the peers as
 * points beside it, on a logarithmic scale. Further right is faster.
 */
export function picture(rows: readonly Row[]): string {
  const shown = rows.filter((row) => row.limit !== null && row.ratio !== null);
  const height = TOP + shown.length * ROW_HEIGHT + 20;
  const bottom = height - 14;
  const lines = [LEAST, 0.1, 1, 10, MOST].map((share) => {
    const x = at(share);
    return `<line class="${share === 1 ? 'limit' : 'grid'}" x1="${x}" y1="${TOP - 8}" x2="${x}" y2="${bottom}"/>
<text class="scale" x="${x}" y="${TOP - 14}">${share === 1 ? 'the limit' : `${share} ×`}</text>`;
  });
  const bars = shown.map((row, index) => bar(row, TOP + index * ROW_HEIGHT));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Kept's speed beside the limit's and its peers'">
<style>
text { font: 12px system-ui, sans-serif; fill: #24292f } .scale { text-anchor: middle; fill: #57606a } .work { text-anchor: end }
.grid { stroke: #d0d7de } .limit { stroke: #24292f; stroke-dasharray: 4 3 } .bar { fill: #2f7d6d } .missed { fill: #c2703d }
.peer { fill: #57606a } .name { fill: #57606a; font-size: 11px }
@media (prefers-color-scheme: dark) { text { fill: #e6edf3 } .scale, .name, .peer { fill: #8d96a0 } .grid { stroke: #30363d } .limit { stroke: #e6edf3 } }
</style>
<text x="8" y="20">Speed as a share of the limit's, measured beside it in the same run. Further right is faster; orange misses its goal.</text>
${lines.join('\n')}
${bars.join('\n')}
</svg>
`;
}

function bar(row: Row, y: number): string {
  const share = isRate(row.unit) ? row.ratio! : 1 / row.ratio!;
  const end = at(share);
  const points = Object.entries(row.peers).flatMap(([name, figure]) => {
    if (figure === null || figure <= 0) return [];
    const x = at(isRate(row.unit) ? figure / row.limit! : row.limit! / figure);
    return [`<circle class="peer" cx="${x}" cy="${y + 9}" r="4"><title>${escaped(name)}</title></circle>`];
  });
  const told = `${escaped(row.bench)}: ${escaped(shortened(row.work))}`;
  return `<text class="work" x="${LEFT - 12}" y="${y + 13}">${told}</text>
<rect class="bar${row.holds === false ? ' missed' : ''}" x="${LEFT}" y="${y + 2}" width="${(end - LEFT).toFixed(1)}" height="14" rx="2"/>
${points.join('')}<text class="name" x="${Math.min(WIDTH - 60, end + 8).toFixed(1)}" y="${y + 13}">${share >= 0.1 ? share.toFixed(2) : share.toPrecision(1)} ×</text>`;
}

function at(share: number): number {
  const clipped = Math.min(MOST, Math.max(LEAST, share));
  const part = Math.log10(clipped / LEAST) / Math.log10(MOST / LEAST);
  return Math.round((LEFT + part * (WIDTH - 40 - LEFT)) * 10) / 10;
}

function shortened(work: string): string {
  return work.length <= 58 ? work : `${work.slice(0, 57)}…`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
