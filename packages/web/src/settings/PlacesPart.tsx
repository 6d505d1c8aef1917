import '@mantine/core/styles/Checkbox.layer.css';
import '@mantine/core/styles/InlineInput.layer.css';
import '@mantine/core/styles/NumberInput.layer.css';
import { Button, Checkbox, NativeSelect, NumberInput, TextInput } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { formatCount } from '../platform/format.ts';
import styles from '../platform/sheet.module.css';
import { CalendarFields, useCalendar } from './Calendar.tsx';
import { Loaded, Saving } from './Part.tsx';
import { Shares } from './Shares.tsx';
import {
  type Channel,
  type Location,
  type SettingsSaving,
  useMay,
  useSaving,
  useSetting,
} from './settings.ts';
import { words } from './words.ts';

const route = getRouteApi('/settings');

/** Where the brand sells, where its stock lies, and who gets what of it. */
export function PlacesPart() {
  const { open } = route.useSearch();
  const navigate = route.useNavigate();
  const channels = useSetting<{ items: Channel[] }>('/v1/channels');
  const places = useSetting<{ items: Location[] }>('/v1/locations');
  const may = useMay()('catalog:write');
  const show = (what: string | undefined) =>
    void navigate({ search: (now) => ({ ...now, open: what }), resetScroll: false });
  return (
    <Loaded query={channels}>
      {({ items: sold }) => (
        <Loaded query={places}>
          {({ items: kept }) => (
            <>
              <h2>{words.channel.title}</h2>
              <p className={styles.soft}>{words.channel.hint}</p>
              <ul className={styles.rows}>
                {sold.map((channel) => (
                  <li key={channel.code} className={styles.row}>
                    <div>
                      <p>{channel.title}</p>
                      <p className={styles.soft}>
                        {[
                          channel.code,
                          channel.kind,
                          channel.maximumPromiseDays === undefined
                            ? null
                            : `${words.channel.maximum}: ${formatCount(channel.maximumPromiseDays)}`,
                          `${words.channel.messages}: ${words.channel.who[channel.messages ?? 'email']}`,
                        ]
                          .filter(Boolean)
                          .join(' · ')}
                      </p>
                    </div>
                    <Button
                      size="xs"
                      variant="default"
                      aria-expanded={open === `channel:${channel.code}`}
                      onClick={() =>
                        show(open === `channel:${channel.code}` ? undefined : `channel:${channel.code}`)
                      }
                    >
                      {words.channel.edit(channel.title)}
                    </Button>
                    {open === `channel:${channel.code}` ? <ChannelEditor channel={channel} /> : null}
                  </li>
                ))}
              </ul>
              {may ? (
                <NewOne
                  open={open === 'channel:'}
                  label={words.channel.add}
                  onOpen={() => show(open === 'channel:' ? undefined : 'channel:')}
                >
                  <ChannelEditor channel={null} />
                </NewOne>
              ) : null}
              <h2>{words.place.title}</h2>
              <p className={styles.soft}>{words.place.hint}</p>
              <ul className={styles.rows}>
                {kept.map((place) => (
                  <li key={place.code} className={styles.row}>
                    <div>
                      <p>{place.title}</p>
                      <p className={styles.soft}>
                        {[
                          place.code,
                          place.country,
                          `${words.place.serves} ${place.channels?.join(', ') ?? words.place.all}`,
                          place.closed ? words.place.closed : null,
                        ]
                          .filter(Boolean)
                          .join(' · ')}
                      </p>
                    </div>
                    <Button
                      size="xs"
                      variant="default"
                      aria-expanded={open === `place:${place.code}`}
                      onClick={() => show(open === `place:${place.code}` ? undefined : `place:${place.code}`)}
                    >
                      {words.channel.edit(place.title)}
                    </Button>
                    {open === `place:${place.code}` ? <PlaceEditor place={place} channels={sold} /> : null}
                  </li>
                ))}
              </ul>
              {may ? (
                <NewOne
                  open={open === 'place:'}
                  label={words.place.add}
                  onOpen={() => show(open === 'place:' ? undefined : 'place:')}
                >
                  <PlaceEditor place={null} channels={sold} />
                </NewOne>
              ) : null}
              <Shares channels={sold} may={may} />
            </>
          )}
        </Loaded>
      )}
    </Loaded>
  );
}

function NewOne({
  open,
  label,
  onOpen,
  children,
}: {
  open: boolean;
  label: string;
  onOpen: () => void;
  children: React.ReactNode;
}) {
  return (
    <div style={{ marginTop: 12 }}>
      <Button size="xs" variant="default" aria-expanded={open} onClick={onOpen}>
        {label}
      </Button>
      {open ? children : null}
    </div>
  );
}

const wide = { gridColumn: '1 / -1', maxWidth: 560, paddingTop: 8 };

function ChannelEditor({ channel }: { channel: Channel | null }) {
  const saving = useSaving();
  return <ChannelFields key={saving.round} channel={channel} saving={saving} />;
}

