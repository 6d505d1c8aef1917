import { withBrand } from '../platform/database.ts';
import type { Kept } from '../platform/kept.ts';
import { listConnections } from './connection-store.ts';
import { checkConnection, viewConnection } from './connections.ts';
import type { Finding } from './connector.ts';
import { closeConnections } from './opened.ts';
import { toolsOf } from './registry.ts';

export interface ConnectionHealth {
  readonly name: string;
  readonly kind: string;
  readonly findings: readonly Finding[];
}

/** What whoever runs Kept should know of each connection: what it says itself, and what waits too long or for a person. */
export async function examineConnections(kept: Kept, brandId: number): Promise<ConnectionHealth[]> {
  const rows = await withBrand(kept.db, brandId, (client) => listConnections(client, brandId), {
    reads: true,
  });
  const health: ConnectionHealth[] = [];
  try {
    for (const row of rows) {
      if (row.state === 'disconnected') continue;
      const view = await withBrand(kept.db, brandId, (client) => viewConnection(client, brandId, row), {
        reads: true,
      });
      const findings: Finding[] = [];
      const find = (code: string, level: Finding['level'], words: string) =>
        findings.push({ code, level, words });
      if (!toolsOf(kept).connectors.has(row.kind))
        find('unknown_kind', 'broken', `This Kept has no connector ${row.kind}; nothing is read or told.`);
      else if (row.state !== 'paused') findings.push(...(await checkConnection(kept, brandId, row.name)));
      if (row.state === 'broken')
        find(
          'broken',
          'broken',
          `${row.trouble ?? 'It is broken.'} Mend that, then PUT it again or resume it.`,
        );
      if (row.state === 'paused') find('paused', 'warning', 'It is paused: nothing is read, told or asked.');
      for (const { stream, trouble } of view.streams)
        if (trouble !== null) find('stream_fails', 'warning', `${stream} cannot be read: ${trouble}`);
      const { refusedFacts, refusedActions } = view.waiting;
      if (refusedFacts > 0)
        find(
          'refused_facts',
          'warning',
          `${refusedFacts} that it told could not be applied: GET /v1/connections/${row.name}/refused-facts says why.`,
        );
      if (refusedActions > 0)
        find(
          'refused_actions',
          'warning',
          `${refusedActions} that it was asked to do it refused: GET /v1/connections/${row.name}/actions?state=refused says why.`,
        );
      health.push({ name: row.name, kind: row.kind, findings });
    }
  } finally {
    await closeConnections(kept);
  }
  return health;
}
