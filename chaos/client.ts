import { setTimeout as sleep } from 'node:timers/promises';
import type { Chance } from './chance.ts';
import type { Cluster } from './cluster.ts';
import type { Cart, Deed, Done } from './deed.ts';
import { type Answer, SILENCE, send } from './http.ts';
import type { OwnOrder } from './own-order.ts';

/** A client that had no answer waits so long at first, and longer each time. */
const PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 400;
/** Share of the unanswered deeds that their client gives up, as a customer closes the page. */
const GIVEN_UP = 0.08;
/** Share of the repeatable deeds that are sent twice at once, as a shop's webhooks are. */
const TWICE = 0.1;

/** Share of the answers that are lost on their way, as networks lose them. */
const UNHEARD = 0.05;

/** What went wrong for good, in a sentence. */
export type Fault = string;

/**
 * A client of Kept: one deed after the other, each to any of the processes, the repeatable ones again until they are
 * answered. It knows its own orders and carts, and keeps a record of all it did.
 */
export class Client {
  readonly name: string;
  readonly chance: Chance;
  readonly done: Done[] = [];
  readonly faults: Fault[] = [];
  orders: OwnOrder[] = [];
  carts: Cart[] = [];
  /** Sends whose client did not wait for their end. */
  readonly left = new Set<Promise<unknown>>();
  readonly #cluster: Cluster;
  #deeds = 0;
  #lost = 0;

  constructor(name: string, chance: Chance, cluster: Cluster) {
    this.name = name;
    this.chance = chance;
    this.#cluster = cluster;
  }

  /** A name that nobody else has, and a number that is this client's own. */
  nextTag(): string {
    return `${this.name}-${++this.#deeds}`;
  }

  async carryOut(deed: Deed): Promise<Done> {
    const begin = Date.now();
    let sends = 0;
    this.#lost = 0;
    let answer: Answer | null = null;
    for (let pause = PAUSE_MS; ; pause = Math.min(2 * pause, LONGEST_PAUSE_MS)) {
      const twice = deed.repeatable && this.chance.maybe(TWICE);
      sends += twice ? 2 : 1;
      answer = twice ? await this.#sendTwice(deed) : await this.#send(deed);
      if (answer !== null) break;
      await sleep(pause);
      if (!deed.repeatable || this.chance.maybe(GIVEN_UP)) break;
    }
    // Clocks tick in whole milliseconds: the end is not before it was.
    const done: Done = {
      deed,
      begin,
      end: answer === null ? null : Date.now() + 1,
      answer,
      sends,
      lost: this.#lost,
    };
    this.done.push(done);
    this.#check(done);
    return done;
  }

  async #send(deed: Deed): Promise<Answer | null> {
    const address = await this.#anyAddress();
    const sent = send(address, deed);
    this.left.add(sent);
    const answer = await sent;
    this.left.delete(sent);
    const told = this.chance.maybe(UNHEARD) ? null : this.#told(deed, answer);
    if (told === null) this.#lost++;
    return told;
  }

  /** A 503 may hide a commit whose answer was lost. */
  #told(deed: Deed, answer: Answer | typeof SILENCE | null): Answer | null {
    if (answer === SILENCE) {
      this.faults.push(`${deed.tag} ${deed.method} ${deed.path} was not answered at all`);
      return null;
    }
    if (answer === null || answer.status === 503) return null;
    if (answer.status < 500) return answer;
    this.faults.push(
      `${deed.tag} ${deed.method} ${deed.path} was answered ${answer.status}: ${JSON.stringify(answer.body)}`,
    );
    return null;
  }

  async #sendTwice(deed: Deed): Promise<Answer | null> {
    const answers = (await Promise.all([this.#send(deed), this.#send(deed)])).filter((one) => one !== null);
    const accepted = answers.filter(({ status }) => deed.accepted.includes(status));
    const [first, second] = accepted;
    if (first !== undefined && second !== undefined && first.body?.id !== second.body?.id)
      this.faults.push(
        `${deed.tag} ${deed.path} was sent twice and done twice: ${first.body?.id} and ${second.body?.id}`,
      );
    // Of two tries of one request the first may be refused and the second accepted. 201 tells what it was like then.
    return accepted.find(({ status }) => status === 201) ?? first ?? answers[0] ?? null;
  }

  #check({ deed, answer }: Done): void {
    if (answer === null) return;
    if (deed.accepted.includes(answer.status) || deed.refused?.includes(answer.status)) return;
    this.faults.push(
      `${deed.tag} ${deed.method} ${deed.path} ${JSON.stringify(deed.body)} was answered ${answer.status}: ${JSON.stringify(answer.body)}`,
    );
  }

  async #anyAddress(): Promise<string> {
    for (;;) {
      const listening = this.#cluster.seats.map((seat) => seat.address).filter((one) => one !== null);
      if (listening.length > 0) return this.chance.oneOf(listening);
      await sleep(PAUSE_MS);
    }
  }
}
