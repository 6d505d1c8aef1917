import { type DayOrder, dayOrderOf } from './dates.ts';
import type { SurveyPlan } from './format.ts';
import { HashedSet } from './hashed-set.ts';
import type { Column } from './header.ts';
import { NeedsAnswer } from './options.ts';
import type { DecimalMark } from './quantity.ts';

/** More repeated references than this are not gathered: the reader tells the rest as standing apart. */
const MOST_REPEATED = 100_000;
/** A style is settled when it is seen this many times as often as its opposite. */
const CLEAR_MAJORITY = 10;

/**
 * Reads the file ahead of the check for what only the whole of it tells: which order its dates have, which mark its
 * decimals, which references stand apart, which SKUs two variants claim.
 */
export class Survey {
  rows = 0;
  readonly repeated = new Set<string>();
  readonly #plan: SurveyPlan;
  readonly #seen = new HashedSet();
  #ref = '';
  #dmy = 0;
  #mdy = 0;
  #either: { line: number; column: Column; text: string } | null = null;
  #points = 0;
  #commas = 0;
  readonly #lastDate = new Map<Column, string>();

  constructor(plan: SurveyPlan) {
    this.#plan = plan;
  }

  row(fields: string[], line: number): void {
    this.rows++;
    const { group, unique, dates, numbers } = this.#plan;
    if (group && group.index >= 0) this.#group((fields[group.index] ?? '').trim(), line);
    if (unique && unique.index >= 0) {
      const key = (fields[unique.index] ?? '').trim();
      if (key !== '' && this.#seen.add(key, line) !== 0) this.#repeat(key);
    }
    for (const column of dates)
      if (column.index >= 0) this.#date((fields[column.index] ?? '').trim(), column, line);
    if (this.#points + this.#commas < 10_000)
      for (const column of numbers) if (column.index >= 0) this.#number((fields[column.index] ?? '').trim());
  }

  /** The order of the file's dates. Throws {@link NeedsAnswer} where they have one that nothing settles. */
  dayOrder(): DayOrder | undefined {
    if (this.#dmy > this.#mdy * CLEAR_MAJORITY) return 'dmy';
    if (this.#mdy > this.#dmy * CLEAR_MAJORITY) return 'mdy';
    if (this.#either === null) return undefined;
    const { line, column, text } = this.#either;
    throw new NeedsAnswer(
      ['dateFormat'],
      `line ${line}, column "${column.name}": ${text} may be day/month or month/day, and no other row tells: say --date-format dmy or mdy`,
    );
  }

  decimalMark(): DecimalMark {
    if (this.#points > this.#commas * CLEAR_MAJORITY) return '.';
    return this.#commas > this.#points * CLEAR_MAJORITY ? ',' : null;
  }

  #group(ref: string, line: number): void {
    if (ref === '' || ref === this.#ref) return;
    this.#ref = ref;
    if (this.#seen.add(ref, line) !== 0) this.#repeat(ref);
  }

  #repeat(key: string): void {
    if (this.repeated.size < MOST_REPEATED) this.repeated.add(key);
  }

  #date(text: string, column: Column, line: number): void {
    if (text === '' || text === this.#lastDate.get(column)) return;
    this.#lastDate.set(column, text);
    if (text.charCodeAt(4) === 45) return;
    const order = dayOrderOf(text);
    if (order === 'dmy') this.#dmy++;
    else if (order === 'mdy') this.#mdy++;
    else if (order === 'either') this.#either ??= { line, column, text };
  }

  /** A mark that is not followed by exactly three digits, or stands behind another, is the decimal one. */
  #number(text: string): void {
    const point = text.lastIndexOf('.');
    const comma = text.lastIndexOf(',');
    if (point === comma) return;
    const last = Math.max(point, comma);
    const mark = text[last]!;
    const digits = /^\d*/.exec(text.slice(last + 1))![0].length;
    const head = text.slice(0, last);
    if (head.includes(mark)) mark === '.' ? this.#commas++ : this.#points++;
    else if (digits !== 3 || (point >= 0 && comma >= 0) || !/^\D*[1-9]\d{0,2}$/.test(head))
      mark === '.' ? this.#points++ : this.#commas++;
  }
}
