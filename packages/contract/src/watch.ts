import { z } from 'zod';
import { AnsweredInstant, SupplierCode, Words } from './common.ts';

const Email = z.email('expected an email address').max(320);
const BuyerSignal = z.enum([
  'queue_outgrows_supply',
  'promises_unbacked',
  'purchase_order_overdue',
  'slip_breaks_promises',
  'runs_out_before_supply',
  'supplier_worsens',
  'moq_bites',
  'campaign_without_cover',
  'hold_blocks_queue',
  'cannot_replenish',
]);

const SignalWebhook = z.object({
  /** https, to a public address. */
  url: z.url('expected an address such as https://example.com/hook').max(2000),
  kind: z.enum(['slack', 'standard']),
  signals: z.array(BuyerSignal).min(1).optional().describe('all unless said'),
});

/** Who is told of signals, and how. It replaces what was said before. */
export const SignalSettingsInput = z.object({
  digest: z
    .object({
      /** The brand's own time. */
      at: z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time such as 08:00'),
      /** 1 Monday to 7 Sunday. */
      weekdays: z.array(z.int().min(1).max(7)).min(1).max(7).default([1, 2, 3, 4, 5]),
      to: z.array(Email).max(100).default([]).describe('these get all signals'),
    })
    .nullable()
    .default(null),
  /** Each gets what is about their suppliers, and what is about none. */
  buyers: z
    .array(z.object({ name: Words, email: Email, suppliers: z.array(SupplierCode).min(1).max(1000) }))
    .max(200)
    .default([]),
  webhooks: z.array(SignalWebhook).max(20).default([]),
});
export const SignalSettings = SignalSettingsInput.extend({
  webhooks: z.array(
    SignalWebhook.extend({
      secret: z.string().optional().describe('of one that is signed: told once, when it is made'),
    }),
  ),
  by: z.string().nullable(),
  at: AnsweredInstant.nullable(),
});
