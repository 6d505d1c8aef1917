import { type ReactNode, useState } from 'react';
import {
  formatCount,
  formatDay,
  formatMoney,
  formatMoneyList,
  formatMoneyShort,
} from '../platform/format.ts';
import { useToday } from '../platform/session.ts';
import styles from './BookPage.module.css';
import { BurnDownChart, hasLastWeek } from './BurnDownChart.tsx';
import {
  type Book,
  type BookAgeing,
  type BookBurnDown,
  type BookHistory,
  DIMENSIONS,
  type Dimension,
  useBookPart,
} from './book.ts';
import { Impact } from './Impact.tsx';
import { MoneyPart } from './MoneyPart.tsx';
import { Part } from './Part.tsx';
import { linesPath, movesPath } from './rows.ts';
import { Table } from './Table.tsx';
import { words } from './words.ts';

const WEEK_DAYS = 7;

/** The page for Monday: what the book is worth, how it comes down, where it lies, how old it is, whose money it is. */
export function BookPage() {
  const { today } = useToday();
  const book = useBookPart<Book>('/v1/book');
  const burn = useBookPart<BookBurnDown>('/v1/book/burn-down');
  // What is seen first comes at once: nothing jumps when the next part is there.
  const begun = !book.isPending && !burn.isPending;
  return (
    <div className={styles.page}>
      <header>
        <h1 className={styles.title}>{words.title}</h1>
        <p className={styles.soft}>{words.what}</p>
        <Part query={book}>{(answer) => <Figures book={answer} />}</Part>
      </header>
      {begun ? (
        <>
          <ComingDown today={today} />
          <Moved today={today} />
          <Where />
          <Ageing today={today} />
          <MoneyPart today={today} />
          <Impact />
        </>
      ) : null}
      <section aria-labelledby="book-files">
        <h2 id="book-files">{words.files}</h2>
        <p className={styles.files}>
          <a href="/v1/book/week">{words.week}</a>
          <a href="/v1/book/export/all.xlsx">XLSX</a>
          {['by-item', 'by-purchase_order', 'history', 'ageing', 'oldest', 'reconciliation'].map((name) => (
            <a key={name} href={`/v1/book/export/${name}.csv`}>{`${name}.csv`}</a>
          ))}
          {['quickbooks', 'xero', 'netsuite'].map((ledger) => (
            <a key={ledger} href={`/v1/book/journal?format=${ledger}`}>{`journal, ${ledger}`}</a>
          ))}
        </p>
      </section>
    </div>
  );
}

function Figures({ book }: { book: Book }) {
  const values = book.value === null ? book.currencies.map(({ value }) => value) : [book.value];
  const figures: [string, ReactNode, string?][] = [
    [
      words.figures.value,
      <a key="value" href={linesPath()}>
        {formatMoneyList(values, formatMoney)}
      </a>,
    ],
    [
      words.figures.margin,
      book.margin === null ? '–' : formatMoney(book.margin),
      book.margin === null ? words.noMargin : undefined,
    ],
    [
      words.figures.units,
      <a key="units" href={linesPath()}>
        {formatCount(book.units)}
      </a>,
    ],
    [
      words.figures.lines,
      <a key="lines" href={linesPath()}>
        {formatCount(book.lines)}
      </a>,
    ],
    ...(['orders', 'customers'] as const).map((name): [string, ReactNode] => [
      words.figures[name],
      <a key={name} href={linesPath()}>
        {formatCount(book[name])}
      </a>,
    ]),
  ];
  return (
    <>
      <dl className={styles.figures}>
        {figures.map(([name, figure, note]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>
              {figure}
              {note ? <small>{note}</small> : null}
            </dd>
          </div>
        ))}
        {book.states.map(({ key, units, value }) => (
          <div key={`${key} ${value.currency}`}>
            <dt>{words.states[key] ?? key}</dt>
            <dd>
              <a href={linesPath({ by: 'state', key, currency: value.currency })}>
                {formatMoneyShort(value)}
              </a>
              <small>{words.unitsAt(formatCount(units), formatMoney(value))}</small>
            </dd>
          </div>
        ))}
      </dl>
      {book.missingRates.length > 0 ? (
        <p className={styles.soft}>{words.missingRates(book.missingRates.join(', '))}</p>
      ) : null}
    </>
  );
}

