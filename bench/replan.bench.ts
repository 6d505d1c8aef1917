import { withBrand } from '../packages/server/src/platform/database.ts';
import { checkInvariants } from '../packages/server/src/promising/index.ts';
import { replan } from '../packages/server/src/promising/plan.ts';
import { type BenchBrand, openBrand } from './brand.ts';
import { CopyRows } from './copy-rows.ts';
import { type Bench, type BenchOptions, figureText, type Measured, spreadOf, spreadText } from './measure.ts';
import type { PlanSize } from './plan-input.ts';
import { takeOver } from './replan-brand.ts';

/** A million open lines, from database to database. */
const BRAND: PlanSize = { lines: 1_000_000, items: 100_000, supplies: 300_000 };
const MOST_MILLISECONDS = 3000;
/** Times a binary COPY out of what is read and in of what is written. */
const MOST_RATIO = 3;
/** What a plan reads. */
const READ = ['commitment', 'order_line', 'customer_order', 'supply', 'item'].map(
  (table) => `select * from ${table}`,
);
const IN_FORCE = `select p.* from promise p join order_line l on l.brand_id = p.brand_id and l.order_id = p.order_id
  and l.line = p.line and l.promise_version = p.version`;

export const bench: Bench = {
  name: 'replan',
  async *run({ quick }: BenchOptions): AsyncGenerator<Measured> {
    for (const times of quick ? [0.1] : [0.1, 1]) {
      const brand = await openBrand(6);
      try {
        yield* measure(brand, times, quick);
      } finally {
        await brand.close();
      }
    }
  },
};

async function* measure(brand: BenchBrand, times: number, quick: boolean): AsyncGenerator<Measured> {
  await takeOver(brand, {
    lines: BRAND.lines * times,
    items: BRAND.items * times,
    supplies: BRAND.supplies * times,
  });
  const copy = await CopyRows.open(brand);
  const plan = new Planned(brand, times);

  const first = await plan.again();
  const firstCopy = await copy.milliseconds(READ, {
    promise: 'select * from promise',
    order_line: 'select * from order_line where promise_version > 0',
    commitment: 'select * from commitment where kind = 1',
    supply: 'select * from supply',
  });
  yield plan.row('all lines are backed and promised for the first time', [first], [firstCopy]);
  await brand.asOwner('vacuum analyze');

  const read = [...READ, IN_FORCE];
  const moved = { plans: [] as Planning[], copies: [] as number[] };
  for (let round = 1; round <= (quick ? 2 : 2); round++) {
    // Twenty days more each time: no promise can be kept.
    await handleFor(brand, 20 * round);
    moved.plans.push(await plan.again());
    moved.copies.push(
      await copy.milliseconds(read, {
        promise: IN_FORCE,
        order_line: 'select * from order_line where promise_version > 0',
        supply: 'select * from supply',
      }),
    );
    await brand.asOwner('vacuum analyze');
  }
  yield plan.row('a setting moves every date, all promises are made anew', moved.plans, moved.copies);

  const still = { plans: [] as Planning[], copies: [] as number[] };
  for (let round = 0; round < 2; round++) {
    still.plans.push(await plan.again());
    still.copies.push(await copy.milliseconds(read, {}));
  }
  yield plan.row('nothing changes', still.plans, still.copies);
  await proved(brand);
}

interface Planning {
  readonly milliseconds: number;
  readonly nodeMilliseconds: number;
  readonly promises: number;
  readonly megabytes: number;
}

class Planned {
  private readonly brand: BenchBrand;
  private readonly times: number;

  constructor(brand: BenchBrand, times: number) {
    this.brand = brand;
    this.times = times;
  }

  async again(): Promise<Planning> {
    let most = 0;
    const timer = setInterval(() => {
      most = Math.max(most, process.memoryUsage.rss());
    }, 50);
    const cpu = process.cpuUsage();
    const { milliseconds, promises } = await replan(this.brand.kept, this.brand.brandId);
    const { user, system } = process.cpuUsage(cpu);
    clearInterval(timer);
    return {
      milliseconds,
      promises,
      nodeMilliseconds: (user + system) / 1000,
      megabytes: Math.max(most, process.memoryUsage.rss()) / 2 ** 20,
    };
  }

  row(what: string, plans: readonly Planning[], copies: readonly number[]): Measured {
    const kept = spreadOf(plans.map((one) => one.milliseconds))!;
    const limit = spreadOf(copies)!.median;
    const last = plans.at(-1)!;
    const ratio = kept.median / limit;
    const most = MOST_MILLISECONDS * this.times;
    return {
      row: {
        bench: 'replan',
        work: `${(BRAND.lines * this.times).toLocaleString('en')} lines: ${what}`,
        kept: kept.median,
        unit: 'ms',
        limit,
        peers: {},
        ratio,
        goal: `≤ ${most} ms, ≤ ${MOST_RATIO} × COPY`,
        holds: kept.median <= most && ratio <= MOST_RATIO,
      },
      spread: spreadText(kept),
      note:
        `replan, ${(BRAND.lines * this.times).toLocaleString('en')} lines, ${what}: ${last.promises.toLocaleString('en')} promises written; ` +
        `${figureText(last.nodeMilliseconds)} ms of it are Kept's own CPU, the rest is PostgreSQL's; ` +
        `most memory of this process ${figureText(last.megabytes)} MB.`,
    };
  }
}

/** The brand handles for so many days from now on, and nobody has planned by it yet. */
async function handleFor(brand: BenchBrand, days: number): Promise<void> {
  await brand.asOwner(
    `insert into policy (brand_id, name, kind, settings)
     values (${brand.brandId}, 'backorder', 'backorder', '{"handlingDays":${days}}')
     on conflict (brand_id, name) do update set settings = excluded.settings;
     update brand set settings_version = settings_version + 1`,
  );
}

async function proved({ kept, brandId }: BenchBrand): Promise<void> {
  const findings = await withBrand(kept.db, brandId, (client) => checkInvariants(client, brandId));
  const faults = findings.flatMap((finding) => finding.faults);
  if (faults.length > 0) throw new Error(`the plan is wrong: ${faults.slice(0, 3).join('; ')}`);
}
