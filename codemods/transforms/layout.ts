/** How a file is written: quotes, semicolons, indentation, and where its imports end. */
import type { Node } from '../site/parse.js'
import type { SourceFile } from '../site/source-file.js'

export interface Layout {
  quote: '"' | "'"
  semicolon: '' | ';'
  /** One step of indentation. */
  step: string
  newline: '\n' | '\r\n'
  /** `(row) => …` for `row => …`. */
  parentheses: boolean
}

export const MAX_WIDTH = 100

export function layoutOf({ text, program }: SourceFile): Layout {
  const imports = importsOf(program)
  const sources = imports.map(node => text[node.source.start])
  const double = sources.filter(each => each === '"').length
  const withSemicolon = imports.filter(node => text[node.end - 1] === ';').length
  const parenthesized = text.match(/\(\s*[A-Za-z_$][\w$]*\s*\)\s*=>/g)?.length ?? 0
  const bareParameters = text.match(/(?<![\w$.])[A-Za-z_$][\w$]*\s*=>/g)?.length ?? 0
  const indented = /^(\t|(?: {2,8}))\S/m.exec(text)?.[1]
  return {
    quote: double > sources.length / 2 ? '"' : "'",
    semicolon:
      imports.length > 0 ? (withSemicolon > imports.length / 2 ? ';' : '') : /;\s*$/m.test(text) ? ';' : '',
    step: indented ?? '  ',
    newline: text.includes('\r\n') ? '\r\n' : '\n',
    parentheses: parenthesized > bareParameters,
  }
}

export function importsOf(program: Node): Node[] {
  return program.body.filter((node: Node) => node.type === 'ImportDeclaration')
}

/** Functions of one parameter as the file writes them. */
export function arrowsOf(file: SourceFile, code: string): string {
  return layoutOf(file).parentheses ? code.replace(/(?<=[\s(])([A-Za-z_$][\w$]*) =>/g, '($1) =>') : code
}

/** White space at the beginning of the line of an offset. */
export function indentationAt(text: string, offset: number): string {
  const start = text.lastIndexOf('\n', offset - 1) + 1
  return /^[ \t]*/.exec(text.slice(start))![0]
}
