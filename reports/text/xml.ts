import { plain } from './plain.js'

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text of the analysed code as XML or HTML: in an element or a quoted attribute it is text and nothing else. */
export function xml(value: string): string {
  return plain(value)
    .replace(/[\ufffe\uffff]/g, '\ufffd')
    .replace(/[&<>"']/g, character => ENTITIES[character]!)
}
