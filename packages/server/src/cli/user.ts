import { RoleName, SCOPES, type Scope, ScopeName } from '@kept/contract';
import { Command, InvalidArgumentError } from 'commander';
import { createKeyFor, ensureBrand, invitePerson, peopleOf } from '../accounts/index.ts';
import { openKept } from '../open.ts';
import { type Flags, readConfig } from '../platform/config.ts';
import type { Kept } from '../platform/kept.ts';
import { printJson } from './output.ts';

type Options = Flags & { json?: boolean };
const BRAND = 1;
const OPERATOR = 'kept user';

/** People, by whoever holds the machine: the first owner has nobody to be invited by. */
export function userCommand(): Command {
  const command = new Command('user').description('People who may sign in');
  command
    .command('invite')
    .description('Print a link that opens an account, once, within a week')
    .argument('<email>')
    .requiredOption('--name <name>', 'what they are called')
    .option('--role <role>', `one of ${RoleName.options.join(', ')}`, roleIn, 'viewer')
    .option('--data <directory>', 'where the embedded database keeps its data')
    .option('--json', 'print JSON')
    .action(async (email: string, options: Options & { name: string; role: string }) => {
      const config = readConfig({ ...options, log: 'error' }, process.env);
      const { token, expiresAt } = await onKept(options, (kept) =>
        invitePerson(kept, BRAND, {
          email,
          name: options.name,
          role: RoleName.parse(options.role),
          by: OPERATOR,
        }),
      );
      const link = `${config.publicUrl ?? `http://${config.host}:${config.port}`}/sign-in#invitation=${token}`;
      if (options.json) return printJson({ link, expiresAt });
      console.log(`${link}\nIt opens the account once, until ${expiresAt.toISOString()}.`);
    });
  command
    .command('list')
    .description('Who may sign in')
    .option('--data <directory>', 'where the embedded database keeps its data')
    .option('--json', 'print JSON')
    .action(async (options: Options) => {
      const people = await onKept(options, (kept) => peopleOf(kept, BRAND));
      const shown = people.map(({ id, email, name, role, endedAt }) => ({ id, email, name, role, endedAt }));
      if (options.json) return printJson(shown);
      for (const { email, name, role, endedAt } of shown)
        console.log(`${email}  ${name}  ${role}${endedAt === null ? '' : `  ended ${endedAt}`}`);
    });
  return command;
}

export function keyCommand(): Command {
  const command = new Command('key').description('API keys');
  command
    .command('create')
    .description('Print a new API key; it is shown this one time')
    .argument('<name>')
    .option('--scopes <list>', 'such as orders:read,orders:write; all unless told', scopesIn)
    .option('--data <directory>', 'where the embedded database keeps its data')
    .option('--json', 'print JSON')
    .action(async (name: string, options: Options & { scopes?: Scope[] }) => {
      const key = await onKept(options, (kept) =>
        createKeyFor(kept, BRAND, { name, scopes: options.scopes ?? null, by: OPERATOR }),
      );
      if (options.json) return printJson({ name, key, scopes: options.scopes ?? SCOPES });
      console.log(key);
    });
  return command;
}

async function onKept<T>(options: Options, work: (kept: Kept) => Promise<T>): Promise<T> {
  const opened = await openKept(readConfig({ ...options, log: 'error' }, process.env));
  try {
    await ensureBrand(opened.kept, { title: 'My brand', timeZone: 'UTC', currency: 'USD' });
    return await work(opened.kept);
  } finally {
    await opened.close();
  }
}

function roleIn(text: string): string {
  if (!RoleName.safeParse(text).success)
    throw new InvalidArgumentError(`expected one of ${RoleName.options.join(', ')}`);
  return text;
}

function scopesIn(text: string): Scope[] {
  return text.split(',').map((one) => {
    const scope = ScopeName.safeParse(one.trim());
    if (!scope.success) throw new InvalidArgumentError(`${one} is no scope; there are ${SCOPES.join(', ')}`);
    return scope.data;
  });
}
