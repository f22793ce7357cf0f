/** A file that `rewrite` writes. */
export interface GeneratedFile {
  /** From the root of the repository, with `/`. */
  path: string
  text: string
}

/** What a service's code is written in: JavaScript is of ES modules, or of CommonJS. */
export type Language = 'typescript' | 'module' | 'commonjs'

/** How a service's relative imports end: '' for bundlers and CommonJS, '.js' for Node's ES modules. */
export type ImportExtension = '' | '.js' | '.ts'
