import { useCallback, useEffect, useState } from 'react';
import { Choices } from './Choices.tsx';
import { LineCard } from './LineCard.tsx';
import { type Order, Refusal, readOrder } from './order.ts';
import { browserLanguage, spellDay, spellMoney, wordsIn } from './words.ts';

type State =
  | { kind: 'loading' }
  | { kind: 'closed' }
  | { kind: 'offline' }
  | { kind: 'open'; order: Order; done: boolean };

/** A customer's order in plain words: when it comes, why that moved, and what they may do about it. */
export function CustomerPage() {
  const [state, setState] = useState<State>({ kind: 'loading' });
  const load = useCallback(() => {
    setState({ kind: 'loading' });
    readOrder().then(
      (order) => setState({ kind: 'open', order, done: false }),
      (error) => setState({ kind: error instanceof Refusal && error.status < 500 ? 'closed' : 'offline' }),
    );
  }, []);
  useEffect(load, [load]);
  useEffect(() => {
    if (state.kind !== 'open') return;
    document.documentElement.lang = state.order.language;
    document.title = wordsIn(state.order.language).title(state.order.order.ref);
    document.documentElement.style.setProperty('--brand', state.order.brand.colour);
    document.documentElement.style.setProperty('--on-brand', inkOn(state.order.brand.colour));
  }, [state]);

  const words = wordsIn(state.kind === 'open' ? state.order.language : browserLanguage());
  if (state.kind === 'loading') return <main className="notice">{words.loading}</main>;
  if (state.kind === 'closed')
    return (
      <main className="notice">
        <h1>{words.closed}</h1>
        <p>{words.closedWhy}</p>
      </main>
    );
  if (state.kind === 'offline')
    return (
      <main className="notice">
        <h1>{words.offline}</h1>
        <p>{words.offlineWhy}</p>
        <button type="button" className="main" onClick={load}>
          {words.again}
        </button>
      </main>
    );
  const { order, done } = state;
  return (
    <>
      <header>
        {order.brand.logo === null ? order.brand.name : <img src={order.brand.logo} alt={order.brand.name} />}
      </header>
      <main>
        <h1>{words.title(order.order.ref)}</h1>
        <p className="soft">{words.hello(order.order.name)}</p>
        {done && (
          <p className="done" role="status">
            {words.done}{' '}
            <button type="button" className="link" onClick={() => window.print()}>
              {words.print}
            </button>
          </p>
        )}
        {order.lines.map((line) => (
          <LineCard key={String(line.line)} line={line} order={order} />
        ))}
        {order.canChoose && (
          <Choices order={order} onDone={(next) => setState({ kind: 'open', order: next, done: true })} />
        )}
        <Refunds order={order} />
        <section>
          <h2>{words.timeline}</h2>
          <ol className="timeline">
            {order.timeline.map((step) => (
              <li key={`${step.on} ${step.words}`}>
                <time dateTime={step.on}>{spellDay(step.on, order.today, order.language)}</time>
                {step.words}
              </li>
            ))}
          </ol>
        </section>
        {order.brand.contact !== null && <p className="soft">{words.contact(order.brand.contact)}</p>}
      </main>
    </>
  );
}

function Refunds({ order }: { order: Order }) {
  const words = wordsIn(order.language);
  const named = order.refunds.filter((one) => one.kind !== 'statement');
  if (named.length === 0) return null;
  return (
    <section>
      <h2>{words.refunds}</h2>
      {named.map((one) => {
        const money = spellMoney(one.amount, order.language);
        const day = spellDay(one.dueOn, order.today, order.language);
        const open = one.kind === 'confirm' ? words.refundNamed(day) : words.refundOpen(money, day);
        return <p key={`${one.dueOn} ${one.amount.amount}`}>{one.done ? words.refundDone(money) : open}</p>;
      })}
    </section>
  );
}

/** Black or white, whichever reads better on the brand's colour. */
function inkOn(colour: string): string {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue! > 0.179 ? '#000000' : '#ffffff';
}
