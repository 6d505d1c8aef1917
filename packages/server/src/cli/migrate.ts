import { Command } from 'commander';
import { openKept } from '../open.ts';
import { type Flags, readConfig } from '../platform/config.ts';
import { printJson } from './output.ts';

export function migrateCommand(): Command {
  return new Command('migrate')
    .description('Bring the database up to date; forward only')
    .option('--data <directory>', 'where the embedded database keeps its data')
    .option('--json', 'print JSON')
    .action(async (options: Flags & { json?: boolean }) => {
      const opened = await openKept(readConfig({ ...options, log: 'error' }, process.env));
      await opened.close();
      if (options.json) return printJson({ applied: opened.applied });
      console.log(
        opened.applied.length === 0 ? 'The database is up to date.' : `Applied ${opened.applied.join(', ')}.`,
      );
    });
}
