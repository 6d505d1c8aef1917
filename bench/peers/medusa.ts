import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { BenchBrand } from '../brand.ts';
import { figureText } from '../measure.ts';
import { installPeer, type Peer, servePeer } from './peer.ts';

/**
 * Medusa's inventory module (MIT), the nearest thing that a shop in TypeScript would use: reservations of one unit at 32 in
 * flight, on the PostgreSQL that Kept is measured on, in a database of its own.
 */

const DIRECTORY = fileURLToPath(new URL('medusa', import.meta.url));
const LOAD = fileURLToPath(new URL('medusa/load.mjs', import.meta.url));
const IN_FLIGHT = 32;
const ITEMS = 10_000;
/** The last units, and the tries of each process to sell them. */
const UNITS = 100;
const TRIES = 200;

export interface Medusa {
  /** Reservations a second, of one hot item or of 10,000 at random, by one process or several. */
  perSecond(work: 'one' | 'random', seconds: number, processes?: number): Promise<number>;
  /** How many of so many units are sold when everybody wants them. */
  soldOf(units: number, processes: number): Promise<number>;
}

/** Installs it where it is not, and opens it in a database of its own beside the bench's brand. */
export async function measureMedusa({ url, asOwner }: BenchBrand): Promise<Medusa> {
  // Some 600 packages, 270 MB.
  await installPeer(DIRECTORY, '@medusajs/inventory');
  await asOwner('create database medusa');
  return openMedusa(url.replace('/kept?', '/medusa?'));
}

/** What there is to say of it beside its rate; a sentence. */
export async function toldOfMedusa(medusa: Medusa | null, seconds: number): Promise<string> {
  if (medusa === null) return "Medusa's inventory module is measured with --peers.";
  const hot = await medusa.perSecond('one', seconds, 2);
  const random = await medusa.perSecond('random', seconds, 2);
  const sold = [await medusa.soldOf(UNITS, 1), await medusa.soldOf(UNITS, 2)];
  return `Medusa's inventory module runs in one process at ${IN_FLIGHT} in flight; in two it makes ${figureText(hot)}/s of one item and ${figureText(random)}/s at random. Of ${UNITS} units one process sells ${sold[0]}, two sell ${sold[1]}.`;
}

/**
 * Makes Medusa's tables and 10,000 stocked items.
 * @param url of an empty database, as libpq takes it
 */
async function openMedusa(url: string): Promise<Medusa> {
  const common = { url: withHost(url), inFlight: IN_FLIGHT };
  const run = (options: object, processes = 1) =>
    together(
      Array.from({ length: processes }, () => ({ ...common, inFlight: IN_FLIGHT / processes, ...options })),
    );
  await run({ do: 'prepare', items: ITEMS });
  let soldOut = 0;
  return {
    async perSecond(work, seconds, processes = 1) {
      const items = work === 'one' ? 1 : ITEMS;
      const outcomes = await run({ do: 'reserve', items, seconds }, processes);
      return outcomes.reduce((sum, { made, seconds }) => sum + made / seconds, 0);
    },
    async soldOf(units, processes) {
      const sku = `last-units-${++soldOut}`;
      await run({ do: 'stock', sku, units });
      const outcomes = await run({ do: 'sellOut', sku, tries: TRIES }, processes);
      return outcomes.reduce((sum, { sold }) => sum + sold, 0);
    },
  };
}

/** What is available of 10,000 items, from the module behind a plain server of Node's: without Medusa's own way through HTTP. */
export async function serveMedusa(brand: BenchBrand): Promise<Peer> {
  await measureMedusa(brand);
  const url = withHost(brand.url.replace('/kept?', '/medusa?'));
  const options = { url, do: 'serve', items: ITEMS, inFlight: IN_FLIGHT };
  return servePeer(LOAD, options, { path: '/available?item={n}', numbers: ITEMS });
}

type Outcome = Record<'made' | 'seconds' | 'sold', number>;

/** Processes that begin when all of them are ready. */
async function together(options: readonly object[]): Promise<Outcome[]> {
  const children = options.map((one) =>
    spawn(process.execPath, [LOAD, JSON.stringify(one)], { stdio: ['pipe', 'pipe', 'pipe'] }),
  );
  let waiting = children.length;
  return Promise.all(
    children.map(async (child) => {
      let outcome: Outcome | null = null;
      let complained = '';
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (line === 'ready' && --waiting === 0) for (const each of children) each.stdin.end('go\n');
        if (line.startsWith('{')) outcome = JSON.parse(line);
      });
      child.stderr.on('data', (text) => {
        complained += text;
      });
      const [code] = await once(child, 'close');
      if (code !== 0 || outcome === null) throw new Error(`Medusa ended with ${code}: ${complained}`);
      return outcome;
    }),
  );
}

/** MikroORM reads the host of a URL and not its parameters: a socket's directory stands there encoded. */
function withHost(url: string): string {
  const [, database, parameters] = /^postgresql:\/\/\/([^?]+)\?(.*)$/.exec(url) ?? [];
  if (database === undefined) return url;
  const told = new URLSearchParams(parameters);
  const host = encodeURIComponent(told.get('host') ?? '127.0.0.1');
  return `postgresql://${told.get('user') ?? 'postgres'}@${host}:${told.get('port') ?? 5432}/${database}?sslmode=disable`;
}
