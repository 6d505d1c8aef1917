import { createSignInLink, ensureBrand, singleSignOn } from './accounts/index.ts';
import { buildApp } from './app.ts';
import { sealAudit } from './audit/index.ts';
import { foldBook, reportWeek } from './book/index.ts';
import { buyerMail } from './buyer-mail.ts';
import { allowance, type Outgoing, smsSender, smtpSender, tell, webhookSender } from './comms/index.ts';
import { checkSecrets, runConnections } from './connections/index.ts';
import { DEMO_BRAND } from './demo/index.ts';
import { loadDemo } from './demo-loader.ts';
import { decideDue } from './due.ts';
import { type Opened, openKept } from './open.ts';
import { buildPages } from './pages.ts';
import { registerProvider, stripeProvider } from './payments/index.ts';
import { startDueForecasts, workForecasts } from './planning/index.ts';
import { byTime } from './platform/clock-drift.ts';
import type { Config } from './platform/config.ts';
import { withBrand } from './platform/database.ts';
import type { Kept } from './platform/kept.ts';
import { repeat } from './platform/repeat.ts';
import { loadSettings } from './promising/index.ts';
import { type DemoShop, loadShowcase, openDemoShop } from './storefront/index.ts';
import { tellBuyers } from './watch/index.ts';

/** A brand of one's own begins like this; PUT /v1/brand says what it really is. */
const NEW_BRAND = { title: 'My brand', timeZone: 'UTC', currency: 'USD' };

/** How often is looked for what time has brought: holds that are over, days that have passed. */
const DUE_EVERY_MS = 5_000;

/** How often is looked for what customers are to be told. */
const TELL_EVERY_MS = 1_000;

/** How often the book's sums take in what has changed. */
const FOLD_EVERY_MS = 1_000;

/** How often what was recorded is sealed, so that what is taken away shows. */
const SEAL_EVERY_MS = 5_000;

/** How often is looked whether there are forecasts to make, here or for another process. */
const FORECAST_EVERY_MS = 10_000;

/** Where the demo brand's shop window sells from. */
const DEMO_PLACE = { channel: 'web', location: 'warehouse', supplier: 'KERALA-COIR' };

/** The window of the demo brand; a brand of one's own that was started without the flag has none. */
async function demoShop(kept: Kept, brandId: number): Promise<DemoShop | undefined> {
  const { channelOf } = await withBrand(kept.db, brandId, (client) => loadSettings(client, kept.db, brandId));
  if (!channelOf.has(DEMO_PLACE.channel)) return undefined;
  return openDemoShop(kept, { brandId, title: DEMO_BRAND.title }, DEMO_PLACE.channel);
}

/**
 * Starts Kept and says where it is; runs until it is told to stop. Where it cannot start it leaves nothing open: a process
 * that listens and does nothing else would be taken for one that runs.
 */
export async function serve(config: Config): Promise<void> {
  const pages = buildPages();
  const opened = await openKept(config);
  try {
    await serveOpened(config, opened, pages);
  } finally {
    await opened.close();
  }
}

async function serveOpened(config: Config, opened: Opened, pages: Promise<string>): Promise<void> {
  const { kept, manualClock } = opened;
  if (config.stripeKey !== undefined) registerProvider(kept, stripeProvider({ secretKey: config.stripeKey }));
  const brand = await ensureBrand(kept, config.demo ? { ...DEMO_BRAND, country: 'GB' } : NEW_BRAND);
  if (config.demo && brand.created) {
    await loadDemo(kept, brand.brandId);
    await loadShowcase(kept, brand.brandId, DEMO_PLACE);
  }
  await checkSecrets(kept, brand.brandId);
  const outgoing = outgoingOf(config);
  const app = await buildApp(kept, {
    bootstrapKey: config.bootstrapKey,
    publicUrl: config.publicUrl,
    trustProxy: config.trustProxy,
    metricsToken: config.metricsToken,
    keyRequestsPerMinute: config.keyRequestsPerMinute,
    otherHouse: otherHouseOf(config),
    logLevel: config.logLevel,
    pages: await pages,
    manualClock,
    shop: config.demo ? await demoShop(kept, brand.brandId) : undefined,
    outgoing,
    privateTargets: config.privateTargets,
  });
  try {
    const address = await app.listen({ port: config.port, host: config.host });
    outgoing.pageUrl = config.publicUrl ?? address;
    const link = await createSignInLink(kept, brand.brandId);
    console.log(`Kept is at ${address}`);
    console.log(`Sign in:   ${address}/sign-in?token=${link}`);
    if (config.demo) console.log(`The shop:  ${address}/shop`);
    // Under a manual clock nothing falls due until somebody moves it.
    const stopLooking = manualClock === undefined ? lookForWhatIsDue(kept, brand.brandId) : undefined;
    // Under a manual clock too: what somebody did is told at once, whatever the time.
    const stopTelling = tellPeople(kept, brand.brandId, outgoing, {
      privateTargets: config.privateTargets,
      manual: manualClock !== undefined,
    });
    const stopForecasting = manualClock === undefined ? makeForecasts(kept, brand.brandId) : undefined;
    const stopFolding = keepBook(kept, brand.brandId);
    const stopConnections = runConnections(kept, brand.brandId);
    const stopSealing = keepAudit(kept, brand.brandId);
    await untilToldToStop();
    await Promise.all([
      stopLooking?.(),
      stopTelling(),
      stopForecasting?.(),
      stopFolding(),
      stopConnections(),
      stopSealing(),
    ]);
  } finally {
    await app.close();
    outgoing.sender?.close();
    outgoing.sms?.close();
  }
}

