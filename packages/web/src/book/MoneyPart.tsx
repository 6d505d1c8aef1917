import { formatDay, formatMoney, formatMoneyList } from '../platform/format.ts';
import styles from './BookPage.module.css';
import { type BookMoney, useBookPart } from './book.ts';
import { Part } from './Part.tsx';
import { linesPath } from './rows.ts';
import { Table } from './Table.tsx';
import { words } from './words.ts';

/** Deferred revenue and how it ties to the book, refunds owed, and whose money is in before suppliers are paid. */
export function MoneyPart({ today }: { today: string }) {
  const money = useBookPart<BookMoney>('/v1/book/money');
  return (
    <section aria-labelledby="book-money">
      <h2 id="book-money">{words.moneyTitle}</h2>
      <Part query={money}>
        {(answer) => (
          <>
            <h3>{words.deferred}</h3>
            <Table
              label={words.deferred}
              file={{ name: 'deferred' }}
              columns={[
                { title: 'Currency' },
                ...['Captured', 'Refunded', 'Recognised', 'Deferred', 'Receivable', 'Tax apart'].map(
                  (title) => ({
                    title,
                    number: true,
                  }),
                ),
              ]}
              rows={answer.deferred.map((row) => ({
                key: row.currency,
                cells: [
                  row.currency,
                  ...[row.captured, row.refunded, row.recognised, row.deferred, row.receivable, row.tax].map(
                    (amount) => formatMoney({ amount, currency: row.currency }),
                  ),
                ],
              }))}
            />
            <h3>{words.ties}</h3>
            <Table
              label={words.ties}
              file={{ name: 'reconciliation' }}
              columns={[
                { title: 'Currency' },
                ...['Book', 'Prepaid', 'Unpaid', 'Prepaid, set aside', 'Other deferred', 'Deferred'].map(
                  (title) => ({
                    title,
                    number: true,
                  }),
                ),
              ]}
              rows={answer.reconciliation.map((row) => ({
                key: row.currency,
                cells: [
                  row.currency,
                  ...[
                    row.book,
                    row.prepaid,
                    row.unpaid,
                    row.prepaidReserved,
                    row.otherDeferred,
                    row.deferred,
                  ].map((amount) => formatMoney({ amount, currency: row.currency })),
                ],
              }))}
            />
            <h3>{words.refunds}</h3>
            {answer.refundsOwed.length === 0 ? (
              <p className={styles.soft}>{words.noRefunds}</p>
            ) : (
              <Table
                label={words.refunds}
                file={{ name: 'refunds-owed' }}
                columns={[
                  { title: 'Order' },
                  { title: 'Amount', number: true },
                  { title: 'Due', number: true },
                ]}
                rows={answer.refundsOwed.map(({ order, amount, dueOn }) => ({
                  key: order,
                  cells: [
                    <a key="to" href={`/?search=${encodeURIComponent(order.slice(order.indexOf(':') + 1))}`}>
                      {order}
                    </a>,
                    formatMoney(amount),
                    formatDay(dueOn, today),
                  ],
                }))}
              />
            )}
            <h3>{words.capital}</h3>
            <Table
              label={words.capital}
              file={{ name: 'working-capital' }}
              columns={[
                { title: 'Purchase order' },
                { title: 'Supplier' },
                { title: 'Expected', number: true },
                { title: 'Pay on', number: true },
                { title: 'Payable', number: true },
                { title: 'Book', number: true },
                { title: 'Prepaid', number: true },
              ]}
              rows={answer.workingCapital.map((row) => ({
                key: row.purchaseOrder,
                cells: [
                  <a key="to" href={linesPath({ by: 'purchase_order', key: row.purchaseOrder })}>
                    {row.purchaseOrder}
                  </a>,
                  row.supplier,
                  row.expectedOn === null ? '–' : formatDay(row.expectedOn, today, { weekday: false }),
                  row.payOn === null ? '–' : formatDay(row.payOn, today, { weekday: false }),
                  row.payable === null ? '–' : formatMoney(row.payable),
                  formatMoneyList(row.book, formatMoney),
                  formatMoneyList(row.prepaid, formatMoney),
                ],
              }))}
            />
          </>
        )}
      </Part>
    </section>
  );
}
