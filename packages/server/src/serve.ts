import { setInterval } from 'node:timers';
import { createSignInLink, ensureBrand } from './accounts/index.ts';
import { buildApp } from './app.ts';
import { allowance, type Outgoing, smtpSender, tell } from './comms/index.ts';
import { DEMO_BRAND } from './demo/index.ts';
import { loadDemo } from './demo-loader.ts';
import { decideDue } from './due.ts';
import { openKept } from './open.ts';
import { buildPages } from './pages.ts';
import type { Config } from './platform/config.ts';

/** A brand of one's own begins like this; PUT /v1/brand says what it really is. */
const NEW_BRAND = { title: 'My brand', timeZone: 'UTC', currency: 'USD' };

/** How often is looked for what time has brought: holds that are over, days that have passed. */
const DUE_EVERY_MS = 5_000;

/** How often is looked for what customers are to be told. */
const TELL_EVERY_MS = 1_000;

/** Starts Kept and says where it is; runs until it is told to stop. */
export async function serve(config: Config): Promise<void> {
  const pages = buildPages();
  const opened = await openKept(config);
  const { kept, manualClock } = opened;
  const brand = await ensureBrand(kept, config.demo ? { ...DEMO_BRAND, country: 'GB' } : NEW_BRAND);
  if (config.demo && brand.created) await loadDemo(kept, brand.brandId);
  const sender =
    config.smtpUrl === undefined || config.mailFrom === undefined
      ? null
      : smtpSender(config.smtpUrl, config.mailFrom);
  const outgoing: { -readonly [Key in keyof Outgoing]: Outgoing[Key] } = { sender, pageUrl: null };
  const app = await buildApp(kept, {
    bootstrapKey: config.bootstrapKey,
    logLevel: config.logLevel,
    pages: await pages,
    manualClock,
    outgoing,
  });
  const address = await app.listen({ port: config.port, host: config.host });
  outgoing.pageUrl = address;
  const link = await createSignInLink(kept, brand.brandId);
  console.log(`Kept is at ${address}`);
  console.log(`Sign in:   ${address}/sign-in?token=${link}`);

  let due: Promise<void> = Promise.resolve();
  let looking = false;
  // Under a manual clock nothing falls due until somebody moves it.
  const timer =
    manualClock === undefined
      ? setInterval(() => {
          if (looking) return;
          looking = true;
          due = decideDue(kept, brand.brandId)
            .catch((err) => kept.log.error({ err }, 'what is due could not be decided; it is tried again'))
            .finally(() => {
              looking = false;
            });
        }, DUE_EVERY_MS)
      : undefined;

  // Under a manual clock too: what somebody did is told at once, whatever the time.
  let telling: Promise<void> | undefined;
  const teller = setInterval(() => {
    telling ??= allowance(kept, brand.brandId, TELL_EVERY_MS)
      .then((limit) => tell(kept, brand.brandId, outgoing, limit))
      .catch((err) => kept.log.error({ err }, 'customers could not be told; it is tried again'))
      .finally(() => {
        telling = undefined;
      });
  }, TELL_EVERY_MS);

  await new Promise<void>((resolve) => {
    // A terminal or a group kill may send it twice: the second must not end us before the database is left in order.
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve());
  });
  clearInterval(timer);
  clearInterval(teller);
  await app.close();
  await due;
  await telling;
  sender?.close();
  await opened.close();
}
