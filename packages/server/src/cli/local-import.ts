import { ensureBrand } from '../accounts/index.ts';
import { createApplier, createMappingStore } from '../imports/index.ts';
import { openKept } from '../open.ts';
import { readConfig } from '../platform/config.ts';

/** The database of this machine, for `kept import` without a server. */
export async function openLocalImport({ data }: { data?: string | undefined } = {}) {
  const { kept, close } = await openKept(
    readConfig({ ...(data === undefined ? {} : { data }), log: 'error' }, process.env),
  );
  const { brandId } = await ensureBrand(kept, { title: 'My brand', timeZone: 'UTC', currency: 'USD' });
  return { applier: createApplier(kept, brandId), mappings: createMappingStore(kept, brandId), close };
}
