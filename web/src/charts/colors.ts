/**
 * Colours of series, apart for all common kinds of colour vision and readable on light and dark (after Okabe and Ito,
 * and Tol's muted set). The same id has the same colour on every page and every visit.
 */
const PALETTE: readonly { light: string; dark: string }[] = [
  { light: '#2b6f4d', dark: '#6fbf93' },
  { light: '#0072b2', dark: '#56b4e9' },
  { light: '#d55e00', dark: '#f2935c' },
  { light: '#aa4499', dark: '#d68ac9' },
  { light: '#8a6d00', dark: '#e0c04c' },
  { light: '#332288', dark: '#9c8ff0' },
  { light: '#117f8a', dark: '#5cc5cf' },
  { light: '#b3243f', dark: '#f07f91' },
  { light: '#6b5b45', dark: '#c4ae8e' },
  { light: '#4b7d0a', dark: '#a8d25f' },
];

/** After one round through the palette the colours come again, darker, then lighter: thirty that can be told apart. */
const SHADES: readonly { towards: number; share: number }[] = [
  { towards: 0, share: 0 },
  { towards: 0, share: 0.32 },
  { towards: 255, share: 0.3 },
];

export function colorAt(index: number, dark: boolean): string {
  const color = PALETTE[index % PALETTE.length] ?? { light: '#2b6f4d', dark: '#6fbf93' };
  const shade = SHADES[Math.floor(index / PALETTE.length) % SHADES.length] ?? { towards: 0, share: 0 };
  return mixed(dark ? color.dark : color.light, shade.towards, shade.share);
}

/** "#rrggbb" with a share of black (0) or white (255). */
function mixed(color: string, towards: number, share: number): string {
  const parts = [1, 3, 5].map((at) => parseInt(color.slice(at, at + 2), 16));
  const hex = parts.map((part) =>
    Math.round(part + (towards - part) * share)
      .toString(16)
      .padStart(2, '0'),
  );
  return `#${hex.join('')}`;
}

export function colorOf(id: string, dark: boolean): string {
  return colorAt(hash(id), dark);
}

/** FNV-1a. */
function hash(text: string): number {
  let state = 2166136261;
  for (let i = 0; i < text.length; i += 1) state = Math.imul(state ^ text.charCodeAt(i), 16777619);
  return state >>> 0;
}
