import { type RefObject, useEffect } from 'react';

/** On a phone links in a row scroll sideways: the one that is open is among those that are seen. `open` changes when another one is. */
export function useInSight(row: RefObject<HTMLElement | null>, open: unknown): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: which link is open is read from the page.
  useEffect(() => {
    row.current
      ?.querySelector('[aria-current="page"]')
      ?.scrollIntoView({ inline: 'center', block: 'nearest' });
  }, [open]);
}
