import { Command } from 'commander';
import { type ClientOptions, clientFlags, connect } from './client.ts';
import { printJson } from './output.ts';

interface Answer {
  sku: string;
  channel: string;
  quantity: number;
  state: string;
  now: number;
  later: { quantity: number; shipBy: string }[];
}

export function promiseCommand(): Command {
  return clientFlags(new Command('promise'))
    .description('What could be promised of an item, now and later; commits nothing')
    .argument('<sku>')
    .argument('[quantity]', 'units', '1')
    .requiredOption('--channel <code>', 'the channel that asks')
    .action(
      async (sku: string, quantity: string, options: ClientOptions & { channel: string; json?: boolean }) => {
        const client = await connect(options);
        try {
          const query = new URLSearchParams({ sku, channel: options.channel, quantity });
          const answer = (await client.call('GET', `/v1/availability?${query}`)) as unknown as Answer;
          const parts = [
            ...(answer.now > 0 ? [`${answer.now} now`] : []),
            ...answer.later.map((part) => `${part.quantity} by ${part.shipBy}`),
          ];
          const missing =
            answer.quantity - answer.now - answer.later.reduce((units, part) => units + part.quantity, 0);
          // A script asks by the exit code, whatever it reads.
          if (missing > 0) process.exitCode = 1;
          if (options.json) return printJson(answer);
          if (missing > 0) parts.push(`${missing} cannot be had`);
          console.log(
            `${answer.quantity} ${answer.sku} on ${answer.channel}: ${answer.state.replaceAll('_', ' ')}; ${parts.join(', ')}.`,
          );
        } finally {
          await client.close();
        }
      },
    );
}
