import type { DayNumber } from './day.ts';
import { type Silence, strictest } from './delay-notice.ts';
import {
  type LineStory,
  type MessageKind,
  type OrderStory,
  TOUCHPOINTS,
  type TouchpointPolicy,
  touchpointsOf,
} from './touchpoint.ts';

/** What a change that is only supposed would have to tell an order's customer, and what would hang on their answer. */
export interface NoticeForeseen {
  /** Messages that it would make and that are not due in any case. */
  readonly messages: readonly { readonly kind: MessageKind; readonly by: DayNumber | null }[];
  /** What saying nothing would come to; null: nobody would be asked. */
  readonly silence: Silence | null;
  /** Lines that the law would end at once, since their day has passed without a notice. */
  readonly ended: readonly number[];
}

/**
 * Compares an order's story as it is with what it would be. Pure, and the same functions that write messages: what a preview
 * says is what then happens.
 * @returns null where the customer would hear nothing new and nothing would end
 */
export function foreseeNotice(
  before: OrderStory,
  after: OrderStory,
  policy: TouchpointPolicy = TOUCHPOINTS,
): NoticeForeseen | null {
  const causes = new Set(touchpointsOf(before, policy).messages.map((one) => one.cause));
  const drafts = touchpointsOf(after, policy).messages.filter((one) => !causes.has(one.cause));
  const asked = drafts.filter((one) => one.kind === 'delay_notice' || one.kind === 'renewed_delay_notice');
  const lines = new Set(asked.flatMap((one) => one.lines));
  const was = new Map(before.lines.map((line) => [line.line, line.duty.state]));
  const ended = after.lines.filter(
    (line) => line.open > 0 && line.duty.state === 'cancel' && was.get(line.line) !== 'cancel',
  );
  if (drafts.length === 0 && ended.length === 0) return null;
  return {
    messages: drafts.map(({ kind, by }) => ({ kind, by })),
    silence: silenceOf(after.lines.filter((line) => lines.has(line.line))),
    ended: ended.map((line) => line.line),
  };
}

function silenceOf(lines: readonly LineStory[]): Silence | null {
  const [first, ...others] = lines.map((line) => line.duty);
  return first === undefined ? null : strictest(first, ...others).silence;
}
