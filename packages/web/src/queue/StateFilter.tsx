import { formatCount } from '../platform/format.ts';
import type { Totals } from './backorders.ts';
import styles from './StateFilter.module.css';
import { stateIcons } from './StateMark.tsx';
import { type QueueState, states } from './search-params.ts';
import { words } from './words.ts';

type StateFilterProps = {
  chosen: QueueState | undefined;
  totals: Totals | undefined;
  onChoose: (state: QueueState | undefined) => void;
};

/** The states with their figures; a figure opens to its rows. */
export function StateFilter({ chosen, totals, onChoose }: StateFilterProps) {
  return (
    <fieldset className={styles.states}>
      <legend className={styles.legend}>{words.stateFilter}</legend>
      <button
        type="button"
        className={styles.state}
        aria-pressed={chosen === undefined}
        onClick={() => onChoose(undefined)}
      >
        {words.allStates}
      </button>
      {states.map((state) => {
        const Icon = stateIcons[state];
        const lines = totals?.byState[state]?.lines;
        return (
          <button
            key={state}
            type="button"
            className={styles.state}
            data-state={state}
            aria-pressed={chosen === state}
            title={words.stateHelp[state]}
            onClick={() => onChoose(chosen === state ? undefined : state)}
          >
            <Icon size={15} stroke={1.9} aria-hidden="true" />
            {words.states[state]}
            {lines === undefined ? null : <span className={styles.figure}>{formatCount(lines)}</span>}
          </button>
        );
      })}
    </fieldset>
  );
}
