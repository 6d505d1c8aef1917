import { Button, NativeSelect, NumberInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { formatCount } from '../platform/format.ts';
import styles from '../platform/sheet.module.css';
import { Loaded, Saving } from './Part.tsx';
import { type Channel, type SettingsSaving, useSaving, useSetting } from './settings.ts';
import { words } from './words.ts';

interface Limit {
  protected?: number;
  buffer?: number;
  maximum?: number;
  unit: 'units' | 'share';
  from?: string;
  until?: string;
  committed: number;
}

/** What a channel may take of one item, and what others must leave it. */
export function Shares({ channels, may }: { channels: readonly Channel[]; may: boolean }) {
  const [sku, setSku] = useState('');
  const [channel, setChannel] = useState(channels[0]?.code ?? '');
  const [shown, setShown] = useState<string | null>(null);
  return (
    <section aria-label={words.shares.title}>
      <h2>{words.shares.title}</h2>
      <p className={styles.soft}>{words.shares.hint}</p>
      <form
        className={styles.actions}
        style={{ margin: '12px 0', alignItems: 'end' }}
        onSubmit={(event) => {
          event.preventDefault();
          setShown(`/v1/items/${encodeURIComponent(sku.trim())}/channels/${encodeURIComponent(channel)}`);
        }}
      >
        <TextInput
          label={words.shares.sku}
          required
          value={sku}
          onChange={({ currentTarget }) => {
            setSku(currentTarget.value);
            setShown(null);
          }}
        />
        <NativeSelect
          label={words.shares.channel}
          value={channel}
          data={channels.map(({ code, title }) => ({ value: code, label: title }))}
          onChange={({ currentTarget }) => {
            setChannel(currentTarget.value);
            setShown(null);
          }}
        />
        <Button type="submit" variant="default">
          {words.shares.look}
        </Button>
      </form>
      {shown === null ? null : <Limits key={shown} path={shown} may={may} />}
    </section>
  );
}

function Limits({ path, may }: { path: string; may: boolean }) {
  const limit = useSetting<Limit>(path);
  const saving = useSaving();
  return (
    <Loaded query={limit}>
      {(data) => <LimitFields key={saving.round} path={path} limit={data} may={may} saving={saving} />}
    </Loaded>
  );
}

const PARTS = ['protected', 'buffer', 'maximum'] as const;

function LimitFields({
  path,
  limit,
  may,
  saving,
}: {
  path: string;
  limit: Limit;
  may: boolean;
  saving: SettingsSaving;
}) {
  const [draft, setDraft] = useState(limit);
  const bodyOf = ({ protected: kept, buffer, maximum, unit, from, until }: Limit) => ({
    ...(kept === undefined ? {} : { protected: kept }),
    ...(buffer === undefined ? {} : { buffer }),
    ...(maximum === undefined ? {} : { maximum }),
    unit,
    ...(from === undefined ? {} : { from }),
    ...(until === undefined ? {} : { until }),
  });
  return (
    <form
      className={styles.fields}
      style={{ maxWidth: 560 }}
      onSubmit={(event) => {
        event.preventDefault();
        void saving.save(path, bodyOf(draft), bodyOf(limit));
      }}
    >
      <NativeSelect
        label={words.shares.unit}
        value={draft.unit}
        data={Object.entries(words.shares.units).map(([value, label]) => ({ value, label }))}
        onChange={({ currentTarget }) => setDraft({ ...draft, unit: currentTarget.value as Limit['unit'] })}
      />
      {PARTS.map((part) => (
        <NumberInput
          key={part}
          label={words.shares[part]}
          min={0}
          allowDecimal={false}
          value={draft[part] ?? ''}
          onChange={(value) => {
            const { [part]: _before, ...rest } = draft;
            setDraft(value === '' ? rest : { ...rest, [part]: Number(value) });
          }}
        />
      ))}
      <p className={styles.soft}>{words.shares.committed(formatCount(limit.committed))}</p>
      <Saving saving={saving} may={may} />
    </form>
  );
}
