import type { HistoryRow } from './backorder-store.ts';
import type { ToldColumns } from './told-store.ts';
import type { Audience } from './words.ts';

/** What happened to a line besides its promises: what was done with its units. */
export function deedWords({ kind, quantity, detail }: HistoryRow, audience: Audience): string {
  if (audience === 'customer') {
    if (kind === 'ordered') return `You ordered ${quantity}.`;
    return kind === 'shipped' ? `We sent ${quantity}.` : `${quantity} ${were(quantity)} cancelled.`;
  }
  if (kind === 'ordered') return `${quantity} ordered through ${detail}.`;
  // How it was sent helps whoever is asked where it is; why it was cancelled is told in the brand's own codes.
  const told = detail === null || (audience === 'agent' && kind === 'cancelled') ? '' : ` (${detail})`;
  return `${quantity} ${kind}${told}.`;
}

/** That the customer was told of a version. What the channel tells has no instant here. */
export function toldWords(version: number, by: ToldColumns['told_by'], audience: Audience): string {
  const how = by === 'hand' ? ', by hand' : '';
  if (audience === 'customer') return 'We told you of this day.';
  return audience === 'agent'
    ? `The customer was told${how}.`
    : `The customer was told of version ${version}${how}.`;
}

function were(count: number): string {
  return count === 1 ? 'was' : 'were';
}
