import { chooseTag, type Language, languageOf } from '@kept/engine';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { withBrand } from '../platform/database.ts';
import { KeptError } from '../platform/errors.ts';
import type { Kept } from '../platform/kept.ts';
import { brandOfLink, confirmToBeTold, subscriptionOf } from './back-in-stock.ts';

interface Words {
  ask(title: string): string;
  readonly yes: string;
  done(title: string): string;
  readonly gone: string;
}

const WORDS: Readonly<Record<Language, Words>> = {
  en: {
    ask: (title) => `Shall we tell you when ${title} is back?`,
    yes: 'Yes, tell me',
    done: (title) => `Thank you. We write to you once, as soon as ${title} is back and it is your turn.`,
    gone: 'This link is not, or no longer, in force.',
  },
  de: {
    ask: (title) => `Sollen wir dir sagen, wenn ${title} wieder da ist?`,
    yes: 'Ja, sagt mir Bescheid',
    done: (title) =>
      `Danke. Wir schreiben dir einmal, sobald ${title} wieder da ist und du an der Reihe bist.`,
    gone: 'Dieser Link gilt nicht oder nicht mehr.',
  },
  fr: {
    ask: (title) => `Vous prévenir du retour de ${title} ?`,
    yes: 'Oui, prévenez-moi',
    done: (title) =>
      `Merci. Nous vous écrirons une fois, dès le retour de ${title} et quand ce sera votre tour.`,
    gone: 'Ce lien n’est pas ou n’est plus valable.',
  },
  es: {
    ask: (title) => `¿Te avisamos cuando vuelva ${title}?`,
    yes: 'Sí, avisadme',
    done: (title) => `Gracias. Te escribiremos una vez, en cuanto vuelva ${title} y sea tu turno.`,
    gone: 'Este enlace no es válido, o ya no lo es.',
  },
};

const STYLE = `body { margin: 0; background: #faf9f4; color: #22261f; font: 1.05rem/1.55 ui-sans-serif, system-ui, sans-serif; }
main { max-width: 32rem; margin: 12vh auto 0; padding: 1.5rem; }
h1 { font: 500 1.6rem/1.25 Georgia, serif; margin: 0 0 1.25rem; }
button { font: inherit; font-weight: 600; color: #fff; background: #2f5d46; border: 0; border-radius: .45rem; padding: .7rem 1.2rem; min-height: 2.75rem; cursor: pointer; }
button:focus-visible { outline: 2px solid #1d5fd1; outline-offset: 2px; }`;

/**
 * The page behind the link of the mail that asks for a confirmation. Opening it confirms nothing, since mail scanners open
 * links: its button does.
 */
export async function confirmPage(app: FastifyInstance, kept: Kept): Promise<void> {
  // The form's only field is the link itself.
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, _body, done) => done(null, {}),
  );
  const routes = app.withTypeProvider<ZodTypeProvider>();
  const schema = { hide: true, security: [], params: z.object({ token: z.string().max(80) }) };
  const known = (token: string) => {
    const brandId = brandOfLink(token);
    if (brandId === null) return null;
    return withBrand(kept.db, brandId, (client) => subscriptionOf(client, brandId, token), { reads: true });
  };
  routes.get(
    '/b/:token',
    { config: { permission: 'public' }, schema },
    async ({ params: { token }, headers }, reply) => {
      const row = await known(token);
      const language = spoken(row?.locale ?? headers['accept-language']);
      const words = WORDS[language];
      if (row === null) return send(reply.status(404), language, words.gone, '');
      if (row.confirmedAt !== null) return send(reply, language, words.done(row.title), '');
      const button = `<form method="post"><button type="submit">${escapeHtml(words.yes)}</button></form>`;
      return send(reply, language, words.ask(row.title), button);
    },
  );
  routes.post(
    '/b/:token',
    { config: { permission: 'public' }, schema },
    async ({ params: { token }, headers }, reply) => {
      const row = await known(token);
      const language = spoken(row?.locale ?? headers['accept-language']);
      if (row === null) return send(reply.status(404), language, WORDS[language].gone, '');
      const brandId = brandOfLink(token)!;
      try {
        await withBrand(kept.db, brandId, (client) => confirmToBeTold(kept, client, brandId, token));
      } catch (error) {
        if (!(error instanceof KeptError && error.code === 'not_found')) throw error;
        return send(reply.status(404), language, WORDS[language].gone, '');
      }
      return send(reply, language, WORDS[language].done(row.title), '');
    },
  );
}

const spoken = (locale: string | undefined): Language => languageOf(chooseTag(locale)) ?? 'en';

const escapes: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (found) => escapes[found]!);

function send(reply: FastifyReply, language: Language, title: string, body: string): FastifyReply {
  const text = escapeHtml(title);
  return reply
    .headers({
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-robots-tag': 'noindex, nofollow',
      'x-frame-options': 'DENY',
    })
    .type('text/html; charset=utf-8')
    .send(`<!doctype html>
<html lang="${language}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text}</title><style>${STYLE}</style></head><body><main><h1>${text}</h1>${body}</main></body></html>`);
}
