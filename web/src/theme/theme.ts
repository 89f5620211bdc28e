import { createTheme, type MantineColorsTuple } from '@mantine/core';

const fern: MantineColorsTuple = [
  '#eef6f1',
  '#dbebe1',
  '#b5d6c2',
  '#8dc1a3',
  '#69ad87',
  '#4a9a6e',
  '#38845d',
  '#2b6f4d',
  '#21593d',
  '#18442f',
];

const gray: MantineColorsTuple = [
  '#f8f9f8',
  '#f1f3f1',
  '#e6e9e6',
  '#d9dedb',
  '#c4cbc7',
  '#a1aaa5',
  '#636d67',
  '#4a534e',
  '#333b37',
  '#1d2320',
];

/** Mantine reads 0 as text, 2 as dimmed text, 4 as lines, 6 as raised surfaces and 7 as the page. */
const dark: MantineColorsTuple = [
  '#d9dfdb',
  '#b9c2bd',
  '#98a29d',
  '#6e7873',
  '#363d3a',
  '#2b312e',
  '#1e2321',
  '#151917',
  '#101312',
  '#0a0c0b',
];

export const theme = createTheme({
  primaryColor: 'fern',
  primaryShade: { light: 7, dark: 6 },
  colors: { fern, gray, dark },
  black: '#1d2320',
  fontFamily: "'Inter', system-ui, -apple-system, 'Segoe UI', sans-serif",
  fontFamilyMonospace: "'JetBrains Mono', ui-monospace, 'SF Mono', 'DejaVu Sans Mono', monospace",
  fontSizes: { xs: '0.75rem', sm: '0.8125rem', md: '0.875rem', lg: '1rem', xl: '1.25rem' },
  lineHeights: { xs: '1.4', sm: '1.45', md: '1.5', lg: '1.5', xl: '1.4' },
  spacing: { xs: '0.5rem', sm: '0.75rem', md: '1rem', lg: '1.5rem', xl: '2rem' },
  radius: { xs: '3px', sm: '4px', md: '6px', lg: '8px', xl: '16px' },
  defaultRadius: 'md',
  headings: {
    fontWeight: '600',
    sizes: {
      h1: { fontSize: '1.25rem', lineHeight: '1.4' },
      h2: { fontSize: '1rem', lineHeight: '1.5' },
      h3: { fontSize: '0.875rem', lineHeight: '1.5' },
    },
  },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'xs' } },
    ActionIcon: { defaultProps: { variant: 'subtle', color: 'gray', size: 'md' } },
    TextInput: { defaultProps: { size: 'sm' } },
    Textarea: { defaultProps: { size: 'sm' } },
    Select: { defaultProps: { size: 'sm' } },
    NumberInput: { defaultProps: { size: 'sm' } },
    PasswordInput: { defaultProps: { size: 'sm' } },
    Tooltip: { defaultProps: { openDelay: 250, withArrow: true } },
    Menu: { defaultProps: { shadow: 'sm', width: 200, position: 'bottom-end' } },
    Modal: {
      defaultProps: {
        centered: true,
        closeButtonProps: { 'aria-label': 'Close' },
        // Its <header> would be a second banner of the page.
        attributes: { header: { role: 'presentation' } },
      },
    },
    Table: { defaultProps: { verticalSpacing: 6, horizontalSpacing: 'sm' } },
  },
});
