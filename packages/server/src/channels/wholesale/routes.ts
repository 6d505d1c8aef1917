import {
  PartnerMessage,
  PartnerMessagePage,
  PartnerMessageQuery,
  PartnerMessageWhole,
  Problem,
  SentMessagePage,
  SentMessageQuery,
} from '@kept/contract';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { decodeCursor, pageOf } from '../../platform/cursor.ts';
import { withBrand } from '../../platform/database.ts';
import { KeptError } from '../../platform/errors.ts';
import type { Kept } from '../../platform/kept.ts';
import { type ListedMessage, listMessages, listSent, readMessage, reopenMessage } from './exchange-store.ts';
import type { Fault } from './fault.ts';
import { decode } from './read-file.ts';

const tags = ['Trading partners'];
const MessageId = z.object({ id: z.string().max(80) });

export function partnerMessageRoutes(app: FastifyInstance, kept: Kept): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();

  routes.get(
    '/v1/partner-messages',
    {
      config: { permission: 'connections:read' },
      schema: {
        tags,
        summary: 'What trading partners sent, newest first, with what is wrong and what became of it',
        querystring: PartnerMessageQuery,
        response: { 200: PartnerMessagePage, 422: Problem },
      },
    },
    async (request) => {
      const { state = null, partner = null, limit, cursor } = request.query;
      const after = cursor === undefined ? null : afterOf(cursor);
      const query = { state, partner, limit, after: after === null ? null : { at: after[0], id: after[1] } };
      const rows = await withBrand(
        kept.db,
        request.brandId,
        (client) => listMessages(client, request.brandId, query),
        { reads: true },
      );
      const page = pageOf(rows, limit, (row) => [new Date(row.received_at).toISOString(), row.message_id]);
      return { ...page, items: page.items.map(viewOf) };
    },
  );

  routes.get(
    '/v1/partner-messages/:id',
    {
      config: { permission: 'connections:read' },
      schema: {
        tags,
        summary: 'A message with the file that it came in',
        params: MessageId,
        response: { 200: PartnerMessageWhole, 404: Problem },
      },
    },
    async (request) => {
      const { id } = request.params;
      const row = await withBrand(
        kept.db,
        request.brandId,
        (client) => readMessage(client, request.brandId, id),
        { reads: true },
      );
      if (row === null) throw new KeptError('not_found', `There is no message ${JSON.stringify(id)}.`);
      return { ...viewOf(row), text: decode(row.body).replaceAll('\u0000', '') };
    },
  );

  routes.post(
    '/v1/partner-messages/:id/retry',
    {
      config: { permission: 'connections:write' },
      schema: {
        tags,
        summary: 'Take a message that waits for a person again, by the rules as they are now',
        params: MessageId,
        response: { 200: PartnerMessage, 404: Problem, 409: Problem },
      },
    },
    (request) =>
      withBrand(kept.db, request.brandId, async (client) => {
        const { id } = request.params;
        const row = await readMessage(client, request.brandId, id);
        if (row === null) throw new KeptError('not_found', `There is no message ${JSON.stringify(id)}.`);
        if (!(await reopenMessage(client, request.brandId, id)))
          throw new KeptError(
            'conflict',
            row.state === 'rejected'
              ? 'It breaks its standard, and its partner was told so: what it says is not known. The partner sends it again, put right.'
              : `It does not wait for a person: it is ${row.state}.`,
          );
        return viewOf({ ...row, state: 'received', trouble: null });
      }),
  );

  routes.get(
    '/v1/partner-messages/sent',
    {
      config: { permission: 'connections:read' },
      schema: {
        tags,
        summary: 'What was sent to trading partners, newest first, and what they said of it',
        querystring: SentMessageQuery,
        response: { 200: SentMessagePage, 422: Problem },
      },
    },
    async (request) => {
      const { partner = null, limit, cursor } = request.query;
      const after = cursor === undefined ? null : afterOf(cursor);
      const query = { partner, limit, after: after === null ? null : { at: after[0], cause: after[1] } };
      const rows = await withBrand(
        kept.db,
        request.brandId,
        (client) => listSent(client, request.brandId, query),
        { reads: true },
      );
      const page = pageOf(rows, limit, (row) => [new Date(row.made_at).toISOString(), row.cause]);
      return {
        ...page,
        items: page.items.map(({ made_at, sent_at, answer, ...row }) => ({
          ...row,
          madeAt: new Date(made_at).toISOString(),
          sentAt: sent_at === null ? null : new Date(sent_at).toISOString(),
          answer: answer === null ? [] : (JSON.parse(answer) as string[]),
        })),
      };
    },
  );
}

const afterOf = (cursor: string) => {
  const [at, id] = decodeCursor(cursor, ['string', 'string']) as [string, string];
  if (Number.isNaN(Date.parse(at)))
    throw new KeptError('invalid_input', 'cursor: expected the `next` of the page before, as it was given', {
      errors: [{ path: 'cursor', message: 'expected the `next` of the page before', in: 'querystring' }],
    });
  return [at, id] as const;
};

function viewOf(row: ListedMessage): z.output<typeof PartnerMessage> {
  return {
    id: row.message_id,
    connection: row.connection,
    partner: row.partner,
    type: row.type,
    control: row.control,
    number: row.number,
    state: row.state,
    troubles: row.trouble === null ? [] : (JSON.parse(row.trouble) as string[]),
    faults: (JSON.parse(row.faults) as Fault[]).map(({ loop: _, dictionary: __, ...fault }) => fault),
    file: row.file,
    receivedAt: new Date(row.received_at).toISOString(),
  };
}
