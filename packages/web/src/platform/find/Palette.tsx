import type { FoundPage } from '@kept/contract';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { read, type Shape } from '../api.ts';
import { words } from '../words.ts';
import styles from './Palette.module.css';

type Found = Shape<typeof FoundPage>['items'][number];
type Hit = { key: string; kind: keyof typeof words.find.kinds; name: string; note: string; href: string };

const pages: readonly Hit[] = (
  [
    ['/today', words.today],
    ['/', words.backorders],
    ['/items', words.items],
    ['/purchase-orders', words.purchaseOrders],
    ['/customers', words.customers],
    ['/book', words.book],
    ['/settings', words.settings],
    ['/import', words.import],
  ] as const
).map(([href, name]) => ({ key: href, kind: 'page', name, note: '', href }));

/** Finds an order, item, customer, purchase order or page by part of its name, and goes there. */
export function Palette({ onClose }: { onClose: () => void }) {
  const router = useRouter();
  const dialog = useRef<HTMLDialogElement>(null);
  const [typed, setTyped] = useState('');
  const [chosen, setChosen] = useState(0);
  const [sought] = useDebouncedValue(typed.trim(), 120);
  const query = useQuery({
    queryKey: ['search', sought],
    queryFn: ({ signal }) => read<Shape<typeof FoundPage>>('/v1/search', { q: sought }, signal),
    enabled: sought.length >= 2,
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
  useEffect(() => dialog.current?.showModal(), []);
  const text = typed.trim().toLowerCase();
  const hits: Hit[] = [
    ...pages.filter(({ name }) => name.toLowerCase().includes(text)),
    ...(text.length < 2 ? [] : (query.data?.items ?? []).map(hitOf)),
  ];
  const at = Math.min(chosen, hits.length - 1);
  const go = (hit: Hit | undefined) => {
    if (hit === undefined) return;
    onClose();
    router.history.push(hit.href);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setChosen(Math.min(hits.length - 1, at + 1));
    else if (event.key === 'ArrowUp') setChosen(Math.max(0, at - 1));
    else if (event.key === 'Enter') go(hits[at]);
    else return;
    event.preventDefault();
  };
  return (
    <dialog ref={dialog} className={styles.dialog} aria-label={words.find.open} onClose={onClose}>
      <input
        className={styles.field}
        role="combobox"
        aria-label={words.find.field}
        aria-expanded={hits.length > 0}
        aria-controls="found"
        aria-activedescendant={hits.length > 0 ? `found-${at}` : undefined}
        placeholder={words.find.field}
        autoComplete="off"
        spellCheck={false}
        maxLength={120}
        value={typed}
        onChange={({ currentTarget }) => {
          setTyped(currentTarget.value);
          setChosen(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div id="found" role="listbox" aria-label={words.find.open} className={styles.hits}>
        {hits.map((hit, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the focus and the keys.
          <div
            key={hit.key}
            id={`found-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === at}
            className={styles.hit}
            onPointerMove={() => setChosen(index)}
            onClick={() => go(hit)}
          >
            <span className={styles.kind}>{words.find.kinds[hit.kind]}</span>
            <b>{hit.name}</b>
            <span className={styles.note}>{hit.note}</span>
          </div>
        ))}
      </div>
      <p className={styles.foot} aria-live="polite">
        {query.isError
          ? words.find.failed
          : hits.length === 0 && !query.isFetching
            ? words.find.nothing
            : words.find.how}
      </p>
    </dialog>
  );
}

function hitOf({ kind, name, title, order, sku }: Found): Hit {
  const path = {
    order: `/orders/${encodeURIComponent(order ?? name)}`,
    customer: `/orders/${encodeURIComponent(order ?? name)}`,
    item: `/items/${encodeURIComponent(sku ?? name)}`,
    purchase_order: `/purchase-orders?search=${encodeURIComponent(name)}`,
  }[kind];
  return { key: `${kind} ${name} ${order}`, kind, name, note: title, href: path };
}
