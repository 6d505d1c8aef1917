import type {
  ChannelInput,
  ItemInput,
  LineRef,
  LocationInput,
  OrderInput,
  PurchaseOrderInput,
  StockCondition,
  SupplierInput,
} from '@kept/contract';
import type { z } from 'zod';

export type Line = z.input<typeof LineRef>;
export type OrderRecord = Extract<ImportRecord, { kind: 'order' }>;
export type PurchaseOrderRecord = Extract<ImportRecord, { kind: 'purchase_order' }>;

/** One validated fact out of a file. Orders are `placed`: a file tells what was sold, it does not ask. */
export type ImportRecord =
  | { kind: 'item'; item: z.input<typeof ItemInput> & { sku: string } }
  | { kind: 'location'; location: z.input<typeof LocationInput> & { code: string } }
  | { kind: 'channel'; channel: z.input<typeof ChannelInput> & { code: string } }
  | { kind: 'supplier'; supplier: z.input<typeof SupplierInput> & { code: string } }
  | {
      kind: 'stock';
      sku: string;
      location: string;
      condition: z.input<typeof StockCondition>;
      /** Units lying there, a whole count and not a change. */
      counted: number;
      /**
       * Units that the other system has set aside and left out of `counted` (FBA). Those that belong to open orders
       * in Kept are stock: add the lesser of this and the item's open units of the location's channels (RULES 6).
       */
      reserved?: number;
    }
  | {
      kind: 'listing';
      channel: string;
      /** The variant as the channel names it. */
      externalId: string;
      /** Null where it cannot be mapped; `problem` says why, `claimedSku` what stood there (RULES 3). */
      sku: string | null;
      title: string;
      problem?: 'blank_sku' | 'duplicate_sku';
      claimedSku?: string;
    }
  | { kind: 'order'; order: z.input<typeof OrderInput>; history?: OrderHistory[] }
  | {
      /** The channel says that these lines are cancelled and no longer says their quantity: cancel what is open of them. */
      kind: 'order_cancellation';
      channel: string;
      ref: string;
      lines: Line[];
    }
  | {
      kind: 'purchase_order';
      ref: string;
      purchaseOrder: z.input<typeof PurchaseOrderInput>;
      /** Values the file does not hold and that were filled in; an order that is known already keeps its own. */
      assumed?: ('placedOn' | 'stage')[];
    };

/** What happened to a line before Kept knew it, in units of the line: they leave the open units. */
export interface OrderHistory {
  line: Line;
  shipped: number;
  cancelled: number;
}

/** Where a record stands in its file. */
export interface Place {
  /** First line, counted from 1 with the header. */
  line: number;
  /** The file's line for each of the record's `lines`. */
  lines?: number[];
  /** The column that each path was read from; '*' stands for a line's index: 'lines.*.sku' → 'Lineitem sku'. */
  columns: Readonly<Record<string, string>>;
}

/** What the brand has, as the checks need it. */
export interface Known {
  skus: ReadonlyMap<string, { uoms: Record<string, number> }>;
  locations: ReadonlyMap<string, { title: string }>;
  channels: ReadonlyMap<string, { title: string; kind: string }>;
  suppliers: ReadonlyMap<string, { title: string }>;
  /** The brand's, for prices without one. */
  currency: string;
  /** The brand's, for times without an offset. */
  timeZone: string;
  /** The brand's, 'YYYY-MM-DD'. */
  today: string;
}

/** What became of a record. `path` is into the record's input (`lines.0.sku`). */
export type Outcome =
  | { state: 'applied' | 'unchanged' }
  | { state: 'refused'; path: string; message: string };

/**
 * The store behind an import: one transaction, which holds all of a file or nothing of it. `known` is asked first and
 * outside of it, so that a file that is refused never opens one.
 */
export interface Applier {
  known(): Promise<Known>;
  /** Holds nothing where it fails. After a rollback it may be called again. */
  begin(): Promise<void>;
  /** Up to 20,000 records; answers one outcome each, in order. A refused record leaves the transaction usable. */
  apply(records: ImportRecord[]): Promise<Outcome[]>;
  /** @param outcome what is told of the import: kept with the records or, like them, not at all */
  commit(outcome?: ToldOutcome): Promise<void>;
  /** Does nothing where nothing is open. Where it fails, the connection is closed, and the transaction is gone with it. */
  rollback(): Promise<void>;
}

/** An import's result as it is answered; the applier needs no more of it than this. */
export interface ToldOutcome {
  errorCount: number;
  message?: string;
}

/** Which column was taken for which field, by brand and header signature. */
export interface MappingStore {
  get(signature: string): Promise<Record<string, string> | null>;
  set(signature: string, mapping: Record<string, string>): Promise<void>;
}
