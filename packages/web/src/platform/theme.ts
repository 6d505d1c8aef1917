import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from '@mantine/core';

/** The one accent beside the colours of state: the blue of ink. */
const ink: MantineColorsTuple = [
  '#eef2f8',
  '#dbe4f1',
  '#bccde8',
  '#9cbcf0',
  '#6f93cb',
  '#4c72ad',
  '#365a95',
  '#2b4a7f',
  '#233d69',
  '#1a2e50',
];

export const theme = createTheme({
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', Menlo, Consolas, monospace",
  colors: { ink },
  primaryColor: 'ink',
  primaryShade: { light: 7, dark: 3 },
  autoContrast: true,
  black: '#211d17',
  defaultRadius: 6,
  cursorType: 'pointer',
  respectReducedMotion: true,
  headings: { fontFamily: 'var(--kept-serif)', fontWeight: '600' },
});

/** Mantine's own words for colours, pointed at the palette of theme.css. */
const palette = {
  '--mantine-color-body': 'var(--kept-paper)',
  '--mantine-color-text': 'var(--kept-ink)',
  '--mantine-color-dimmed': 'var(--kept-ink-soft)',
  '--mantine-color-placeholder': 'var(--kept-ink-soft)',
  '--mantine-color-anchor': 'var(--kept-accent)',
  '--mantine-color-error': 'var(--kept-late)',
  '--mantine-color-default': 'var(--kept-sheet)',
  '--mantine-color-default-hover': 'var(--kept-wash)',
  '--mantine-color-default-color': 'var(--kept-ink)',
  '--mantine-color-disabled': 'var(--kept-wash)',
  '--mantine-color-disabled-color': 'var(--kept-ink-soft)',
  '--mantine-color-disabled-border': 'var(--kept-line)',
  '--mantine-color-default-border': 'var(--kept-line)',
};

export const cssVariables: CSSVariablesResolver = () => ({ variables: {}, light: palette, dark: palette });