function ComingDown({ today }: { today: string }) {
  const burn = useBookPart<BookBurnDown>('/v1/book/burn-down');
  return (
    <section aria-labelledby="book-down">
      <h2 id="book-down">{words.downTitle}</h2>
      <Part query={burn}>
        {(answer) => {
          const day = (one: string | null) => (one === null ? words.notInSight : formatDay(one, today));
          const amount = (minor: number) => formatMoneyShort({ amount: minor, currency: answer.currency });
          return (
            <>
              <BurnDownChart burn={answer} today={today} />
              <dl className={styles.figures}>
                {(
                  [
                    [words.half, day(answer.halfOn), words.likely],
                    [words.gone, day(answer.goneOn), words.likely],
                    [
                      words.without,
                      <a key="without" href={linesPath({ by: 'purchase_order', key: 'unbacked' })}>
                        {amount(answer.withoutSupply)}
                      </a>,
                      '',
                    ],
                    ...(hasLastWeek(answer)
                      ? ([
                          [
                            words.slip,
                            `${amount(Math.abs(answer.slip))} × days`,
                            answer.slip < 0 ? words.earlier : words.later,
                          ],
                        ] as const)
                      : []),
                  ] as const
                ).map(([name, figure, note]) => (
                  <div key={name}>
                    <dt>{name}</dt>
                    <dd>
                      {figure}
                      <small>{note}</small>
                    </dd>
                  </div>
                ))}
              </dl>
            </>
          );
        }}
      </Part>
    </section>
  );
}

function Moved({ today }: { today: string }) {
  const from = new Date(Date.parse(`${today}T00:00:00Z`) - (WEEK_DAYS - 1) * 86_400_000)
    .toISOString()
    .slice(0, 10);
  const history = useBookPart<BookHistory>('/v1/book/history', { from, to: today });
  return (
    <section aria-labelledby="book-moved">
      <h2 id="book-moved">{words.movedTitle}</h2>
      <Part query={history}>
        {({ currency, opening, days }) => {
          const sums = new Map<string, { kind: string; by: string; units: number; value: number }>();
          for (const { kind, by, units, value } of days.flatMap(({ moves }) => moves)) {
            const name = `${words.kinds[kind] ?? kind}${by === '' ? '' : ` ${words.by(by)}`}`;
            const sum = sums.get(name) ?? { kind, by, units: 0, value: 0 };
            sums.set(name, { kind, by, units: sum.units + units, value: sum.value + value });
          }
          const closing = days.at(-1)?.closing ?? opening;
          const row = (name: string, { units, value }: { units: number; value: number }, to?: string) => ({
            key: name,
            cells: [
              to === undefined ? (
                name
              ) : (
                <a key="to" href={to}>
                  {name}
                </a>
              ),
              formatCount(units),
              formatMoney({ amount: value, currency }),
            ],
          });
          const rowsOf = ({ kind, by }: { kind: string; by: string }) =>
            movesPath({ from, to: today, kind, currency, ...(by === '' ? {} : { by }) });
          return (
            <Table
              label={words.movedTitle}
              file={{ name: 'history' }}
              columns={[
                { title: 'What' },
                { title: 'Units', number: true },
                { title: 'Value', number: true },
              ]}
              rows={[
                row(words.start, opening),
                ...[...sums]
                  .filter(([, sum]) => sum.units !== 0 || sum.value !== 0)
                  .map(([name, sum]) => row(name, sum, rowsOf(sum))),
                row(words.now, closing, linesPath({ currency })),
              ]}
            />
          );
        }}
      </Part>
    </section>
  );
}

