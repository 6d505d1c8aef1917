import { KeptError } from '../platform/errors.ts';
import { SILENCE_MS } from '../platform/guarded-fetch.ts';
import type { Kept } from '../platform/kept.ts';
import type { Sealer } from '../platform/sealed.ts';
import type { Connector } from './connector.ts';

/** What connections are made with, in this process. */
export interface ConnectionTools {
  readonly connectors: ReadonlyMap<string, Connector>;
  /** Undefined: this process has no key to keep secrets with; ask sealerFor(tools). */
  readonly sealer?: Sealer | undefined;
  /** Lets connections go to addresses of one's own network. */
  readonly privateTargets: boolean;
  /** Under which others reach Kept; null: nobody has said. */
  readonly publicUrl: string | null;
  /** After so long without a sign from the other side, a call is over. */
  readonly silenceMs: number;
}

const tools = new WeakMap<object, ConnectionTools>();
const NOTHING: ConnectionTools = {
  connectors: new Map(),
  privateTargets: false,
  publicUrl: null,
  silenceMs: SILENCE_MS,
};

/** Says what there is to connect to: once, before the app is built. */
export function offerConnectors(
  kept: Pick<Kept, 'db'>,
  given: {
    // biome-ignore lint/suspicious/noExplicitAny: each has settings and secrets of its own
    readonly connectors: readonly Connector<any, any>[];
    readonly sealer?: Sealer | undefined;
    readonly privateTargets?: boolean;
    readonly publicUrl?: string | null;
    readonly silenceMs?: number;
  },
): void {
  const byKind = new Map<string, Connector>();
  for (const connector of given.connectors) {
    if (byKind.has(connector.kind)) throw new Error(`two connectors are called ${connector.kind}`);
    byKind.set(connector.kind, connector);
  }
  tools.set(kept.db, {
    connectors: byKind,
    sealer: given.sealer,
    privateTargets: given.privateTargets ?? false,
    publicUrl: given.publicUrl ?? null,
    silenceMs: given.silenceMs ?? SILENCE_MS,
  });
}

export function toolsOf(kept: Pick<Kept, 'db'>): ConnectionTools {
  return tools.get(kept.db) ?? NOTHING;
}

/** @throws KeptError `invalid_input` naming those that there are */
export function connectorOf(kept: Pick<Kept, 'db'>, kind: string): Connector {
  const { connectors } = toolsOf(kept);
  const connector = connectors.get(kind);
  if (connector !== undefined) return connector;
  const there = [...connectors.keys()].sort().join(', ') || 'none';
  throw new KeptError(
    'invalid_input',
    `There is no connector ${JSON.stringify(kind)}; there are: ${there}.`,
    {
      errors: [{ path: 'kind', message: `expected one of ${there}` }],
    },
  );
}
