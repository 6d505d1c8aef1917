import { formatDay, formatMoney, formatMoneyShort } from '../platform/format.ts';
import styles from './BookPage.module.css';
import type { BookBurnDown } from './book.ts';
import { Files } from './Table.tsx';
import { words } from './words.ts';

const WIDTH = 960;
const HEIGHT = 300;
const LEFT = 92;
const BOTTOM = 26;
const TOP = 18;
/** Weeks apart in the table beside it. */
const WEEK = 7;

/** Whether anything had been promised a week ago: a book that began since has no slip. */
export function hasLastWeek({ ahead }: BookBurnDown): boolean {
  return ahead.some(({ lastWeek }) => lastWeek > 0);
}

/** The book's value by day. What is fact is ink; what is promised is the accent; the band is what is likely. */
export function BurnDownChart({ burn, today }: { burn: BookBurnDown; today: string }) {
  const { sofar, ahead, currency } = burn;
  const past = sofar.length - 1;
  const days = past + ahead.length;
  const most = Math.max(
    1,
    ...sofar.map(({ left }) => left),
    ...ahead.map((day) => Math.max(day.p90, day.lastWeek)),
  );
  const x = (at: number) => LEFT + ((WIDTH - LEFT) * at) / Math.max(1, days - 1);
  const y = (amount: number) => TOP + (HEIGHT - TOP - BOTTOM) * (1 - amount / most);
  const line = (points: readonly (readonly [number, number])[]) =>
    points
      .map(([at, amount], index) => `${index === 0 ? 'M' : 'L'}${x(at).toFixed(1)} ${y(amount).toFixed(1)}`)
      .join('');
  const of = (what: 'promised' | 'lastWeek' | 'p10' | 'p50' | 'p90') =>
    ahead.map((day, at) => [past + at, day[what]] as const);
  const between = (above: ReturnType<typeof of>, below: ReturnType<typeof of>) =>
    `${line(above)}${line([...below].reverse()).replace('M', 'L')}Z`;
  const compared = hasLastWeek(burn);
  const marks = [0, 0.5, 1].map((share) => share * most);
  const ticks = [sofar[0]?.day, today, ahead.at(-1)?.day] as const;
  return (
    <>
      <svg className={styles.chart} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-label={words.chart}>
        {marks.map((amount) => (
          <text key={amount} x={LEFT - 10} y={y(amount) + 4} textAnchor="end">
            {formatMoneyShort({ amount, currency })}
          </text>
        ))}
        <path className={styles.band} d={between(of('p90'), of('p10'))} />
        {compared ? <path className={styles.slip} d={between(of('promised'), of('lastWeek'))} /> : null}
        <path className={styles.middle} d={line(of('p50'))} />
        {compared ? <path className={styles.lastWeek} d={line(of('lastWeek'))} /> : null}
        <path className={styles.promised} d={line(of('promised'))} />
        <path className={styles.sofar} d={line(sofar.map(({ left }, at) => [at, left] as const))} />
        <path className={styles.today} d={`M${x(past)} ${TOP}V${HEIGHT - BOTTOM}`} />
        {ticks.map((day, at) =>
          day === undefined ? null : (
            <text
              key={day}
              x={[LEFT, x(past), WIDTH][at]}
              y={HEIGHT - 6}
              textAnchor={(['start', 'middle', 'end'] as const)[at]}
            >
              {formatDay(day, today, { weekday: false })}
            </text>
          ),
        )}
      </svg>
      <ul className={styles.legend}>
        {(['sofar', 'promised', ...(compared ? (['lastWeek'] as const) : [])] as const).map((name) => (
          <li key={name}>
            <svg viewBox="0 0 22 8" aria-hidden="true">
              <path className={styles[name]} d="M0 4H22" />
            </svg>
            {words.legend[name]}
          </li>
        ))}
        <li>
          <svg viewBox="0 0 22 8" aria-hidden="true">
            <path className={styles.band} d="M0 0H22V8H0Z" />
          </svg>
          {words.legend.likely}
        </li>
      </ul>
      <details>
        <summary>{words.asTable}</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard. */}
        <section className={styles.scroll} tabIndex={0} aria-label={`${words.downTitle}, table`}>
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col">Day</th>
                {['promised', 'lastWeek', 'p10', 'p50', 'p90'].map((name) => (
                  <th key={name} scope="col" className={styles.number}>
                    {words.legend[name as 'promised'] ?? name.toUpperCase()}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {ahead
                .filter((_, at) => at % WEEK === 0)
                .map((day) => (
                  <tr key={day.day}>
                    <th scope="row">{formatDay(day.day, today)}</th>
                    {[day.promised, day.lastWeek, day.p10, day.p50, day.p90].map((amount, at) => (
                      // biome-ignore lint/suspicious/noArrayIndexKey: the columns stand still.
                      <td key={at} className={styles.number}>
                        {formatMoney({ amount, currency })}
                      </td>
                    ))}
                  </tr>
                ))}
            </tbody>
          </table>
        </section>
        <Files name="burn-down" label={words.downTitle} />
      </details>
    </>
  );
}