function ChannelFields({ channel, saving }: { channel: Channel | null; saving: SettingsSaving }) {
  const [draft, setDraft] = useState<Channel>(channel ?? { code: '', title: '', kind: 'shop' });
  const may = useMay()('catalog:write');
  const bodyOf = ({ code: _code, ...rest }: Channel) => rest;
  return (
    <form
      className={styles.fields}
      style={wide}
      onSubmit={(event) => {
        event.preventDefault();
        const was = channel === null ? undefined : bodyOf(channel);
        void saving.save(`/v1/channels/${encodeURIComponent(draft.code)}`, bodyOf(draft), was);
      }}
    >
      {channel === null ? (
        <TextInput
          label={words.channel.code}
          required
          value={draft.code}
          onChange={({ currentTarget }) => setDraft({ ...draft, code: currentTarget.value.trim() })}
        />
      ) : null}
      <TextInput
        label={words.channel.name}
        required
        value={draft.title}
        onChange={({ currentTarget }) => setDraft({ ...draft, title: currentTarget.value })}
      />
      <TextInput
        label={words.channel.kind}
        required
        value={draft.kind}
        onChange={({ currentTarget }) => setDraft({ ...draft, kind: currentTarget.value })}
      />
      <NumberInput
        label={words.channel.maximum}
        min={0}
        allowDecimal={false}
        value={draft.maximumPromiseDays ?? ''}
        onChange={(value) =>
          setDraft({ ...draft, maximumPromiseDays: value === '' ? undefined : Number(value) })
        }
      />
      <NativeSelect
        label={words.channel.messages}
        value={draft.messages ?? 'email'}
        data={Object.entries(words.channel.who).map(([value, label]) => ({ value, label }))}
        onChange={({ currentTarget }) =>
          setDraft({ ...draft, messages: currentTarget.value as Channel['messages'] })
        }
      />
      <Saving saving={saving} may={may} />
    </form>
  );
}

function PlaceEditor(about: { place: Location | null; channels: readonly Channel[] }) {
  const saving = useSaving();
  return <PlaceFields key={saving.round} {...about} saving={saving} />;
}

function PlaceFields({
  place,
  channels,
  saving,
}: {
  place: Location | null;
  channels: readonly Channel[];
  saving: SettingsSaving;
}) {
  const [draft, setDraft] = useState<Location>(place ?? { code: '', title: '' });
  const calendar = useCalendar(place?.calendar);
  const [own, setOwn] = useState(place?.calendar !== undefined);
  const may = useMay()('catalog:write');
  const bodyOf = ({ code: _code, ...rest }: Location) => rest;
  const serves = draft.channels ?? channels.map(({ code }) => code);
  return (
    <form
      className={styles.fields}
      style={wide}
      onSubmit={(event) => {
        event.preventDefault();
        if (own && calendar.bad !== undefined) return;
        const { calendar: _calendar, ...rest } = bodyOf(draft);
        const body = own ? { ...rest, calendar: calendar.calendar } : rest;
        const was = place === null ? undefined : bodyOf(place);
        void saving.save(`/v1/locations/${encodeURIComponent(draft.code)}`, body, was);
      }}
    >
      {place === null ? (
        <TextInput
          label={words.channel.code}
          required
          value={draft.code}
          onChange={({ currentTarget }) => setDraft({ ...draft, code: currentTarget.value.trim() })}
        />
      ) : null}
      <TextInput
        label={words.channel.name}
        required
        value={draft.title}
        onChange={({ currentTarget }) => setDraft({ ...draft, title: currentTarget.value })}
      />
      <TextInput
        label={words.place.country}
        maxLength={2}
        value={draft.country ?? ''}
        onChange={({ currentTarget }) =>
          setDraft({ ...draft, country: currentTarget.value.toUpperCase() || undefined })
        }
      />
      <TextInput
        label={words.place.cutOff}
        type="time"
        value={draft.cutOff ?? ''}
        onChange={({ currentTarget }) => setDraft({ ...draft, cutOff: currentTarget.value || undefined })}
      />
      <fieldset className={styles.actions} style={{ border: 0, margin: 0, padding: 0 }}>
        <legend className={styles.soft}>{words.place.serves}</legend>
        {channels.map(({ code, title }) => (
          <Checkbox
            key={code}
            label={title}
            checked={serves.includes(code)}
            onChange={({ currentTarget: { checked } }) =>
              setDraft({
                ...draft,
                channels: checked ? [...serves, code] : serves.filter((one) => one !== code),
              })
            }
          />
        ))}
      </fieldset>
      <Checkbox
        label={words.place.closed}
        checked={draft.closed ?? false}
        onChange={({ currentTarget: { checked } }) => setDraft({ ...draft, closed: checked })}
      />
      <Checkbox
        label={words.place.ownCalendar}
        checked={own}
        onChange={({ currentTarget: { checked } }) => setOwn(checked)}
      />
      {own ? <CalendarFields of={calendar} /> : null}
      <Saving saving={saving} may={may} />
    </form>
  );
}
