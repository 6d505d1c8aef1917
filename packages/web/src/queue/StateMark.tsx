import {
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconMessageCircleQuestion,
} from '@tabler/icons-react';
import styles from './StateMark.module.css';
import type { QueueState } from './search-params.ts';
import { words } from './words.ts';

export const stateIcons = {
  on_time: IconCircleCheck,
  late: IconAlertTriangle,
  unbacked: IconCircleDashed,
  awaiting_consent: IconMessageCircleQuestion,
} satisfies Record<QueueState, unknown>;

/** A state as icon, word and colour: any one of them may be lost and it still reads. */
export function StateMark({ state, filled = false }: { state: QueueState; filled?: boolean }) {
  const Icon = stateIcons[state];
  return (
    <span
      className={styles.mark}
      data-state={state}
      data-filled={filled || undefined}
      title={words.stateHelp[state]}
    >
      <Icon size={16} stroke={1.8} aria-hidden="true" />
      {words.states[state]}
    </span>
  );
}
