import { createWriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { Command } from 'commander';
import { Evidence, evidencePdf } from '../comms/index.ts';
import { KeptError } from '../platform/errors.ts';
import { type ClientOptions, clientFlags, connect } from './client.ts';
import { printJson } from './output.ts';

export function exportCommand(): Command {
  return clientFlags(new Command('export'))
    .description(
      'All that shows how an order was treated: what was stated, promised, told, answered, paid back',
    )
    .requiredOption('--evidence <order>', "the order: Kept's id, or channel:ref such as web:1001")
    .option(
      '--out <file>',
      'write to a file: .pdf for print, .json for programs; JSON to the terminal otherwise',
    )
    .action(async (options: ClientOptions & { evidence: string; out?: string }) => {
      const { out, evidence: order } = options;
      if (out !== undefined && !/\.(json|pdf)$/i.test(out))
        throw new KeptError('invalid_input', `--out is ${JSON.stringify(out)}, but expects .json or .pdf.`);
      const client = await connect(options);
      try {
        const answer = await client.call('GET', `/v1/orders/${encodeURIComponent(order)}/evidence`);
        if (out === undefined) return printJson(answer);
        if (/\.pdf$/i.test(out)) await pipeline(evidencePdf(Evidence.parse(answer)), createWriteStream(out));
        else await writeFile(out, `${JSON.stringify(answer, null, 2)}\n`);
        console.error(`Wrote ${out}.`);
      } finally {
        await client.close();
      }
    });
}
