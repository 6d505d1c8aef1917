import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { KeptError } from '../platform/errors.ts';
import { type ClientOptions, clientFlags, connect } from './client.ts';
import { printJson } from './output.ts';

interface Money {
  amount: number;
  currency: string;
}
interface Answer {
  hit: { lines: number; orders: number; units: number };
  helped: { lines: number; units: number };
  revenueAtRisk: Money[];
  notices: { change: string; lines: number }[];
  lines: {
    order: string;
    sku: string;
    customer: string;
    effect: string;
    plannedShipBy: { from: string | null; to: string | null };
    notice: string | null;
  }[];
  more: number;
  messages: {
    notices: { kind: string; orders: number }[];
    silence: { means: string; orders: number; firstOn: string | null; lastOn: string | null }[];
    endedByLaw: number;
    refunds: Money[];
    refundsIfSilent: Money[];
  } | null;
}

export function whatIfCommand(): Command {
  return clientFlags(new Command('what-if'))
    .description('Who would be hit or helped by some changes; commits nothing')
    .argument(
      '<file>',
      'JSON: { "changes": [{ "kind": "purchase_order_revision", … }] }; - reads it from standard input',
    )
    .action(async (file: string, options: ClientOptions & { json?: boolean }) => {
      const body = parsed(file, readFileSync(file === '-' ? 0 : file, 'utf8'));
      const client = await connect(options);
      try {
        const answer = (await client.call('POST', '/v1/what-if', body)) as unknown as Answer;
        if (options.json) return printJson(answer);
        const { hit, helped, revenueAtRisk, notices, lines, more, messages } = answer;
        console.log(
          `${hit.lines} lines of ${hit.orders} orders (${hit.units} units) are hit, ${helped.lines} are helped.`,
        );
        console.log(`Revenue at risk: ${moneyText(revenueAtRisk)}.`);
        for (const one of notices) console.log(`To be told: ${one.lines} lines, ${one.change}.`);
        if (messages !== null) for (const line of messageLines(messages)) console.log(line);
        for (const {
          order,
          sku,
          customer,
          effect,
          plannedShipBy: { from, to },
          notice,
        } of lines)
          console.log(
            `  ${order}  ${customer}, ${sku}: ${effect}, ${from ?? 'no day'} → ${to ?? 'no day'}${notice === null ? '' : ` (${notice})`}`,
          );
        if (more > 0) console.log(`  and ${more} lines more.`);
      } finally {
        await client.close();
      }
    });
}

const moneyText = (money: readonly Money[]) =>
  money.map(({ amount, currency }) => `${(amount / 100).toFixed(2)} ${currency}`).join(', ') || 'none';

function messageLines({
  notices,
  silence,
  endedByLaw,
  refunds,
  refundsIfSilent,
}: NonNullable<Answer['messages']>) {
  const days = (first: string | null, last: string | null) =>
    first === null ? '' : first === last ? ` on ${first}` : ` between ${first} and ${last}`;
  return [
    ...notices.map(({ kind, orders }) => `Messages: ${orders} orders get a ${kind.replaceAll('_', ' ')}.`),
    ...silence.map(
      ({ means, orders, firstOn, lastOn }) =>
        `Silence of ${orders} orders means: ${means}${days(firstOn, lastOn)}.`,
    ),
    ...(endedByLaw > 0 ? [`The law would want ${endedByLaw} orders ended at once.`] : []),
    `Refunds: ${moneyText(refunds)}; if all are silent, ${moneyText(refundsIfSilent)} more.`,
  ];
}

function parsed(file: string, text: string): object {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === 'object' && body !== null) return Array.isArray(body) ? { changes: body } : body;
  } catch {
    // told below
  }
  throw new KeptError('invalid_input', `${file} is not JSON: expected { "changes": [ … ] }.`);
}
