import { type KeyboardEvent, type PointerEvent, useMemo, useRef } from 'react';
import { daysBetween, formatDay } from '../platform/format.ts';
import { addDays, type OpenLine, spanOf } from './orders.ts';
import styles from './Timeline.module.css';
import { words } from './words.ts';

type TimelineProps = {
  lines: readonly OpenLine[];
  today: string;
  small: boolean;
  openId: string | undefined;
  /** The day on which the open line is supposed to come. */
  supposed: { id: string; day: string } | null;
  onOpen: (line: OpenLine) => void;
  onMove: (line: OpenLine, day: string) => void;
};

/** The open lines over the days to come: when each is expected, and when its units can leave. */
export function Timeline({ lines, today, small, openId, supposed, onOpen, onMove }: TimelineProps) {
  const span = useMemo(() => spanOf(lines, today), [lines, today]);
  const months = useMemo(() => monthsOf(span), [span]);
  const at = (day: string) =>
    `${(Math.max(0, Math.min(span.days, daysBetween(span.from, day))) / span.days) * 100}%`;
  return (
    <section className={styles.timeline} aria-label={words.timeline} data-small={small || undefined}>
      {small ? null : (
        <div className={styles.axis} aria-hidden="true">
          <div className={styles.track}>
            {months.map(({ day, name }) => (
              <span key={day} className={styles.month} style={{ left: at(day) }}>
                {name}
              </span>
            ))}
            <span className={styles.today} style={{ left: at(today) }}>
              {words.today}
            </span>
          </div>
        </div>
      )}
      <ul className={styles.lines}>
        {lines.map((line) => {
          const day = supposed?.id === line.id ? supposed.day : line.expectedOn;
          return (
            <li key={line.id} className={styles.line} data-open={line.id === openId || undefined}>
              <button type="button" className={styles.name} onClick={() => onOpen(line)}>
                <b>{line.order}</b> <span className={styles.sku}>{line.sku}</span>
                <span className={styles.detail}>
                  {line.supplier} · {words.waitFor(line.pegged, line.open)}
                </span>
                {small ? <span className={styles.detail}>{dayWords(line, today)}</span> : null}
              </button>
              {small ? null : (
                <div className={styles.track}>
                  <span className={styles.now} style={{ left: at(today) }} />
                  {line.expectedOn === null || day === null ? (
                    <span className={styles.undated} style={{ left: at(today) }}>
                      {words.noDate}
                    </span>
                  ) : (
                    <>
                      {line.promisableOn === null ? null : (
                        <span
                          className={styles.buffer}
                          style={{
                            left: at(line.expectedOn),
                            right: `calc(100% - ${at(line.promisableOn)})`,
                          }}
                        />
                      )}
                      {day === line.expectedOn ? null : (
                        <span className={styles.ghost} style={{ left: at(line.expectedOn) }} />
                      )}
                      <Handle
                        line={line}
                        day={day}
                        today={today}
                        left={at(day)}
                        days={span.days}
                        onOpen={() => onOpen(line)}
                        onMove={(to) => onMove(line, to)}
                      />
                    </>
                  )}
                </div>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}

/** A line's date, to be dragged or moved by keys. A press that does not move opens the line. */
function Handle(props: {
  line: OpenLine;
  day: string;
  today: string;
  left: string;
  days: number;
  onOpen: () => void;
  onMove: (day: string) => void;
}) {
  const { line, day, today, left, days, onOpen, onMove } = props;
  const grip = useRef<{ x: number; day: string; width: number; moved: boolean } | null>(null);
  const press = (event: PointerEvent<HTMLDivElement>) => {
    event.currentTarget.setPointerCapture(event.pointerId);
    const width = event.currentTarget.parentElement!.clientWidth;
    grip.current = { x: event.clientX, day, width, moved: false };
  };
  const drag = (event: PointerEvent<HTMLDivElement>) => {
    const held = grip.current;
    if (held === null) return;
    const by = Math.round(((event.clientX - held.x) / held.width) * days);
    if (by === 0 && !held.moved) return;
    held.moved = true;
    const to = addDays(held.day, by);
    if (to !== day) onMove(to);
  };
  const release = () => {
    if (grip.current !== null && !grip.current.moved) onOpen();
    grip.current = null;
  };
  const steer = (event: KeyboardEvent<HTMLDivElement>) => {
    const step = { ArrowLeft: -1, ArrowRight: 1, PageDown: -7, PageUp: 7 }[event.key];
    if (event.key === 'Enter') onOpen();
    if (step === undefined) return;
    event.preventDefault();
    onMove(addDays(day, step));
  };
  const off = daysBetween(line.expectedOn!, day);
  return (
    <div
      role="slider"
      tabIndex={0}
      className={styles.handle}
      style={{ left }}
      data-overdue={day < today || undefined}
      data-promised={line.pegged > 0 || undefined}
      data-moved={off !== 0 || undefined}
      aria-label={words.move(line.order, line.sku)}
      aria-orientation="horizontal"
      aria-valuenow={off}
      aria-valuetext={`${formatDay(day, today)}, ${words.moved(off)}`}
      title={`${words.expected(formatDay(day, today))}${line.promisableOn === null ? '' : `, ${words.leave(formatDay(line.promisableOn, today))}`}`}
      onPointerDown={press}
      onPointerMove={drag}
      onPointerUp={release}
      onPointerCancel={release}
      onKeyDown={steer}
    />
  );
}

function dayWords(line: OpenLine, today: string): string {
  if (line.expectedOn === null) return `${words.noDate}, ${words.backsNothing}`;
  const late = daysBetween(line.expectedOn, today);
  return [
    words.expected(formatDay(line.expectedOn, today)),
    ...(late > 0 ? [words.overdue(late)] : []),
    ...(line.promisableOn === null ? [] : [words.leave(formatDay(line.promisableOn, today))]),
  ].join(' · ');
}

const monthName = new Intl.DateTimeFormat('en-GB', { month: 'short', timeZone: 'UTC' });

function monthsOf({ from, days }: { from: string; days: number }): { day: string; name: string }[] {
  const months: { day: string; name: string }[] = [];
  for (let at = 0; at <= days; at++) {
    const day = addDays(from, at);
    if (day.endsWith('-01')) months.push({ day, name: monthName.format(Date.parse(day)) });
  }
  return months;
}
