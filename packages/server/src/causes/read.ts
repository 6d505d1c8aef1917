import type { DayNumber, PolicyKind } from '@kept/engine';
import type {
  CampaignRow,
  CrossingRow,
  DueEpisode,
  Movement,
  Offer,
  SupplyHistory,
  Take,
  WaitingLine,
} from './records-store.ts';

/** All that was read of one episode. */
export interface Read {
  readonly episode: DueEpisode;
  readonly policy: PolicyKind;
  readonly openedOn: DayNumber;
  readonly today: DayNumber;
  readonly dayOf: (instant: string) => DayNumber;
  readonly lines: readonly WaitingLine[];
  readonly demand: readonly { readonly day: string; readonly units: number }[];
  readonly supplies: readonly SupplyHistory[];
  readonly movements: readonly Movement[];
  readonly free: number;
  readonly takes: readonly Take[];
  readonly offers: readonly Offer[];
  readonly campaigns: readonly CampaignRow[];
  readonly crossing: CrossingRow | null;
  readonly channelNames: readonly (string | undefined)[];
}
