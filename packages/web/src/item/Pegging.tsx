import { Link } from '@tanstack/react-router';
import { formatDay } from '../platform/format.ts';
import type { Filling } from './item.ts';
import styles from './Pegging.module.css';
import { words } from './words.ts';

/** Which units fill whom: a band a source, a piece of it each line, in queue order. */
export function Pegging({
  fillings,
  today,
  sku,
}: {
  fillings: readonly Filling[];
  today: string;
  sku: string;
}) {
  const most = Math.max(1, ...fillings.map(({ units }) => units));
  return (
    <ul className={styles.sources}>
      {fillings.map((filling) => (
        <li key={filling.key} className={styles.source}>
          <div className={styles.name}>
            <b>{nameOf(filling)}</b>
            <span>
              {words.pegging.of(filling.units, filling.lines.length)}
              {filling.shipBy === null ? '' : ` ${words.pegging.leaves(formatDay(filling.shipBy, today))}`}
            </span>
          </div>
          <div
            className={styles.band}
            data-kind={filling.kind}
            style={{ width: `${Math.max(2, (filling.units / most) * 100)}%` }}
          >
            {filling.lines.slice(0, 150).map((line) => (
              <Link
                key={line.id}
                to="/"
                search={{ sku, open: line.id }}
                className={styles.piece}
                data-late={line.state === 'late' || undefined}
                style={{ flexGrow: line.quantity }}
                title={`${line.customer}: ${line.quantity}`}
                aria-label={`${line.customer}: ${line.quantity}`}
                tabIndex={-1}
              />
            ))}
          </div>
        </li>
      ))}
    </ul>
  );
}

function nameOf({ kind, name }: Filling): string {
  if (kind === 'nothing') return words.pegging.nothing;
  return kind === 'stock' ? `${words.pegging.stock}, ${name}` : (name ?? '');
}
