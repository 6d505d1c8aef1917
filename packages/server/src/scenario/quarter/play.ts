import type { Answer, Server } from '../scenario.ts';
import { demandedOf, type Evidence } from './demanded.ts';
import { hashOf, type QuarterFacts, quarterFacts } from './facts.ts';
import { lawfulOf } from './lawful.ts';
import type { QuarterTerms } from './terms.ts';

const DAY_MS = 86_400_000;
/** Messages are written and sent twice a day: before what happens, and after it. */
const TICKS = ['09:00:00Z', '18:00:00Z'] as const;
const NOON = '12:00:00Z';

interface Placed {
  readonly name: string;
  /** Lines that waited for supply when they were placed. */
  readonly waited: ReadonlySet<unknown>;
}

/**
 * Plays the demo brand's quarter through the API, day by day: orders, purchase orders, slips, receipts, parcels, answers,
 * refunds. Then reckons with a pencil what every order's customer had to be told, and what silence had to end, and holds it
 * against what was sent and ended. A customer says yes, says no, or says nothing, by the name of their order.
 * @throws Error for an answer that is neither success nor a refusal that is to be expected
 */
export async function playQuarter(server: Server, from: Date, terms: QuarterTerms): Promise<Answer> {
  const dayAt = (index: number) => new Date(from.getTime() + index * DAY_MS).toISOString().slice(0, 10);
  const until = dayAt(terms.days);
  const facts = quarterFacts(dayAt(0), until, terms);
  const call = callerOf(server);
  await setUp(call, facts);
  const placed: Placed[] = [];
  const ticks: number[] = [];
  const tick = async (day: string, time: string) => {
    await call('PUT', '/v1/clock', { now: `${day}T${time}` });
    ticks.push(Date.parse(`${day}T${time}`));
  };
  const answered = new Set<string>();
  let refused = 0;
  for (let index = 0; index < terms.days; index++) {
    const day = dayAt(index);
    await tick(day, TICKS[0]);
    // Nothing falls due between: what happens now is told by the evening.
    await call('PUT', '/v1/clock', { now: `${day}T${NOON}` });
    await supplyOf(call, facts, day);
    for (const { order } of facts.orders.filter((one) => one.on === day)) {
      const one = await place(call, order, day);
      if (one === null) refused++;
      else placed.push(one);
    }
    await ship(call, day);
    await answer(call, answered, day);
    await payBack(call, day);
    await tick(day, TICKS[1]);
  }
  return { status: 200, headers: {}, body: { ...(await reckon(call, placed, ticks)), refused } };
}

type Call = (method: string, path: string, body?: unknown, mayRefuse?: boolean) => Promise<Evidence>;

