import type { Journal } from '@kept/contract';
import type { z } from 'zod';
import { csvOf } from '../platform/csv.ts';
import { KeptError } from '../platform/errors.ts';
import { type Cell, decimal } from './tables.ts';

type Entries = z.input<typeof Journal>['entries'];
export type Ledger = 'quickbooks' | 'xero' | 'netsuite';

/** Account names as a bookkeeper reads them; QuickBooks and NetSuite find accounts by name, Xero by the same as its code. */
const ACCOUNTS: Readonly<Record<string, string>> = {
  cash: 'Payments clearing',
  tax: 'Sales tax payable',
  deferred_revenue: 'Deferred revenue',
  receivable: 'Accounts receivable',
  revenue: 'Sales',
  refunds: 'Sales refunds',
  exchange: 'Exchange gains and losses',
};

/**
 * The journal as a file that a ledger imports, in the brand's currency at the historical rates, so that each entry balances there.
 * @throws KeptError `conflict` where a rate is missing: a journal with a hole in it would be imported as if it were whole
 */
export function journalCsv(
  ledger: Ledger,
  entries: Entries,
  currency: string,
  missing: readonly string[],
): string {
  if (missing.length > 0)
    throw new KeptError(
      'conflict',
      `There is no exchange rate for ${missing.join(', ')} on some day of the journal: PUT /v1/book/rates/:day gives it.`,
    );
  const rows: Cell[][] = [];
  for (const entry of entries)
    for (const { account, amount, base } of entry.postings) {
      if (base === 0) continue;
      const name = ACCOUNTS[account] ?? account;
      const original =
        entry.currency === currency ? '' : ` (${decimal(amount, entry.currency)} ${entry.currency})`;
      const memo = `${entry.order} ${entry.kind} ${entry.name}${original}`;
      const debit = base > 0 ? decimal(base, currency) : '';
      const credit = base < 0 ? decimal(-base, currency) : '';
      if (ledger === 'quickbooks') rows.push([entry.number, entry.day, currency, name, debit, credit, memo]);
      else if (ledger === 'xero')
        rows.push([entry.number, entry.day, memo, name, 'Tax Exempt', decimal(base, currency)]);
      else rows.push([entry.number, entry.day, currency, name, debit, credit, memo]);
    }
  return csvOf(COLUMNS[ledger], rows);
}

const COLUMNS: Readonly<Record<Ledger, readonly string[]>> = {
  quickbooks: ['Journal No', 'Journal Date', 'Currency', 'Account Name', 'Debits', 'Credits', 'Description'],
  xero: ['*Narration', '*Date', 'Description', '*AccountCode', '*TaxRate', '*Amount'],
  netsuite: ['External ID', 'Date', 'Currency', 'Account', 'Debit', 'Credit', 'Memo'],
};
