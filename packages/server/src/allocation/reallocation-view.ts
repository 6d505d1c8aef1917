import { dayText, NO_DAY, stockDay, type Transfer, type World } from '@kept/engine';
import type pg from 'pg';
import type { Settings } from '../promising/index.ts';
import { keyOf, type LineKey, type NamedLine, readNamedLines } from './line-store.ts';
import { type NamedSupply, readNamedSupplies, type StoredReallocation } from './reallocation-store.ts';

/** Proposals as the API tells them, without what they do line by line: who gains beside who loses. */
export async function viewReallocations(
  client: pg.PoolClient,
  brandId: number,
  settings: Settings,
  world: World,
  stored: readonly StoredReallocation[],
) {
  const lines: LineKey[] = stored.flatMap(({ proposal }) => [
    ...proposal.exceptions,
    ...proposal.transfers.flatMap(({ from, to }) => [from, to].filter((one) => one !== null)),
  ]);
  const pegs = stored.flatMap(({ item, proposal }) =>
    proposal.transfers
      .filter(({ kind }) => kind === 'pegged')
      .map(({ source }) => ({ item, supply: source })),
  );
  const [named, supplies] = await Promise.all([
    readNamedLines(client, brandId, lines),
    readNamedSupplies(client, brandId, pegs),
  ]);
  return stored.map((one) => reallocationView(one, named, supplies, settings, world));
}

function reallocationView(
  { id, item, sku, terms, proposal, digest, reason, actor, at, approved, policy }: StoredReallocation,
  named: ReadonlyMap<string, NamedLine>,
  supplies: ReadonlyMap<string, NamedSupply>,
  settings: Settings,
  world: World,
) {
  const nameOf = (line: LineKey | null) => (line === null ? null : (named.get(keyOf(line)) ?? null));
  const sourceOf = ({ kind, source }: Transfer) => {
    if (kind === 'pegged') return { kind, ...supplyView(supplies.get(`${item}:${source}`)) };
    const day = stockDay(source, settings.policies.get(policy)!, world);
    const location = settings.locations[source]?.code;
    return {
      kind,
      ...(location === undefined ? {} : { location }),
      shipBy: day >= NO_DAY ? null : dayText(day),
    };
  };
  return {
    id: String(id),
    sku,
    ...terms,
    reason,
    by: actor,
    at,
    version: digest,
    state: approved === null ? ('proposed' as const) : ('approved' as const),
    approved,
    transfers: proposal.transfers.map((transfer) => ({
      quantity: transfer.quantity,
      source: sourceOf(transfer),
      from: nameOf(transfer.from),
      to: nameOf(transfer.to),
    })),
    exceptions: proposal.exceptions.map((one) => ({
      line: nameOf(one)!,
      strategy: one.strategy,
      missing: one.missing,
      requested: one.requested === null ? null : dayText(one.requested),
    })),
    freed: proposal.freed,
    kept: proposal.kept,
  };
}

function supplyView(supply: NamedSupply | undefined) {
  if (supply === undefined) return { shipBy: null };
  const { kind, ref, line, promisableOn } = supply;
  return kind === 'purchase_order'
    ? { purchaseOrder: ref, ...(line === null ? {} : { line: JSON.parse(line) }), shipBy: promisableOn }
    : { ref, shipBy: promisableOn };
}
