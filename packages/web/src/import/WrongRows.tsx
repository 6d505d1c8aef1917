import { useEffect, useState } from 'react';
import styles from '../platform/sheet.module.css';
import own from './Import.module.css';
import type { Run } from './imports.ts';
import { type FileRow, rowsOf } from './rows.ts';
import { words } from './words.ts';

/** So many are shown; whoever has more mends these first. */
const MOST = 50;
const SIDE = 3;

type Wrong = Run['errors'][number];

/** What is wrong, in the file's own rows. */
export function WrongRows({ file, run }: { file: File | null; run: Run }) {
  const warnings = run.warnings ?? [];
  const errors = run.errors.slice(0, MOST);
  const found = useRows(file, run, errors);
  if (run.errorCount === 0 && warnings.length === 0) return null;
  return (
    <>
      {run.errorCount === 0 ? null : (
        <>
          <p className={styles.late} style={{ margin: 0 }}>
            {words.errors(run.errorCount)}
          </p>
          {file === null ? <p className={styles.soft}>{words.notHere}</p> : null}
          {errors.some(({ message }) => /knows?\b/.test(message)) ? (
            <p className={styles.soft}>{words.unknownLater}</p>
          ) : null}
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways must be reached by the keyboard */}
          <section className={own.table} tabIndex={0} aria-label={words.errors(run.errorCount)}>
            <table>
              <tbody>
                {errors.map((wrong, at) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: the same cell may be wrong twice, and the list does not change
                  <Row key={at} wrong={wrong} found={found} />
                ))}
              </tbody>
            </table>
          </section>
          {run.errorCount > errors.length ? (
            <p className={styles.soft}>{words.moreErrors(run.errorCount - errors.length)}</p>
          ) : null}
        </>
      )}
      {warnings.length === 0 ? null : (
        <details>
          <summary>{words.warnings(run.warningCount ?? warnings.length)}</summary>
          <ul className={styles.rows}>
            {warnings.slice(0, MOST).map((one) => (
              <li key={`${one.line} ${one.column} ${one.message}`} className={styles.row}>
                {words.line} {one.line} {one.column ?? ''} {one.value === null ? '' : `“${one.value}”`}{' '}
                {one.message}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  );
}

interface Found {
  readonly header: readonly string[];
  readonly rows: ReadonlyMap<number, FileRow>;
}

/** The line's cells around the one that is wrong, and why. */
function Row({ wrong, found }: { wrong: Wrong; found: Found | null }) {
  const row = found?.rows.get(wrong.line);
  const at = wrong.column === null ? -1 : (found?.header.indexOf(wrong.column) ?? -1);
  const from = Math.max(0, Math.min(at < 0 ? 0 : at - SIDE, (row?.cells.length ?? 0) - 2 * SIDE));
  const cells = row?.cells.slice(from, from + 2 * SIDE + 1) ?? (wrong.value === null ? [] : [wrong.value]);
  return (
    <>
      <tr>
        <th scope="row" rowSpan={2}>
          {words.line} {wrong.line}
        </th>
        {cells.map((cell, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: cells are told apart by their place alone
          <td key={index} data-wrong={row === undefined || from + index === at ? true : undefined}>
            {found?.header[from + index] === undefined || row === undefined ? (
              wrong.column
            ) : (
              <small>{found.header[from + index]}</small>
            )}
            <br />
            {cell === '' ? '∅' : cell}
          </td>
        ))}
      </tr>
      <tr>
        <td className={own.why} colSpan={Math.max(1, cells.length)}>
          {wrong.column === null ? '' : `${wrong.column}: `}
          {wrong.message}; {words.expected(wrong.expected)}
        </td>
      </tr>
    </>
  );
}

function useRows(file: File | null, run: Run, errors: readonly Wrong[]): Found | null {
  const [found, setFound] = useState<Found | null>(null);
  const { encoding, delimiter } = run;
  const lines = errors.map(({ line }) => line).join(',');
  useEffect(() => {
    if (file === null || lines === '') return;
    let here = true;
    void rowsOf(file, new Set(lines.split(',').map(Number)), { encoding, delimiter }).then((read) => {
      if (!here || read === null) return;
      setFound({ header: read.header, rows: new Map(read.rows.map((row) => [row.line, row])) });
    });
    return () => {
      here = false;
    };
  }, [file, lines, encoding, delimiter]);
  return found;
}
