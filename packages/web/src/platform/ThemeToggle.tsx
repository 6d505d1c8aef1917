import { ActionIcon, type MantineColorScheme, useMantineColorScheme } from '@mantine/core';
import { IconDeviceDesktop, IconMoon, IconSun } from '@tabler/icons-react';
import { words } from './words.ts';

const next: Record<MantineColorScheme, MantineColorScheme> = { auto: 'light', light: 'dark', dark: 'auto' };
const icons = { auto: IconDeviceDesktop, light: IconSun, dark: IconMoon };

export function ThemeToggle() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const Icon = icons[colorScheme];
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size={36}
      aria-label={words.theme[colorScheme]}
      title={words.theme[colorScheme]}
      onClick={() => setColorScheme(next[colorScheme])}
      styles={{ root: { color: 'var(--kept-ink-soft)' } }}
    >
      <Icon size={19} stroke={1.6} />
    </ActionIcon>
  );
}
