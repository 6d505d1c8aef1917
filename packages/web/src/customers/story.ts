import type { PromiseVersion } from '@kept/contract';
import type { Shape } from '../platform/api.ts';
import type { Money } from '../platform/format.ts';
import { words } from './words.ts';

type Line = string | number;
/** What /v1/orders/:order/evidence answers, as far as the page tells it. */
export type Evidence = {
  placedAt: string;
  customer: { name: string; email: string | null };
  shipTo: { country: string };
  lines: { line: Line; sku: string; title: string; ordered: number; shipped: number; cancelled: number }[];
  promises: {
    line: Line;
    version: number;
    quantity: number;
    shipBy: string | null;
    change: string;
    madeAt: string;
    reasons: Shape<typeof PromiseVersion>['reasons'];
  }[];
  messages: {
    id: string;
    kind: string;
    state: string;
    writtenAt: string;
    sentAt: string | null;
    subject: string | null;
    trouble: string | null;
  }[];
  answers: { line: Line; choice: string; at: string; until: string | null; reason: string | null }[];
  shipments: { line: Line; quantity: number; at: string; carrier: string | null; tracking: string | null }[];
  cancellations: { line: Line; quantity: number; at: string; by: string; reason: string }[];
  payments: { id: string; kind: string; amount: Money; at: string }[];
};

type Teller = {
  day: (day: string) => string;
  money: (money: Money) => string;
  reason: (reason: Evidence['promises'][number]['reasons'][number]) => string;
};
type Told = { key: string; at: string; text: string; detail: string };

/** An order's story, the latest first: each entry a sentence, and why. */
export function eventsOf(evidence: Evidence, tell: Teller): Told[] {
  const { story } = words;
  const titles = new Map(evidence.lines.map(({ line, title }) => [line, title]));
  const title = (line: Line) => titles.get(line) ?? String(line);
  const events: Told[] = [
    { key: 'placed', at: evidence.placedAt, text: story.placed, detail: '' },
    ...evidence.promises.map(({ line, version, quantity, shipBy, madeAt, reasons }) => ({
      key: `promise ${line} ${version}`,
      at: madeAt,
      text:
        shipBy === null
          ? story.withdrawn(title(line))
          : (version === 1 ? story.promised : story.moved)(quantity, title(line), tell.day(shipBy)),
      detail: [...new Set(reasons.map(tell.reason))].join('; '),
    })),
    ...evidence.messages.map(({ id, kind, state, writtenAt, sentAt, subject, trouble }) => ({
      key: `message ${id}`,
      at: sentAt ?? writtenAt,
      text: story.told(words.kinds[kind] ?? kind, words.states[state] ?? state),
      detail: trouble ?? subject ?? '',
    })),
    ...evidence.answers.map(({ line, choice, at, until, reason }, index) => ({
      key: `answer ${index}`,
      at,
      text: `${story.chose(story.choices[choice] ?? choice)}, ${title(line)}`,
      detail: [until === null ? '' : tell.day(until), reason ?? ''].filter(Boolean).join(', '),
    })),
    ...evidence.shipments.map(({ line, quantity, at, carrier, tracking }, index) => ({
      key: `shipment ${index}`,
      at,
      text: story.shipped(quantity, title(line)),
      detail: [carrier, tracking].filter(Boolean).join(', '),
    })),
    ...evidence.cancellations.map(({ line, quantity, at, by, reason }, index) => ({
      key: `cancellation ${index}`,
      at,
      text: story.cancelled(quantity, title(line), by),
      detail: reason,
    })),
    ...evidence.payments.map(({ id, kind, amount, at }) => ({
      key: `payment ${id}`,
      at,
      text: `${kind}: ${tell.money(amount)}`,
      detail: '',
    })),
  ];
  return events.sort((left, right) => right.at.localeCompare(left.at));
}
