// biome-ignore-all lint/a11y/useSemanticElements: a virtualised grid cannot be a <table>; its rows are placed by hand.
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react';
import { columns, nextSorting, type Sorting } from './columns.ts';
import styles from './QueueTable.module.css';
import { words } from './words.ts';

/** The names of the columns; a click sorts, on the server. */
export function QueueHead({ sorting, onSort }: { sorting: Sorting; onSort: (next: Sorting) => void }) {
  return (
    <div role="rowgroup" className={styles.head}>
      <div role="row" tabIndex={-1} aria-rowindex={1} className={styles.columns}>
        {columns.map((column) => {
          const sorted = column.sort !== undefined && sorting.sort === column.sort;
          const rising = sorting.direction !== 'desc';
          const Arrow = rising ? IconArrowUp : IconArrowDown;
          return (
            <div
              key={column.key}
              role="columnheader"
              tabIndex={-1}
              className={styles[column.key]}
              aria-sort={sorted ? (rising ? 'ascending' : 'descending') : undefined}
            >
              {column.sort ? (
                <button
                  type="button"
                  className={styles.sort}
                  data-sorted={sorted || undefined}
                  onClick={() => onSort(nextSorting(sorting, column))}
                >
                  {words.columns[column.key]}
                  <Arrow size={13} stroke={2} aria-hidden="true" className={styles.arrow} />
                </button>
              ) : (
                <span className={styles.unsorted}>{words.columns[column.key]}</span>
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}
