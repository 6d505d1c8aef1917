import { Command } from 'commander';
import { backupCommand, restoreCommand } from './cli/backup.ts';
import { bookCommand } from './cli/book.ts';
import { doctorCommand } from './cli/doctor.ts';
import { explainCommand } from './cli/explain.ts';
import { exportCommand } from './cli/export.ts';
import { importCommand } from './cli/import.ts';
import { openLocalImport } from './cli/local-import.ts';
import { migrateCommand } from './cli/migrate.ts';
import { failed } from './cli/output.ts';
import { planCommand } from './cli/plan.ts';
import { projectCommand } from './cli/project.ts';
import { promiseCommand } from './cli/promise.ts';
import { releaseCommand } from './cli/release.ts';
import { scenarioCommand } from './cli/scenario.ts';
import { startCommand } from './cli/start.ts';
import { keyCommand, userCommand } from './cli/user.ts';
import { whatIfCommand } from './cli/what-if.ts';

const program = new Command('kept')
  .description('The backorder system for consumer brands: promises that are made, backed, watched and kept.')
  .version('0.1.0')
  .showHelpAfterError('(kept --help tells what there is)')
  // A script can tell a wrong call (2) from work that failed (1).
  .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : 2));

for (const command of [
  startCommand(),
  importCommand({ openLocal: openLocalImport }),
  planCommand(),
  promiseCommand(),
  projectCommand(),
  bookCommand(),
  explainCommand(),
  whatIfCommand(),
  releaseCommand(),
  exportCommand(),
  scenarioCommand(),
  migrateCommand(),
  doctorCommand(),
  userCommand(),
  keyCommand(),
  backupCommand(),
  restoreCommand(),
])
  program.addCommand(command.copyInheritedSettings(program));

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = failed(error);
}
