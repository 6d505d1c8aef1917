import { Checkbox, Textarea } from '@mantine/core';
import { useState } from 'react';
import styles from '../platform/sheet.module.css';
import type { Brand } from './settings.ts';
import { words } from './words.ts';

type Days = Brand['calendar'];

/** A calendar while it is written: holidays as text, which may be wrong for a while. */
export function useCalendar(initial: Days | undefined) {
  const [workdays, setWorkdays] = useState(initial?.workdays ?? [1, 2, 3, 4, 5]);
  const [text, setText] = useState((initial?.holidays ?? []).join('\n'));
  const holidays = text
    .split(/[\s,;]+/)
    .map((day) => day.trim())
    .filter(Boolean);
  const bad = holidays.find((day) => !/^\d{4}-\d{2}-\d{2}$/.test(day) || Number.isNaN(Date.parse(day)));
  return {
    workdays,
    setWorkdays,
    text,
    setText,
    bad,
    calendar: { workdays, holidays: [...new Set(holidays)].sort() },
  };
}

export function CalendarFields({ of }: { of: ReturnType<typeof useCalendar> }) {
  return (
    <>
      <fieldset className={styles.fields} style={{ border: 0, margin: 0, padding: 0 }}>
        <legend className={styles.soft}>{words.brand.workdays}</legend>
        <div className={styles.actions}>
          {words.brand.days.map((name, index) => (
            <Checkbox
              key={name}
              label={name}
              checked={of.workdays.includes(index + 1)}
              onChange={({ currentTarget: { checked } }) =>
                of.setWorkdays(
                  checked
                    ? [...of.workdays, index + 1].sort()
                    : of.workdays.filter((day) => day !== index + 1),
                )
              }
            />
          ))}
        </div>
      </fieldset>
      <Textarea
        label={words.brand.holidays}
        description={words.brand.holidaysHint}
        rows={5}
        value={of.text}
        error={of.bad === undefined ? undefined : words.brand.badDay(of.bad)}
        onChange={({ currentTarget }) => of.setText(currentTarget.value)}
      />
    </>
  );
}
