/** Colours of pages and pictures, for light and dark screens. Text reaches 4.5 to 1 on every ground (WCAG 2 AA). */

export type ColourName =
  | 'ground'
  | 'card'
  | 'raised'
  | 'border'
  | 'text'
  | 'muted'
  | 'accent'
  | 'read'
  | 'join'
  | 'write'
  | 'open'

export const LIGHT: Record<ColourName, string> = {
  ground: '#f4f6f9',
  card: '#ffffff',
  raised: '#e9edf3',
  border: '#c8d0da',
  text: '#1b2430',
  muted: '#566273',
  accent: '#0b5cc4',
  read: '#2b69ab',
  join: '#7a4fb5',
  write: '#b53a08',
  open: '#69727d',
}

export const DARK: Record<ColourName, string> = {
  ground: '#10151c',
  card: '#1a212b',
  raised: '#263040',
  border: '#3b4756',
  text: '#e8edf4',
  muted: '#a3b0c0',
  accent: '#76b4ff',
  read: '#6cabec',
  join: '#bf9bf5',
  write: '#ff8f5a',
  open: '#98a3b0',
}

/** The colours as variables of a page, both themes at once: `light-dark()` follows `color-scheme`. */
export function themeVariables(): string {
  const names = Object.keys(LIGHT) as ColourName[]
  return `:root{${names.map(name => `--${name}:light-dark(${LIGHT[name]},${DARK[name]})`).join(';')}}`
}

/** The style of a drawn board; `colour` says how a colour is written, as a variable or as it is. */
export function boardStyle(colour: (name: ColourName) => string): string {
  const arrows = (['read', 'join', 'write', 'open'] as const).map(
    kind => `.arrow.${kind}{stroke:${colour(kind)}}.head.${kind}{fill:${colour(kind)}}`,
  )
  return [
    `.ground{fill:${colour('ground')}}`,
    `.card{fill:${colour('card')};stroke:${colour('border')}}`,
    `.title,.row{fill:${colour('text')}}`,
    `.subtitle,.quiet,.legend{fill:${colour('muted')}}`,
    `.uses,.out{fill:${colour('muted')}}`,
    ...arrows,
  ].join('')
}

/** What does not depend on the theme. */
export const BOARD_SHAPES = [
  'text{font-family:ui-sans-serif,system-ui,sans-serif}',
  '.title{font-size:14px;font-weight:600}',
  '.subtitle,.legend{font-size:11.5px}',
  '.row,.quiet{font-size:12px}',
  '.uses{font-size:11.5px;font-weight:600;text-anchor:end}',
  '.open-card{stroke-dasharray:5 4}',
  '.tint{fill-opacity:.16}',
  '.square{fill-opacity:.55}',
  '.out{fill-opacity:.75}',
  '.arrow{fill:none;stroke-opacity:.5}',
  '.arrow.write{stroke-opacity:.75}',
  '.arrow.join{stroke-dasharray:7 3}',
  '.arrow.open{stroke-dasharray:2 4}',
].join('')
