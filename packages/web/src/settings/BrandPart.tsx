import { TextInput } from '@mantine/core';
import { useState } from 'react';
import styles from '../platform/sheet.module.css';
import { CalendarFields, useCalendar } from './Calendar.tsx';
import { Loaded, Saving } from './Part.tsx';
import { type Brand, type SettingsSaving, useMay, useSaving, useSetting } from './settings.ts';
import { words } from './words.ts';

/** What the brand is, and on which days it works. */
export function BrandPart() {
  const brand = useSetting<Brand>('/v1/brand');
  const saving = useSaving();
  return (
    <Loaded query={brand}>{(data) => <Fields key={saving.round} brand={data} saving={saving} />}</Loaded>
  );
}

function Fields({ brand, saving }: { brand: Brand; saving: SettingsSaving }) {
  const [draft, setDraft] = useState(brand);
  const calendar = useCalendar(brand.calendar);
  const may = useMay()('settings:write');
  const text = (name: 'title' | 'timeZone' | 'currency') => ({
    value: draft[name],
    onChange: ({ currentTarget }: { currentTarget: HTMLInputElement }) =>
      setDraft({ ...draft, [name]: currentTarget.value }),
  });
  return (
    <form
      className={styles.fields}
      style={{ maxWidth: 560 }}
      onSubmit={(event) => {
        event.preventDefault();
        if (calendar.bad !== undefined) return;
        const { country } = draft;
        const body = { ...draft, country: country || null, calendar: calendar.calendar };
        void saving.save('/v1/brand', body, brand);
      }}
    >
      <TextInput label={words.brand.name} required {...text('title')} />
      <TextInput
        label={words.brand.timeZone}
        description={words.brand.timeZoneHint}
        required
        list="kept-time-zones"
        {...text('timeZone')}
      />
      <datalist id="kept-time-zones">
        {Intl.supportedValuesOf('timeZone').map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
      <TextInput label={words.brand.currency} required maxLength={3} {...text('currency')} />
      <TextInput
        label={words.brand.country}
        maxLength={2}
        value={draft.country ?? ''}
        onChange={({ currentTarget }) => setDraft({ ...draft, country: currentTarget.value.toUpperCase() })}
      />
      <CalendarFields of={calendar} />
      <p className={styles.soft}>{words.brand.effect}</p>
      <Saving saving={saving} may={may} />
    </form>
  );
}
