/** What the address bar says: which items are listed. */
export type ItemsSearch = { search?: string | undefined; show?: 'waiting' | 'running-out' | undefined };

export function readItemsSearch(raw: Record<string, unknown>): ItemsSearch {
  return {
    search: typeof raw.search === 'string' ? raw.search.slice(0, 120) || undefined : undefined,
    show: raw.show === 'waiting' || raw.show === 'running-out' ? raw.show : undefined,
  };
}
