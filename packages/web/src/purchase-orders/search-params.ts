/** What the address bar says: which lines are shown, and which one is open. */
export type PurchaseOrdersSearch = {
  search?: string | undefined;
  promised?: 'yes' | undefined;
  /** The id of the line whose panel is open. */
  open?: string | undefined;
};

export function readPurchaseOrdersSearch(raw: Record<string, unknown>): PurchaseOrdersSearch {
  const text = (value: unknown) => (typeof value === 'string' ? value.slice(0, 120) || undefined : undefined);
  return {
    search: text(raw.search),
    promised: raw.promised === 'yes' ? 'yes' : undefined,
    open: text(raw.open),
  };
}
