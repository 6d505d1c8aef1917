import { ActionIcon } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { lazy, Suspense, useEffect, useState } from 'react';
import { words } from '../words.ts';

const load = () => import('./Palette.tsx').then(({ Palette }) => ({ default: Palette }));
const Palette = lazy(load);

/** Opens what finds anything, from every page: by its button, or by Ctrl K and ⌘ K. */
export function Find() {
  const [open, setOpen] = useState(false);
  useEffect(() => {
    // Once the page is there, so that nobody who types at once loses a letter.
    const later = setTimeout(() => void load(), 2_000);
    return () => clearTimeout(later);
  }, []);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey) return;
      event.preventDefault();
      setOpen(true);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  return (
    <>
      <ActionIcon
        variant="subtle"
        color="gray"
        size={36}
        aria-label={words.find.open}
        title={`${words.find.open} (Ctrl K)`}
        aria-haspopup="dialog"
        onPointerEnter={() => void load()}
        onClick={() => setOpen(true)}
        styles={{ root: { color: 'var(--kept-ink-soft)' } }}
      >
        <IconSearch size={19} stroke={1.6} />
      </ActionIcon>
      {open ? (
        <Suspense fallback={null}>
          <Palette onClose={() => setOpen(false)} />
        </Suspense>
      ) : null}
    </>
  );
}
