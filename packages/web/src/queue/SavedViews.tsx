import { Button, CloseButton, TextInput } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import styles from './Selection.module.css';
import {
  countFilters,
  filtersOf,
  type QueueFilters,
  type QueueSearch,
  readQueueSearch,
} from './search-params.ts';
import { selectWords as words } from './select-words.ts';

type View = { name: string; filters: QueueFilters };
const mostViews = 20;

/** Filters and order under a name, in this browser; each is a link like any other. */
export function SavedViews({ search }: { search: QueueSearch }) {
  const [views, setViews] = useLocalStorage<View[]>({ key: 'kept-queue-views', defaultValue: [] });
  const [name, setName] = useState<string | null>(null);
  const narrowed = countFilters(search) > 0 || search.sort !== undefined;
  if (views.length === 0 && !narrowed) return null;
  const keep = () => {
    const called = name?.trim() ?? '';
    if (called === '') return;
    const others = views.filter((view) => view.name !== called);
    setViews([...others, { name: called, filters: filtersOf(search) }].slice(-mostViews));
    setName(null);
  };
  return (
    <ul className={styles.views} aria-label={words.views}>
      {views.map((view) => (
        <li key={view.name}>
          <Link to="/" search={readQueueSearch({ ...view.filters })}>
            {view.name}
          </Link>
          <CloseButton
            size="xs"
            aria-label={words.forget(view.name)}
            onClick={() => setViews(views.filter((one) => one !== view))}
          />
        </li>
      ))}
      {narrowed ? (
        <li>
          {name === null ? (
            <Button size="compact-sm" variant="subtle" onClick={() => setName('')}>
              {words.keep}
            </Button>
          ) : (
            <form
              onSubmit={(event) => {
                event.preventDefault();
                keep();
              }}
            >
              <TextInput
                size="xs"
                data-autofocus
                maxLength={40}
                aria-label={words.name}
                placeholder={words.name}
                value={name}
                onChange={({ currentTarget }) => setName(currentTarget.value)}
              />
              <Button size="xs" type="submit" variant="default">
                {words.keep}
              </Button>
            </form>
          )}
        </li>
      ) : null}
    </ul>
  );
}
