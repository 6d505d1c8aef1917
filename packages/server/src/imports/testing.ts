import { fileURLToPath } from 'node:url';
import {
  ChannelInput,
  ItemInput,
  LocationInput,
  OrderInput,
  PurchaseOrderInput,
  StockCondition,
  SupplierInput,
} from '@kept/contract';
import type { ImportResult } from './import-result.ts';
import type { ImportOptions } from './options.ts';
import type { Applier, ImportRecord, Known, MappingStore, Outcome } from './records.ts';
import { runImport } from './run.ts';

/** The brand that the tests of this room import into. */
export const KNOWN: Known = {
  skus: new Map([
    ['MUG-RED', { uoms: { case: 12 } as Record<string, number> }],
    ...['MUG-BLUE', 'LAMP', 'CHAIR', 'DESK', '00123'].map(
      (sku) => [sku, { uoms: {} as Record<string, number> }] as const,
    ),
  ]),
  locations: new Map([
    ['main', { title: 'Main Warehouse' }],
    ['fba-us', { title: 'Amazon US' }],
  ]),
  channels: new Map([
    ['web', { title: 'Web shop', kind: 'shopify' }],
    ['amazon-us', { title: 'Amazon.com', kind: 'amazon' }],
  ]),
  suppliers: new Map([['azure', { title: 'Azure Interior' }]]),
  currency: 'USD',
  timeZone: 'Europe/London',
  today: '2026-01-15',
};

/** Stands in for the store where only the orchestration is tested: keeps what it was handed, answers as it is told to. */
export class FakeApplier implements Applier {
  readonly brand: Known;
  readonly records: ImportRecord[] = [];
  readonly calls: string[] = [];
  largest = 0;
  answer: (record: ImportRecord) => Outcome = () => ({ state: 'applied' });

  constructor(brand: Partial<Known> = {}) {
    this.brand = { ...KNOWN, ...brand };
  }
  async known(): Promise<Known> {
    this.calls.push('known');
    return this.brand;
  }
  async begin(): Promise<void> {
    this.calls.push('begin');
  }
  async apply(records: ImportRecord[]): Promise<Outcome[]> {
    this.largest = Math.max(this.largest, records.length);
    this.records.push(...records);
    return records.map((record) => this.answer(record));
  }
  async commit(): Promise<void> {
    this.calls.push('commit');
  }
  async rollback(): Promise<void> {
    this.calls.push('rollback');
    this.records.length = 0;
  }
}

export class FakeMappings implements MappingStore {
  readonly kept = new Map<string, Record<string, string>>();
  async get(signature: string): Promise<Record<string, string> | null> {
    return this.kept.get(signature) ?? null;
  }
  async set(signature: string, mapping: Record<string, string>): Promise<void> {
    this.kept.set(signature, mapping);
  }
}

export interface Imported {
  result: ImportResult;
  records: ImportRecord[];
  applier: FakeApplier;
  /** Errors as a person reads them: line, column, "value" message (expected). */
  told: string[];
  warned: string[];
}

/** Imports text or bytes as if they were a file, and checks that every record has the contract's shape. */
export async function importText(
  content: string | Uint8Array,
  options: ImportOptions = {},
  more: { applier?: FakeApplier; mappings?: MappingStore } = {},
): Promise<Imported> {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const file = (async function* () {
    yield bytes;
  })();
  return importStream(file, options, more);
}

/** Imports one of the fixtures. */
export function importFixture(
  name: string,
  options: ImportOptions = {},
  more: { applier?: FakeApplier } = {},
): Promise<Imported> {
  return importStream(fileURLToPath(new URL(`fixtures/${name}`, import.meta.url)), options, more);
}

export async function importStream(
  file: string | AsyncIterable<Uint8Array>,
  options: ImportOptions = {},
  more: { applier?: FakeApplier; mappings?: MappingStore } = {},
): Promise<Imported> {
  const applier = more.applier ?? new FakeApplier();
  const result = await runImport({
    file,
    name: 'test.csv',
    options,
    applier,
    ...(more.mappings && { mappings: more.mappings }),
  });
  if (result.failure !== undefined) throw result.failure;
  for (const record of applier.records) conforms(record);
  const line = (error: (typeof result.errors)[number]) =>
    `${error.line} ${error.column ?? '-'} ${error.value === null ? '-' : JSON.stringify(error.value)} ${error.message}`;
  return {
    result,
    records: applier.records,
    applier,
    told: result.errors.map(line),
    warned: result.warnings.map(line),
  };
}

/** Throws unless the record is what the API itself would take: the readers check by hand, for speed. */
export function conforms(record: ImportRecord): void {
  switch (record.kind) {
    case 'item':
      ItemInput.parse(record.item);
      break;
    case 'location':
      LocationInput.parse(record.location);
      break;
    case 'channel':
      ChannelInput.parse(record.channel);
      break;
    case 'supplier':
      SupplierInput.parse(record.supplier);
      break;
    case 'stock':
      StockCondition.parse(record.condition);
      if (!Number.isSafeInteger(record.counted) || record.counted < 0)
        throw new Error(`counted ${record.counted}`);
      break;
    case 'order': {
      OrderInput.parse(record.order);
      for (const { line, shipped, cancelled } of record.history ?? []) {
        const of = record.order.lines.find((candidate) => candidate.line === line);
        if (!of || shipped < 0 || cancelled < 0 || shipped + cancelled > of.quantity)
          throw new Error(`history of line ${line}`);
      }
      break;
    }
    case 'purchase_order':
      PurchaseOrderInput.parse(record.purchaseOrder);
      break;
  }
}
