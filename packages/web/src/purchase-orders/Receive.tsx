import { Button, Checkbox, NumberInput, Progress, SegmentedControl } from '@mantine/core';
import { useRef, useState } from 'react';
import { newKey } from '../platform/api.ts';
import { formatDay } from '../platform/format.ts';
import styles from './LinePanel.module.css';
import { type OpenLine, type Releases, usePurchasing } from './orders.ts';
import { words } from './words.ts';

type Condition = keyof typeof words.receive.conditions;

/** What came of a line; then who can leave by it, to be released in one go. */
export function Receive({ line, today }: { line: OpenLine; today: string }) {
  const { receive, releasable, release } = usePurchasing();
  const [quantity, setQuantity] = useState<number>(line.open);
  const [condition, setCondition] = useState<Condition>('sellable');
  const [close, setClose] = useState(false);
  const [received, setReceived] = useState<{ units: number; orders: Releases['items'] } | null>(null);
  const [released, setReleased] = useState<{ done: number; all: number } | null>(null);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  // One name for one delivery: pressing twice, or again after no answer, counts it once.
  const receipt = useRef(newKey());

  const attempt = async (work: () => Promise<void>) => {
    setBusy(true);
    setTrouble(null);
    try {
      await work();
    } catch (error) {
      setTrouble(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(false);
    }
  };
  const take = () =>
    attempt(async () => {
      await receive(line, { quantity, condition, close, id: receipt.current });
      receipt.current = newKey();
      const { items } = await releasable(line.sku);
      setReceived({ units: quantity, orders: items.filter(({ state }) => state !== 'blocked') });
      setReleased(null);
    });
  const letGo = (orders: Releases['items']) =>
    attempt(async () => {
      setReleased({ done: 0, all: orders.length });
      await release(
        orders.map(({ id }) => id),
        (done) => setReleased({ done, all: orders.length }),
      );
    });

  return (
    <section className={styles.receive} aria-label={words.receive.title}>
      <h3 className={styles.section}>{words.receive.title}</h3>
      <NumberInput
        label={words.receive.quantity}
        min={0}
        max={10_000_000}
        allowDecimal={false}
        allowNegative={false}
        value={quantity}
        onChange={(value) => setQuantity(typeof value === 'number' ? value : 0)}
      />
      <SegmentedControl
        fullWidth
        size="xs"
        aria-label={words.receive.condition}
        data={Object.entries(words.receive.conditions).map(([value, label]) => ({ value, label }))}
        value={condition}
        onChange={(value) => setCondition(value as Condition)}
      />
      {quantity < line.open ? (
        <Checkbox
          label={words.receive.close}
          checked={close}
          onChange={({ currentTarget }) => setClose(currentTarget.checked)}
        />
      ) : null}
      <Button
        variant="default"
        loading={busy && received === null}
        disabled={quantity === 0 && !close}
        onClick={() => void take()}
      >
        {words.receive.receive(quantity)}
      </Button>
      <div aria-live="polite" className={styles.releases}>
        {received === null ? null : (
          <>
            <p className={styles.done}>{words.receive.received(received.units)}</p>
            {released !== null ? (
              <>
                <p>
                  {released.done === released.all
                    ? words.receive.released(released.all)
                    : words.receive.releasing(released.done, released.all)}
                </p>
                {released.done < released.all ? (
                  <Progress value={(released.done / released.all) * 100} aria-label={words.receive.title} />
                ) : (
                  <p>
                    <a href="/v1/releases/pick-list?format=csv" download>
                      {words.receive.pickList}
                    </a>{' '}
                    {words.receive.pickCsv}
                  </p>
                )}
              </>
            ) : received.orders.length === 0 ? (
              <p>{words.receive.none}</p>
            ) : (
              <>
                <p>{words.receive.canLeave(received.orders.length)}</p>
                <ul className={styles.orders}>
                  {received.orders.slice(0, 12).map((order) => (
                    <li key={order.id}>
                      <b>{order.customer}</b> {order.order}
                      {order.shipBy === null ? null : (
                        <span data-stake={order.atStake || undefined}>
                          {' '}
                          {formatDay(order.shipBy, today, { weekday: false })}
                          {order.atStake ? `, ${words.receive.atStake}` : ''}
                        </span>
                      )}
                    </li>
                  ))}
                </ul>
                <Button loading={busy} onClick={() => void letGo(received.orders)}>
                  {words.receive.release(received.orders.length)}
                </Button>
              </>
            )}
          </>
        )}
        {trouble === null ? null : (
          <p className={styles.trouble} role="alert">
            {words.panel.failed}: {trouble}
          </p>
        )}
      </div>
    </section>
  );
}
