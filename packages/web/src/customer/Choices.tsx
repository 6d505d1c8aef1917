import { type FormEvent, useEffect, useId, useState } from 'react';
import { type ChoiceName, choose, type Order, type OrderLine, Refusal, refundOf } from './order.ts';
import { spellDay, spellMoney, type Words, wordsIn } from './words.ts';

interface PanelProps {
  order: Order;
  words: Words;
  busy: boolean;
  onChoose: (choice: Record<string, unknown>) => void;
}

/** Wait, switch or cancel: first chosen, then confirmed with what it comes to. */
export function Choices({ order, onDone }: { order: Order; onDone: (order: Order) => void }) {
  const words = wordsIn(order.language);
  const [chosen, setChosen] = useState<ChoiceName | null>(asked);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  // A choice that is sent twice, by a double tap or after a lost answer, is carried out once.
  const [key, setKey] = useState(() => crypto.randomUUID());
  const send = async (choice: Record<string, unknown>) => {
    setBusy(true);
    setTrouble(null);
    try {
      onDone(await choose(choice, key));
      setChosen(null);
      setKey(crypto.randomUUID());
    } catch (error) {
      setTrouble(error instanceof Refusal && error.status === 409 ? error.message : words.offlineWhy);
    } finally {
      setBusy(false);
    }
  };
  const panel = { order, words, busy, onChoose: send };
  return (
    <section className="card choices" aria-live="polite">
      {chosen === null && (
        <>
          <h2>{words.ask}</h2>
          {order.silence !== null && <p>{order.silence}</p>}
          <button type="button" className="main" onClick={() => setChosen('wait')}>
            {words.wait}
          </button>
          <button type="button" onClick={() => setChosen('switch')}>
            {words.change}
          </button>
          <button type="button" onClick={() => setChosen('cancel')}>
            {words.cancel}
          </button>
        </>
      )}
      {chosen === 'wait' && <WaitPanel {...panel} />}
      {chosen === 'switch' && <SwitchPanel {...panel} />}
      {chosen === 'cancel' && <CancelPanel {...panel} />}
      {trouble !== null && (
        <p className="trouble" role="alert">
          {trouble}
        </p>
      )}
      {chosen !== null && (
        <button type="button" className="link" disabled={busy} onClick={() => setChosen(null)}>
          {words.back}
        </button>
      )}
    </section>
  );
}

/** The mail's buttons lead here with a choice in the address; nothing is carried out by following them. */
function asked(): ChoiceName | null {
  const choice = new URLSearchParams(location.search).get('choice');
  return choice === 'wait' || choice === 'switch' || choice === 'cancel' ? choice : null;
}

const openOf = (order: Order) => order.lines.filter((line) => line.open > 0);

function WaitPanel({ order, words, busy, onChoose }: PanelProps) {
  const days = openOf(order).map((line) => line.waitUntil);
  const undated = days.includes(null);
  const shown = openOf(order).map((line) => line.parts.at(-1)?.shipBy ?? null);
  const last = undated ? null : (shown as string[]).sort().at(-1)!;
  const until = undated ? null : (days as string[]).sort().at(-1)!;
  return (
    <>
      <h2>{words.wait}</h2>
      <p>{words.waitAsk(last === null ? null : spellDay(last, order.today, order.language))}</p>
      <button
        type="button"
        className="main"
        disabled={busy}
        onClick={() =>
          onChoose(until === null ? { choice: 'wait', untilAnyDay: true } : { choice: 'wait', until })
        }
      >
        {words.waitYes}
      </button>
    </>
  );
}

function SwitchPanel({ order, words, busy, onChoose }: PanelProps) {
  const offers = openOf(order).flatMap((line) => line.alternatives.map((offer) => ({ line, offer })));
  const costs = (amount: number) => {
    const money = spellMoney({ amount: Math.abs(amount), currency: order.order.currency }, order.language);
    return amount === 0 ? words.same : amount > 0 ? words.more(money) : words.less(money);
  };
  return (
    <>
      <h2>{words.change}</h2>
      <p>{offers.length === 0 ? words.none : words.switchAsk}</p>
      {offers.map(({ line, offer }) => (
        <div key={`${line.line} ${offer.sku}`} className="offer">
          <div>
            <strong>{offer.title}</strong>
            <span className="soft">
              {costs(offer.difference.amount)}.{' '}
              {offer.shipBy === null
                ? words.now
                : words.leavesBy(spellDay(offer.shipBy, order.today, order.language))}
              .
            </span>
          </div>
          <button
            type="button"
            disabled={busy}
            onClick={() => onChoose({ choice: 'switch', line: line.line, sku: offer.sku, confirmed: true })}
          >
            {words.switchYes}
          </button>
        </div>
      ))}
    </>
  );
}

function CancelPanel({ order, words, busy, onChoose }: PanelProps) {
  const lines = openOf(order);
  const [counts, setCounts] = useState<Record<string, number>>(() =>
    Object.fromEntries(lines.map((line) => [String(line.line), line.open])),
  );
  const reasonId = useId();
  const countOf = (line: OrderLine) => counts[String(line.line)] ?? 0;
  const all = lines.every((line) => countOf(line) === line.open);
  const none = lines.every((line) => countOf(line) === 0);
  const part = lines
    .filter((line) => countOf(line) > 0)
    .map((line) => ({ line: line.line, quantity: countOf(line) }));
  const refund = useRefund(order, all ? null : part);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const reason = String(new FormData(event.currentTarget).get('reason') ?? '').trim();
    onChoose({
      choice: 'cancel',
      confirmed: true,
      ...(reason === '' ? {} : { reason }),
      ...(all ? {} : { lines: part }),
    });
  };
  return (
    <form onSubmit={submit}>
      <h2>{words.cancel}</h2>
      <p>{lines.length === 1 && lines[0]!.open === 1 ? words.cancelAll : words.cancelAsk}</p>
      {(lines.length > 1 || lines[0]!.open > 1) &&
        lines.map((line) => (
          <label key={String(line.line)} className="count">
            {line.title}
            <select
              value={countOf(line)}
              onChange={(event) => setCounts({ ...counts, [String(line.line)]: Number(event.target.value) })}
            >
              {Array.from({ length: Math.min(line.open, 200) + 1 }, (_, count) => count).map((count) => (
                <option key={count} value={count}>
                  {count}
                </option>
              ))}
            </select>
          </label>
        ))}
      {refund !== null && (
        <p>
          {words.refund(
            refund,
            spellMoney(refund.amount, order.language),
            spellDay(refund.by, order.today, order.language),
          )}
        </p>
      )}
      <label htmlFor={reasonId}>{words.reason}</label>
      <textarea id={reasonId} name="reason" rows={2} maxLength={400} />
      <button type="submit" className="main" disabled={busy || none}>
        {words.cancelYes}
      </button>
    </form>
  );
}

/** What goes back: of all, as the page came with it; of a part, as the server reckons it. Null: nothing, or not known yet. */
function useRefund(
  order: Order,
  part: readonly { line: string | number; quantity: number }[] | null,
): Order['refund'] {
  const asked = part === null ? '' : JSON.stringify(part);
  const [known, setKnown] = useState<{ asked: string; refund: Order['refund'] }>();
  useEffect(() => {
    if (asked === '' || asked === '[]') return;
    let over = false;
    refundOf(JSON.parse(asked)).then(
      (refund) => over || setKnown({ asked, refund }),
      // Without an answer the amount stays unsaid: the choice itself goes on.
      () => {},
    );
    return () => {
      over = true;
    };
  }, [asked]);
  if (part === null) return order.refund;
  return known?.asked === asked ? known.refund : null;
}
