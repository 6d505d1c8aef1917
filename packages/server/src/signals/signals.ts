import { randomUUID } from 'node:crypto';
import type { Signal as SignalContract } from '@kept/contract';
import type pg from 'pg';
import type { z } from 'zod';
import type { Kept } from '../platform/kept.ts';
import { BUYER_SIGNALS, BUYER_WORDS, type BuyerSignalKind, isBuyerSignal } from './buyer-signals.ts';
import {
  endFacts,
  keepFacts,
  listSignals,
  type SignalRow,
  settleSubject,
  upsertSignals,
} from './signal-store.ts';

export type SignalView = z.output<typeof SignalContract>;

/** What a person must see and decide about, by what it is. */
type OwnKind =
  | 'selling_stopped'
  | 'promises_unbacked'
  | 'launch_overdue'
  | 'validation_met'
  | 'validation_missed'
  | 'authorisation_lapsing'
  | 'authorisation_lapsed'
  | 'collection_failed'
  | 'refund_failed'
  | 'message_failed'
  | 'message_bounced'
  | 'message_complained'
  | 'partner_message';

export type SignalKind = OwnKind | BuyerSignalKind;

export interface Raised {
  readonly kind: SignalKind;
  /** What it is about: one signal of a kind is open about it at a time. */
  readonly subject: string;
  readonly sku?: string;
  readonly order?: number;
  readonly data: Record<string, unknown>;
}

/** Raises signals in the caller's transaction. Raised again while open, one says what is so now and is not there twice. */
export function raiseSignals(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  signals: readonly Raised[],
): Promise<void> {
  const at = kept.clock.now().toISOString();
  return upsertSignals(
    client,
    brandId,
    signals.map((one) => ({
      id: randomUUID(),
      kind: one.kind,
      subject: one.subject,
      sku: one.sku ?? null,
      order: one.order ?? null,
      at,
      data: one.data,
    })),
  );
}

/** What was found about a subject is so no more. */
export function withdrawSignal(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  kind: SignalKind,
  subject: string,
): Promise<void> {
  return settleSubject(client, brandId, kind, subject, kept.clock.now().toISOString());
}

/** Those that speak of units that wait, and are over when none does. */
export const WHILE_WAITING: readonly SignalKind[] = ['promises_unbacked'];

/** What is open now, the newest first; at most `limit`. */
export async function openSignals(
  client: pg.PoolClient,
  brandId: number,
  limit: number,
): Promise<SignalView[]> {
  const all = { kind: null, sku: null, after: null, limit, whileWaiting: WHILE_WAITING };
  const rows = await listSignals(client, brandId, all);
  return rows.slice(0, limit).map(signalView);
}

export function signalView(row: SignalRow): SignalView {
  return {
    id: row.id,
    kind: row.kind,
    words: wordsOf(row),
    ...(row.sku === null ? {} : { sku: row.sku }),
    ...(row.supplier === null ? {} : { supplier: row.supplier }),
    ...(row.order === null ? {} : { order: row.order }),
    at: row.at,
    data: WHILE_WAITING.includes(row.kind as SignalKind) ? { ...row.data, units: row.waiting } : row.data,
    choices: choicesOf(row),
  };
}

/**
 * Makes the open signals of some kinds those of the facts given: new facts are raised, known ones say what is so now, and what is no fact
 * any more is settled. One that a person has settled stays settled for as long as its fact lasts.
 * @returns those that were raised
 */
export async function syncSignals(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  kinds: readonly BuyerSignalKind[],
  facts: readonly (Raised & { readonly kind: BuyerSignalKind })[],
): Promise<SignalView[]> {
  const at = kept.clock.now().toISOString();
  const raised = await keepFacts(
    client,
    brandId,
    facts.map((one) => ({ id: randomUUID(), ...one, sku: one.sku ?? null, order: null, at })),
  );
  await endFacts(
    client,
    brandId,
    kinds.filter((kind) => BUYER_SIGNALS.includes(kind)),
    facts,
    at,
  );
  return raised.map(signalView);
}

function wordsOf(row: SignalRow): string {
  if (isBuyerSignal(row.kind)) return BUYER_WORDS[row.kind].words(row);
  const { kind, sku, order, data, waiting } = row;
  const units = (count: unknown) => (count === 1 ? '1 unit' : `${count} units`);
  switch (kind as OwnKind) {
    case 'selling_stopped':
      return `${sku} takes no new backorders: nothing that is coming can be promised any more.`;
    case 'promises_unbacked':
      return `${units(waiting)} of ${sku} were promised, and nothing backs them now.`;
    case 'launch_overdue':
      return `${sku} was to launch on ${data.launchOn} and nothing of it is here; it stays a preorder.`;
    case 'validation_met':
      return `${units(data.units)} of ${sku} were ordered, the goal of ${data.goal} is met: purchase order ${data.purchaseOrder} is proposed.`;
    case 'validation_missed':
      return `${units(data.units)} of ${sku} were ordered by ${data.until}, the goal was ${data.goal}: ${data.orders} orders were cancelled and are refunded.`;
    case 'authorisation_lapsing':
      return `The card authorisation ${data.payment} of order ${order} ends at ${data.lapsesAt} and could not be renewed.`;
    case 'authorisation_lapsed':
      return `The card authorisation ${data.payment} of order ${order} has ended: nothing is set aside for it any more.`;
    case 'collection_failed':
      return `What order ${order} owes for goods that have left could not be taken: ${data.reason}.`;
    case 'refund_failed':
      return `A refund for order ${order} did not go back the way the money came: ${data.reason}`;
    case 'message_failed':
      return `A message about order ${order} did not reach its customer: ${data.trouble}`;
    case 'message_bounced':
      return `A message about order ${order} came back: ${data.trouble}`;
    case 'message_complained':
      return `The customer of order ${order} calls a message about it unwanted.`;
    case 'partner_message':
      return String(data.words);
  }
}

