/** Text for YAML that is written line by line, with its comments. */

/** Control characters could end a comment and begin what looks like config. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
}

/** Words that YAML, 1.2 or older, reads as something else than text. */
const reserved = /^(?:null|true|false|yes|no|on|off|y|n|~)$/i
const plainText = /^[A-Za-z_][\w./-]*$/

/** A YAML scalar that is read back as exactly this text. */
export function quoted(text: string): string {
  if (text === '.' || (plainText.test(text) && !reserved.test(text))) return text
  return JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029\ufeff]/g,
    character => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
