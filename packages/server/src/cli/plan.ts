import { Command } from 'commander';
import { type ClientOptions, clientFlags, connect } from './client.ts';
import { printJson } from './output.ts';

export function planCommand(): Command {
  return clientFlags(new Command('plan'))
    .description(
      'Plan all items again, or some: what backs each waiting line, and which promises can no longer be kept',
    )
    .argument('[sku...]', 'only these items')
    .action(async (skus: string[], options: ClientOptions & { json?: boolean }) => {
      const client = await connect(options);
      try {
        const result = await client.call('POST', '/v1/plan', skus.length > 0 ? { skus } : {});
        if (options.json) return printJson(result);
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
