import { useEffect } from 'react';

type Keys = {
  move: (step: number) => void;
  open: (id: string) => void;
  search: () => void;
  choose: (id: string) => void;
  activeId: string | undefined;
  drawerOpen: boolean;
};

/**
 * The page's keys: `/` searches, j and k (or the arrows) walk the lines, x selects one, Enter opens one. With a line open, j and k
 * go on to the next line's story; the arrows scroll it. Escape is the drawer's own.
 */
export function useQueueKeys({ move, open, search, choose, activeId, drawerOpen }: Keys) {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      const target = event.target instanceof HTMLElement ? event.target : document.body;
      if (target.matches('input, select, textarea, [contenteditable]')) return;
      const onRows = target === document.body || target.closest('[role="grid"]') !== null;
      if (event.key === 'j') move(1);
      else if (event.key === 'k') move(-1);
      else if (event.key === 'ArrowDown' && onRows && !drawerOpen) move(1);
      else if (event.key === 'ArrowUp' && onRows && !drawerOpen) move(-1);
      else if (event.key === 'x' && activeId && !drawerOpen) choose(activeId);
      else if (event.key === '/' && !drawerOpen) search();
      else if (event.key === 'Enter' && activeId && target.matches('[data-row]')) open(activeId);
      else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [move, open, search, choose, activeId, drawerOpen]);
}