/** Where else people may sign in, by what is configured. */
function otherHouseOf({ oidcIssuer, oidcClientId, oidcClientSecret, publicUrl }: Config) {
  if (oidcIssuer === undefined || oidcClientId === undefined || publicUrl === undefined) return null;
  return singleSignOn({
    issuer: oidcIssuer,
    clientId: oidcClientId,
    clientSecret: oidcClientSecret,
    publicUrl,
  });
}

/** How messages leave, by what is configured; nothing configured, they wait. */
function outgoingOf(config: Config): { -readonly [Key in keyof Outgoing]: Outgoing[Key] } {
  const { smtpUrl, mailFrom, mailBounces, messageWebhookUrl, messageWebhookSecret, smsUrl, smsFrom } = config;
  const sender =
    messageWebhookUrl !== undefined && messageWebhookSecret !== undefined
      ? webhookSender(messageWebhookUrl, messageWebhookSecret)
      : smtpUrl !== undefined && mailFrom !== undefined
        ? smtpSender(smtpUrl, mailFrom, mailBounces)
        : null;
  const sms = smsUrl !== undefined && smsFrom !== undefined ? smsSender(smsUrl, smsFrom) : null;
  return { sender, sms, pageUrl: null };
}

/** @returns stops looking, and waits for the look that is under way */
function lookForWhatIsDue(kept: Kept, brandId: number): () => Promise<void> {
  return repeat(DUE_EVERY_MS, () =>
    byTime(kept, () => decideDue(kept, brandId)).catch((err) =>
      kept.log.error({ err }, 'what is due could not be decided; it is tried again'),
    ),
  );
}

/** @returns stops telling, and waits for what is being told */
function tellPeople(
  kept: Kept,
  brandId: number,
  outgoing: Outgoing,
  { privateTargets, manual }: { readonly privateTargets: boolean; readonly manual: boolean },
): () => Promise<void> {
  const tellCustomers = async () => {
    await tell(kept, brandId, outgoing, await allowance(kept, brandId, TELL_EVERY_MS));
    await reportWeek(kept, brandId, outgoing);
  };
  return repeat(TELL_EVERY_MS, async () => {
    // A manual clock is where somebody put it.
    await (manual ? tellCustomers() : byTime(kept, tellCustomers)).catch((err) =>
      kept.log.error({ err }, 'customers could not be told; it is tried again'),
    );
    await tellBuyers(kept, brandId, { mail: buyerMail(outgoing), privateTargets }).catch((err) =>
      kept.log.error({ err }, 'buyers could not be told; it is tried again'),
    );
  });
}

/** @returns stops after the part that is under way; whoever comes next goes on from there */
function makeForecasts(kept: Kept, brandId: number): () => Promise<void> {
  return repeat(FORECAST_EVERY_MS, (stopped) =>
    startDueForecasts(kept, brandId)
      .then(() => workForecasts(kept, brandId, { stopped }))
      .catch((err) => kept.log.error({ err }, 'forecasts could not be made; it is tried again')),
  );
}

/** @returns stops after the part that is under way; readers add what is left */
function keepBook(kept: Kept, brandId: number): () => Promise<void> {
  return repeat(FOLD_EVERY_MS, (stopped) =>
    foldBook(kept, brandId, { stopped }).catch((err) =>
      kept.log.error({ err }, 'the sums of the book were not kept; it is tried again'),
    ),
  );
}

/** @returns stops after the part that is under way; whoever comes next seals what is left */
function keepAudit(kept: Kept, brandId: number): () => Promise<void> {
  return repeat(SEAL_EVERY_MS, (stopped) =>
    sealAudit(kept, brandId, { stopped }).catch((err) =>
      kept.log.error({ err }, 'what was recorded was not sealed; it is tried again'),
    ),
  );
}

function untilToldToStop(): Promise<void> {
  return new Promise((resolve) => {
    // A terminal or a group kill may send it twice: the second must not end us before the database is left in order.
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => resolve());
  });
}
