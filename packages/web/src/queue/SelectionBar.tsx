import { Button, TextInput } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { read, write } from '../platform/api.ts';
import { formatMoneyList, formatMoneyShort, type Money } from '../platform/format.ts';
import type { Backorder } from './backorders.ts';
import { csvOf } from './export.ts';
import styles from './Selection.module.css';
import { selectWords as words } from './select-words.ts';

type BarProps = {
  lines: readonly Backorder[];
  loaded: number;
  /** While work goes on, and until what came of it was read: the lines may be gone from the queue by then. */
  onStay: (stays: boolean) => void;
  onAll: () => void;
  onNone: () => void;
};

/** What can be done with many lines at once. Each line is asked for by itself: one that is refused keeps no other back. */
export function SelectionBar({ lines, loaded, onStay, onAll, onNone }: BarProps) {
  const client = useQueryClient();
  const [progress, setProgress] = useState<{ done: number; all: number } | null>(null);
  const [told, setTold] = useState<string | null>(null);
  const [sure, setSure] = useState(false);
  /** The item instead, while it is written; null: nobody asked for one. */
  const [instead, setInstead] = useState<string | null>(null);
  const [moves, setMoves] = useState<readonly string[]>([]);
  const units = lines.reduce((sum, { quantity }) => sum + quantity, 0);
  const value = formatMoneyList(sums(lines), formatMoneyShort);
  const busy = progress !== null;

  /** Runs the work for each, and says what came of it, refusals included. */
  const each = async <One,>(
    all: readonly One[],
    work: (one: One) => Promise<void>,
    done: (n: number) => string,
  ) => {
    setTold(null);
    setProgress({ done: 0, all: all.length });
    onStay(true);
    let refused = 0;
    let why = '';
    for (const [index, one] of all.entries()) {
      try {
        await work(one);
      } catch (error) {
        refused++;
        why = error instanceof Error ? error.message : String(error);
      }
      setProgress({ done: index + 1, all: all.length });
    }
    setProgress(null);
    const succeeded = all.length - refused;
    const parts = [
      ...(succeeded > 0 ? [done(succeeded)] : []),
      ...(refused > 0 ? [words.refused(refused, why)] : []),
    ];
    setTold(parts.join(' '));
    for (const key of ['backorders', 'messages', 'today', 'explanation'])
      void client.invalidateQueries({ queryKey: [key] });
    return refused;
  };
  const close = () => {
    setTold(null);
    setMoves([]);
    onStay(false);
  };
  const move = async (to: 'first' | 'last') => {
    const made: string[] = [];
    // Whoever is moved last stands first: so that they keep the order among themselves.
    const inTurn = to === 'first' ? [...lines].reverse() : lines;
    await each(
      inTurn,
      async ({ id }) => {
        const { move: name } = await write<{ move: string }>(
          'POST',
          `/v1/backorders/${encodeURIComponent(id)}/moves`,
          { to, reason: words.byHand },
        );
        made.push(name);
      },
      words.moved,
    );
    setMoves(made);
  };
  const undo = async () => {
    const back = [...moves].reverse();
    setMoves([]);
    await each(
      back,
      async (id) => void (await write('POST', `/v1/moves/${encodeURIComponent(id)}/undo`, {})),
      () => words.undone,
    );
  };
  const tell = async () => {
    const orders = [...new Set(lines.map(({ order }) => order))];
    const waiting: string[] = [];
    // From the first press on: a second one would send what the first is still looking for.
    setProgress({ done: 0, all: orders.length });
    onStay(true);
    try {
      for (const order of orders) {
        const { items } = await read<{ items: { id: string; state: string }[] }>('/v1/messages', {
          order,
          limit: 100,
        });
        waiting.push(
          ...items.flatMap(({ id, state }) => (['waiting', 'failed'].includes(state) ? [id] : [])),
        );
      }
    } catch (error) {
      setProgress(null);
      return setTold(words.notTold(error instanceof Error ? error.message : String(error)));
    }
    if (waiting.length === 0) {
      setProgress(null);
      return setTold(words.noMessages);
    }
    await each(
      waiting,
      async (id) => void (await write('POST', `/v1/messages/${encodeURIComponent(id)}/send`, {})),
      words.told,
    );
  };
  const cancel = async () => {
    setSure(false);
    const refused = await each(
      lines,
      async ({ order, line, quantity }) =>
        void (await write('POST', `/v1/orders/${encodeURIComponent(order)}/cancellations`, {
          by: 'brand',
          lines: [{ line, quantity }],
          reason: words.byBrand,
        })),
      words.cancelled,
    );
    // Those that were refused stay selected, to be looked at.
    if (refused === 0) onNone();
  };
  const change = async () => {
    const sku = instead?.trim() ?? '';
    if (sku === '') return;
    setInstead(null);
    await each(
      lines,
      async ({ order, line, quantity }) =>
        void (await write('POST', `/v1/orders/${encodeURIComponent(order)}/switches`, {
          ...{ line, sku, quantity },
          reason: words.byBrandSwitched,
        })),
      words.switched,
    );
  };
  const outcome = (
    <p className={styles.told} aria-live="polite">
      {progress === null ? told : words.doing(progress.done, progress.all)}{' '}
      {moves.length > 0 && !busy ? (
        <Button size="compact-xs" variant="default" onClick={() => void undo()}>
          {words.undo}
        </Button>
      ) : null}{' '}
      {told !== null && !busy ? (
        <Button size="compact-xs" variant="subtle" onClick={close}>
          {words.close}
        </Button>
      ) : null}
    </p>
  );
  if (lines.length === 0)
    return (
      <section className={styles.bar} aria-label={words.bar}>
        {outcome}
      </section>
    );
  return (
    <section className={styles.bar} aria-label={words.bar}>
      <p className={styles.what}>
        {instead !== null
          ? words.switchTo(units, new Set(lines.map(({ order }) => order)).size)
          : sure
            ? words.sure(units, new Set(lines.map(({ order }) => order)).size, value)
            : words.selected(lines.length, units, value)}
      </p>
      <div className={styles.actions}>
        {instead !== null ? (
          <form
            className={styles.actions}
            onSubmit={(event) => {
              event.preventDefault();
              void change();
            }}
          >
            <TextInput
              size="xs"
              aria-label={words.instead}
              placeholder={words.instead}
              required
              value={instead}
              onChange={({ currentTarget }) => setInstead(currentTarget.value)}
            />
            <Button size="xs" type="submit">
              {words.switchThem}
            </Button>
            <Button size="xs" variant="default" onClick={() => setInstead(null)}>
              {words.no}
            </Button>
          </form>
        ) : sure ? (
          <>
            <Button size="xs" color="red" onClick={() => void cancel()}>
              {words.yes}
            </Button>
            <Button size="xs" variant="default" onClick={() => setSure(false)}>
              {words.no}
            </Button>
          </>
        ) : (
          <>
            <Button size="xs" disabled={busy} onClick={() => void tell()}>
              {words.tell}
            </Button>
            <Button size="xs" variant="default" disabled={busy} onClick={() => void move('first')}>
              {words.first}
            </Button>
            <Button size="xs" variant="default" disabled={busy} onClick={() => void move('last')}>
              {words.last}
            </Button>
            <Button size="xs" variant="default" disabled={busy} onClick={() => setInstead('')}>
              {words.switch}
            </Button>
            <Button size="xs" variant="default" disabled={busy} onClick={() => setSure(true)}>
              {words.cancel}
            </Button>
            <Button
              size="xs"
              variant="default"
              renderRoot={(props) => <a {...props} href={csvOf(lines)} download="backorders.csv" />}
            >
              {words.export}
            </Button>
            {lines.length < loaded ? (
              <Button size="xs" variant="subtle" onClick={onAll}>
                {words.all(loaded)}
              </Button>
            ) : null}
            <Button size="xs" variant="subtle" onClick={onNone}>
              {words.none}
            </Button>
          </>
        )}
      </div>
      {outcome}
    </section>
  );
}

function sums(lines: readonly Backorder[]): Money[] {
  const found = new Map<string, number>();
  for (const { value } of lines) found.set(value.currency, (found.get(value.currency) ?? 0) + value.amount);
  return [...found].map(([currency, amount]) => ({ currency, amount }));
}
