import { Command } from 'commander';
import { type Flags, readConfig } from '../platform/config.ts';
import { serve } from '../serve.ts';

export function startCommand(): Command {
  return new Command('start')
    .description(
      'Start Kept: the API and the page, on the embedded PostgreSQL unless KEPT_DATABASE_URL names another',
    )
    .option('--port <number>', 'where to listen; 0 takes any free port (KEPT_PORT, 4400)')
    .option('--host <address>', 'on which address (KEPT_HOST, 127.0.0.1)')
    .option('--data <directory>', 'where the embedded database keeps its data (KEPT_DATA_DIR, .kept)')
    .option('--no-demo', 'leave an empty database empty')
    .option('--clock <kind>', 'system, or manual: time moves by PUT /v1/clock')
    .option('--log <level>', 'how much is logged (KEPT_LOG)')
    .action(async (options: Flags) => {
      await serve(
        readConfig({ ...options, log: options.log ?? process.env.KEPT_LOG ?? 'warn' }, process.env),
      );
    });
}
