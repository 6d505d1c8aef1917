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
  onAll: () => void;
  onNone: () => void;
};

/** What can be done with many lines at once. Each line is asked for by itself: one that is refused keeps no other back. */
export function SelectionBar({ lines, loaded, onAll, onNone }: BarProps) {
  const client = useQueryClient();
  const [progress, setProgress] = useState<number | null>(null);
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
    setProgress(0);
    let refused = 0;
    let why = '';
    for (const [index, one] of all.entries()) {
      try {
        await work(one);
      } catch (error) {
        refused++;
        why = error instanceof Error ? error.message : String(error);
      }
      setProgress(index + 1);
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
    for (const order of orders) {
      const { items } = await read<{ items: { id: string; state: string }[] }>('/v1/messages', {
        order,
        limit: 100,
      });
      waiting.push(...items.flatMap(({ id, state }) => (['waiting', 'failed'].includes(state) ? [id] : [])));
    }
    if (waiting.length === 0) return setTold(words.noMessages);
    await each(
      waiting,
      async (id) => void (await write('POST', `/v1/messages/${encodeURIComponent(id)}/send`, {})),
      words.told,
    );
  };
  const cancel = async () => {
    setSure(false);
    await each(
      lines,
      async ({ order, line, quantity }) =>
        void (await write('POST', `/v1/orders/${encodeURIComponent(order)}/cancellations`, {
          by: 'brand',
          lines: [{ line, quantity }],
          reason: words.byBrand,
        })),
      words.cancelled,
    );
    onNone();
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
      <p className={styles.told} aria-live="polite">
        {progress === null ? told : words.doing(progress, lines.length)}{' '}
        {moves.length > 0 && !busy ? (
          <Button size="compact-xs" variant="default" onClick={() => void undo()}>
            {words.undo}
          </Button>
        ) : null}
      </p>
    </section>
  );
}

function sums(lines: readonly Backorder[]): Money[] {
  const found = new Map<string, number>();
  for (const { value } of lines) found.set(value.currency, (found.get(value.currency) ?? 0) + value.amount);
  return [...found].map(([currency, amount]) => ({ currency, amount }));
}
