import { Command } from 'commander';
import { KeptError } from '../platform/errors.ts';
import { type Client, type ClientOptions, clientFlags, connect } from './client.ts';
import { printJson } from './output.ts';

interface PlanOptions extends ClientOptions {
  json?: boolean;
  ranking?: boolean;
  rankAgain?: boolean;
}

export function planCommand(): Command {
  return clientFlags(new Command('plan'))
    .description(
      'Plan all items again, or some: what backs each waiting line, and which promises can no longer be kept',
    )
    .argument('[sku...]', 'only these items')
    .option('--ranking', 'plan nothing; tell how far the queues of these items are from the best possible')
    .option('--rank-again', 'rank waiting lines by their policies’ rules first; places given by hand end')
    .action(async (skus: string[], options: PlanOptions) => {
      const client = await connect(options);
      try {
        if (options.ranking) return await compare(client, skus, options);
        const body = skus.length > 0 ? { skus } : {};
        const ranked = options.rankAgain ? await client.call('POST', '/v1/rankings', body) : undefined;
        const result = await client.call('POST', '/v1/plan', body);
        if (options.json) return printJson(ranked === undefined ? result : { ...result, ranked });
        if (ranked !== undefined)
          console.log(
            `${ranked.lines} lines stand elsewhere now; ${ranked.movesEnded} places given by hand ended.`,
          );
        console.log(
          `${result.items} items and ${result.lines} open lines planned in ${result.milliseconds} ms: ` +
            `${result.changed} lines are backed by something else now, ${result.promises} promises changed, ` +
            `${result.unbacked} units have nothing behind them.`,
        );
      } finally {
        await client.close();
      }
    });
}

interface Late {
  unitDaysLate: number;
  valueDaysLate: number;
}
interface Comparison {
  sku: string;
  lines: number;
  units: number;
  ranking: string[];
  now: Late & { lateUnits: number; waitingUnits: number };
  byRanking: Late;
  best: Late;
}

async function compare(client: Client, skus: readonly string[], { json }: PlanOptions): Promise<void> {
  if (skus.length === 0)
    throw new KeptError('invalid_input', 'kept plan --ranking needs the SKUs whose queues it is to look at.');
  const found: Comparison[] = [];
  for (const sku of skus)
    found.push(
      (await client.call('GET', `/v1/rankings?${new URLSearchParams({ sku })}`)) as unknown as Comparison,
    );
  if (json) return printJson(found);
  for (const { sku, lines, units, ranking, now, byRanking, best } of found) {
    console.log(`${sku}: ${units} units of ${lines} lines, ranked by ${ranking.join(', ')}.`);
    console.log(`  now         ${told(now)}; ${now.lateUnits} units late, ${now.waitingUnits} without a day`);
    console.log(`  by ranking  ${told(byRanking)}`);
    console.log(`  at best     ${told(best)}`);
  }
}

const told = ({ unitDaysLate, valueDaysLate }: Late) =>
  `${unitDaysLate.toLocaleString('en')} unit-days late, ${(valueDaysLate / 100).toLocaleString('en')} by value`;
