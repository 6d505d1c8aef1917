export const TABS = ['today', 'unanswered', 'messages', 'templates', 'figures'] as const;
export type Tab = (typeof TABS)[number];
/** What the address bar says: which part is seen, how it is narrowed, which message is open. */
export type CustomersSearch = {
  tab?: Tab | undefined;
  state?: string | undefined;
  kind?: string | undefined;
  order?: string | undefined;
  open?: string | undefined;
};

export function readCustomersSearch(raw: Record<string, unknown>): CustomersSearch {
  const text = (value: unknown) => (typeof value === 'string' ? value.slice(0, 260) || undefined : undefined);
  return {
    tab: TABS.find((tab) => tab === raw.tab && tab !== 'today'),
    state: text(raw.state),
    kind: text(raw.kind),
    order: text(raw.order),
    open: text(raw.open),
  };
}
