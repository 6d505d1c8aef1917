import {
  MessageKind,
  MessagePreview,
  MessageTemplate,
  MessageTemplateInput,
  MessageTemplateTry,
  Problem,
} from '@kept/contract';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import type { Language } from './letter-facts.ts';
import type { Outgoing } from './send.ts';
import { newestTemplates, type TemplateRow, templateVersions } from './template-store.ts';
import { readingOf, saveTemplate, tryTemplate } from './templates.ts';

const tags = ['Messages'];
const TemplateName = z.object({ kind: MessageKind, language: z.enum(['en', 'de']) });
const Templates = z.object({ items: z.array(MessageTemplate) });

/** The brand's own words around what has to be said. */
export function templateRoutes(app: FastifyInstance, kept: Kept, outgoing: Outgoing): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.get(
    '/v1/message-templates',
    {
      config: { permission: 'messages:read' },
      schema: {
        tags,
        summary: 'The brand’s own words, where it has any',
        response: { 200: Templates, '4xx': Problem },
      },
    },
    ({ brandId }) =>
      withBrand(kept.db, brandId, async (client) => ({
        items: (await newestTemplates(client, brandId)).map(templateView),
      })),
  );
  routes.get(
    '/v1/message-templates/:kind/:language',
    {
      config: { permission: 'messages:read' },
      schema: {
        tags,
        summary:
          'Every version of some words, newest first, with who wrote it; messages name the version they were written by',
        params: TemplateName,
        response: { 200: Templates, '4xx': Problem },
      },
    },
    ({ brandId, params }) =>
      withBrand(kept.db, brandId, async (client) => ({
        items: (await templateVersions(client, brandId, params.kind, params.language)).map(templateView),
      })),
  );
  routes.put(
    '/v1/message-templates/:kind/:language',
    {
      config: { permission: 'messages:write' },
      schema: {
        tags,
        summary: 'The brand’s own words around what has to be said: a new version',
        description:
          'Subject, opening and closing, with {name}, {order} and {brand}. Dates, choices and the sentences that a law requires are put in by Kept, whatever these say. A date in numbers is refused; what is hard to read is kept, and remarked on.',
        params: TemplateName,
        body: MessageTemplateInput,
        response: { 200: MessageTemplate, '4xx': Problem },
      },
    },
    ({ brandId, params, body, actor }) =>
      withBrand(kept.db, brandId, (client) => saveTemplate(kept, client, brandId, params, body, actor)),
  );
  routes.post(
    '/v1/message-templates/:kind/preview',
    {
      config: { permission: 'messages:write' },
      schema: {
        tags,
        summary: 'What a real order’s message would say in words that are only tried',
        params: z.object({ kind: MessageKind }),
        body: MessageTemplateTry,
        response: { 200: MessagePreview, '4xx': Problem },
      },
    },
    ({ brandId, params, body }) =>
      withBrand(kept.db, brandId, (client) =>
        tryTemplate(kept, client, brandId, params.kind, body, outgoing.pageUrl),
      ),
  );
}

function templateView({
  words: text,
  kind,
  ...row
}: TemplateRow & { actor?: string; at?: string }): z.output<typeof MessageTemplate> {
  const words = MessageTemplateInput.parse(JSON.parse(text));
  return {
    ...row,
    kind: kind as z.output<typeof MessageKind>,
    ...words,
    ...readingOf(words, row.language as Language),
  };
}
