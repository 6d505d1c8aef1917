import { formatDay } from '../../platform/format.ts';
import { stageWords, supplyName } from '../backing.ts';
import type { Commitment } from '../backorders.ts';
import type { QueueFilters } from '../search-params.ts';
import { words as queueWords } from '../words.ts';
import styles from './Waterfall.module.css';
import { words } from './words.ts';

type WaterfallProps = {
  commitments: readonly Commitment[];
  today: string;
  onFilter: (filters: QueueFilters) => void;
};

/** How the units are covered, one step for each source, each beginning where the one above ends. A kit has one for each component. */
export function Waterfall({ commitments, today, onFilter }: WaterfallProps) {
  const groups = Map.groupBy(commitments, (commitment) => commitment.sku ?? '');
  return [...groups].map(([sku, group]) => (
    <div key={sku} className={styles.waterfall}>
      <p className={styles.sum}>
        {sku ? <b>{words.component(sku)}: </b> : null}
        {words.split(sum(group, 'reserved'), sum(group, 'pegged'), sum(group, 'waiting'))}
      </p>
      <ol className={styles.steps}>
        {steps(group).map(({ commitment, fromPercent, sizePercent }, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a step has no name but its place.
          <li key={index} className={styles.step}>
            <div className={styles.words}>
              <Source commitment={commitment} today={today} onFilter={onFilter} />
              <span className={styles.units}>{queueWords.units(commitment.quantity)}</span>
            </div>
            <div className={styles.track} aria-hidden="true">
              <div
                className={styles.bar}
                data-kind={commitment.kind}
                style={{ left: `${fromPercent}%`, width: `${sizePercent}%` }}
              />
            </div>
          </li>
        ))}
      </ol>
    </div>
  ));
}

function Source({
  commitment,
  today,
  onFilter,
}: { commitment: Commitment } & Omit<WaterfallProps, 'commitments'>) {
  const leaves = commitment.shipBy ? words.leaves(formatDay(commitment.shipBy, today)) : undefined;
  if (commitment.kind === 'waiting') return <Named name={words.unbacked} note={words.unbackedWhy} />;
  const { supply } = commitment;
  if (!supply) return <Named name={words.inStock(commitment.location)} note={leaves} />;
  const name = supplyName(supply);
  const { purchaseOrder } = supply;
  const due = supply.expectedOn ? words.due(formatDay(supply.expectedOn, today)) : queueWords.backing.undated;
  const note = [stageWords(supply), due, leaves].filter(Boolean).join(', ');
  return (
    <Named
      name={
        purchaseOrder ? (
          <button
            type="button"
            className={styles.link}
            title={words.filterPurchaseOrder(name)}
            onClick={() => onFilter({ purchaseOrder })}
          >
            {name}
          </button>
        ) : (
          name
        )
      }
      detail={supply.line === undefined ? undefined : words.ofLine(supply.line)}
      note={note}
    />
  );
}

function Named(props: { name: React.ReactNode; detail?: string; note?: string }) {
  return (
    <span className={styles.source}>
      <span>
        {props.name}
        {props.detail ? <span className={styles.detail}> {props.detail}</span> : null}
      </span>
      <span className={styles.note}>{props.note}</span>
    </span>
  );
}

const rank = { reserved: 0, pegged: 1, waiting: 2 };

function steps(group: readonly Commitment[]) {
  const total = group.reduce((units, { quantity }) => units + quantity, 0);
  const ordered = [...group].sort(
    (left, right) =>
      rank[left.kind] - rank[right.kind] || (left.shipBy ?? '').localeCompare(right.shipBy ?? ''),
  );
  let covered = 0;
  return ordered.map((commitment) => {
    const fromPercent = (covered / total) * 100;
    covered += commitment.quantity;
    return { commitment, fromPercent, sizePercent: (commitment.quantity / total) * 100 };
  });
}

function sum(group: readonly Commitment[], kind: Commitment['kind']): number {
  return group.reduce((units, one) => units + (one.kind === kind ? one.quantity : 0), 0);
}
