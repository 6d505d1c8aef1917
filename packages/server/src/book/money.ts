import type { BookMoney } from '@kept/contract';
import { dayNumber, dayText } from '@kept/engine';
import type pg from 'pg';
import type { z } from 'zod';
import type { Kept } from '../platform/kept.ts';
import { momentOf } from './book.ts';
import { readBookSettings, readSums, readSupplies } from './book-store.ts';
import { moneySums } from './money-balance.ts';
import { readRefundsOwed } from './money-store.ts';

type Money = z.input<typeof BookMoney>;

/** Deferred revenue, how it ties to the book, what is owed back, what is expected when, and whose money pays the suppliers. */
export async function moneyOf(kept: Kept, client: pg.PoolClient, brandId: number): Promise<Money> {
  const moment = await momentOf(kept, client, brandId, undefined);
  const { recognition } = await readBookSettings(client, brandId);
  const { byCurrency, bySupply } = await moneySums(kept, client, brandId, moment.asOf);
  const sums = [...byCurrency].filter(([, sum]) => Object.values(sum).some((figure) => figure !== 0));
  const planned = await readSums(client, brandId, 'planned');
  return {
    asOf: moment.asOf,
    recognition,
    deferred: sums.map(([currency, sum]) => {
      const { captured, refunded, recognised, deferred, receivable, tax } = sum;
      return {
        currency,
        ...{ captured, refunded, recognised, deferred, receivable, tax },
        inBrandCurrency: sum.unrated === 0 ? { amount: sum.base, currency: moment.exchange.currency } : null,
      };
    }),
    reconciliation: sums.map(([currency, { book, prepaid, reserved, deferred }]) => ({
      currency,
      book,
      prepaid,
      unpaid: book - prepaid,
      prepaidReserved: reserved,
      otherDeferred: deferred - prepaid - reserved,
      deferred,
    })),
    refundsOwed: (await readRefundsOwed(client, brandId)).map(
      ({ order, amount, currency, due_on, basis }) => ({
        order,
        amount: { amount, currency },
        dueOn: due_on,
        basis,
      }),
    ),
    months: [
      ...Map.groupBy(planned, ({ key, currency }) => `${key.slice(0, 7) || 'no date'} ${currency}`).values(),
    ]
      .map((rows) => ({
        month: rows[0]!.key.slice(0, 7) || 'no date',
        currency: rows[0]!.currency,
        units: rows.reduce((sum, { units }) => sum + units, 0),
        value: rows.reduce((sum, { value }) => sum + value, 0),
      }))
      .sort((a, b) => (a.month < b.month ? -1 : 1)),
    workingCapital: await workingCapital(client, brandId, bySupply),
    missingRates: sums
      .filter(([, { unrated }]) => unrated !== 0)
      .map(([currency]) => currency)
      .sort(),
  };
}

/** What is owed to suppliers for what the book waits for, when, and how much of customers' money is in before. */
async function workingCapital(
  client: pg.PoolClient,
  brandId: number,
  prepaid: ReadonlyMap<string, number>,
): Promise<Money['workingCapital']> {
  const sums = await readSums(client, brandId, 'supply');
  const supplies = await readSupplies(
    client,
    brandId,
    [...new Set(sums.map(({ key }) => key))].filter(Boolean),
  );
  const rows = new Map<string, Money['workingCapital'][number]>();
  const counted = new Set<string>();
  for (const sum of sums) {
    const supply = supplies.get(sum.key);
    if (supply === undefined || supply.kind !== 'purchase_order') continue;
    const terms = termDays(supply.payment_terms);
    const row = rows.get(supply.ref) ?? {
      purchaseOrder: supply.ref,
      supplier: supply.supplier_title ?? supply.supplier ?? '',
      expectedOn: supply.expected_on,
      paymentTerms: supply.payment_terms,
      payOn:
        terms === null || supply.expected_on === null ? null : dayText(dayNumber(supply.expected_on) + terms),
      payable: null,
      book: [],
      prepaid: [],
    };
    rows.set(supply.ref, row);
    if (!counted.has(sum.key) && supply.unit_cost !== null && supply.currency !== null) {
      const amount = (row.payable?.amount ?? 0) + supply.unit_cost * supply.open;
      row.payable = { amount, currency: supply.currency };
    }
    const key = `${sum.key} ${sum.currency}`;
    addTo(row.book, sum.value, sum.currency);
    // One sum per currency of cost: the customers' money is counted once.
    if (!counted.has(key)) addTo(row.prepaid, prepaid.get(key) ?? 0, sum.currency);
    counted.add(sum.key).add(key);
  }
  return [...rows.values()].sort((a, b) => ((a.expectedOn ?? '9') < (b.expectedOn ?? '9') ? -1 : 1));
}

function addTo(sums: { amount: number; currency: string }[], amount: number, currency: string): void {
  const known = sums.find((one) => one.currency === currency);
  if (known) known.amount += amount;
  else sums.push({ amount, currency });
}

/** Days after receipt by which a supplier is paid, as its terms say: 'net 30', '60 days', 'on receipt'; null: not said. */
export function termDays(terms: string | null): number | null {
  if (terms === null) return null;
  if (/receipt|delivery|immediate/i.test(terms)) return 0;
  if (/advance|prepa/i.test(terms)) return null;
  const days = /(\d{1,3})/.exec(terms);
  return days === null ? null : Number(days[1]);
}
