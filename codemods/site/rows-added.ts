/** An INSERT that adds as many rows as a list is long: no operation has its text, which is why, and what to do. */
import type { OnlyText } from '../../analyzers/link/statements.js'
import type { Node } from './parse.js'
import { Refusal } from './refusal.js'
import { codeOf, declaredWith, type SourceFile } from './source-file.js'

/** `VALUES ${marks}`, `'… VALUES ' + marks` */
const ROWS_PUT_IN = /\bvalues\s*(?:\$\{|(['"`])\s*\+)/i
/** pg-promise's functions that write rows into a text. */
const HELPERS = /\bhelpers\s*\.\s*(?:insert|update|values|concat)\s*\(/

/** The reason for a text that was not understood, where it is that it adds rows of a list; else the given one. */
export function tellingRows(
  error: Refusal,
  file: SourceFile,
  text: Node,
  onlyText: OnlyText | null,
): Refusal {
  const isRepeated =
    onlyText !== null && onlyText.repeats.length > 0 && /^\s*(?:insert|replace)\b/i.test(onlyText.text)
  const code = codeOf(file, declaredWith(file, text))
  if (!isRepeated && !ROWS_PUT_IN.test(code) && !HELPERS.test(code)) return error
  return new Refusal(
    'it adds as many rows as a list is long, and its text is made for their number',
    ROWS_ADVICE,
  )
}

export const ROWS_ADVICE =
  'give the owner an operation that takes the rows as a list and builds the same statement, and call it once with all of them'
