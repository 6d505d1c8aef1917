import '@mantine/core/styles/Progress.layer.css';
import { Progress } from '@mantine/core';

/** How far a run is, from 0 to 1. */
export function HowFar({ value, label }: { value: number; label: string }) {
  return (
    <Progress.Root size="sm">
      <Progress.Section value={100 * value} aria-label={label} />
    </Progress.Root>
  );
}
