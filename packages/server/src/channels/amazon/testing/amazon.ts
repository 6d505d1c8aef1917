import { afterEach, expect } from 'vitest';
import { type Availability, Busy, type Page, type SoldOrder } from '../../../connections/index.ts';
import { openAccount, type Pace } from '../account.ts';
import { amazonConnector } from '../connector.ts';
import type { Amazon } from '../context.ts';
import { Queue } from '../queue.ts';
import { sellerMetrics } from '../seller-metrics.ts';
import { AmazonSecrets, AmazonSettings, type Settings, VendorSecrets, VendorSettings } from '../settings.ts';
import { QUEUE_KEY } from '../simulator/queue.ts';
import { type AmazonSimulator, openAmazonSimulator, type SimulatorOptions } from '../simulator/server.ts';
import { amazonVendorConnector } from '../vendor-connector.ts';

/** A clock that is moved by hand, the simulator on it, and a connection to it. */
async function amazonForTest(
  options: Omit<SimulatorOptions, 'now'> & {
    readonly settings?: Partial<Settings>;
    readonly patienceMs?: number;
    /** What Kept has on record of the seller's orders. */
    readonly soldOrders?: readonly SoldOrder[];
  } = {},
) {
  let at = Date.parse('2026-03-02T12:00:00Z');
  const now = () => new Date(at);
  const simulator = await openAmazonSimulator({ ...options, now });
  const settings = AmazonSettings.parse({
    ...simulator.settings,
    channel: 'amazon-us',
    fba: { channel: 'amazon-us-fba', location: 'fba-us' },
    ...options.settings,
  });
  const warnings: string[] = [];
  const pace: Pace = {
    ...(options.rates === 'published' && { monotonicMs: () => at }),
    patienceMs: options.patienceMs ?? 1000,
    pauseMs: 1,
  };
  const soldOrders = async () => options.soldOrders ?? [];
  const words: string[] = [];
  const place = {
    now,
    fetch,
    log: { info: (said: string) => void words.push(said), warn: (said: string) => void warnings.push(said) },
    saveSecrets: async () => {},
    pushUrl: null,
  };
  const connection = amazonConnector(pace).open({
    soldOrders,
    settings,
    secrets: AmazonSecrets.parse(simulator.secrets),
    ...place,
  });
  const vendorSettings = VendorSettings.parse({
    ...simulator.settings,
    channel: 'amazon-vendor',
  });
  const vendorContext = {
    settings: vendorSettings,
    secrets: VendorSecrets.parse(simulator.secrets),
    ...place,
  };
  const amazon: Amazon = {
    ...openAccount({ settings, secrets: AmazonSecrets.parse(simulator.secrets), ...place }, pace),
    settings,
    metrics: async (today) => sellerMetrics([], now(), today),
  };
  const queue = new Queue({
    ...settings.queue!,
    ...QUEUE_KEY,
    now,
    fetch: (url, init) => fetch(url, init),
  });
  return {
    simulator,
    // it can do all that the interface has
    connection: connection as Required<typeof connection>,
    amazon,
    vendor: { ...openAccount(vendorContext, pace), settings: vendorSettings },
    vendorConnection: amazonVendorConnector(pace).open(vendorContext),
    queue,
    /** What was said in the log. */
    words,
    warnings,
    now,
    pass(ms: number): void {
      at += ms;
    },
    /** Reads a stream to its end as the frame does: what is busy is asked again when it says, from the last cursor. */
    async readAll(
      stream: (cursor: string | null) => AsyncIterable<Page>,
      cursor: string | null = null,
    ): Promise<{ pages: Page[]; cursor: string | null; waits: number }> {
      const pages: Page[] = [];
      let reached = cursor;
      for (let waits = 0; ; waits++) {
        try {
          for await (const page of stream(reached)) {
            pages.push(page);
            reached = page.cursor;
          }
          return { pages, cursor: reached, waits };
        } catch (error) {
          if (!(error instanceof Busy) || waits > 200) throw error;
          at = Math.max(at, error.after.getTime());
        }
      }
    },
  };
}

type AmazonForTest = Awaited<ReturnType<typeof amazonForTest>>;

/** What a channel is told of an item. */
export const promisable = (
  sku: string,
  now: number,
  later: readonly { quantity: number; shipBy: string }[] = [],
  channel = 'amazon-us',
): Availability => ({
  sku,
  channel,
  externalIds: [],
  title: sku,
  state: now > 0 ? 'in_stock' : 'backorder',
  now,
  later: [...later],
  copy: '',
  charge: 'at_order',
  asOf: '2026-03-02T12:00:00Z',
});

export const factsIn = (pages: readonly Page[]) => pages.flatMap((page) => page.facts);

const opened: AmazonSimulator[] = [];

/** As `amazonForTest`, closed after the test, which fails if anything was asked or answered otherwise than Amazon publishes it. */
export async function openAmazon(...args: Parameters<typeof amazonForTest>): Promise<AmazonForTest> {
  const it = await amazonForTest(...args);
  opened.push(it.simulator);
  return it;
}
afterEach(async () => {
  for (const simulator of opened.splice(0)) {
    await simulator.close();
    expect(simulator.violations).toEqual([]);
  }
});
