import { dayText, type Outcome } from '@kept/engine';
import { KeptError } from '../platform/errors.ts';
import type { Prepared } from './place-request.ts';

type Refused = Extract<Outcome, { kind: 'refused' }>;

/** What was asked, what of it could be had, and by when. */
export function refusedLines(one: Prepared, outcome: Refused) {
  return outcome.lines.map((line) => {
    const input = one.request.order.lines[line.line - 1]!;
    const by = line.by === null ? null : dayText(line.by);
    return { line: input.line, sku: input.sku, asked: line.asked, available: line.available, by };
  });
}

export function refusal(one: Prepared, outcome: Refused): KeptError {
  const lines = refusedLines(one, outcome);
  const told = lines.map((line) =>
    line.available === 0
      ? `line ${line.line}: none of ${line.asked} ${line.sku} can be promised`
      : `line ${line.line}: ${line.available} of ${line.asked} ${line.sku} can be promised, by ${line.by}`,
  );
  return new KeptError('cannot_promise', `${told.join('; ')}. ${remedy(one, lines)}`, { lines });
}

function remedy(one: Prepared, lines: readonly { readonly available: number }[]): string {
  if (lines.some(({ available }) => available > 0)) {
    return 'Ask for what is available, or set allowPartial.';
  }
  return one.request.order.acceptBackorder
    ? 'GET /v1/availability tells when there is more.'
    : 'With acceptBackorder, what is coming may be promised too.';
}
