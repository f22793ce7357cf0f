/**
 * Control and format characters that act on a terminal or reorder text: C0 and C1 controls, lone surrogates,
 * line and paragraph separators, bidirectional marks.
 */
const ACTIVE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu
const BREAKS = /\r\n|[\n\r\t\v\f\u0085\u2028\u2029]/g

/**
 * Text of the analysed code made harmless for one line of output: line breaks and tabs become spaces, every other
 * active character becomes U+FFFD. Without its escape character an ANSI sequence is only text.
 */
export function plain(text: string): string {
  return text.replace(BREAKS, ' ').replace(ACTIVE, '\ufffd')
}

/** The same for text of several lines: line feeds and tabs stay. */
export function plainLines(text: string): string {
  return text
    .split(/\r\n|[\n\r]/)
    .map(line => line.split('\t').map(plain).join('\t'))
    .join('\n')
}
