import type { Cause } from './causes.ts';
import type { Reason } from './position.ts';

/**
 * Why a promise moved, as a cause of its own: from the fact that moved it, which its version keeps as its first reason. What is no
 * supply's, count's or check's doing (a re-allocation, a changed setting, an edit of the order) is `undetermined`.
 */
export function causeOfMove(reasons: readonly Reason[]): MovedBy {
  const fact = reasons.find(({ code }) => code in BY_FACT);
  if (fact === undefined) return { cause: 'undetermined', detail: reasons[0]?.code ?? null };
  const own = typeof fact.reason === 'string' ? fact.reason : null;
  if (own === 'moq') return { cause: 'moq_shortfall', detail: own };
  if (
    fact.code === 'received_short' &&
    fact.condition !== 'damaged' &&
    fact.condition !== undefined &&
    fact.condition !== 'sellable'
  )
    return { cause: 'quality_or_returns_hold', detail: fact.code };
  return { cause: BY_FACT[fact.code]!, detail: own ?? fact.code };
}

export interface MovedBy {
  readonly cause: Cause;
  /** The supplier's own reason, else the fact. */
  readonly detail: string | null;
}

const BY_FACT: Readonly<Record<string, Cause>> = {
  supply_slipped: 'supplier_delay',
  supply_cancelled: 'supplier_delay',
  supplier_abandoned: 'supplier_delay',
  supply_changed: 'supplier_delay',
  received_short: 'supplier_delay',
  day_passed: 'supplier_delay',
  quality_hold: 'quality_or_returns_hold',
};