function callerOf(server: Server): Call {
  return async (method, path, body, mayRefuse = false) => {
    const answer = await server.call(method, path, body);
    if (answer.status < 300) return answer.body;
    if (mayRefuse && answer.status === 409) return null;
    throw new Error(`${method} ${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
  };
}

async function setUp(call: Call, facts: QuarterFacts): Promise<void> {
  // The shop leaves all messages to Kept here.
  await call('PUT', '/v1/channels/web', { title: 'Online shop', kind: 'web' });
  await call('PUT', '/v1/channels/wholesale', { title: 'Wholesale', kind: 'wholesale' });
  await call('PUT', '/v1/locations/warehouse', { title: 'Own warehouse', channels: ['web', 'wholesale'] });
  for (const { code, ...supplier } of facts.suppliers) await call('PUT', `/v1/suppliers/${code}`, supplier);
  for (const { sku, ...item } of facts.items) await call('PUT', `/v1/items/${sku}`, item);
}

async function supplyOf(call: Call, facts: QuarterFacts, day: string): Promise<void> {
  const today = <Fact extends { on: string }>(list: readonly Fact[]) => list.filter((one) => one.on === day);
  for (const { ref, body } of today(facts.purchaseOrders))
    await call('PUT', `/v1/purchase-orders/${ref}`, body);
  for (const { ref, body } of today(facts.revisions))
    await call('POST', `/v1/purchase-orders/${ref}/revisions`, body, true);
  for (const { ref, body } of today(facts.receipts))
    await call('POST', `/v1/purchase-orders/${ref}/receipts`, body, true);
}

/** The shop states what Kept says can be kept, and takes the money at once. Null: nothing could be promised. */
async function place(
  call: Call,
  order: QuarterFacts['orders'][number]['order'],
  day: string,
): Promise<Placed | null> {
  const lines = [];
  for (const line of order.lines) {
    const query = `sku=${line.sku}&channel=${order.channel}&quantity=${line.quantity}`;
    const { later } = await call('GET', `/v1/availability?${query}`);
    const shipBy = later.at(-1)?.shipBy ?? new Date(Date.parse(day) + 4 * DAY_MS).toISOString().slice(0, 10);
    const deliverBy = new Date(Date.parse(shipBy) + 10 * DAY_MS).toISOString().slice(0, 10);
    const { notBefore: _, cancelAfter: __, ...rest } = line;
    lines.push(order.business ? rest : { ...rest, statedShipBy: shipBy, statedDeliverBy: deliverBy });
  }
  const placedAt = `${day}T${NOON}`;
  const customer = { ...order.customer, email: `${order.ref}@example.com` };
  const body = { ...order, mode: 'request', shipComplete: false, placedAt, customer, lines };
  const answer = await call('POST', '/v1/orders', body, true);
  if (answer === null) return null;
  const name = `${order.channel}:${order.ref}`;
  if (!order.business) {
    const amount = order.lines.reduce((sum, line) => sum + line.price.amount * line.quantity, 0);
    const payment = {
      id: `P-${order.ref}`,
      kind: 'captured',
      amount: { amount, currency: 'GBP' },
      at: placedAt,
    };
    await call('POST', `/v1/orders/${encodeURIComponent(name)}/payments`, payment);
  }
  const waited = (answer.lines as { line: unknown; commitments: { kind: string }[] }[])
    .filter((line) => line.commitments.some((one) => one.kind !== 'reserved'))
    .map((line) => line.line);
  return { name, waited: new Set(waited) };
}

/** What lies ready leaves. */
async function ship(call: Call, day: string): Promise<void> {
  const { items } = await call('GET', '/v1/releases?limit=1000');
  for (const { order, lines } of items as {
    order: string;
    lines: { line: unknown; releasable: number }[];
  }[]) {
    const ready = lines.filter((one) => one.releasable > 0);
    if (ready.length === 0) continue;
    await call('POST', `/v1/orders/${encodeURIComponent(order)}/shipments`, {
      lines: ready.map(({ line, releasable }) => ({ line, quantity: releasable })),
      carrier: 'Post',
      shippedAt: `${day}T${NOON}`,
    });
  }
}

/** Three days after a notice one in four says yes, one in four says no; the others say nothing. */
async function answer(call: Call, answered: Set<string>, day: string): Promise<void> {
  const { items } = await call('GET', '/v1/messages/unanswered?limit=1000');
  for (const { order, askedAt } of items as { order: string; askedAt: string }[]) {
    const says = hashOf(order) % 4;
    if (says > 1 || answered.has(order) || Date.parse(`${day}T${NOON}`) - Date.parse(askedAt) < 3 * DAY_MS)
      continue;
    answered.add(order);
    await call(
      'POST',
      `/v1/orders/${encodeURIComponent(order)}/choices`,
      {
        answer:
          says === 0 ? { choice: 'wait' } : { choice: 'cancel', confirmed: true, reason: 'too late for me' },
      },
      true,
    );
  }
}

/** What is owed goes back the day after. */
async function payBack(call: Call, day: string): Promise<void> {
  const { items } = await call('GET', '/v1/refunds?open=true&limit=1000');
  for (const [index, { order, amount, aroseOn }] of (
    items as { order: string; amount: { amount: number }; aroseOn: string }[]
  ).entries())
    if (aroseOn < day && amount.amount > 0)
      await call('POST', `/v1/orders/${encodeURIComponent(order)}/payments`, {
        id: `R-${day}-${index}`,
        kind: 'refunded',
        amount,
        at: `${day}T${NOON}`,
      });
}

/** Holds what was sent and ended against what had to be. */
async function reckon(call: Call, placed: readonly Placed[], ticks: readonly number[]) {
  const demanded: Record<string, number> = {};
  const sent: Record<string, number> = {};
  const wrong: string[] = [];
  const regimes: Record<string, number> = {};
  const law = { notices: 0, late: 0, endedBySilence: 0 };
  let waited = 0;
  for (const one of placed) {
    const evidence = await call('GET', `/v1/orders/${encodeURIComponent(one.name)}/evidence`);
    const regime = evidence.regimes.join('+');
    regimes[regime] = (regimes[regime] ?? 0) + 1;
    if (one.waited.size > 0) waited++;
    const due = one.waited.size === 0 ? [] : demandedOf(evidence, one.waited, ticks);
    const out = sentOf(evidence);
    for (const message of due) demanded[message.kind] = (demanded[message.kind] ?? 0) + 1;
    for (const message of out) sent[message.kind] = (sent[message.kind] ?? 0) + 1;
    const [asked, got] = [due, out].map((list) => list.map((message) => wordOf(message)).toSorted());
    if (asked!.join() !== got!.join())
      wrong.push(`${one.name} (${regime}): had to be told ${asked!.join(', ')}; was told ${got!.join(', ')}`);
    for (const line of evidence.lines as { line: unknown; statedShipBy: string | null; ordered: number }[]) {
      const ended = endedByLaw(evidence, line.line);
      const lawful = lawfulOf(evidence, line);
      law.late += lawful.lateNotices;
      if (ended !== null) law.endedBySilence++;
      const expected = expectedEnd(evidence, line, lawful.endsOn, ticks.at(-1)!);
      if (expected !== ended)
        wrong.push(
          `${one.name} line ${line.line} (${regime}): silence had to end it on ${expected}, and did on ${ended}`,
        );
    }
    law.notices += out.filter((message) => message.kind === 'delay').length;
    for (const refund of evidence.refunds as {
      dueOn: string;
      doneAt: string | null;
      aroseOn: string;
      kind: string;
    }[])
      if (
        refund.kind === 'refund' &&
        (refund.doneAt ?? new Date(ticks.at(-1)!).toISOString()).slice(0, 10) > refund.dueOn
      )
        wrong.push(`${one.name}: was to be paid back by ${refund.dueOn}`);
  }
  return { orders: placed.length, waited, regimes, demanded, sent, law, wrong };
}

const wordOf = ({ kind, at }: { kind: string; at: number }) =>
  `${kind} on ${new Date(at).toISOString().slice(0, 13)}h`;

/** What went out, with its moment. Both kinds of delay notice are one here. */
function sentOf(evidence: Evidence): { kind: string; at: number }[] {
  return (evidence.messages as { kind: string; state: string; sentAt: string | null }[])
    .filter((one) => one.state === 'sent' && one.sentAt !== null)
    .map((one) => ({
      kind: one.kind.replace(/^(renewed_)?delay_notice$/, 'delay'),
      at: Date.parse(one.sentAt!),
    }));
}

function endedByLaw(evidence: Evidence, line: unknown): string | null {
  const deed = (evidence.cancellations as { line: unknown; by: string; at: string }[]).find(
    (one) => one.line === line && one.by === 'law',
  );
  // The day ends where the goods go, and is another one already in UTC: an hour of slack takes it back.
  return deed === undefined ? null : new Date(Date.parse(deed.at) - 6 * 3_600_000).toISOString().slice(0, 10);
}

/** The day on which silence ends a line that is still open then; null: it has shipped, was ended otherwise, or the quarter is over. */
function expectedEnd(
  evidence: Evidence,
  line: { line: unknown; ordered: number },
  endsOn: number | null,
  last: number,
): string | null {
  if (endsOn === null) return null;
  const end = (endsOn + 1) * DAY_MS;
  // Where the goods go, the day may end some hours later than in UTC.
  if (end + 9 * 3_600_000 > last) return null;
  const gone = [
    ...evidence.shipments,
    ...evidence.cancellations.filter((one: { by: string }) => one.by !== 'law'),
  ]
    .filter((one) => one.line === line.line && Date.parse(one.at) < end + 4 * 3_600_000)
    .reduce((units: number, one) => units + one.quantity, 0);
  return gone >= line.ordered ? null : new Date(endsOn * DAY_MS).toISOString().slice(0, 10);
}
