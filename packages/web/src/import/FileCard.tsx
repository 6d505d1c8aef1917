import '@mantine/core/styles/Checkbox.layer.css';
import '@mantine/core/styles/InlineInput.layer.css';
import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { formatCount } from '../platform/format.ts';
import styles from '../platform/sheet.module.css';
import { HowFar } from './HowFar.tsx';
import own from './Import.module.css';
import type { Entry, Run, Said } from './imports.ts';
import { WrongRows } from './WrongRows.tsx';
import { words } from './words.ts';

/** What the file does not tell, beside its columns. */
const PARAMETERS = ['channel', 'location', 'supplier'] as const;

/** One file: what was understood of it, what is wrong in it, and what a person may say to it. */
export function FileCard({
  entry,
  onCheck,
  onRemove,
}: {
  entry: Entry;
  /** Null: the file is not here any more. */
  onCheck: ((said: Said) => void) | null;
  onRemove: () => void;
}) {
  const { name, file, run, step, trouble } = entry;
  const [open, setOpen] = useState(false);
  const busy = step === 'sending' || step === 'checking' || step === 'taking';
  // Nobody but the person knows what it is, or which column is which: that is no fault of the file.
  const asks = !busy && (run?.state === 'needs_mapping' || (run?.state === 'refused' && run.kind === null));
  const state =
    step === 'sending'
      ? 'sending'
      : step === 'checked' && run?.state === 'done'
        ? 'checked'
        : asks && run?.kind === null
          ? 'needs_kind'
          : (run?.state ?? 'failed');
  const wrong = state === 'refused' || state === 'failed';
  return (
    <article className={own.file} aria-label={name}>
      <div className={own.head}>
        <p className={own.name}>{name}</p>
        <span
          className={wrong ? styles.late : state === 'done' ? styles.good : styles.soft}
          aria-live="polite"
        >
          {words.states[state]}
        </span>
        {run === null || busy ? null : (
          <span className={styles.soft}>{countsOf(run, step === 'checked')}</span>
        )}
        <Button size="compact-xs" variant="subtle" disabled={busy} onClick={onRemove}>
          {words.remove(name)}
        </Button>
      </div>
      {busy ? <HowFar value={run?.progress ?? 0} label={`${name} ${words.states[state]}`} /> : null}
      {run?.kind == null || busy ? null : (
        <p className={styles.soft}>
          {words.read(
            words.kinds[run.kind] ?? run.kind,
            run.encoding ?? 'utf-8',
            words.delimiters[run.delimiter ?? ''] ?? 'JSON',
          )}
        </p>
      )}
      {trouble === null ? null : (
        <p className={styles.late} role="alert">
          {trouble}
        </p>
      )}
      {run?.message === undefined || busy || asks ? null : (
        <p className={wrong ? styles.late : styles.soft}>{run.message}</p>
      )}
      {run === null || busy || asks ? null : <WrongRows file={file} run={run} />}
      {onCheck === null || run === null || busy || step === 'taken' ? null : (
        <>
          {asks ? null : (
            <Button
              size="xs"
              variant="default"
              aria-expanded={open}
              onClick={() => setOpen(!open)}
              style={{ justifySelf: 'start' }}
            >
              {words.columns}
            </Button>
          )}
          {open || asks || state === 'refused' ? (
            <SaidFields key={run.id} run={run} said={entry.said} onCheck={onCheck} />
          ) : null}
        </>
      )}
    </article>
  );
}

function countsOf(run: Run, dry: boolean): string {
  return [
    words.rows(run.rows),
    run.applied > 0 ? (dry ? words.would : words.applied)(formatCount(run.applied)) : null,
    run.unchanged > 0 ? words.unchanged(formatCount(run.unchanged)) : null,
    run.skipped > 0 ? words.skipped(formatCount(run.skipped)) : null,
    (run.ignored ?? 0) > 0 ? words.ignored(formatCount(run.ignored!)) : null,
  ]
    .filter(Boolean)
    .join(' · ');
}

function SaidFields({ run, said, onCheck }: { run: Run; said: Said; onCheck: (said: Said) => void }) {
  const [draft, setDraft] = useState<Said>(said);
  const change = (more: Partial<Said>) => setDraft({ ...draft, ...more });
  const missing = run.missing ?? [];
  const fields = [
    ...new Set([
      ...Object.keys(run.mapping ?? {}),
      ...missing.filter((one) => !['kind', 'dateFormat', ...PARAMETERS].includes(one)),
      ...Object.keys(draft.map ?? {}),
    ]),
  ];
  const columns = run.columns ?? [...new Set(Object.values(run.mapping ?? {}))];
  return (
    <form
      className={styles.fields}
      onSubmit={(event) => {
        event.preventDefault();
        onCheck(draft);
      }}
    >
      {fields.length === 0 ? null : (
        <>
          <p className={styles.soft}>{words.columnsHint}</p>
          <div className={styles.inputs}>
            {fields.map((field) => {
              const chosen = draft.map?.[field] ?? run.mapping?.[field] ?? '';
              return (
                <NativeSelect
                  key={field}
                  label={field}
                  error={missing.includes(field) && chosen === '' ? words.noColumn : undefined}
                  value={chosen}
                  data={[
                    { value: '', label: words.noColumn },
                    ...[...new Set([...columns, chosen].filter(Boolean))].map((column) => ({
                      value: column,
                      label: column,
                    })),
                  ]}
                  onChange={({ currentTarget }) =>
                    change({ map: { ...run.mapping, ...draft.map, [field]: currentTarget.value } })
                  }
                />
              );
            })}
          </div>
        </>
      )}
      <div className={styles.inputs}>
        <NativeSelect
          label={words.kind}
          value={draft.kind ?? ''}
          data={[
            { value: '', label: words.byItself },
            ...Object.entries(words.kinds).map(([value, label]) => ({ value, label })),
          ]}
          onChange={({ currentTarget: { value } }) => {
            const { kind: _kind, map: _map, ...rest } = draft;
            setDraft(value === '' ? rest : { ...rest, kind: value });
          }}
        />
        {PARAMETERS.map((parameter) => (
          <TextInput
            key={parameter}
            label={words[parameter]}
            required={missing.includes(parameter)}
            value={draft[parameter] ?? ''}
            onChange={({ currentTarget: { value } }) => {
              const { [parameter]: _before, ...rest } = draft;
              setDraft(value === '' ? rest : { ...rest, [parameter]: value });
            }}
          />
        ))}
        <NativeSelect
          label={words.dateFormat}
          required={missing.includes('dateFormat')}
          value={draft.dateFormat ?? ''}
          data={Object.entries(words.dates).map(([value, label]) => ({ value, label }))}
          onChange={({ currentTarget: { value } }) => {
            const { dateFormat: _before, ...rest } = draft;
            setDraft(value === '' ? rest : { ...rest, dateFormat: value });
          }}
        />
      </div>
      {(['createItems', 'skipBadRows', 'ignoreReturns'] as const).map((choice) => (
        <Checkbox
          key={choice}
          label={words[choice]}
          checked={draft[choice]}
          onChange={({ currentTarget: { checked } }) => change({ [choice]: checked })}
        />
      ))}
      <div className={styles.actions}>
        <Button type="submit" variant="default">
          {words.check}
        </Button>
      </div>
    </form>
  );
}
