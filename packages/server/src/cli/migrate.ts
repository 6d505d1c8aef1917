import { Command } from 'commander';
import { openKept } from '../open.ts';
import { type Flags, readConfig } from '../platform/config.ts';
import { KeptError } from '../platform/errors.ts';
import { spread } from '../platform/spread.ts';
import { printJson } from './output.ts';

export function migrateCommand(): Command {
  return new Command('migrate')
    .description('Bring the database up to date; forward only')
    .option('--data <directory>', 'where the embedded database keeps its data')
    .option('--citus', 'spread the tables over the machines of a Citus cluster, by brand')
    .option('--json', 'print JSON')
    .action(async (options: Flags & { citus?: boolean; json?: boolean }) => {
      const config = readConfig({ ...options, log: 'error' }, process.env);
      if (options.citus && config.databaseUrl === undefined)
        throw new KeptError(
          'cannot_start',
          'The embedded database is one machine. Set KEPT_DATABASE_URL to the coordinator of a Citus cluster.',
        );
      const opened = await openKept(config);
      await opened.close();
      const spreadNow =
        options.citus && config.databaseUrl !== undefined ? await spread(config.databaseUrl) : undefined;
      if (options.json) return printJson({ applied: opened.applied, ...spreadNow });
      console.log(
        opened.applied.length === 0 ? 'The database is up to date.' : `Applied ${opened.applied.join(', ')}.`,
      );
      if (spreadNow)
        console.log(
          `Spread ${spreadNow.distributed.length} tables by brand, and put ${spreadNow.reference.length} on every machine.`,
        );
    });
}
