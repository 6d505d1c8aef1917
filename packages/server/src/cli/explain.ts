import { Command } from 'commander';
import { KeptError } from '../platform/errors.ts';
import { type ClientOptions, clientFlags, connect } from './client.ts';
import { printJson } from './output.ts';

interface Explanation {
  order: string;
  line: string | number;
  sku: string;
  words: Record<string, string[]>;
  ahead: { lines: number; units: number };
  backorder?: { plannedShipBy: string | null; promise: { shipBy: string } | null };
  history: { at: string; words: string }[];
}

export function explainCommand(): Command {
  return clientFlags(new Command('explain'))
    .description('Why an order’s waiting lines stand where they stand, and what the customer can be told')
    .argument('<order>', "Kept's id, channel:ref such as web:1001, or a backorder's id such as 7-1")
    .option('--for <reader>', 'planner, agent or customer', 'planner')
    .action(async (order: string, options: ClientOptions & { for: string; json?: boolean }) => {
      if (!['planner', 'agent', 'customer'].includes(options.for))
        throw new KeptError(
          'invalid_input',
          `--for is ${JSON.stringify(options.for)}, but expects planner, agent or customer.`,
        );
      const client = await connect(options);
      try {
        const explanations: Explanation[] = [];
        for (const id of await idsOf(client, order))
          explanations.push(
            (await client.call('GET', `/v1/backorders/${id}/explanation`)) as unknown as Explanation,
          );
        if (options.json) return printJson(explanations);
        if (explanations.length === 0) console.log(`Nothing of ${order} waits.`);
        for (const one of explanations) {
          console.log(`${one.order} line ${one.line}: ${one.sku}`);
          for (const sentence of one.words[options.for] ?? []) console.log(`  ${sentence}`);
          // The rest is in a planner's words: customers and those who speak with them do not read it.
          if (options.for !== 'planner') continue;
          console.log(`  ${datesOf(one)}`);
          console.log(`  ${one.ahead.lines} lines with ${one.ahead.units} units are served before it.`);
          for (const step of one.history)
            console.log(`  ${step.at.slice(0, 16).replace('T', ' ')}  ${step.words}`);
        }
      } finally {
        await client.close();
      }
    });
}

/** What was promised beside what the plan says now: how much of the buffer is left, or by how much it is broken. */
function datesOf({ backorder }: Explanation): string {
  if (backorder === undefined) return 'It does not wait any more.';
  const promised =
    backorder.promise === null ? 'No date is promised' : `Promised by ${backorder.promise.shipBy}`;
  const planned =
    backorder.plannedShipBy === null ? 'has no date for all of it' : `says ${backorder.plannedShipBy}`;
  return `${promised}; the plan now ${planned}.`;
}

async function idsOf(client: Awaited<ReturnType<typeof connect>>, order: string): Promise<string[]> {
  if (/^\d+-\d+$/.test(order)) return [order];
  const page = await client.call('GET', `/v1/backorders?${new URLSearchParams({ order, limit: '1000' })}`);
  return (page.items as { id: string }[]).map((one) => one.id);
}
