import type { ReactNode } from 'react';
import styles from './BookPage.module.css';

export interface Column {
  readonly title: string;
  readonly number?: boolean;
}

/** A table that scrolls by itself where it is too wide, also by keyboard. */
export function Table({
  label,
  columns,
  rows,
}: {
  label: string;
  columns: readonly Column[];
  rows: readonly { readonly key: string; readonly cells: readonly ReactNode[] }[];
}) {
  const side = (at: number) => (columns[at]?.number ? styles.number : undefined);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard.
    <section className={styles.scroll} tabIndex={0} aria-label={`${label}, table`}>
      <table className={styles.table}>
        <thead>
          <tr>
            {columns.map(({ title }, at) => (
              <th key={title} scope="col" className={side(at)}>
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ key, cells }) => (
            <tr key={key}>
              {cells.map((cell, at) => (
                <td key={columns[at]?.title} className={side(at)}>
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
