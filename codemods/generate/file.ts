/** A file that `rewrite` writes. */
export interface GeneratedFile {
  /** From the root of the repository, with `/`. */
  path: string
  text: string
}

/** How a service's relative imports end: '' for bundlers and CommonJS, '.js' for Node's ES modules. */
export type ImportExtension = '' | '.js' | '.ts'
