import { z } from 'zod';
import { AnsweredInstant, listOf, Page } from './common.ts';

const MessageState = z.enum(['received', 'done', 'task', 'rejected', 'set_aside']);

export const PartnerMessageQuery = Page.extend({
  /** task: waits for a person. rejected: it breaks its standard, and the partner was told. */
  state: MessageState.optional(),
  partner: z.string().max(120).optional(),
});

const MessageFault = z.object({
  kind: z.string(),
  level: z.enum(['interchange', 'group', 'message', 'segment', 'element']),
  grave: z.boolean().describe('it rejects what it is in; else it is noted'),
  words: z.string(),
  segment: z.string().optional(),
  /** The segment’s place in its message, the header being 1. */
  position: z.int().optional(),
  element: z.int().optional(),
  component: z.int().optional(),
  value: z.string().optional(),
});

/** A message of a trading partner: what it is, what is wrong with it, and what became of it. */
export const PartnerMessage = z.object({
  id: z.string(),
  connection: z.string(),
  partner: z.string(),
  /** Such as 850 or ORDERS. */
  type: z.string(),
  control: z.string(),
  number: z.string().nullable().describe('of the order, as the partner has it'),
  state: MessageState,
  troubles: z.array(z.string()).describe('what a person must decide'),
  faults: z.array(MessageFault),
  file: z.string(),
  receivedAt: AnsweredInstant,
});
export const PartnerMessagePage = listOf(PartnerMessage);
/** With the file as it came. */
export const PartnerMessageWhole = PartnerMessage.extend({ text: z.string() });

/** What was sent to a partner, and whether it could read it. */
export const SentMessage = z.object({
  cause: z.string(),
  connection: z.string(),
  partner: z.string(),
  type: z.string(),
  number: z.string().nullable(),
  control: z.string(),
  madeAt: AnsweredInstant,
  sentAt: AnsweredInstant.nullable(),
  trouble: z.string().nullable(),
  answered: z.enum(['accepted', 'accepted_with_errors', 'rejected']).nullable(),
  answer: z.array(z.string()),
});
export const SentMessageQuery = Page.extend({ partner: z.string().max(120).optional() });
export const SentMessagePage = listOf(SentMessage);
