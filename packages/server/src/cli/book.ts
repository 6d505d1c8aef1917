import { Command } from 'commander';
import { type ClientOptions, clientFlags, connect } from './client.ts';
import { printJson } from './output.ts';

interface Money {
  amount: number;
  currency: string;
}
interface Sum {
  key: string;
  title: string;
  lines: number;
  units: number;
  value: Money;
}
interface Answer {
  asOf: string;
  lines: number;
  orders: number;
  customers: number;
  units: number;
  currencies: Sum[];
  states: Sum[];
  groups?: Sum[];
}

export function bookCommand(): Command {
  return clientFlags(new Command('book'))
    .description('What the backorders are worth, now or as it was shown at a moment')
    .option('--as-of <instant>', 'such as 2026-03-14T09:30:00Z')
    .option(
      '--by <dimension>',
      'item, supplier, purchase_order, channel, class, cause, state or month (of expected shipment)',
    )
    .option('--limit <rows>', 'most rows', '20')
    .action(
      async (options: ClientOptions & { asOf?: string; by?: string; limit?: string; json?: boolean }) => {
        const client = await connect(options);
        try {
          const query = new URLSearchParams({ limit: options.limit ?? '20' });
          if (options.asOf !== undefined) query.set('asOf', options.asOf);
          if (options.by !== undefined) query.set('by', options.by);
          const answer = (await client.call('GET', `/v1/book?${query}`)) as unknown as Answer;
          if (options.json) return printJson(answer);
          console.log(
            `${answer.units} units in ${answer.lines} lines of ${answer.orders} orders, ${answer.customers} customers, as of ${answer.asOf}`,
          );
          for (const sum of [...answer.currencies, ...(answer.groups ?? answer.states)])
            console.log(told(sum));
        } finally {
          await client.close();
        }
      },
    );
}

function told({ title, units, value }: Sum): string {
  const format = new Intl.NumberFormat('en', { style: 'currency', currency: value.currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return `${title.slice(0, 40).padEnd(40)} ${String(units).padStart(9)}  ${format.format(value.amount / 10 ** digits).padStart(16)}`;
}
