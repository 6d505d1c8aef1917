import { describe, expect, test } from 'vitest';
import { KeptError } from '../platform/errors.ts';
import { createBatcher, type Turn } from './batcher.ts';

/** A batcher whose batches are let go one step at a time, with what was begun and committed, in order. */
function staged(options: { batch?: number; waiting?: number } = {}) {
  const begun: string[][] = [];
  const committed: string[][] = [];
  const gates: { write: () => void; commit: () => void; fail: (error: Error) => void }[] = [];
  const batcher = createBatcher<string, string>({
    batch: options.batch ?? 1000,
    waiting: options.waiting ?? 1000,
    async run(requests, turn: Turn) {
      begun.push([...requests]);
      const written = Promise.withResolvers<void>();
      const durable = Promise.withResolvers<void>();
      gates.push({ write: written.resolve, commit: durable.resolve, fail: written.reject });
      await written.promise;
      turn.handOver();
      await turn.before();
      await durable.promise;
      committed.push([...requests]);
      return requests.map((one) => `${one}!`);
    },
  });
  const settle = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  return { batcher, begun, committed, gates, settle };
}

describe('requests that arrive together', () => {
  test('a lone request is run at once, before anything else happens', () => {
    const { batcher, begun } = staged();
    void batcher.submit('a');
    expect(begun).toEqual([['a']]);
  });

  test('those that come while one is decided are the next batch, in the order in which they came', async () => {
    const { batcher, begun, gates, settle } = staged();
    void batcher.submit('a');
    for (const name of ['b', 'c', 'd']) void batcher.submit(name);
    await settle();
    expect(begun).toEqual([['a']]);
    gates[0]!.write();
    await settle();
    expect(begun).toEqual([['a'], ['b', 'c', 'd']]);
  });

  test('the next is prepared while one is committed; a third waits', async () => {
    const { batcher, begun, committed, gates, settle } = staged();
    const first = batcher.submit('a');
    void batcher.submit('b');
    gates[0]!.write();
    await settle();
    void batcher.submit('c');
    gates[1]!.write();
    await settle();
    expect(begun).toEqual([['a'], ['b']]);
    gates[0]!.commit();
    expect(await first).toBe('a!');
    await settle();
    expect(begun).toEqual([['a'], ['b'], ['c']]);
    expect(committed).toEqual([['a']]);
  });

  test('who came first is committed first', async () => {
    const { batcher, committed, gates, settle } = staged();
    const answers = [batcher.submit('a'), batcher.submit('b')];
    gates[0]!.write();
    await settle();
    gates[1]!.write();
    gates[1]!.commit();
    await settle();
    expect(committed).toEqual([]);
    gates[0]!.commit();
    await Promise.all(answers);
    expect(committed).toEqual([['a'], ['b']]);
  });

  test('a crowd goes in halves, so that one can be prepared while the other is written', async () => {
    const { batcher, begun, gates, settle } = staged();
    void batcher.submit('first');
    for (let number = 0; number < 999; number++) void batcher.submit(String(number));
    gates[0]!.write();
    await settle();
    gates[0]!.commit();
    gates[1]!.write();
    await settle();
    expect(begun.map((batch) => batch.length)).toEqual([1, 500, 499]);
  });

  test('no batch is larger than it may be', async () => {
    const { batcher, begun, gates, settle } = staged({ batch: 3 });
    for (let number = 0; number < 8; number++) void batcher.submit(String(number));
    gates[0]!.write();
    gates[0]!.commit();
    await settle();
    expect(begun).toEqual([['0'], ['1', '2', '3']]);
  });

  test('beyond the bound, callers are told to come again', async () => {
    const { batcher } = staged({ waiting: 2 });
    for (const name of ['a', 'b', 'c']) void batcher.submit(name);
    await expect(batcher.submit('d')).rejects.toMatchObject({ code: 'overloaded', status: 503 });
    expect(batcher.waiting).toBe(2);
  });
});

