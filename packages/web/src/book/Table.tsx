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
  file,
}: {
  label: string;
  columns: readonly Column[];
  rows: readonly { readonly key: string; readonly cells: readonly ReactNode[] }[];
  /** Its name among the exports, and which of its rows. */
  file?: { readonly name: string; readonly query?: string };
}) {
  const side = (at: number) => (columns[at]?.number ? styles.number : undefined);
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is reached by keyboard. */}
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
      {file === undefined ? null : <Files {...file} label={label} />}
    </>
  );
}

/** A table as files. */
export function Files({ name, query = '', label }: { name: string; query?: string; label: string }) {
  return (
    <p className={styles.exports}>
      {['csv', 'xlsx'].map((kind) => (
        <a
          key={kind}
          href={`/v1/book/export/${name}.${kind}${query}`}
          aria-label={`${label}, ${kind.toUpperCase()}`}
        >
          {kind.toUpperCase()}
        </a>
      ))}
    </p>
  );
}
