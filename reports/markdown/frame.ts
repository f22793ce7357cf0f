/** How the document is written. */
export interface Frame {
  /** Where links to lines lead (see `text/link.ts`). */
  template: string
  /** Rows a list; the rest is counted. */
  most: number
}
