/** Parsers of jscodeshift, of which its types tell nothing. */
declare module 'jscodeshift/parser/*' {
  import type { Node } from './parse.js'

  const makeParser: (options?: object) => { parse(source: string): { program: Node; errors?: unknown[] } }
  export default makeParser
}
