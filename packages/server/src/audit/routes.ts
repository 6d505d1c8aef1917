import { AuditEntry, AuditQuery, AuditSeal, listOf, Problem } from '@kept/contract';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { csvOf } from '../platform/csv.ts';
import { decodeCursor, pageOf } from '../platform/cursor.ts';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { type AuditRow, latestSeal, listAudit } from './store.ts';

const tags = ['Audit'];
const WEEK_MS = 7 * 86_400_000;
const MOST_EXPORTED = 100_000;

export function auditRoutes(app: FastifyInstance, kept: Kept): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.get(
    '/v1/audit',
    {
      config: { permission: 'audit:read' },
      schema: {
        tags,
        summary: 'Who saw, changed, sent and approved what, the latest first; as JSON or CSV',
        description: 'The last seven days unless told. CSV holds up to 100,000 rows.',
        querystring: AuditQuery,
        response: { 200: z.union([listOf(AuditEntry), z.string()]), '4xx': Problem },
      },
    },
    async ({ brandId, query }, reply) => {
      const now = kept.clock.now().getTime();
      const until = query.until ?? new Date(now + 1).toISOString();
      const from = query.from ?? new Date(Date.parse(until) - WEEK_MS).toISOString();
      const filter = { from, until, actor: query.actor, kind: query.kind, about: query.about };
      const after =
        query.cursor === undefined
          ? null
          : (decodeCursor(query.cursor, ['string', 'string', 'number']) as [string, string, number]);
      const most = query.format === 'csv' ? MOST_EXPORTED : query.limit;
      const rows = await withBrand(
        kept.db,
        brandId,
        (client) => listAudit(client, brandId, filter, after, most + 1),
        { reads: true },
      );
      if (query.format === 'csv')
        return reply
          .header('content-type', 'text/csv; charset=utf-8')
          .header('content-disposition', 'attachment; filename="audit.csv"')
          .serializer((text: unknown) => String(text))
          .send(
            csvOf(
              ['at', 'actor', 'kind', 'about', 'status', 'address'],
              rows
                .slice(0, most)
                .map(({ at, actor, kind, about, status, address }) => [
                  at,
                  actor,
                  kind,
                  about,
                  status,
                  address,
                ]),
            ),
          );
      const page = pageOf(rows, most, ({ at, source, id }) => [at, source, id]);
      return reply.send({ ...page, items: page.items.map(viewAudit) });
    },
  );
  routes.get(
    '/v1/audit/seal',
    {
      config: { permission: 'audit:read' },
      schema: {
        tags,
        summary: 'The latest seal of the chain',
        description:
          'Written down elsewhere, it shows whether the chain was made anew since: the same number must always have the same hash.',
        response: { 200: AuditSeal, '4xx': Problem },
      },
    },
    async ({ brandId }) => {
      const seal = await withBrand(kept.db, brandId, (client) => latestSeal(client, brandId), {
        reads: true,
      });
      return seal === null
        ? { number: 0, hash: null, at: null }
        : { number: seal.number, hash: seal.hash, at: seal.at };
    },
  );
}

function viewAudit({ source: _source, id: _id, about, actor, ...row }: AuditRow): z.input<typeof AuditEntry> {
  return { ...row, actor: actor ?? 'kept', about: JSON.parse(about) };
}
