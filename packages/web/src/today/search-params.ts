export const ROLES = ['buyer', 'operations', 'cx', 'finance'] as const;
export type Role = (typeof ROLES)[number];

/** What the address bar says: whose work is shown; nothing: everybody's. */
export type TodaySearch = { role?: Role | undefined };

export function readTodaySearch(raw: Record<string, unknown>): TodaySearch {
  return { role: ROLES.find((role) => role === raw.role) };
}
