import { AnsweredDay, AnsweredInstant, AnsweredMoney, LineDuty, LineRef, Reason } from '@kept/contract';
import { CLOCKS, cardDisputeUntil, clocksOf, dayNumber, dayText, localTime } from '@kept/engine';
import type pg from 'pg';
import { z } from 'zod';
import { authorisationOf } from '../payments/index.ts';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { dutyView, readNow } from './duties.ts';
import { readEvidence } from './evidence-store.ts';
import { readRefunds } from './refund-store.ts';
import { refundRule } from './refunds.ts';
import { readReports } from './report-store.ts';
import { type Story, toldLines } from './story.ts';

const LineName = z.object({ line: LineRef });

/** An order's evidence: everything with its moment, as it was recorded. */
export const Evidence = z.object({
  order: z.string(),
  writtenAt: AnsweredInstant,
  placedAt: AnsweredInstant,
  recordedAt: AnsweredInstant,
  customer: z.object({ name: z.string(), email: z.string().nullable() }),
  shipTo: z.object({ country: z.string(), region: z.string().nullable() }),
  regimes: z.array(z.string()),
  /** Where its legal days end. */
  zone: z.string(),
  lines: z.array(
    LineName.extend({
      sku: z.string(),
      title: z.string(),
      ordered: z.int(),
      shipped: z.int(),
      cancelled: z.int(),
      statedShipBy: AnsweredDay.nullable(),
      statedDeliverBy: AnsweredDay.nullable(),
    }),
  ),
  promises: z.array(
    LineName.extend({
      version: z.int(),
      quantity: z.int(),
      shipBy: AnsweredDay.nullable(),
      deliverBy: AnsweredDay.nullable(),
      change: z.string(),
      madeAt: AnsweredInstant,
      reasons: z.array(Reason),
    }),
  ),
  messages: z.array(
    z.object({
      id: z.string(),
      kind: z.string(),
      lines: z.array(LineRef),
      cause: z.string(),
      state: z.string(),
      dueAt: AnsweredInstant,
      legalBy: AnsweredDay.nullable(),
      writtenAt: AnsweredInstant,
      sentAt: AnsweredInstant.nullable(),
      sentBy: z.string().nullable(),
      to: z.string().nullable(),
      attempts: z.int(),
      trouble: z.string().nullable(),
      language: z.string().nullable(),
      templateVersion: z.int().nullable(),
      subject: z.string().nullable(),
      text: z.string().nullable(),
      /** What was heard of it afterwards. */
      reports: z.array(
        z.object({ kind: z.string(), detail: z.string(), source: z.string(), at: AnsweredInstant }),
      ),
    }),
  ),
  answers: z.array(
    LineName.extend({
      choice: z.string(),
      at: AnsweredInstant,
      until: AnsweredDay.nullable(),
      quantity: z.int().nullable(),
      sku: z.string().nullable(),
      reason: z.string().nullable(),
      actor: z.string(),
    }),
  ),
  shipments: z.array(
    LineName.extend({
      quantity: z.int(),
      at: AnsweredInstant,
      carrier: z.string().nullable(),
      tracking: z.string().nullable(),
    }),
  ),
  cancellations: z.array(
    LineName.extend({ quantity: z.int(), at: AnsweredInstant, by: z.string(), reason: z.string() }),
  ),
  payments: z.array(
    z.object({
      id: z.string(),
      kind: z.string(),
      amount: AnsweredMoney,
      at: AnsweredInstant,
      captureBefore: AnsweredInstant.nullable(),
      /** How long a card's holder may dispute goods that did not come (Visa 13.1). */
      disputeUntil: AnsweredDay.nullable(),
    }),
  ),
  refunds: z.array(
    z.object({
      kind: z.string(),
      basis: z.string(),
      amount: AnsweredMoney,
      aroseOn: AnsweredDay,
      dueOn: AnsweredDay,
      rule: z.string(),
      source: z.string(),
      doneAt: AnsweredInstant.nullable(),
    }),
  ),
  duties: z.array(LineDuty),
  /** What runs beside the law: cards, authorisations, Amazon. */
  clocks: z.array(
    z.object({
      clock: z.string(),
      whose: z.string(),
      until: z.string(),
      must: z.string(),
      source: z.string(),
    }),
  ),
});
export type EvidenceView = z.output<typeof Evidence>;

