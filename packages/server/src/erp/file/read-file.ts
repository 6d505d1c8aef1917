import { isWorkbook, rowsOf } from '../../channels/wholesale/index.ts';
import {
  type Applier,
  type ImportRecord,
  type ImportResult,
  type Known,
  type MappingStore,
  runImport,
} from '../../imports/index.ts';
import type { FileSettings } from './settings.ts';

/** A file as its records; nothing is written yet. */
export interface ReadFile {
  readonly result: ImportResult;
  readonly records: readonly ImportRecord[];
}

/** Reads an export with the reader and the column mapper of imports; what they learn of its columns goes into `mappings`. */
export async function readFile(
  name: string,
  bytes: Uint8Array,
  settings: FileSettings,
  mappings: MappingStore,
  today: string,
): Promise<ReadFile> {
  const told = settings.files.find((one) => fits(name, one.name));
  const { name: _name, ...options } = told ?? { name };
  const records: ImportRecord[] = [];
  const result = await runImport({
    file: once(isWorkbook(bytes) ? await asCsv(bytes) : bytes),
    name,
    options: { ...definedOf(options), currency: settings.currency },
    applier: collecting(records, settings, today),
    mappings,
  });
  return { result, records };
}

/** A pattern in which * stands for anything. */
function fits(name: string, pattern: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 'i').test(name);
}

const definedOf = <T extends object>(options: T) =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as T;

async function* once(bytes: Uint8Array) {
  yield bytes;
}

/** The first sheet's rows, as imports read them. */
async function asCsv(workbook: Uint8Array): Promise<Uint8Array> {
  const rows = await rowsOf(workbook, () => '');
  const text = (cell: unknown) =>
    cell === null || cell === undefined
      ? ''
      : cell instanceof Date
        ? cell.toISOString().slice(0, 10)
        : String(cell);
  const quoted = (cell: unknown) => `"${text(cell).replaceAll('"', '""')}"`;
  return Buffer.from(`${rows.map((row) => row.map(quoted).join(',')).join('\r\n')}\r\n`);
}

/** Whatever rows name may be there: the facts are checked against what is, and kept where it is not. */
class Anything<T> extends Map<string, T> {
  readonly #value: T;
  constructor(value: T) {
    super();
    this.#value = value;
  }
  override has(name: string): boolean {
    // "[MUG] Red mug" is how Odoo names a product: the SKU stands in the brackets.
    return !/^\[[^\]]+\]./.test(name);
  }
  override get(): T {
    return this.#value;
  }
}

function collecting(records: ImportRecord[], settings: FileSettings, today: string): Applier {
  const known: Known = {
    skus: new Anything({ uoms: settings.units }),
    locations: new Anything({ title: '' }),
    channels: new Anything({ title: '', kind: '' }),
    suppliers: new Anything({ title: '' }),
    currency: settings.currency,
    timeZone: settings.timeZone,
    today,
  };
  return {
    known: async () => known,
    begin: async () => void (records.length = 0),
    async apply(some) {
      records.push(...some);
      return some.map(() => ({ state: 'applied' as const }));
    },
    commit: async () => {},
    rollback: async () => {},
  };
}
