import { dayText } from '@kept/engine';
import type pg from 'pg';
import {
  lockBrand,
  saveChannels,
  saveItems,
  saveListings,
  saveLocations,
  saveSuppliers,
} from '../catalog/index.ts';
import { applyOrderRecords, cancelOrderLines } from '../demand/index.ts';
import { beginFor, withBrand } from '../platform/database.ts';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import type { Saved } from '../platform/saved.ts';
import { loadSettings, lockSettings, worldAt } from '../promising/index.ts';
import { savePurchaseOrders, saveStockLevels } from '../supply/index.ts';
import { updateRun } from './import-store.ts';
import { countAnew, lockAll, readKnown } from './known-store.ts';
import type { Applier, ImportRecord, Known, Outcome } from './records.ts';

/** From so many records on, an import tells PostgreSQL to count its tables anew. */
const MANY = 1000;
/** They are kept after the commit; then the job takes this back. */
const ERRORS_NOT_KEPT = 'the file was imported; the server stopped before all of its errors were kept';

type RecordOf<Kind extends ImportRecord['kind']> = Extract<ImportRecord, { kind: Kind }>;

/**
 * The store behind an import: one transaction from `begin` to `commit`, over the same doors that the API goes through.
 * @param importId whose run says how it ended; null: nobody asks for it later
 */
export function createApplier(kept: Kept, brandId: number, importId: string | null = null): Applier {
  let client: pg.PoolClient | null = null;
  let lost: Error | null = null;
  let applied = 0;
  const noteLoss = (error: Error) => {
    lost ??= error;
  };
  /** What the caller is to hear: a loss explains everything behind it. */
  const told = (error: unknown): unknown =>
    lost === null
      ? error
      : new KeptError('database_unavailable', 'The connection to the database was lost.', { cause: lost });
  const open = (): pg.PoolClient => {
    if (client === null) throw new Error('the import has not begun');
    if (lost !== null) throw told(lost);
    return client;
  };
  /** Destroys the connection, and its transaction with it. It stays listened to: what it still says must not end Node. */
  const drop = (error: unknown): void => {
    client?.release(lost ?? (error instanceof Error ? error : true));
    client = null;
  };
  const end = async (statement: 'commit' | 'rollback'): Promise<void> => {
    try {
      const { command } = await open().query(statement);
      // PostgreSQL answers the commit of a failed transaction with a quiet ROLLBACK
      if (command.toLowerCase() !== statement)
        throw new Error(`the ${statement} was answered with ${command}`);
      if (lost !== null) throw lost;
    } catch (error) {
      drop(error);
      throw told(error);
    }
    client?.off('error', noteLoss);
    client?.release();
    client = null;
    kept.db.commits++;
  };

  return {
    known: () => withBrand(kept.db, brandId, (reader) => knownOf(kept, reader, brandId)),
    async begin() {
      if (client !== null) throw new Error('the import has begun already');
      lost = null;
      applied = 0;
      client = await kept.db.pool.connect();
      client.on('error', noteLoss);
      try {
        await client.query(beginFor(brandId, { actor: importId === null ? 'import' : `import:${importId}` }));
        // Everything at once, in the order in which everybody takes it: an import decides in many steps, and taking its
        // locks as it goes would deadlock with live orders and purchase orders.
        await lockBrand(client, brandId);
        await lockSettings(client, brandId, 'alone');
        await lockAll(client, brandId);
      } catch (error) {
        drop(error);
        throw told(error);
      }
    },
    async apply(records) {
      const outcomes: Outcome[] = [];
      try {
        // Runs of one kind are saved together, in the order of the file.
        for (let from = 0; from < records.length; ) {
          const { kind } = records[from]!;
          let to = from + 1;
          while (to < records.length && records[to]!.kind === kind) to++;
          outcomes.push(...(await applyRun(kept, open(), brandId, records.slice(from, to))));
          from = to;
        }
      } catch (error) {
        throw told(error);
      }
      applied += records.length;
      return outcomes;
    },
    async commit(outcome) {
      try {
        if (applied >= MANY) await countAnew(open());
      } catch (error) {
        throw told(error);
      }
      if (importId !== null && outcome !== undefined)
        try {
          // Here and not afterwards: whoever is killed in between would be believed to have applied nothing.
          await updateRun(open(), brandId, importId, {
            ...outcome,
            message: outcome.errorCount > 0 ? ERRORS_NOT_KEPT : outcome.message,
            progress: 1,
            finishedAt: kept.clock.now().toISOString(),
          });
        } catch (error) {
          throw told(error);
        }
      await end('commit');
    },
    async rollback() {
      // a begin or commit that failed has destroyed the connection already
      if (client !== null) await end('rollback');
    },
  };
}

async function applyRun(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  run: readonly ImportRecord[],
): Promise<Outcome[]> {
  const saved = async (work: Promise<readonly Saved[]>) => (await work).map(outcomeOf);
  switch (run[0]!.kind) {
    case 'item':
      return saved(
        saveItems(
          kept,
          client,
          brandId,
          (run as RecordOf<'item'>[]).map((one) => one.item),
        ),
      );
    case 'location':
      return saved(
        saveLocations(
          kept,
          client,
          brandId,
          (run as RecordOf<'location'>[]).map((one) => one.location),
        ),
      );
    case 'channel':
      return saved(
        saveChannels(
          kept,
          client,
          brandId,
          (run as RecordOf<'channel'>[]).map((one) => one.channel),
        ),
      );
    case 'supplier':
      return saved(
        saveSuppliers(
          kept,
          client,
          brandId,
          (run as RecordOf<'supplier'>[]).map((one) => one.supplier),
        ),
      );
    case 'listing':
      return saved(saveListings(kept, client, brandId, run as RecordOf<'listing'>[]));
    case 'stock':
      return saved(saveStockLevels(kept, client, brandId, run as RecordOf<'stock'>[]));
    case 'purchase_order':
      return saved(savePurchaseOrders(kept, client, brandId, run as RecordOf<'purchase_order'>[]));
    case 'order':
      return saved(applyOrderRecords(kept, client, brandId, run as RecordOf<'order'>[]));
    case 'order_cancellation':
      return saved(cancelOrderLines(kept, client, brandId, run as RecordOf<'order_cancellation'>[]));
  }
}

function outcomeOf(saved: Saved): Outcome {
  if (saved.state !== 'refused') return { state: saved.state };
  const [first] = (saved.error.extra.errors ?? []) as { path: string; message: string }[];
  return { state: 'refused', path: dotted(first?.path ?? ''), message: saved.error.message };
}

/** `lines[0].sku` → `lines.0.sku` */
function dotted(path: string): string {
  return path.replaceAll(/\[(\d+)\]/g, '.$1');
}

async function knownOf(kept: Kept, client: pg.PoolClient, brandId: number): Promise<Known> {
  const settings = await loadSettings(client, kept.db, brandId);
  return {
    ...(await readKnown(client, brandId)),
    currency: settings.currency,
    timeZone: settings.timeZone,
    today: dayText(worldAt(settings, kept.clock.now()).today),
  };
}
