import type { Cells } from './cells.ts';
import type { RowReader, Setup } from './format.ts';
import type { Column } from './header.ts';
import { problem } from './problem.ts';

export interface Row {
  fields: string[];
  line: number;
}

/** Rows kept back because their order goes on later in the file. More than these, and the file is to be sorted first. */
const HELD_ROWS = 200_000;

/**
 * Brings together the rows of one order or purchase order: rows of the same reference that follow each other, rows
 * without a reference that continue it, and (few, held to the end) rows that stand apart. A row that cannot be read
 * may belong to its neighbours on both sides, so neither is applied.
 */
export class GroupedRows implements RowReader {
  readonly #reference: Column;
  readonly #mostRows: number;
  readonly #cells: Cells;
  readonly #setup: Setup;
  readonly #assemble: (rows: Row[], ref: string) => void;
  /** Whether a row without a reference belongs to the one above. */
  readonly #continues: (fields: string[]) => boolean;
  #ref = '';
  #rows: Row[] = [];
  #spoiled = false;
  #spoilNext = false;
  #tooLong = false;
  readonly #held = new Map<string, { rows: Row[]; spoiled: boolean }>();
  #heldRows = 0;

  constructor(
    setup: Setup,
    options: { reference: Column; mostRows: number; continues?: (fields: string[]) => boolean },
    assemble: (rows: Row[], ref: string) => void,
  ) {
    this.#setup = setup;
    this.#cells = setup.cells;
    this.#reference = options.reference;
    this.#mostRows = options.mostRows;
    this.#continues = options.continues ?? (() => false);
    this.#assemble = assemble;
  }

  row(fields: string[], line: number): void {
    const ref = this.#cells.text(fields, this.#reference);
    if (ref === '' && !(this.#ref !== '' && this.#continues(fields))) {
      this.#cells.line = line;
      this.#cells.fail(this.#reference, '', problem('is missing', 'a reference'));
      this.unreadable();
      return;
    }
    if (ref !== '' && ref !== this.#ref) {
      this.#flush();
      this.#ref = ref;
      this.#spoiled = this.#spoilNext;
    }
    // the row that could not be read stood between two of the same order, or before this one: it is told by now
    this.#spoilNext = false;
    if (this.#rows.length >= this.#mostRows) {
      if (!this.#tooLong) {
        this.#cells.line = line;
        const most = this.#mostRows.toLocaleString('en');
        this.#cells.fail(
          this.#reference,
          this.#ref,
          problem(`has more than ${most} rows`, `at most ${most} rows of one reference`),
        );
      }
      this.#tooLong = true;
      this.#spoiled = true;
      return;
    }
    this.#rows.push({ fields, line });
  }

  unreadable(): void {
    if (this.#rows.length > 0) this.#spoiled = true;
    this.#spoilNext = true;
  }

  end(): void {
    this.#flush();
    for (const [ref, { rows, spoiled }] of this.#held) this.#close(rows, ref, spoiled);
    this.#held.clear();
  }

  #flush(): void {
    if (this.#rows.length > 0) {
      if (this.#setup.repeated.has(this.#ref)) this.#hold();
      else this.#close(this.#rows, this.#ref, this.#spoiled);
    }
    this.#rows = [];
    this.#spoiled = false;
    this.#tooLong = false;
  }

  #hold(): void {
    const there = this.#held.get(this.#ref);
    const [first] = this.#rows as [Row];
    this.#heldRows += this.#rows.length;
    this.#cells.line = first.line;
    if (this.#heldRows > HELD_ROWS || (there && there.rows.length + this.#rows.length > this.#mostRows)) {
      this.#cells.fail(
        this.#reference,
        this.#ref,
        problem(
          "stands apart from the reference's other rows",
          'the rows of one order together: sort the file by order',
        ),
      );
      if (there) there.spoiled = true;
      else this.#held.set(this.#ref, { rows: [first], spoiled: true });
      return;
    }
    if (!there) {
      this.#held.set(this.#ref, { rows: this.#rows, spoiled: this.#spoiled });
      return;
    }
    this.#setup.warn(
      first.line,
      this.#reference,
      this.#ref,
      `continues the rows that end on line ${there.rows.at(-1)!.line}; taken together`,
    );
    there.rows.push(...this.#rows);
    there.spoiled ||= this.#spoiled;
  }

  #close(rows: Row[], ref: string, spoiled: boolean): void {
    this.#cells.bad = spoiled;
    this.#cells.line = rows[0]!.line;
    this.#assemble(rows, ref);
    if (this.#cells.bad) this.#setup.skip(1);
    this.#cells.bad = false;
  }
}
