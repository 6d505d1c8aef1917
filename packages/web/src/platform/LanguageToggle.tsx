import { ActionIcon } from '@mantine/core';
import { language, speak } from './language.ts';
import { words } from './words.ts';

/** The other language's name in its own words, for whoever does not read this one. */
export function LanguageToggle() {
  const other = language === 'de' ? 'en' : 'de';
  return (
    <ActionIcon
      variant="subtle"
      color="gray"
      size={36}
      lang={other}
      aria-label={words.language}
      title={words.language}
      onClick={() => speak(other)}
      styles={{ root: { color: 'var(--kept-ink-soft)', fontSize: 13, fontWeight: 600 } }}
    >
      {other.toUpperCase()}
    </ActionIcon>
  );
}
