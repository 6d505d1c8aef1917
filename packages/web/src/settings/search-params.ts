/** What the address bar says: which settings are open, and of which policy or connection. */
export const TABS = ['promises', 'channels', 'calendar', 'people', 'account', 'keys', 'connections'] as const;
export type Tab = (typeof TABS)[number];
export type SettingsSearch = { tab?: Tab | undefined; open?: string | undefined };

export function readSettingsSearch(raw: Record<string, unknown>): SettingsSearch {
  return {
    tab: TABS.find((tab) => tab === raw.tab),
    open: typeof raw.open === 'string' ? raw.open.slice(0, 120) || undefined : undefined,
  };
}
