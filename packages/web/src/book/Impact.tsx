import type { ReactNode } from 'react';
import { formatCount, formatMoney } from '../platform/format.ts';
import styles from './BookPage.module.css';
import { type BookMetrics, useBookPart } from './book.ts';
import { Part } from './Part.tsx';
import { linesPath, movesPath } from './rows.ts';
import { Files } from './Table.tsx';
import { words } from './words.ts';

type Metric = BookMetrics['metrics'][number];

/** Each figure with its formula, what it is out of, and where it comes from. */
export function Impact() {
  const impact = useBookPart<BookMetrics>('/v1/book/metrics');
  return (
    <section aria-labelledby="book-impact">
      <h2 id="book-impact">{words.impactTitle}</h2>
      <Part query={impact}>
        {({ from, to, metrics, currency, slipCost }) => (
          <>
            <p className={styles.soft}>{`Orders placed from ${from} to ${to}.`}</p>
            <dl className={styles.figures}>
              {metrics.map((metric) => (
                <div key={metric.id}>
                  <dt>{metric.title}</dt>
                  <dd>
                    {metric.value === null ? (
                      <small>{words.notEnough}</small>
                    ) : (
                      <Opens to={ROWS[metric.id]?.(from, to)}>{told(metric, currency)}</Opens>
                    )}
                    <details>
                      <summary>{words.formula}</summary>
                      <small>{metric.formula}</small>
                      <small>{`${words.denominator}: ${metric.denominator}`}</small>
                      <small>{`${words.source}: ${metric.source}`}</small>
                      {metric.over === null || metric.numerator === null ? null : (
                        <small>{`${formatCount(metric.numerator)} of ${formatCount(metric.over)}`}</small>
                      )}
                    </details>
                  </dd>
                </div>
              ))}
              <div>
                <dt>{words.slipCost}</dt>
                <dd>
                  {slipCost === null ? words.notEnough : `${points(slipCost.perDay)} points`}
                  {slipCost === null ? null : (
                    <small>
                      {words.slipCostOf(
                        points(slipCost.low),
                        points(slipCost.high),
                        formatCount(slipCost.lines),
                      )}
                    </small>
                  )}
                </dd>
              </div>
            </dl>
            <Files name="metrics" label={words.impactTitle} />
          </>
        )}
      </Part>
    </section>
  );
}

/** Where the rows behind a figure are, for those that are rows of the book. */
const ROWS: Readonly<Record<string, (from: string, to: string) => string>> = {
  revenue_at_risk: () => linesPath({ by: 'state', key: 'late' }),
  coverage: () => linesPath({ by: 'purchase_order', key: 'unbacked' }),
  cancelled_value: (from, to) => movesPath({ from, to, kind: 'cancelled' }),
  cancellation_rate: (from, to) => movesPath({ from, to, kind: 'cancelled' }),
  backorder_rate_lines: (from, to) => movesPath({ from, to, kind: 'new' }),
  backorder_rate_units: (from, to) => movesPath({ from, to, kind: 'new' }),
  backorder_rate_value: (from, to) => movesPath({ from, to, kind: 'new' }),
};

function Opens({ to, children }: { to: string | undefined; children: ReactNode }) {
  return to === undefined ? children : <a href={to}>{children}</a>;
}

const points = (share: number) => (100 * share).toFixed(2);

function told({ value, unit }: Metric, currency: string): string {
  if (value === null) return words.notEnough;
  if (unit === 'share') return `${(100 * value).toFixed(1)} %`;
  if (unit === 'money') return formatMoney({ amount: value, currency });
  return unit === 'days' ? words.days(value.toFixed(1)) : value.toFixed(2);
}
