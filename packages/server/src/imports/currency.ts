import type { Setup } from './format.ts';
import type { Column } from './header.ts';
import { minorDigits } from './money.ts';
import { problem } from './problem.ts';

/** The row's currency: its own, the one that was said, or the brand's. An unknown one is told and read as the brand's. */
export function currencyOf(
  setup: Pick<Setup, 'cells' | 'options' | 'refs'>,
  fields: string[],
  column: Column,
): string {
  const fallback = setup.options.currency ?? setup.refs.known.currency;
  const text = setup.cells.text(fields, column);
  if (text === '' || text === fallback) return fallback;
  const code = text.toUpperCase();
  if (minorDigits(code) !== null) return code;
  setup.cells.fail(column, text, problem('is not a currency', 'a currency code such as USD'));
  return fallback;
}