describe('a batch that fails', () => {
  /** Fails each batch that holds a bad request; writes down what was committed, in order. */
  function withBad(bad: string, error: Error = new Error('bad')) {
    const committed: string[] = [];
    const batcher = createBatcher<string, string>({
      batch: 1000,
      waiting: 1000,
      async run(requests, turn) {
        await Promise.resolve();
        if (requests.includes(bad)) throw error;
        turn.handOver();
        await turn.before();
        committed.push(...requests);
        return requests.map((one) => `${one}!`);
      },
    });
    return { batcher, committed };
  }

  test('is run again in halves: only the bad request fails, the others keep their order', async () => {
    const { batcher, committed } = withBad('d');
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const answers = await Promise.allSettled(names.map((name) => batcher.submit(name)));
    expect(answers.map((one) => one.status === 'fulfilled')).toEqual([true, true, true, false, true, true]);
    expect(committed).toEqual(['a', 'b', 'c', 'e', 'f']);
  });

  test('is not taken apart where the fault is not in the requests', async () => {
    let runs = 0;
    const batcher = createBatcher<string, string>({
      batch: 10,
      waiting: 10,
      async run() {
        runs++;
        throw new KeptError('database_unavailable', 'gone');
      },
    });
    const answers = await Promise.allSettled(['a', 'b', 'c'].map((name) => batcher.submit(name)));
    expect(answers.every((one) => one.status === 'rejected')).toBe(true);
    expect(runs).toBe(2);
  });

  test('after it has handed over: the one behind commits only after its halves', async () => {
    const committed: string[] = [];
    const attempts: string[] = [];
    const failCommit = Promise.withResolvers<void>();
    const batcher = createBatcher<string, string>({
      batch: 1000,
      waiting: 1000,
      async run(requests, turn) {
        const name = requests.join('');
        attempts.push(name);
        turn.handOver();
        await turn.before();
        if (name === 'ab') {
          await failCommit.promise;
          throw new Error('the commit failed');
        }
        committed.push(...requests);
        return requests.map((one) => `${one}!`);
      },
    });
    const lone = batcher.submit('0');
    const pair = [batcher.submit('a'), batcher.submit('b')];
    await lone;
    while (!attempts.includes('ab')) await new Promise((resolve) => setImmediate(resolve));
    const behind = batcher.submit('c');
    while (!attempts.includes('c')) await new Promise((resolve) => setImmediate(resolve));
    failCommit.resolve();
    await Promise.all([...pair, behind]);
    expect(committed).toEqual(['0', 'a', 'b', 'c']);
    expect(attempts).toEqual(['0', 'ab', 'c', 'a', 'b', 'c']);
  });
});

describe('a batch that holds what the one before it waits for', () => {
  /** One lock, as the database has it: whoever wants it waits, and nobody sees for whom. */
  function withLock(patienceMs: number) {
    const committed: string[] = [];
    const released = Promise.withResolvers<void>();
    const begun: string[] = [];
    const gate = Promise.withResolvers<void>();
    const batcher = createBatcher<string, string>({
      batch: 1000,
      waiting: 1000,
      patienceMs,
      async run(requests, turn) {
        const name = requests.join('');
        begun.push(name);
        try {
          turn.handOver();
          await turn.before();
          if (name === 'a') {
            await gate.promise;
            if (patienceMs > 1000) turn.again();
            await released.promise;
          }
          committed.push(name);
          return requests.map((one) => `${one}!`);
        } catch (error) {
          released.resolve();
          throw error;
        }
      },
    });
    return { batcher, begun, committed, gate };
  }

  test.each([
    ['as soon as that one says that it decides again', 60_000],
    ['after its patience, where it can say nothing', 20],
  ])('lets go %s, and is decided behind it', async (_when, patienceMs) => {
    const { batcher, begun, committed, gate } = withLock(patienceMs);
    const answers = [batcher.submit('a'), batcher.submit('b')];
    while (!begun.includes('b')) await new Promise((resolve) => setImmediate(resolve));
    gate.resolve();
    expect(await Promise.all(answers)).toEqual(['a!', 'b!']);
    expect(committed).toEqual(['a', 'b']);
    expect(begun).toEqual(['a', 'b', 'b']);
  });
});