type Choice = SignalView['choices'][number];

/** What a person can do, with the call that does it where one does. */
function choicesOf(row: SignalRow): Choice[] {
  if (isBuyerSignal(row.kind)) return BUYER_WORDS[row.kind].choices(row);
  const { kind, sku, order } = row;
  const choicesPath = `/v1/signals/${row.id}/choices`;
  const orderPath = `/v1/orders/${encodeURIComponent(order ?? '')}`;
  switch (kind as OwnKind) {
    case 'selling_stopped':
    case 'promises_unbacked':
      return [
        {
          choice: 'expedite',
          words: 'Find supply that comes in time: bring a purchase order forward, or place another.',
          call: { method: 'POST', path: choicesPath, body: { choice: 'expedite' } },
        },
        {
          choice: 'substitute',
          words:
            row.alternatives.length > 0
              ? `Offer what is like it: ${row.alternatives.join(', ')}.`
              : 'Offer another item. None is named as an alternative yet.',
          call: {
            method: 'POST',
            path: choicesPath,
            body: { choice: 'substitute', ...(row.alternatives[0] ? { sku: row.alternatives[0] } : {}) },
          },
        },
        {
          choice: 'cancel_and_refund',
          words: 'Cancel what cannot be kept, and give the money back the way it came.',
          call: { method: 'POST', path: choicesPath, body: { choice: 'cancel_and_refund' } },
        },
      ];
    case 'launch_overdue':
      return [
        {
          choice: 'move_launch',
          words: 'Say the new launch day: those who wait are told.',
          call: { method: 'PUT', path: `/v1/items/${encodeURIComponent(sku ?? '')}` },
        },
        {
          choice: 'launch',
          words: 'It is out: sell it like anything else.',
          call: { method: 'POST', path: `/v1/items/${encodeURIComponent(sku ?? '')}/launch` },
        },
      ];
    case 'validation_met':
      return [
        {
          choice: 'order',
          words: 'Place the purchase order with the supplier.',
          call: { method: 'POST', path: `/v1/validations/${encodeURIComponent(sku ?? '')}/order` },
        },
      ];
    case 'validation_missed':
      return [{ choice: 'seen', words: 'Nothing is left to be done.' }];
    case 'authorisation_lapsing':
    case 'authorisation_lapsed':
      return [
        {
          choice: 'ask_customer',
          words: 'Ask the customer to pay again.',
        },
        {
          choice: 'cancel',
          words: 'Cancel the order.',
          call: { method: 'POST', path: `${orderPath}/cancellations`, body: { by: 'brand' } },
        },
      ];
    case 'collection_failed':
      return [
        {
          choice: 'try_again',
          words: 'Try to take it again.',
          call: { method: 'POST', path: `${orderPath}/collections` },
        },
        {
          choice: 'collect_by_hand',
          words: 'Ask the customer to pay, and record it.',
          call: { method: 'POST', path: `${orderPath}/payments` },
        },
      ];
    case 'refund_failed':
      return [
        {
          choice: 'refund_by_hand',
          words: 'Give the money back by hand, and record it.',
          call: { method: 'POST', path: `${orderPath}/payments` },
        },
      ];
    case 'message_failed':
    case 'message_bounced': {
      const path = `/v1/messages/${row.data.message}`;
      return [
        {
          choice: 'mend_address',
          words: 'Find out how the customer is reached, and record it.',
          call: { method: 'PUT', path: `${orderPath}/contact` },
        },
        { choice: 'send_again', words: 'Send it again.', call: { method: 'POST', path: `${path}/send` } },
        {
          choice: 'tell_by_hand',
          words: 'Tell the customer yourself, and record how.',
          call: { method: 'POST', path: `${path}/send`, body: { byHand: '' } },
        },
      ];
    }
    case 'partner_message':
      return [
        ...(row.data.message === undefined
          ? []
          : [
              {
                choice: 'try_again',
                words: 'Mend what is agreed with the partner, or the item, and take the message again.',
                call: { method: 'POST', path: `/v1/partner-messages/${row.data.message}/retry` },
              },
            ]),
        { choice: 'ask_partner', words: 'Ask the partner to send it again, put right.' },
      ];
    case 'message_complained':
      return [{ choice: 'seen', words: 'Ask the customer how they want to hear of their order.' }];
  }
}
