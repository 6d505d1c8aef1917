import type { Action, Fact } from '../../../connections/index.ts';
import type { TestKept } from '../../../testing/brand.ts';
import { carryOut } from '../act.ts';
import { type Exchange, sendFiles, takeFiles } from '../exchange.ts';
import { messageFacts } from '../facts.ts';
import type { Mailbox } from '../mailbox/mailbox.ts';

let asked = 0;

/** One look at a mailbox: files are taken, facts applied through the public API, orders told, and files sent. */
export async function exchangeOnce(one: TestKept, exchange: Exchange, mailbox: Mailbox): Promise<Fact[]> {
  await takeFiles(exchange, mailbox);
  const facts: Fact[] = [];
  for await (const told of messageFacts(exchange, null))
    for (const fact of told.facts) {
      facts.push(fact);
      await apply(one, exchange, fact);
    }
  await sendFiles(exchange, mailbox);
  return facts;
}

async function apply(one: TestKept, exchange: Exchange, fact: Fact): Promise<void> {
  if (fact.kind === 'order') {
    const { status, body } = await one.call('POST', '/v1/orders', fact.order);
    const { channel, ref } = fact.order;
    if (status === 200) return;
    await tell(
      exchange,
      { channel, ref },
      status === 201 ? { news: 'placed', state: body } : { news: 'refused', state: null, refusal: body },
    );
    return;
  }
  if (fact.kind !== 'change' && fact.kind !== 'cancellation') throw new Error(`no ${fact.kind} is expected`);
  const path = fact.kind === 'change' ? 'changes' : 'cancellations';
  const body = fact.kind === 'change' ? fact.changes : fact.cancellation;
  const answer = await one.call('POST', `/v1/orders/${fact.order}/${path}`, body);
  const [channel, ref] = fact.order.split(/:(.*)/) as [string, string];
  if (answer.status === 200) await tell(exchange, { channel, ref }, { news: 'changed', state: answer.body });
}

type Tell = Extract<Action, { kind: 'tell_order' }>;
export async function tell(
  exchange: Exchange,
  order: Tell['order'],
  what: Pick<Tell, 'news' | 'state' | 'refusal'>,
): Promise<void> {
  await carryOut(exchange, {
    kind: 'tell_order',
    id: `t${++asked}`,
    at: exchange.kept.clock.now().toISOString(),
    order,
    ...what,
  });
}
