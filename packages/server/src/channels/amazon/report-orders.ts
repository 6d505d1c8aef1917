import { once } from 'node:events';
import { createReadStream, createWriteStream, type WriteStream } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Fact } from '../../connections/index.ts';
import { type Applier, type ImportRecord, runImport } from '../../imports/index.ts';
import type { Amazon } from './context.ts';
import { Handover } from './handover.ts';
import { inOrder } from './order-facts.ts';
import { skuOf } from './settings.ts';

/** Facts out of a report, and how much of it was read by then, 0 to 1. */
export interface ReportPage {
  readonly facts: readonly Fact[];
  readonly share: number;
}

interface About {
  readonly currency: string;
  readonly timeZone: string;
  readonly today: string;
}

/**
 * Reads a flat file of orders with the reader that files from people go through, and hands over facts instead of writing.
 * Orders that Amazon ships go to the channel of its warehouses. A row that cannot be read leaves out its order, and is told.
 */
export async function* reportOrders(
  amazon: Amazon,
  path: string,
  about: About,
  signal?: AbortSignal,
): AsyncGenerator<ReportPage> {
  const { channel, fba } = amazon.settings;
  const parts = fba === undefined ? [{ path, channel }] : await split(path, channel, fba.channel);
  for (const [index, part] of parts.entries()) {
    const handover = new Handover<ReportPage>();
    let share = 0;
    const run = runImport({
      file: part.path,
      name: 'report of orders',
      options: {
        kind: 'amazon_orders',
        channel: part.channel,
        currency: about.currency,
        skipBadRows: true,
        createItems: true,
      },
      applier: applierInto(amazon, part.channel, about, (facts) => handover.give({ facts, share })),
      onProgress: ({ phase, bytes, totalBytes }) => {
        const done = phase === 'applying' && totalBytes > 0 ? bytes / totalBytes : 0;
        share = Math.min(1, (index + done) / parts.length);
      },
    }).then((result) => {
      if (result.state !== 'done' && result.rows > 0)
        throw new Error(`A report of orders could not be read: ${result.message ?? result.state}`, {
          cause: result.failure,
        });
      for (const error of result.errors)
        amazon.warn('A row of a report of orders was left out.', { ...error });
    });
    handover.follow(run);
    yield* handover.pages(signal);
  }
}

/** Stands in for the store: what an import would write is handed over, and nothing is written. */
function applierInto(
  amazon: Amazon,
  channel: string,
  about: About,
  give: (facts: readonly Fact[]) => Promise<void>,
): Applier {
  return {
    known: async () => ({
      skus: new Map(),
      locations: new Map(),
      channels: new Map([[channel, { title: channel, kind: 'amazon' }]]),
      suppliers: new Map(),
      ...about,
    }),
    begin: async () => {},
    async apply(records) {
      await give(inOrder(records.flatMap((record) => factsOf(amazon, record))));
      return records.map(() => ({ state: 'applied' as const }));
    },
    commit: async () => {},
    rollback: async () => {},
  };
}

function factsOf(amazon: Amazon, record: ImportRecord): Fact[] {
  const named = (sku: string) => skuOf(amazon.settings, sku);
  if (record.kind === 'order') {
    const { order, history } = record;
    const shipped = (history ?? [])
      .filter((one) => one.shipped > 0)
      .map((one) => ({ line: named(String(one.line)), quantity: one.shipped }));
    const cancelled = (history ?? []).filter((one) => one.cancelled > 0);
    const about = { externalId: order.ref, sourceUpdatedAt: order.sourceUpdatedAt };
    const lines = order.lines.map((line) => ({
      ...line,
      line: named(String(line.line)),
      sku: named(line.sku),
    }));
    const facts: Fact[] = [
      { ...about, kind: 'order', order: { ...order, lines }, ...(shipped.length > 0 && { shipped }) },
    ];
    if (cancelled.length > 0)
      facts.push({
        ...about,
        kind: 'cancellation',
        order: `${order.channel}:${order.ref}`,
        cancellation: {
          id: `${order.ref}/cancelled`,
          by: 'channel',
          reason: 'cancelled on Amazon',
          lines: cancelled.map((one) => ({ line: named(String(one.line)), quantity: one.cancelled })),
        },
      });
    return facts;
  }
  // items that an order names come with the listings; a line that is cancelled without a quantity was never open here
  return [];
}

/** The report's rows by who ships them, each with the header. The bytes stay as they are, whatever their encoding. */
async function split(
  path: string,
  own: string,
  amazons: string,
): Promise<{ path: string; channel: string }[]> {
  const merchant = join(dirname(path), 'merchant.txt');
  const amazon = join(dirname(path), 'amazon.txt');
  const files = new Map<string, WriteStream>([
    [merchant, createWriteStream(merchant, { encoding: 'latin1', mode: 0o600 })],
    [amazon, createWriteStream(amazon, { encoding: 'latin1', mode: 0o600 })],
  ]);
  const write = async (target: string, line: string) => {
    const file = files.get(target)!;
    if (!file.write(`${line}\n`, 'latin1')) await once(file, 'drain');
  };
  const rows = new Map([
    [merchant, 0],
    [amazon, 0],
  ]);
  let column = -1;
  let first = true;
  for await (const line of createInterface({
    input: createReadStream(path, 'latin1'),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    if (first) {
      column = line.split('\t').findIndex((name) => /^\W*fulfillment-channel\W*$/i.test(name));
      for (const target of files.keys()) await write(target, line);
      first = false;
      continue;
    }
    if (line === '') continue;
    const by = column < 0 ? '' : (line.split('\t')[column] ?? '');
    const target = /^"?(amazon|afn)/i.test(by) ? amazon : merchant;
    rows.set(target, rows.get(target)! + 1);
    await write(target, line);
  }
  for (const file of files.values()) {
    file.end();
    await once(file, 'finish');
  }
  return [
    { path: merchant, channel: own },
    { path: amazon, channel: amazons },
  ].filter((part) => rows.get(part.path)! > 0);
}
