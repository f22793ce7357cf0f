/** Text fitted into boxes without a font at hand: widths of a wide sans-serif, so that most fonts need less. */

const THIN = /[ijl.,:;|'!]/
const NARROW = /[frt()[\]{}\-/ "*I]/
const MEDIUM = /[ckszvxyJ_]/
const WIDE = /[mwMW@%]/
/** Scripts whose characters fill a square. */
const FULL =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\p{Emoji_Presentation}]/u

/** Estimated width in pixels. */
export function textWidth(text: string, fontSize: number): number {
  let width = 0
  for (const character of text) width += widthOf(character)
  return width * fontSize
}

function widthOf(character: string): number {
  if (THIN.test(character)) return 0.34
  if (NARROW.test(character)) return 0.46
  if (MEDIUM.test(character)) return 0.6
  if (WIDE.test(character)) return 0.98
  if (FULL.test(character)) return 1.05
  return /[A-Z]/.test(character) ? 0.76 : 0.645
}

/** The text, or as much of its beginning as fits with an ellipsis. */
export function fitted(text: string, fontSize: number, room: number): string {
  if (textWidth(text, fontSize) <= room) return text
  let kept = ''
  let width = textWidth('…', fontSize)
  for (const character of text) {
    width += textWidth(character, fontSize)
    if (width > room) break
    kept += character
  }
  return `${kept.trimEnd()}…`
}

/** The text in lines, broken after spaces, hyphens and the like; the last line fitted. */
export function wrap(text: string, fontSize: number, room: number, most: number): string[] {
  const lines = ['']
  for (const word of text.split(/(?<=[\s\-_/.])/)) {
    const line = lines.at(-1)!
    if (line === '' || lines.length === most || textWidth((line + word).trimEnd(), fontSize) <= room)
      lines[lines.length - 1] += word
    else lines.push(word)
  }
  return lines.map(line => fitted(line.trim(), fontSize, room))
}
