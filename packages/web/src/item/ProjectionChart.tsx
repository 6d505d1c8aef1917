import { useMemo } from 'react';
import {
  Area,
  CartesianGrid,
  ComposedChart,
  Line,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { formatCount, formatDay } from '../platform/format.ts';
import type { Projection } from './item.ts';
import styles from './ProjectionChart.module.css';
import { words } from './words.ts';

export type Arrival = { day: string; units: number; name: string };

/** Stock above the line and the queue below it, each with the band that holds eight of ten scenarios. */
export function ProjectionChart(props: {
  projection: Projection;
  arrivals: readonly Arrival[];
  today: string;
  naive: boolean;
}) {
  const { projection, arrivals, today, naive } = props;
  const rows = useMemo(
    () =>
      projection.days.map(({ day, stock, queue, naive: drawnToday }) => ({
        day,
        stock: stock.p50,
        stockBand: [stock.p10, stock.p90],
        queue: -queue.p50,
        queueBand: [-queue.p90, -queue.p10],
        naive: drawnToday,
      })),
    [projection],
  );
  const out =
    projection.firstStockOut === null ? words.figures.never : formatDay(projection.firstStockOut, today);
  return (
    <div className={styles.chart} role="img" aria-label={words.chart.description(projection.sku, out)}>
      <ResponsiveContainer width="100%" height="100%">
        <ComposedChart
          data={rows}
          margin={{ top: 22, right: 8, bottom: 0, left: 0 }}
          accessibilityLayer={false}
        >
          <CartesianGrid vertical={false} stroke="var(--kept-line)" />
          <XAxis
            dataKey="day"
            tickFormatter={(day: string) => formatDay(day, today, { weekday: false })}
            minTickGap={44}
            tick={{ fill: 'var(--kept-ink-soft)', fontSize: 12 }}
            stroke="var(--kept-line-strong)"
          />
          <YAxis
            width={52}
            tickFormatter={(units: number) => formatCount(Math.abs(units))}
            tick={{ fill: 'var(--kept-ink-soft)', fontSize: 12 }}
            stroke="none"
          />
          <Tooltip
            content={({ active, label }) =>
              active ? <Hint day={String(label)} projection={projection} today={today} /> : null
            }
          />
          <Area
            dataKey="stockBand"
            stroke="none"
            fill="var(--kept-on-time)"
            fillOpacity={0.16}
            isAnimationActive={false}
          />
          <Area
            dataKey="queueBand"
            stroke="none"
            fill="var(--kept-waiting)"
            fillOpacity={0.16}
            isAnimationActive={false}
          />
          <Line
            dataKey="stock"
            stroke="var(--kept-on-time)"
            strokeWidth={2}
            dot={false}
            isAnimationActive={false}
          />
          <Line
            dataKey="queue"
            stroke="var(--kept-waiting)"
            strokeWidth={2}
            dot={false}
            isAnimationActive={false}
          />
          {naive ? (
            <Line
              dataKey="naive"
              stroke="var(--kept-ink-soft)"
              strokeDasharray="4 4"
              dot={false}
              isAnimationActive={false}
            />
          ) : null}
          <ReferenceLine y={0} stroke="var(--kept-line-strong)" />
          {arrivals.map(({ day, units, name }) => (
            <ReferenceLine
              key={`${day} ${name}`}
              x={day}
              stroke="var(--kept-accent)"
              strokeDasharray="2 3"
              label={{
                value: `+${formatCount(units)}`,
                position: 'top',
                fill: 'var(--kept-accent)',
                fontSize: 12,
              }}
            />
          ))}
        </ComposedChart>
      </ResponsiveContainer>
    </div>
  );
}

function Hint({ day, projection, today }: { day: string; projection: Projection; today: string }) {
  const found = projection.days.find((one) => one.day === day);
  if (found === undefined) return null;
  return (
    <div className={styles.hint}>
      <b>{formatDay(day, today)}</b>
      <span data-of="stock">
        {words.chart.stock} {formatCount(Math.round(found.stock.p50))}
        <small> {words.chart.between(Math.round(found.stock.p10), Math.round(found.stock.p90))}</small>
      </span>
      <span data-of="queue">
        {words.chart.queue} {formatCount(Math.round(found.queue.p50))}
        <small> {words.chart.between(Math.round(found.queue.p10), Math.round(found.queue.p90))}</small>
      </span>
    </div>
  );
}

/** The same figures to be read, a row a week. */
export function ProjectionTable({ projection, today }: { projection: Projection; today: string }) {
  const [day, stock, queue, demand, out] = words.chart.columns;
  return (
    <div className={styles.scroll}>
      <table className={styles.table}>
        <thead>
          <tr>
            {[day, stock, queue, demand, out].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {projection.days
            .filter((_, index) => index % 7 === 0)
            .map((one) => (
              <tr key={one.day}>
                <th scope="row">{formatDay(one.day, today)}</th>
                <td>
                  {formatCount(Math.round(one.stock.p50))}{' '}
                  <small>{words.chart.between(Math.round(one.stock.p10), Math.round(one.stock.p90))}</small>
                </td>
                <td>
                  {formatCount(Math.round(one.queue.p50))}{' '}
                  <small>{words.chart.between(Math.round(one.queue.p10), Math.round(one.queue.p90))}</small>
                </td>
                <td>{one.expectedDemand.toFixed(1)}</td>
                <td>{Math.round(one.stockOutProbability * 100)} %</td>
              </tr>
            ))}
        </tbody>
      </table>
    </div>
  );
}
