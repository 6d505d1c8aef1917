import type { CustomerChoice } from '@kept/contract';
import { dayText } from '@kept/engine';
import type pg from 'pg';
import type { z } from 'zod';
import { cancelForCustomer, switchLine } from '../demand/index.ts';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { recordEvents } from '../platform/outbox.ts';
import { insertChoices, type NewChoice } from './choice-store.ts';
import { lookBy } from './look-store.ts';
import type { Story, StoryLine } from './story.ts';

export type Choice = z.output<typeof CustomerChoice>;

/**
 * Records what a customer chose and carries it out, in the caller's transaction: a wait is a consent and counts for the law, a
 * cancellation frees the units at once, a switch takes another item. `actor` says who wrote it down: `customer` on their own
 * page, else whoever spoke with them.
 * @throws KeptError `conflict` where nothing is open any more, `cannot_promise` for a switch; nothing is changed then
 */
export async function applyChoice(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  story: Story,
  choice: Choice,
  actor: string,
  note?: string,
): Promise<void> {
  const order = story.row.order_id;
  const at = kept.clock.now().toISOString();
  const recorded = recordsOf(story, choice, note ?? null);
  if (choice.choice === 'cancel')
    await cancelForCustomer(kept, client, brandId, order, choice.lines, choice.reason ?? 'no reason given');
  if (choice.choice === 'switch')
    await switchLine(kept, client, brandId, order, {
      line: choice.line,
      sku: choice.sku,
      ...(note === undefined ? {} : { reason: note }),
    });
  const event = await kept.ids.take(brandId, 'event', 1);
  await insertChoices(client, brandId, event, order, recorded, actor, at);
  await recordEvents(client, brandId, [
    { id: event, kind: 'order.chosen', data: { order, choice, actor }, at },
  ]);
  await lookBy(client, brandId, [{ order, at }]);
}

function recordsOf(story: Story, choice: Choice, note: string | null): NewChoice[] {
  const blank = { quantity: null, until: null, sku: null, reason: note };
  switch (choice.choice) {
    case 'wait':
      return openLines(story, choice.lines).map((line) => ({
        ...blank,
        line: line.row.line,
        kind: 'wait',
        until: choice.untilAnyDay ? null : (choice.until ?? promisedDay(story, line)),
      }));
    case 'additional_period':
      return openLines(story, choice.lines).map((line) => ({
        ...blank,
        line: line.row.line,
        kind: 'additional_period',
        until: choice.until,
      }));
    case 'cancel':
      return openLines(
        story,
        choice.lines?.map((one) => one.line),
      ).map((line) => ({
        ...blank,
        line: line.row.line,
        kind: 'cancel',
        quantity: choice.lines?.find((one) => String(one.line) === lineName(line))?.quantity ?? line.open,
        reason: choice.reason ?? note,
      }));
    case 'switch':
      return openLines(story, [choice.line]).map((line) => ({
        ...blank,
        line: line.row.line,
        kind: 'switch',
        quantity: line.open,
        sku: choice.sku,
      }));
  }
}

/**
 * On their own page customers switch to what was offered there; whoever writes down what they said may name any item.
 * @throws KeptError `invalid_input`
 */
export function refuseNotOffered(story: Story, line: string | number, sku: string): void {
  const found = story.lines.find((one) => lineName(one) === String(line));
  if (found === undefined || found.row.alternatives.includes(sku)) return;
  throw new KeptError('invalid_input', `${sku} is not offered instead of line ${line}.`, {
    errors: [{ path: 'sku', message: 'expected one of the alternatives that the page offers' }],
  });
}

const lineName = (line: StoryLine) => String(JSON.parse(line.row.line_ref));

/** The day that a wait agrees to: on the law's clock, which is delivery in EU and UK. */
function promisedDay(story: Story, line: StoryLine): string | null {
  const part = line.engine.promise?.parts.at(-1);
  if (part === undefined) return null;
  const delivery = story.regimes.some((regime) => regime === 'eu' || regime === 'uk');
  return dayText(delivery ? part.deliverBy : part.shipBy);
}

function openLines(story: Story, named: readonly (string | number)[] | undefined): StoryLine[] {
  const all = story.lines.filter((line) => line.open > 0);
  if (named === undefined) {
    if (all.length === 0) throw new KeptError('conflict', 'Nothing of this order is open any more.');
    return all;
  }
  return named.map((ref, index) => {
    const line = story.lines.find((one) => lineName(one) === String(ref));
    if (line === undefined)
      throw new KeptError('invalid_input', `The order has no line ${JSON.stringify(ref)}.`, {
        errors: [{ path: `lines[${index}]`, message: 'expected a line of the order' }],
      });
    if (line.open === 0)
      throw new KeptError('conflict', `Nothing of line ${lineName(line)} is open any more.`);
    return line;
  });
}
