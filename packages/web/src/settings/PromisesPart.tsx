import '@mantine/core/styles/NumberInput.layer.css';
import { NativeSelect, NumberInput, Textarea } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import styles from '../platform/sheet.module.css';
import { Loaded, Saving } from './Part.tsx';
import { Ranking } from './Ranking.tsx';
import { ServiceLevel } from './ServiceLevel.tsx';
import { type Policy, type SettingsSaving, useMay, useSaving, useSetting } from './settings.ts';
import { words } from './words.ts';

const route = getRouteApi('/settings');
const STAGES = ['placed', 'confirmed', 'in_production', 'in_transit', 'arrived'] as const;
type Charge = NonNullable<Policy['charge']>['terms'];

/** How far promises go, who is served first and when money is taken: by how the items are sold. */
export function PromisesPart() {
  const { open = 'backorder' } = route.useSearch();
  const navigate = route.useNavigate();
  const policies = useSetting<{ items: Policy[] }>('/v1/policies');
  return (
    <Loaded query={policies}>
      {({ items }) => {
        const policy = items.find(({ name }) => name === open) ?? items[0]!;
        return (
          <>
            <NativeSelect
              label={words.policy.choose}
              maw={320}
              value={policy.name}
              data={items.map(({ name }) => ({ value: name, label: words.policy.names[name] ?? name }))}
              onChange={({ currentTarget: { value } }) =>
                void navigate({
                  search: (now) => ({ ...now, open: value === 'backorder' ? undefined : value }),
                })
              }
            />
            <Editor key={policy.name} policy={policy} />
          </>
        );
      }}
    </Loaded>
  );
}

function Editor({ policy }: { policy: Policy }) {
  const saving = useSaving();
  return <Fields key={saving.round} policy={policy} saving={saving} />;
}

/** What is put: what is not the brand's own is left to be learnt, and the name stands in the path. */
function bodyOf({ name, kind, fixedBuffers, bufferDays, ...policy }: Policy) {
  const own = Object.fromEntries(
    Object.entries(bufferDays ?? {}).filter(([stage]) => fixedBuffers.includes(stage)),
  );
  return {
    ...policy,
    ...(name === kind ? {} : { kind }),
    ...(Object.keys(own).length > 0 ? { bufferDays: own } : {}),
  };
}

const numeric = (value: number | string) => (value === '' ? null : Number(value));

