import type pg from 'pg';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import type { MappingStore } from './records.ts';
import type { RowError } from './row-errors.ts';
import type { ImportRun, ImportStore } from './store-interface.ts';

/** Imports as rows of import_run, their errors beside them. */
export function createImportStore(kept: Kept): ImportStore {
  return {
    create: (brand, run) =>
      withBrand(kept.db, Number(brand), async (client) => {
        await client.query(
          'insert into import_run (brand_id, import_id, status, started_at) values ($1, $2, $3, $4)',
          [Number(brand), run.id, JSON.stringify(run), run.startedAt],
        );
      }),
    update: (brand, id, change) =>
      withBrand(kept.db, Number(brand), (client) => updateRun(client, Number(brand), id, change)),
    get: (brand, id) =>
      withBrand(kept.db, Number(brand), async (client) => {
        const { rows } = await client.query(
          'select status from import_run where brand_id = $1 and import_id = $2',
          [Number(brand), id],
        );
        return rows[0] === undefined ? null : (JSON.parse(rows[0].status) as ImportRun);
      }),
    addErrors: (brand, id, from, errors) =>
      withBrand(kept.db, Number(brand), async (client) => {
        await client.query(
          `insert into import_error (brand_id, import_id, number, error)
           select $1, $2, $3::bigint + n - 1, error
           from unnest($4::text[]) with ordinality as e(error, n)`,
          [Number(brand), id, from, errors.map((error) => JSON.stringify(error))],
        );
      }),
    errors: (brand, id, from, limit) =>
      withBrand(kept.db, Number(brand), async (client) => {
        const { rows } = await client.query(
          `select error from import_error where brand_id = $1 and import_id = $2 and number >= $3 order by number limit $4`,
          [Number(brand), id, from, limit],
        );
        return rows.map((row) => JSON.parse(row.error) as RowError);
      }),
  };
}

const RUNNING: readonly unknown[] = ['checking', 'applying'] satisfies ImportRun['state'][];

/**
 * Changes what is told of an import. Once it has ended nobody tells any more how far it is; and that its records were
 * committed stays true, whatever became of the connection.
 */
export async function updateRun(
  client: pg.PoolClient,
  brandId: number,
  id: string,
  change: Partial<ImportRun>,
): Promise<void> {
  const { rows } = await client.query(
    'select status from import_run where brand_id = $1 and import_id = $2 for update',
    [brandId, id],
  );
  if (rows[0] === undefined) return;
  const run: ImportRun = JSON.parse(rows[0].status);
  const ended = !RUNNING.includes(run.state);
  if (ended && RUNNING.includes(change.state)) return;
  if (run.state === 'done' && (change.state ?? 'done') !== 'done') return;
  await client.query('update import_run set status = $3 where brand_id = $1 and import_id = $2', [
    brandId,
    id,
    JSON.stringify({ ...run, ...change }),
  ]);
}

/** Which column a person took for which field, remembered by the file's header. */
export function createMappingStore(kept: Kept, brandId: number): MappingStore {
  return {
    get: (signature) =>
      withBrand(kept.db, brandId, async (client) => {
        const { rows } = await client.query(
          'select mapping from column_mapping where brand_id = $1 and signature = $2',
          [brandId, signature],
        );
        return rows[0] === undefined ? null : JSON.parse(rows[0].mapping);
      }),
    set: (signature, mapping) =>
      withBrand(kept.db, brandId, async (client) => {
        await client.query(
          `insert into column_mapping (brand_id, signature, mapping) values ($1, $2, $3)
           on conflict (brand_id, signature) do update set mapping = excluded.mapping`,
          [brandId, signature, JSON.stringify(mapping)],
        );
      }),
  };
}
