import { Command } from 'commander';
import { type ClientOptions, clientFlags, connect } from './client.ts';
import { printJson } from './output.ts';

interface Spread {
  p10: number;
  p50: number;
  p90: number;
}

interface Answer {
  sku: string;
  waiting: number;
  pegged: number;
  firstStockOut: string | null;
  weeksOfCover: number | null;
  deepestQueue: number;
  days: { day: string; stock: Spread; queue: Spread; naive: number; stockOutProbability: number }[];
}

const WEEK_DAYS = 7;

export function projectCommand(): Command {
  return clientFlags(new Command('project'))
    .description('Stock and queue of an item by week, with their spread, beside the naive projection')
    .argument('<sku>')
    .option('--days <days>', 'how far to look', '90')
    .option('--demand-factor <factor>', 'what if demand were so many times as much', '1')
    .option('--slip-days <days>', 'what if all supply came so many days later', '0')
    .action(
      async (
        sku: string,
        options: ClientOptions & Record<string, string | undefined> & { json?: boolean },
      ) => {
        const client = await connect(options);
        try {
          const query = new URLSearchParams({
            days: options.days!,
            demandFactor: options.demandFactor!,
            slipDays: options.slipDays!,
          });
          const path = `/v1/items/${encodeURIComponent(sku)}/projection?${query}`;
          const answer = (await client.call('GET', path)) as unknown as Answer;
          if (options.json) return printJson(answer);
          console.log('day         stock (P10–P90)       queue (P10–P90)       out by then   naive');
          for (const [at, day] of answer.days.entries())
            if (at % WEEK_DAYS === 0)
              console.log(
                `${day.day}  ${told(day.stock)}  ${told(day.queue)}  ${`${Math.round(100 * day.stockOutProbability)} %`.padStart(11)}  ${String(Math.round(day.naive)).padStart(6)}`,
              );
          const out =
            answer.firstStockOut === null ? 'does not run out' : `runs out on ${answer.firstStockOut}`;
          const cover = answer.weeksOfCover === null ? '' : ` ${answer.weeksOfCover} weeks of cover.`;
          const waiting = answer.waiting + answer.pegged;
          console.log(
            `${answer.sku} ${out} in half of the scenarios.${cover} ${waiting} wait now, ${Math.round(answer.deepestQueue)} at the deepest.`,
          );
        } finally {
          await client.close();
        }
      },
    );
}

function told({ p10, p50, p90 }: Spread): string {
  return `${String(Math.round(p50)).padStart(6)} (${Math.round(p10)}–${Math.round(p90)})`.padEnd(20);
}