function Where() {
  const [by, setBy] = useState<Dimension>('purchase_order');
  const book = useBookPart<Book>('/v1/book', { by, limit: 25 });
  return (
    <section aria-labelledby="book-where">
      <h2 id="book-where">{words.whereTitle}</h2>
      <label className={styles.choice}>
        {words.dimension}
        <select value={by} onChange={(event) => setBy(event.currentTarget.value as Dimension)}>
          {DIMENSIONS.map((name) => (
            <option key={name} value={name}>
              {words.dimensions[name]}
            </option>
          ))}
        </select>
      </label>
      <Part query={book}>
        {({ groups = [] }) =>
          groups.length === 0 ? (
            <p className={styles.soft}>{words.nothing}</p>
          ) : (
            <Table
              label={words.whereTitle}
              file={{ name: `by-${by}` }}
              columns={[
                { title: words.dimensions[by] },
                { title: 'Units', number: true },
                { title: 'Lines', number: true },
                { title: 'Value', number: true },
                { title: 'Margin', number: true },
              ]}
              rows={groups.map(({ key, title, units, lines, value, margin }) => ({
                key: `${key} ${value.currency}`,
                cells: [
                  <a key="to" href={linesPath({ by, key, currency: value.currency })}>
                    {by === 'cause' ? words.causes(key) : (words.states[title] ?? title)}
                  </a>,
                  formatCount(units),
                  formatCount(lines),
                  formatMoney(value),
                  margin === null ? '–' : formatMoney(margin),
                ],
              }))}
            />
          )
        }
      </Part>
    </section>
  );
}

function Ageing({ today }: { today: string }) {
  const [basis, setBasis] = useState<'order' | 'first' | 'latest'>('order');
  const ageing = useBookPart<BookAgeing>('/v1/book/ageing', { basis });
  return (
    <section aria-labelledby="book-age">
      <h2 id="book-age">{words.ageTitle}</h2>
      <label className={styles.choice}>
        {words.basis}
        <select value={basis} onChange={(event) => setBasis(event.currentTarget.value as typeof basis)}>
          {(['order', 'first', 'latest'] as const).map((name) => (
            <option key={name} value={name}>
              {words.bases[name]}
            </option>
          ))}
        </select>
      </label>
      <Part query={ageing}>
        {({ buckets, oldest }) => (
          <>
            <Table
              label={words.ageTitle}
              file={{ name: 'ageing' }}
              columns={[
                { title: 'Days' },
                { title: 'Units', number: true },
                { title: 'Lines', number: true },
                { title: 'Value', number: true },
              ]}
              rows={buckets.map(({ key, units, lines, values }) => ({
                key,
                cells: [
                  <a key="to" href={linesPath({ basis, age: key })}>
                    {key}
                  </a>,
                  formatCount(units),
                  formatCount(lines),
                  formatMoneyList(values, formatMoney) || '–',
                ],
              }))}
            />
            <h3>{words.oldest}</h3>
            <Table
              label={words.oldest}
              file={{ name: 'oldest' }}
              columns={[
                { title: 'Order' },
                { title: 'Customer' },
                { title: 'Item' },
                { title: 'Days', number: true },
                { title: 'Units', number: true },
                { title: 'Promised', number: true },
              ]}
              rows={oldest.map((row) => ({
                key: `${row.order} ${row.line}`,
                cells: [
                  <a
                    key="to"
                    href={`/?search=${encodeURIComponent(row.order.slice(row.order.indexOf(':') + 1))}`}
                  >
                    {row.order}
                  </a>,
                  row.customer,
                  row.title,
                  formatCount(row.days),
                  formatCount(row.units),
                  row.latestPromise === null ? '–' : formatDay(row.latestPromise, today),
                ],
              }))}
            />
          </>
        )}
      </Part>
    </section>
  );
}
