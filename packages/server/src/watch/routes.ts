import { Problem, SignalSettings, SignalSettingsInput } from '@kept/contract';
import type { FastifyInstance } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { loadSignalSettings, type Settings, saveSignalSettings } from './settings.ts';

const tags = ['Signals'];

/** Who is told of signals, and how. */
export function watchRoutes(app: FastifyInstance, kept: Kept, { privateTargets = false } = {}): void {
  const routes = app.withTypeProvider<ZodTypeProvider>();
  routes.get(
    '/v1/signals/settings',
    {
      config: { permission: 'signals:read' },
      schema: { tags, summary: 'Who is told of signals, and how', response: { 200: SignalSettings } },
    },
    ({ brandId }) =>
      withBrand(
        kept.db,
        brandId,
        async (client) => {
          const { settings, by, at } = await loadSignalSettings(client, brandId);
          return { ...shown(settings, new Set()), by, at };
        },
        { reads: true },
      ),
  );
  routes.put(
    '/v1/signals/settings',
    {
      config: { permission: 'signals:write' },
      schema: {
        tags,
        summary: 'Say who is told of signals: a digest by mail, webhooks, and which buyer buys from whom',
        description:
          'Webhooks of the kind `standard` are signed as Standard Webhooks says; their secret is answered once, when the webhook is new.',
        body: SignalSettingsInput,
        response: { 200: SignalSettings, '4xx': Problem },
      },
    },
    ({ brandId, body, actor }) =>
      withBrand(kept.db, brandId, async (client) => {
        const saved = await saveSignalSettings(kept, client, brandId, body, actor, privateTargets);
        return { ...shown(saved.settings, saved.told), by: saved.by, at: saved.at };
      }),
  );
}

/** Secrets are shown of those webhooks alone that were given one just now. */
function shown(settings: Settings, told: ReadonlySet<string>) {
  return {
    ...settings,
    webhooks: settings.webhooks.map(({ secret, ...webhook }) => ({
      ...webhook,
      ...(secret !== undefined && told.has(webhook.url) ? { secret } : {}),
    })),
  };
}