function Fields({ policy, saving }: { policy: Policy; saving: SettingsSaving }) {
  const [draft, setDraft] = useState(policy);
  const may = useMay()('catalog:write');
  const change = (more: Partial<Policy>) => setDraft((now) => ({ ...now, ...more }));
  const number = (name: 'longestWaitDays' | 'receivingDays' | 'handlingDays' | 'cap' | 'improveByDays') => ({
    value: draft[name] ?? '',
    min: 0,
    allowDecimal: false,
    disabled: !may,
    onChange: (value: number | string) =>
      change({ [name]: numeric(value) ?? (name === 'cap' || name === 'improveByDays' ? null : undefined) }),
  });
  const setBuffer = (stage: (typeof STAGES)[number], value: number | string) => {
    const days = numeric(value);
    const fixed = draft.fixedBuffers.filter((one) => one !== stage);
    change({
      fixedBuffers: days === null ? fixed : [...fixed, stage],
      bufferDays: { ...draft.bufferDays, ...(days === null ? {} : { [stage]: days }) },
    });
  };
  return (
    <form
      className={styles.fields}
      style={{ maxWidth: 720 }}
      onSubmit={(event) => {
        event.preventDefault();
        void saving.save(`/v1/policies/${policy.name}`, bodyOf(draft), bodyOf(policy));
      }}
    >
      <ServiceLevel
        level={draft.serviceLevel ?? 0.9}
        disabled={!may}
        onChange={(serviceLevel) => change({ serviceLevel })}
      />
      <h2>{words.policy.limits}</h2>
      <div className={styles.inputs}>
        <NumberInput
          label={words.policy.longestWait}
          description={words.policy.longestWaitHint}
          {...number('longestWaitDays')}
        />
        <NumberInput label={words.policy.cap} description={words.policy.capHint} {...number('cap')} />
        <NumberInput
          label={words.policy.improve}
          description={words.policy.improveHint}
          {...number('improveByDays')}
        />
        <NumberInput label={words.policy.receiving} {...number('receivingDays')} />
        <NumberInput label={words.policy.handling} {...number('handlingDays')} />
      </div>
      <h2>{words.policy.stages}</h2>
      <p className={styles.soft}>{words.policy.stagesHint}</p>
      <div className={styles.inputs}>
        {STAGES.map((stage) => (
          <NumberInput
            key={stage}
            label={words.policy.stage[stage]}
            suffix=" %"
            min={0}
            max={100}
            disabled={!may}
            value={draft.promisablePercent?.[stage] ?? 100}
            onChange={(value) =>
              change({ promisablePercent: { ...draft.promisablePercent, [stage]: numeric(value) ?? 100 } })
            }
          />
        ))}
      </div>
      <h2>{words.policy.buffers}</h2>
      <p className={styles.soft}>{words.policy.buffersHint}</p>
      <div className={styles.inputs}>
        {STAGES.map((stage) => (
          <NumberInput
            key={stage}
            label={words.policy.stage[stage]}
            aria-label={words.policy.fixedDays(words.policy.stage[stage])}
            min={0}
            allowDecimal={false}
            disabled={!may}
            value={draft.fixedBuffers.includes(stage) ? (draft.bufferDays?.[stage] ?? '') : ''}
            onChange={(value) => setBuffer(stage, value)}
          />
        ))}
      </div>
      <h2>{words.policy.ranking}</h2>
      <p className={styles.soft}>{words.policy.rankingHint}</p>
      <Ranking rules={draft.ranking ?? []} disabled={!may} onChange={(ranking) => change({ ranking })} />
      <Textarea
        label={words.policy.classes}
        description={words.policy.classesHint}
        rows={3}
        disabled={!may}
        value={(draft.classes ?? []).join('\n')}
        onChange={({ currentTarget }) => change({ classes: currentTarget.value.split('\n') })}
        onBlur={() => change({ classes: (draft.classes ?? []).map((one) => one.trim()).filter(Boolean) })}
      />
      <h2>{words.policy.charge}</h2>
      <ChargeFields
        terms={draft.charge?.terms ?? { kind: 'at_order' }}
        disabled={!may}
        onChange={(terms) => change({ charge: { ...draft.charge, terms } })}
      />
      <NativeSelect
        label={words.policy.release}
        maw={420}
        disabled={!may}
        value={draft.release ?? 'by_hand'}
        data={Object.entries(words.policy.releases).map(([value, label]) => ({ value, label }))}
        onChange={({ currentTarget }) => change({ release: currentTarget.value as Policy['release'] })}
      />
      <p className={styles.soft}>{words.policy.effect}</p>
      <Saving saving={saving} may={may} />
    </form>
  );
}

function ChargeFields({
  terms,
  onChange,
  disabled,
}: {
  terms: Charge;
  onChange: (terms: Charge) => void;
  disabled: boolean;
}) {
  const kindOf = (kind: string): Charge =>
    kind === 'deposit'
      ? { kind, percent: 20 }
      : kind === 'invoice'
        ? { kind, days: 30 }
        : { kind: kind as 'at_order' };
  return (
    <div className={styles.inputs}>
      <NativeSelect
        aria-label={words.policy.charge}
        disabled={disabled}
        value={terms.kind}
        data={Object.entries(words.policy.charges).map(([value, label]) => ({ value, label }))}
        onChange={({ currentTarget }) => onChange(kindOf(currentTarget.value))}
      />
      {terms.kind === 'deposit' && terms.amount === undefined ? (
        <NumberInput
          aria-label={words.policy.percent}
          suffix=" %"
          min={1}
          max={100}
          disabled={disabled}
          value={terms.percent ?? 20}
          onChange={(value) => onChange({ kind: 'deposit', percent: numeric(value) ?? 20 })}
        />
      ) : null}
      {terms.kind === 'invoice' ? (
        <NumberInput
          aria-label={words.policy.invoiceDays}
          min={0}
          max={365}
          disabled={disabled}
          value={terms.days}
          onChange={(value) => onChange({ kind: 'invoice', days: numeric(value) ?? 30 })}
        />
      ) : null}
    </div>
  );
}
