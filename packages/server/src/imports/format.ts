import type { Cells } from './cells.ts';
import type { Column, Header } from './header.ts';
import type { ImportOptions, Kind } from './options.ts';
import type { ImportRecord, Place } from './records.ts';
import type { References } from './references.ts';

/** Turns the rows of one kind of file into records. */
export interface RowReader {
  row(fields: string[], line: number): void;
  /** A row that could not be split or does not fit the header: what it belongs to must not be applied in part. */
  unreadable(line: number): void;
  end(): void;
}

/** What a reader is given. */
export interface Setup {
  header: Header;
  cells: Cells;
  refs: References;
  options: ImportOptions;
  /** The column that a field of a mapped kind was mapped to; a blank one where it was not. */
  field(name: string): Column;
  /** References whose rows stand apart in the file (orders), or SKUs that more than one variant claims (products). */
  repeated: ReadonlySet<string>;
  emit(record: ImportRecord, place: Place): void;
  /** A record was left out because a row of it is bad. */
  skip(records: number): void;
  /** A row was left out on purpose. */
  ignore(rows: number): void;
  warn(line: number, column: Column | null, value: string | null, message: string): void;
}

/** What must be known of the whole file before its first row can be read. */
export interface SurveyPlan {
  dates: Column[];
  numbers: Column[];
  /** Rows of one order or purchase order repeat this. */
  group?: Column;
  /** Rows that name this more than once make it ambiguous. */
  unique?: Column;
}

/** One kind of file. */
export interface Format {
  kind: Kind;
  /** Column names without which it is not this kind; alternatives in an inner list. */
  required: readonly (string | readonly string[])[];
  survey(header: Header, field: (name: string) => Column): SurveyPlan;
  open(setup: Setup): RowReader;
}

/** A reader for files in which every row is a record of its own. */
export function rowByRow(
  cells: Cells,
  setup: Pick<Setup, 'skip'>,
  read: (fields: string[], line: number) => void,
): RowReader {
  return {
    row(fields, line) {
      cells.line = line;
      cells.bad = false;
      read(fields, line);
      if (cells.bad) setup.skip(1);
    },
    unreadable() {
      setup.skip(1);
    },
    end() {},
  };
}
