import { join } from 'node:path';
import { Command } from 'commander';
import { backUp, restore } from '../platform/backup.ts';
import { type Flags, readConfig } from '../platform/config.ts';
import { startEmbedded } from '../platform/embedded-postgres.ts';
import { printJson } from './output.ts';

type Options = Flags & { json?: boolean };

export function backupCommand(): Command {
  return new Command('backup')
    .description('Write everything, of one instant, into a new directory; orders go on meanwhile')
    .argument('<directory>', 'where to; it must be new or empty')
    .option('--data <directory>', 'where the embedded database keeps its data')
    .option('--json', 'print JSON')
    .action(async (directory: string, options: Options) => {
      const report = await onDatabase(options, (url) => backUp(url, directory, new Date()));
      if (options.json) return printJson(report);
      console.log(`Wrote ${report.rows} rows of ${report.tables} tables to ${directory}.`);
      console.log(
        'The key that secrets are sealed with is not in it (KEPT_SECRET_KEY, or secret.key beside the data):',
      );
      console.log(
        'keep that elsewhere, or connections and app codes have to be set up anew after a restore.',
      );
    });
}

export function restoreCommand(): Command {
  return new Command('restore')
    .description('Put a backup into an empty database')
    .argument('<directory>', 'what kept backup wrote')
    .option('--data <directory>', 'where the embedded database is to keep its data; it must be new')
    .option('--json', 'print JSON')
    .action(async (directory: string, options: Options) => {
      const report = await onDatabase(options, (url) => restore(url, directory));
      if (options.json) return printJson(report);
      console.log(`Restored ${report.rows} rows of ${report.tables} tables, as of ${report.takenAt}.`);
      console.log('kept doctor --full holds them against everything that must always be true.');
    });
}

/** Kept's database as its owner: somebody's, or the embedded one, which is started or joined. */
async function onDatabase<T>(options: Options, work: (url: string) => Promise<T>): Promise<T> {
  const { databaseUrl, dataDir } = readConfig({ ...options, log: 'error' }, process.env);
  if (databaseUrl !== undefined) return work(databaseUrl);
  const embedded = await startEmbedded({ dataDir: join(dataDir, 'postgres') });
  try {
    return await work(embedded.url);
  } finally {
    await embedded.stop();
  }
}
