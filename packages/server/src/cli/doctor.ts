import { Command } from 'commander';
import { auditFaults } from '../audit/index.ts';
import { type ConnectionHealth, checkSecrets, examineConnections } from '../connections/index.ts';
import { openKept } from '../open.ts';
import { APART, askCatalogue } from '../platform/catalogue-store.ts';
import { clockDrift, driftSentence } from '../platform/clock-drift.ts';
import { type Flags, readConfig } from '../platform/config.ts';
import { withBrand } from '../platform/database.ts';
import { checkInvariants, type InvariantFinding, takeUpBook } from '../promising/index.ts';
import { printJson } from './output.ts';

export function doctorCommand(): Command {
  return new Command('doctor')
    .description(
      'Check the configuration, the database and the connections; with --full, every invariant over every row',
    )
    .option('--data <directory>', 'where the embedded database keeps its data')
    .option('--full', 'check what must always be true over whole tables')
    .option('--json', 'print JSON')
    .action(async (options: Flags & { full?: boolean; json?: boolean }) => {
      const opened = await openKept(readConfig({ ...options, log: 'error' }, process.env));
      try {
        const findings: InvariantFinding[] = [];
        if (options.full) {
          await withBrand(opened.kept.db, 1, (client) => takeUpBook(client, 1), { reads: true });
          findings.push(
            ...(await withBrand(opened.kept.db, 1, async (client) => {
              await client.query('set transaction isolation level repeatable read, read only');
              const apart = await askCatalogue(client, APART);
              return [
                ...(await checkInvariants(client, 1)),
                ...apart.map(({ sentence, faults }) => ({ name: 'brands_are_apart', sentence, faults })),
                {
                  name: 'audit_is_whole',
                  sentence: 'what was recorded is as it was sealed, and nothing of it is gone',
                  faults: await auditFaults(client, 1),
                },
              ];
            })),
          );
        }
        const drift = driftSentence(await clockDrift(opened.kept));
        findings.push({
          name: 'clocks_agree',
          sentence: 'the clock of this machine and the one of the database agree',
          faults: drift === null ? [] : [drift],
        });
        await checkSecrets(opened.kept, 1);
        const connections = await examineConnections(opened.kept, 1);
        const broken = [
          ...findings.filter((finding) => finding.faults.length > 0),
          ...connections.filter((one) => one.findings.some(({ level }) => level === 'broken')),
        ];
        if (options.json) printJson({ database: 'ok', migrations: 'ok', findings, connections });
        else {
          console.log('✓ the configuration is valid, the database answers, its schema is up to date');
          for (const finding of findings) {
            console.log(`${finding.faults.length === 0 ? '✓' : '✗'} ${finding.sentence}`);
            for (const fault of finding.faults) console.log(`    ${fault}`);
          }
          for (const one of connections) printHealth(one);
        }
        if (broken.length > 0) process.exitCode = 1;
      } finally {
        await opened.close();
      }
    });
}

const SIGNS = { ok: '✓', warning: '!', broken: '✗' } as const;

function printHealth({ name, kind, findings }: ConnectionHealth): void {
  if (findings.length === 0) console.log(`✓ connection ${name} (${kind})`);
  for (const { level, words } of findings)
    console.log(`${SIGNS[level]} connection ${name} (${kind}): ${words}`);
}