export async function evidenceOf(
  kept: Kept,
  client: pg.PoolClient,
  brandId: number,
  order: number,
): Promise<EvidenceView> {
  const [story] = await readNow(kept, client, brandId, [order]);
  if (story === undefined) throw new KeptError('not_found', `There is no order ${order}.`);
  const [{ promises, messages }, reports, refunds] = await Promise.all([
    readEvidence(client, brandId, order),
    readReports(client, brandId, order),
    readRefunds(client, brandId, [order]),
  ]);
  const { row } = story;
  const refOf = new Map(story.lines.map((line) => [line.row.line, JSON.parse(line.row.line_ref)]));
  const money = (amount: number) => ({ amount, currency: row.currency });
  return {
    order: `${row.channel}:${row.ref}`,
    writtenAt: kept.clock.now().toISOString(),
    placedAt: row.placed_at,
    recordedAt: row.recorded_at,
    customer: { name: row.customer_name, email: row.customer_email },
    shipTo: { country: row.country, region: row.region },
    regimes: [...story.regimes],
    zone: story.zone,
    lines: story.lines.map(({ row: line }) => ({
      line: refOf.get(line.line),
      sku: line.sku,
      title: line.title,
      ordered: line.ordered,
      shipped: line.shipped,
      cancelled: line.cancelled,
      statedShipBy: line.stated_ship_by,
      statedDeliverBy: line.stated_deliver_by,
    })),
    promises: promises.map((one) => ({
      line: refOf.get(one.line),
      version: one.version,
      quantity: one.quantity,
      shipBy: one.ship_by,
      deliverBy: one.deliver_by,
      change: one.change,
      madeAt: one.made_at,
      reasons: JSON.parse(one.reasons),
    })),
    messages: messages.map((one) => ({
      id: String(one.message_id),
      kind: one.kind,
      lines: toldLines(one).map(({ line }) => refOf.get(line)),
      cause: one.cause,
      state: one.state,
      dueAt: one.due_at,
      legalBy: one.legal_by,
      writtenAt: one.written_at,
      sentAt: one.sent_at,
      sentBy: one.sent_by,
      to: one.recipient,
      attempts: one.attempts,
      trouble: one.trouble,
      language: one.language,
      templateVersion: one.template_version,
      subject: one.subject,
      text: one.body_text,
      reports: reports
        .filter((report) => report.message_id === one.message_id)
        .map(({ kind, detail, source, happened_at: at }) => ({ kind, detail, source, at })),
    })),
    answers: story.choices.map((one) => ({
      line: refOf.get(one.line),
      choice: one.kind,
      at: one.happened_at,
      until: one.until_on,
      quantity: one.quantity,
      sku: one.sku,
      reason: one.reason,
      actor: one.actor,
    })),
    shipments: story.deeds
      .filter((deed) => deed.kind === 'shipment')
      .map(({ line, quantity, at, carrier, tracking }) => ({
        line: refOf.get(line),
        quantity,
        at,
        carrier,
        tracking,
      })),
    cancellations: story.deeds
      .filter((deed) => deed.kind === 'cancellation')
      .map(({ line, quantity, at, by, reason }) => ({
        line: refOf.get(line),
        quantity,
        at,
        by: by ?? '',
        reason: reason ?? '',
      })),
    payments: story.payments.map((one) => ({
      id: one.payment_id,
      kind: one.kind,
      amount: { amount: one.amount, currency: one.currency },
      at: one.happened_at,
      captureBefore: one.capture_before,
      disputeUntil: one.kind === 'captured' ? disputeUntil(story, one.happened_at) : null,
    })),
    refunds: refunds.map((one) => ({
      kind: one.kind,
      basis: one.basis,
      amount: money(one.amount),
      aroseOn: one.arose_on,
      dueOn: one.due_on,
      ...refundRule(one),
      doneAt: one.done_at,
    })),
    duties: story.lines.map((line) => dutyView(story, line)),
    clocks: clockViews(story),
  };
}

function clockViews(story: Story): EvidenceView['clocks'] {
  const { row, payments, zone } = story;
  const day = (instant: string) => localTime(Date.parse(instant), zone).day;
  const expected = story.lines.flatMap((line) => line.engine.promise?.parts.at(-1)?.deliverBy ?? []);
  return clocksOf({
    amazon: /amazon/i.test(row.channel_kind),
    orderedOn: day(row.placed_at),
    expectedOn: expected.length === 0 ? null : Math.max(...expected),
    paidOn: payments.filter((one) => one.kind === 'captured').map((one) => day(one.happened_at)),
    authorisations: payments
      .filter((one) => one.kind === 'authorised')
      .map((one) =>
        authorisationOf({ at: one.happened_at, captureBefore: one.capture_before, network: one.network }),
      ),
  }).map(({ clock, day, at }) => {
    const { whose, must, source } = CLOCKS[clock];
    return {
      clock,
      whose,
      until: day === undefined ? new Date(at!).toISOString() : dayText(day),
      must,
      source,
    };
  });
}

/** By the last day on which the goods were expected with the customer. */
function disputeUntil(story: Story, paidAt: string): string | null {
  const expected = story.lines.flatMap((line) => line.engine.promise?.parts.at(-1)?.deliverBy ?? []);
  if (expected.length === 0) return null;
  const paid = localTime(Date.parse(paidAt), story.zone).day;
  return dayText(cardDisputeUntil(paid, Math.max(...expected, dayNumber('1970-01-01'))));
}
