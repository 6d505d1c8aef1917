import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ManualClock, manualClock } from '../../platform/clock.ts';
import { sealerOf } from '../../platform/sealed.ts';
import { faultsOf, START, type TestKept, testKept } from '../../testing/brand.ts';
import type { Connector } from '../connector.ts';
import { closeConnections } from '../opened.ts';
import { offerConnectors } from '../registry.ts';
import { workConnections } from '../work.ts';
import type { PushTrouble } from './push-sender.ts';
import { relayTo } from './relay.ts';

/** Faults that a simulator shows when it is told to; each lasts until it is switched off, or for so many calls. */
export interface Faults {
  /** Answers the next so many calls that they are too many. */
  throttle(calls: number): void;
  /** Answers the next so many calls with an error of its own. */
  fail(calls: number): void;
  /** Never answers the next so many calls, of which every other is done all the same; 0: those that are left are answered. */
  hang(calls: number): void;
  /** How what it pushes, or lays out to be taken, goes wrong from now on; null: it does not. Left out: nothing is. */
  pushes?(trouble: PushTrouble | null): void;
  /** Lets the token in force expire; one that can be renewed is renewed by the connection. */
  expireToken?(): void;
}

/** A simulator as the suite needs it: what somebody does there, and what is seen there. */
export interface Side {
  readonly settings: Record<string, unknown>;
  readonly secrets: Record<string, unknown>;
  readonly faults: Faults;
  /** What has to be in Kept before: channels, locations, items. */
  given?(kept: TestKept): Promise<void>;
  /** Something new happens there that ends up in Kept and moves the total; by its number, each is another. */
  happen(number: number): Promise<void>;
  /** When all was pushed that has happened; left out: nothing is pushed, what it has is only read. */
  pushed?(): Promise<void>;
  /** Of what has happened, everything that Kept counts: units ordered, received, whatever the system is about. */
  total(): Promise<number>;
  /** The same total as Kept has it. */
  totalIn(kept: TestKept): Promise<number>;
  /** What Kept has left there by itself; 0 after a disconnect. */
  traces?(): Promise<number>;
  close(): Promise<void>;
}

export interface Subject {
  // biome-ignore lint/suspicious/noExplicitAny: each has settings and secrets of its own
  readonly connector: Connector<any, any>;
  /** @param pushUrl where this connection is pushed to */
  start(clock: ManualClock, pushUrl: string): Promise<Side>;
  /** How far a manual clock is to move so that a connection comes again after a fault or for news; an hour unless told. */
  readonly againMs?: number;
}

/** So long a silence is waited for here: calls that never end have to end. */
const SILENCE_MS = 700;
/** And so much longer may pass until all of them have. */
const BOUND_MS = 30_000;

/** A key of the tests' own. */
export const testSealer = () => sealerOf([randomBytes(32)]);

/**
 * What every connector has to do alike, against its simulator and a real database: nothing is missed and nothing counts
 * twice, whatever goes wrong on the way.
 * @param url of a database of the test file's own (`testDatabase()`)
 */
