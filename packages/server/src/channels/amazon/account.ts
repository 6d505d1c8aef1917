import type { ConnectionContext } from '../../connections/index.ts';
import type { Account } from './context.ts';
import type { Addressed, Credentials } from './settings.ts';
import { type ApiContext, SellingPartnerApi } from './sp-api.ts';

/** How much waiting is done in place, and how long: tests shorten it. */
export type Pace = Pick<ApiContext, 'patienceMs' | 'pauseMs' | 'monotonicMs'>;

/** Amazon as one connection calls it, with the secrets that it renews. */
export function openAccount<Own extends Credentials>(
  context: ConnectionContext<Addressed, Own>,
  pace: Pace,
): Account {
  let { secrets } = context;
  return {
    now: () => context.now(),
    info: (words, data) => context.log.info(words, data),
    warn: (words, data) => context.log.warn(words, data),
    api: new SellingPartnerApi({
      ...pace,
      settings: context.settings,
      credentials: () => secrets,
      now: () => context.now(),
      fetch: (url, init) => context.fetch(url, init),
      async keepRefreshToken(refreshToken) {
        const renewed = { ...secrets, refreshToken };
        await context.saveSecrets(renewed);
        secrets = renewed;
      },
    }),
  };
}
