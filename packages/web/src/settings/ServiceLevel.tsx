import '@mantine/core/styles/Slider.layer.css';
import { Slider } from '@mantine/core';
import { locale } from '../platform/language.ts';
import sheet from '../platform/sheet.module.css';
import styles from './ServiceLevel.module.css';
import { type ServiceLevels, useSetting } from './settings.ts';
import { words } from './words.ts';

const number = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
const LEAST = 50;
const MOST = 99;
const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP] = [560, 180, 34, 24, 12];

/** How many promises are to be kept, beside what that would have cost on the brand's own receipts. */
export function ServiceLevel({
  level,
  onChange,
  disabled,
}: {
  level: number;
  onChange: (level: number) => void;
  disabled: boolean;
}) {
  const { data } = useSetting<ServiceLevels>('/v1/service-levels');
  const percent = Math.round(level * 100);
  const shown = data === undefined || data.levels.length === 0 ? null : between(data.levels, level);
  return (
    <section aria-label={words.level.title} className={sheet.fields}>
      <h2>{words.level.title}</h2>
      <p className={sheet.soft}>{words.level.question}</p>
      <Slider
        min={LEAST}
        max={MOST}
        value={percent}
        disabled={disabled}
        label={(value) => `${value} %`}
        marks={[50, 70, 80, 90, 95, 99].map((value) => ({ value, label: String(value) }))}
        thumbLabel={words.level.slider}
        onChange={(value) => onChange(value / 100)}
        mb="lg"
        maw={560}
      />
      {data === undefined ? null : shown === null ? (
        <p className={sheet.soft}>{words.level.few(data.receipts, data.fewest)}</p>
      ) : (
        <>
          <p>{words.level.would(String(percent))}</p>
          <dl className={sheet.figures} aria-live="polite">
            <Figure
              value={`${number.format(100 * shown.keptShare)} %`}
              name={words.level.kept}
              hint={words.level.keptHint(data.promises)}
            />
            <Figure
              value={number.format(shown.bufferDays)}
              name={words.level.buffer}
              hint={words.level.bufferHint}
            />
            {shown.waitDays === null ? null : (
              <Figure
                value={number.format(shown.waitDays)}
                name={words.level.wait}
                hint={words.level.waitHint}
              />
            )}
            <Figure
              value={number.format(shown.missedByDays)}
              name={words.level.missed}
              hint={words.level.missedHint}
            />
          </dl>
          <Chart levels={data.levels} level={level} />
        </>
      )}
    </section>
  );
}

function Figure({ value, name, hint }: { value: string; name: string; hint: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>
        {value}
        <small>{hint}</small>
      </dd>
    </div>
  );
}

type Level = ServiceLevels['levels'][number];

/** What lies between two levels that were reckoned. */
function between(levels: readonly Level[], level: number): Level {
  const above = levels.find((one) => one.level >= level) ?? levels.at(-1)!;
  const below = levels.findLast((one) => one.level <= level) ?? levels[0]!;
  if (above.level === below.level) return above;
  const part = (level - below.level) / (above.level - below.level);
  const mid = (of: (one: Level) => number) => of(below) + part * (of(above) - of(below));
  return {
    level,
    keptShare: mid((one) => one.keptShare),
    bufferDays: mid((one) => one.bufferDays),
    missedByDays: mid((one) => one.missedByDays),
    waitDays: above.waitDays === null || below.waitDays === null ? null : mid((one) => one.waitDays!),
  };
}

/** Kept promises as a line, days as an area below it. */
function Chart({ levels, level }: { levels: readonly Level[]; level: number }) {
  const x = (at: number) => LEFT + ((at * 100 - LEAST) / (MOST - LEAST)) * (WIDTH - LEFT - 8);
  const most = Math.max(1, ...levels.map(({ bufferDays }) => bufferDays));
  const least = Math.min(0.5, ...levels.map(({ keptShare }) => keptShare));
  const y = (share: number) => TOP + (1 - share) * (HEIGHT - TOP - BOTTOM);
  const keptAt = (share: number) => y((share - least) / (1 - least));
  const line = levels.map((one) => `${x(one.level)},${keptAt(one.keptShare)}`).join(' ');
  const area = [
    `${x(levels[0]!.level)},${y(0)}`,
    ...levels.map((one) => `${x(one.level)},${y(one.bufferDays / most)}`),
    `${x(levels.at(-1)!.level)},${y(0)}`,
  ].join(' ');
  return (
    <svg
      className={styles.chart}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={words.level.chart}
    >
      <polygon className={styles.days} points={area} />
      <polyline className={styles.kept} points={line} />
      <line className={styles.chosen} x1={x(level)} x2={x(level)} y1={TOP} y2={y(0)} />
      <text x={0} y={TOP + 4}>
        100 %
      </text>
      <text x={WIDTH - 8} y={y(1) + 4} textAnchor="end">
        {words.level.late(number.format(most))}
      </text>
      {levels.map((one) => (
        <text key={one.level} x={x(one.level)} y={HEIGHT - 6} textAnchor="middle">
          {number.format(100 * one.level)}
        </text>
      ))}
    </svg>
  );
}