export function conforms(name: string, url: string, subject: Subject): void {
  describe(`the connection to ${name}`, () => {
    const clock = manualClock(START);
    let kept: TestKept;
    let side: Side;
    let happened = 0;
    const path = '/v1/connections/tested';
    let relay: Awaited<ReturnType<typeof relayTo>>;
    beforeAll(async () => {
      kept = await testKept(url, clock);
      relay = await relayTo(() => kept);
      offerConnectors(kept.kept, {
        connectors: [subject.connector],
        sealer: testSealer(),
        privateTargets: true,
        publicUrl: relay.url,
        silenceMs: SILENCE_MS,
      });
      side = await subject.start(clock, `${relay.url}${path}/pushes`);
      await side.given?.(kept);
      const { settings, secrets } = side;
      const made = await kept.call('PUT', path, { kind: subject.connector.kind, settings, secrets });
      expect(made.status, JSON.stringify(made.body)).toBe(201);
    });
    afterAll(async () => {
      await closeConnections(kept.kept);
      await relay.close();
      await kept.close();
      await side.close();
    });

    const again = () => clock.set(new Date(clock.now().getTime() + (subject.againMs ?? 3_600_000)));
    const work = async () => {
      await side.pushed?.();
      await workConnections(kept.kept, 1);
    };
    const happen = async (times: number) => {
      for (let n = 0; n < times; n++) await side.happen(++happened);
    };
    /** Works until both sides have the same, as often as a fault may make it come again; and once more, which changes nothing. */
    const agree = async () => {
      for (let round = 0; round < 40 && (await side.totalIn(kept)) !== (await side.total()); round++) {
        await work();
        again();
      }
      await work();
      const { body } = await kept.call('GET', path);
      expect(await side.totalIn(kept), JSON.stringify(body)).toBe(await side.total());
      expect(await faultsOf(kept.kept)).toEqual([]);
    };

    test('it declares what it can do, and what it has to be told', async () => {
      const { connector } = subject;
      expect(connector.streams.length).toBeGreaterThan(0);
      const opened = await kept.call('GET', '/v1/connectors');
      expect(opened.body.items[0]).toMatchObject({ kind: connector.kind, role: connector.role });
      const wrong = await kept.call('PUT', '/v1/connections/wrong', {
        kind: connector.kind,
        settings: { ...side.settings, [Object.keys(side.settings)[0] ?? 'x']: { not: 'this' } },
        secrets: side.secrets,
      });
      if (Object.keys(side.settings).length > 0) expect(wrong.status).toBe(422);
    });

    test('its check finds nothing broken', async () => {
      const { status, body } = await kept.call('POST', `${path}/check`);
      expect(status).toBe(200);
      expect(body.findings.filter((one: { level: string }) => one.level === 'broken')).toEqual([]);
    });

    test('a back-fill brings in all that is there, and is over', async () => {
      await happen(3);
      await agree();
      const { body } = await kept.call('GET', path);
      for (const stream of body.streams) expect(stream).toMatchObject({ phase: 'following', trouble: null });
    });

    test('what happens afterwards comes in, and what was told twice counts once', async () => {
      await happen(2);
      await agree();
      const replay = await kept.call('POST', `${path}/replay`, {});
      expect(replay.status).toBe(200);
      await work();
      again();
      await agree();
    });

    test.each([
      ['throttling', (faults: Faults) => faults.throttle(3)],
      ['errors of its own', (faults: Faults) => faults.fail(3)],
    ])('nothing is missed by %s', async (_, begin) => {
      await happen(2);
      begin(side.faults);
      await agree();
    });

    test('a call that never ends is ended, and nothing of it is missed', async () => {
      await happen(2);
      side.faults.hang(2);
      const began = performance.now();
      await agree();
      expect(performance.now() - began).toBeLessThan(BOUND_MS);
      // Asked by a person, it is told, and does not keep them waiting either.
      side.faults.hang(8);
      const { status } = await kept.call('POST', `${path}/check`);
      expect(status).toBe(200);
      side.faults.hang(0);
      expect(performance.now() - began).toBeLessThan(BOUND_MS);
      await happen(1);
      await agree();
    });

    test.each<PushTrouble>(['twice', 'shuffled', 'dropped'])(
      'what it pushes counts once, or is found, where it comes %s',
      async (trouble) => {
        const { pushes } = side.faults;
        if (subject.connector.can.push) expect(pushes, 'it is pushed to').toBeDefined();
        if (pushes === undefined) return;
        await agree();
        pushes(trouble);
        await happen(3);
        await work();
        // It was read to its end a moment ago, and is not read again yet: whatever came came by itself.
        if (side.pushed !== undefined && trouble !== 'dropped')
          expect(await side.totalIn(kept)).toBe(await side.total());
        pushes(null);
        await happen(1);
        await agree();
      },
    );

    test('nothing is missed where a token expires', async () => {
      if (side.faults.expireToken === undefined) return;
      await happen(1);
      side.faults.expireToken();
      await agree();
    });

    test('what happens while it is paused comes in when it goes on', async () => {
      await kept.call('POST', `${path}/pause`);
      await happen(2);
      const before = await side.totalIn(kept);
      again();
      await work();
      expect((await kept.call('GET', path)).body.state).toBe('paused');
      expect(await side.totalIn(kept)).toBe(before);
      await kept.call('POST', `${path}/resume`);
      await agree();
    });

    test('disconnected, it leaves nothing there, and its secrets are gone', async () => {
      const { status, body } = await kept.call('DELETE', path);
      expect(status).toBe(200);
      expect(body).toMatchObject({ state: 'disconnected', hasSecrets: false });
      if (side.traces !== undefined) expect(await side.traces()).toBe(0);
    });
  });
}
