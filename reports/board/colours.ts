/** Relative luminance at which a colour stands out on white and on near black alike (about 4.5 and 3.8 to 1). */
const LUMINANCE = 0.18
const SATURATION = 0.62
/** Degrees between two colours in turn, so that the first ones are far apart: the golden angle. */
const STEP = 137.508

/** The colour of the service with this index: as bright as all others, hues far from those before it. */
export function ownerColour(index: number): string {
  const hue = (210 + index * STEP) % 360
  let low = 0
  let high = 1
  for (let step = 0; step < 20; step++) {
    const middle = (low + high) / 2
    if (luminance(fromHsl(hue, SATURATION, middle)) < LUMINANCE) low = middle
    else high = middle
  }
  return `#${fromHsl(hue, SATURATION, low)
    .map(part =>
      Math.round(part * 255)
        .toString(16)
        .padStart(2, '0'),
    )
    .join('')}`
}

/** How well two colours (`#rrggbb`) can be told apart, from 1 to 21, by WCAG 2. */
export function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(fromHex(one)), luminance(fromHex(other))].sort((a, b) => a - b)
  return (light! + 0.05) / (dark! + 0.05)
}

function fromHex(hex: string): number[] {
  return [1, 3, 5].map(at => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
}

/** By WCAG 2, of red, green and blue from 0 to 1. */
function luminance(rgb: number[]): number {
  const [red, green, blue] = rgb.map(part =>
    part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4,
  )
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!
}

/** By CSS Color 4: hue in degrees, the others from 0 to 1. */
function fromHsl(hue: number, saturation: number, lightness: number): number[] {
  const spread = saturation * Math.min(lightness, 1 - lightness)
  return [0, 8, 4].map(offset => {
    const at = (offset + hue / 30) % 12
    return lightness - spread * Math.max(-1, Math.min(at - 3, 9 - at, 1))
  })
}
