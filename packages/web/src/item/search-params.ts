/** What the address bar says: which items are listed. */
export type ItemsSearch = { search?: string | undefined; show?: 'waiting' | undefined };

export function readItemsSearch(raw: Record<string, unknown>): ItemsSearch {
  return {
    search: typeof raw.search === 'string' ? raw.search.slice(0, 120) || undefined : undefined,
    show: raw.show === 'waiting' ? 'waiting' : undefined,
  };
}
