import { writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { type Client, type ClientOptions, clientFlags, connect } from './client.ts';
import { printJson } from './output.ts';

interface ReleaseOptions extends ClientOptions {
  json?: boolean;
  pickList?: string | true;
  location?: string;
}

interface Release {
  order: string;
  customer: string;
  state: 'whole' | 'part' | 'blocked';
  blockedBy: string | null;
  shipBy: string | null;
  atStake: boolean;
  lines: { line: string | number; sku: string; releasable: number; open: number }[];
}

export function releaseCommand(): Command {
  return clientFlags(new Command('release'))
    .description('What can be released to pick; or release orders, or tell what is to be picked')
    .argument('[order...]', 'orders to release, as channel:ref; none: only list what could be')
    .option('--pick-list [file]', 'the pick list as CSV, to a file or the terminal')
    .option('--location <code>', 'of the pick list, only this location')
    .action(async (orders: string[], options: ReleaseOptions) => {
      const client = await connect(options);
      try {
        const released: unknown[] = [];
        for (const order of orders)
          released.push(await client.call('POST', `/v1/releases/${encodeURIComponent(order)}/approve`, {}));
        if (options.pickList !== undefined) return await writePickList(client, options);
        if (orders.length > 0) {
          if (options.json) return printJson(released);
          console.log(`${orders.length} order${orders.length === 1 ? '' : 's'} released to pick.`);
          return;
        }
        await list(client, options);
      } finally {
        await client.close();
      }
    });
}

async function list(client: Client, { json }: ReleaseOptions): Promise<void> {
  const all: Release[] = [];
  for (let next: string | null = ''; next !== null; ) {
    const page = await client.call('GET', `/v1/releases?limit=1000${next === '' ? '' : `&cursor=${next}`}`);
    all.push(...(page.items as Release[]));
    next = page.next as string | null;
  }
  if (json) return printJson(all);
  const ready = all.filter((one) => one.state !== 'blocked');
  for (const one of ready) {
    const units = one.lines.filter((line) => line.releasable > 0);
    const told = units.map((line) => `${line.releasable} of ${line.open} ${line.sku}`).join(', ');
    console.log(
      `${one.order}  ${one.customer}: ${one.state}, ${told}${one.atStake ? `  (promised by ${one.shipBy})` : ''}`,
    );
  }
  console.log(
    `${ready.length} orders can be released; ${all.length - ready.length} with reserved units cannot.`,
  );
}

async function writePickList(client: Client, { pickList, location, json }: ReleaseOptions): Promise<void> {
  const query = new URLSearchParams(location === undefined ? {} : { location });
  if (json) return printJson(await client.call('GET', `/v1/releases/pick-list?${query}`));
  query.set('format', 'csv');
  const csv = await client.text('GET', `/v1/releases/pick-list?${query}`);
  if (typeof pickList === 'string') await writeFile(pickList, csv);
  else process.stdout.write(csv);
}
